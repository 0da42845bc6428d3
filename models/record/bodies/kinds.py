"""Every kind of event and its body: a class named after its step.

`record` refuses what does not fit. What a kind came to tell later has a default, so that sealed bodies, which nobody may
change, are read as they are.
"""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from models.record.bodies import citizens, closing, command, complaints, doors, duty, hands, partners, staff, upkeep  # noqa: F401
from models.record.bodies.body import Body, Plain, Step
from models.workflow import STEPS


class WrongBody(Exception):
    """No event of this kind says such a thing. A fault of ours and not of who typed something; nothing of it is quoted."""


def body_of(step: str, body: dict[str, Any]) -> Body:
    """A step of the law that gives a reason at most needs no class of its own. Raises WrongBody."""
    kind = BODIES.get(step) or (Plain if step in STEPS else None)
    if kind is None:
        raise WrongBody(f"no event is called {step}")
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        faults = (f"{'.'.join(map(str, fault['loc']))} ({fault['type']})" for fault in error.errors(include_url=False))
        raise WrongBody(f"{step}: {', '.join(faults)}") from None


def as_stored(body: Body) -> dict[str, Any]:
    """What was said of it and nothing else, as JSON."""
    return body.model_dump(mode="json", by_alias=True, exclude_unset=True)


def _kinds(parent: type[Body]) -> Iterator[tuple[str, type[Body]]]:
    for one in parent.__subclasses__():
        if one not in (Step, Plain) and not one.__name__.startswith("_"):
            yield re.sub(r"(?<=.)(?=[A-Z])", "_", one.__name__).lower(), one
        yield from _kinds(one)


BODIES = dict(_kinds(Body))
