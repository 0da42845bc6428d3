"""A wall's order: what needs somebody comes first. Nobody's, what is late before what is not; then a silent holder's; then
what is held and late; then the rest. In each by priority, then by when it was opened.

Not the console's order (`by_rank`), where each has its own to take and late comes first of its priority by itself: at a
wall nobody acts, and whoever looks up asks what goes wrong now.
"""

from typing import Any

from sqlalchemy import and_, case
from sqlmodel import col

from models.incidents.incident import Incident
from models.workflow import Status


def is_late(incident: Incident) -> bool:
    """The clock has called its target out. That is an event, so a wall that only listens knows it as a fresh page does."""
    return incident.due_at is not None and incident.escalated_for == incident.due_at


def need(incident: Incident) -> int:
    """The order of `by_need` as one number, which fits a JavaScript one."""
    new, late = incident.status == Status.NEW, is_late(incident)
    parts = (new and late, new, incident.stale, late, True)
    part = parts.index(True)
    return part * 10**14 + incident.priority * 10**13 + int(incident.opened_at.timestamp() * 1000)


def by_need() -> tuple[Any, ...]:
    new, late = col(Incident.status) == Status.NEW, col(Incident.escalated_for) == col(Incident.due_at)
    part = case((and_(new, late), 0), (new, 1), (col(Incident.stale), 2), (late, 3), else_=4)
    return part, col(Incident.priority), col(Incident.opened_at), col(Incident.id)
