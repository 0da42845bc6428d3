"""Every step an incident can take, one row each: from, to, who may, whom it tells.

A police chief could check this page. The row decides who and when; what a step changes
stands beside the thing it changes, in a function of the same name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    NEW = "new"
    CLAIMED = "claimed"
    DISPATCHED = "dispatched"
    ON_SCENE = "on_scene"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"
    MERGED = "merged"


class Who(StrEnum):
    ANYONE = "citizen, officer for a caller, intake key"
    OFFICER = "officer"  # any officer or supervisor
    HOLDER = "holder"  # the officer who claimed it
    TAKER = "taker"  # any officer while it is new, else the holder
    HOLDER_OR_SUPERVISOR = "holder or supervisor"
    SUPERVISOR = "supervisor"
    REPORTER = "reporter"
    REOPENER = "reporter, supervisor, or the officer who closed it, for a while"
    LIAISON = "liaison"
    CLOCK = "clock"


NEW, CLAIMED, DISPATCHED, ON_SCENE = Status.NEW, Status.CLAIMED, Status.DISPATCHED, Status.ON_SCENE
RESOLVED, DISMISSED, MERGED = Status.RESOLVED, Status.DISMISSED, Status.MERGED
OPEN = (NEW, CLAIMED, DISPATCHED, ON_SCENE)
HELD = (CLAIMED, DISPATCHED, ON_SCENE)
OUT = (DISPATCHED, ON_SCENE)
ANY = tuple(Status)


@dataclass(frozen=True)
class Step:
    name: str
    start: tuple[Status, ...]
    end: Status | None  # None: the status stays
    who: Who
    carries: tuple[str, ...] = ()
    tells: bool = False  # the reporter hears of it


STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        #    step            from               to          who may                 carries
        Step("file",         (),                NEW,        Who.ANYONE,             ("category", "words", "place"), True),
        Step("claim",        (NEW,),            CLAIMED,    Who.OFFICER,            tells=True),
        Step("assign",       (NEW,),            CLAIMED,    Who.SUPERVISOR,         ("officer", "reason"), True),
        Step("acknowledge",  OPEN,              None,       Who.OFFICER),
        Step("release",      (CLAIMED,),        NEW,        Who.HOLDER_OR_SUPERVISOR, ("reason",)),
        Step("lapse",        HELD,              None,       Who.CLOCK),
        Step("renew",        HELD,              None,       Who.CLOCK),
        Step("reclaim",      HELD,              None,       Who.OFFICER),
        Step("take_over",    HELD,              None,       Who.SUPERVISOR,         ("reason",)),
        Step("reassign",     HELD,              None,       Who.SUPERVISOR,         ("reason", "officer")),
        Step("dispatch",     (CLAIMED,),        DISPATCHED, Who.HOLDER,             ("personnel", "station", "modifier", "reason"), True),
        Step("reinforce",    OUT,               None,       Who.HOLDER,             ("personnel", "station", "reason")),
        Step("arrive",       OUT,               ON_SCENE,   Who.HOLDER,             ("dispatch",), True),
        Step("clear",        OUT,               None,       Who.HOLDER,             ("dispatch",)),
        Step("recall",       OUT,               CLAIMED,    Who.HOLDER,             ("reason",)),
        Step("resolve",      HELD,              RESOLVED,   Who.HOLDER,             ("outcome", "note"), True),
        Step("dismiss",      OPEN,              DISMISSED,  Who.TAKER,              ("reason", "note"), True),
        Step("merge",        (NEW, CLAIMED),    MERGED,     Who.TAKER,              ("into",)),
        Step("unmerge",      (MERGED,),         None,       Who.OFFICER),
        Step("refer",        OPEN,              None,       Who.HOLDER,             ("agency", "tier", "note", "reason"), True),
        Step("accept",       OPEN,              None,       Who.LIAISON,            ("note",), True),
        Step("decline",      OPEN,              None,       Who.LIAISON,            ("note",), True),
        Step("finish",       (*OPEN, RESOLVED, DISMISSED),             None,       Who.LIAISON,            ("note",), True),
        Step("ask",          ANY,               None,       Who.OFFICER,            ("words", "complaint", "everyone"), True),
        Step("reply",        ANY,               None,       Who.REPORTER,           ("words", "complaint")),
        Step("note",         ANY,               None,       Who.OFFICER,            ("words",)),
        Step("reprioritise", OPEN,              None,       Who.HOLDER_OR_SUPERVISOR, ("priority", "reason")),
        Step("relocate",     OPEN,              None,       Who.HOLDER_OR_SUPERVISOR, ("lat", "lon", "landmark", "reason")),
        Step("recategorise", OPEN,              None,       Who.HOLDER_OR_SUPERVISOR, ("category", "reason")),
        Step("reopen",       (RESOLVED, DISMISSED), NEW,    Who.REOPENER,           ("reason",), True),
        Step("preserve",     ANY,               None,       Who.SUPERVISOR,         ("reason",)),
        Step("unpreserve",   ANY,               None,       Who.SUPERVISOR,         ("reason",)),
        Step("undo",         ANY,                None,       Who.OFFICER,            ("step",)),
        Step("rate",         (RESOLVED, DISMISSED), None,   Who.REPORTER,           ("stars", "words", "complaint")),
        Step("escalate",     OPEN,              None,       Who.CLOCK),
    )
}  # fmt: skip

Effect = Callable[..., dict[str, Any] | None]
EFFECTS: dict[str, Effect] = {}


Afterwards = Callable[..., dict[str, Any] | None]
AFTERWARDS: list[Afterwards] = []


def afterwards(function: Afterwards) -> Afterwards:
    """Marks what follows any step, before it is noted: f(incident, by, step, before), with the values of before it.

    What it returns is noted with the step.
    """
    AFTERWARDS.append(function)
    return function


def effect(function: Effect) -> Effect:
    """Marks what the step of the same name changes: f(incident, by, **given) → what to note.

    None means that it is so already: a plain yes, and nothing is recorded.
    """
    EFFECTS[function.__name__] = function
    return function
