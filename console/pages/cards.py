"""Cards, rendered once: a page of 500 open incidents is 500 strings that are here already.

A card is made of its incident, its category's names and its holder's name, so these are its key.
The hub fills the shelf as things happen; a page takes from it and renders only what is missing.
"""

from typing import Any

from markupsafe import Markup
from sqlmodel import Session, col, select

from console.pages.render import Pages
from models.city.category import Category
from models.incidents.incident import Incident
from models.incidents.sight import WHOLE
from models.people.officers import Officer
from models.reading.board import Board, board
from models.roles import Role
from models.viewer import Audience

KEPT = ("incidents/_card.html", "walls/_row.html")  # templates that see nothing but the incident
SHELF = 5000  # cards; then all are forgotten, which costs one slow page

Key = tuple[str, str, int, int, str, str]


class Cards:
    def __init__(self, pages: Pages):
        self._pages = pages
        self._shelf: dict[Key, str] = {}
        self._epoch = ""

    def render(self, template: str, audience: Audience, /, **data: Any) -> str:
        """As pages.render, but a card that was rendered before is taken from the shelf."""
        incident = data.get("incident")
        if template not in KEPT or incident is None or len(data) > 1:
            return self._pages.render(template, audience, **data)
        label = _names(incident.category, audience.locale)
        holder = incident.officer.short if incident.officer else ""
        key = (template, audience.locale, incident.id, incident.seq, label, holder)
        if key not in self._shelf:
            if len(self._shelf) >= SHELF:
                self._shelf.clear()
            self._shelf[key] = self._pages.render(template, audience, incident=incident)
        return self._shelf[key]

    def forget(self) -> None:
        """Another epoch: numbers mean other things now."""
        self._shelf.clear()

    def warm(self, session: Session) -> None:
        """Before anybody asks: the first console after a start then finds its cards here."""
        self.board(session, Audience(Role.OFFICER, "", "id"))

    def board(self, session: Session, audience: Audience, template: str = KEPT[0]) -> tuple[Board, list[Markup]]:
        """What is open for this audience, and its cards by rank."""
        found = board(session, audience)
        if found.epoch != self._epoch:  # a restored backup gives old numbers new meanings
            self._shelf.clear()
            self._epoch = found.epoch
        labels = {row.code: _names(row, audience.locale) for row in session.exec(select(Category))}
        holders = {row.officer_id for row in found.rows if row.officer_id}
        names = {row.id: row.short for row in session.exec(select(Officer).where(col(Officer.id).in_(holders)))}
        keys = [
            (template, audience.locale, row.id, row.seq, labels[row.category_code], names.get(row.officer_id or 0, ""))
            for row in found.rows
        ]
        missing = [key[2] for key in keys if key not in self._shelf]
        fresh: dict[int, str] = {}
        for start in range(0, len(missing), 500):  # SQLite takes so many values at once on every build
            chunk = select(Incident).where(col(Incident.id).in_(missing[start : start + 500])).options(*WHOLE)
            fresh |= {row.id: self.render(template, audience, incident=row) for row in session.exec(chunk)}
        return found, [Markup(self._shelf.get(key) or fresh[key[2]]) for key in keys]


def _names(category: Category, locale: str) -> str:
    return f"{category.label(locale)}\n{category.short(locale)}"
