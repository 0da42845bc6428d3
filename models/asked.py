"""What a step asks of whoever takes it: the kinds of fields that the signature of its effect is made of.

Said once, beside the effect; form, JSON, dialog and diary read it there. A parameter with a field is asked; one without
(how to measure a distance) is what whoever calls the law brings along.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Any, get_args, get_type_hints

from pydantic import Field as Bound

from models.errors import MOST_WORDS, N_, WrongValue, bounded

Id = Annotated[int, Bound(ge=0, lt=2**31)]  # what a database column holds; more would be an error there


@dataclass(frozen=True)
class Asked:
    """`kind`: how it is asked (templates/incidents/_fields.html); `needed`: a dialog does not go without it, and where the
    effect has no default, the law neither; `restricted`: asked only of what is about officers."""

    kind: str
    label: str = ""
    needed: bool = True
    missing: str = N_("Tulis alasannya.")
    most: int = MOST_WORDS
    restricted: bool = False
    # Read from the signature:
    name: str = ""
    type: Any = str
    default: Any = ...


def words(label: str, needed: bool = True, **more: Any) -> Asked:
    return Asked("words", label, needed, **more)


Reason = Annotated[str, words(N_("Alasan"))]
OfficerNote = Annotated[str, words(N_("Catatan petugas"), needed=False)]
Told = Annotated[str, Asked("told", N_("Satu kalimat untuk pelapor"), needed=False, most=300)]
Message = Annotated[str, Asked("said", missing=N_("Tulis pesannya."))]
RECEIVER = N_("Pilih petugas penerima.")
Whom = Annotated[Id, Asked("officer", N_("Kepada"), missing=RECEIVER)]
Sure = Annotated[bool, Asked("hidden", needed=False)]  # asked first, where a person would ask: the answer
Which = Annotated[Id | None, Asked("hidden", needed=False)]  # of several: a complaint, something that was sent


def check(carries: Iterable[Asked], given: Mapping[str, Any]) -> None:
    """Are words no more than anybody reads, and is there what the law does not go without?

    Whatever the step makes of words: they are kept for good, and sent to screens.
    """
    values = [(asked, given.get(asked.name)) for asked in carries]
    for asked, value in values:
        if isinstance(value, str):
            bounded(value, asked.name, asked.most)
    for asked, value in values:
        empty = not value.strip() if isinstance(value, str) else not value
        if empty and asked.needed and asked.default is ...:
            raise WrongValue(asked.name, asked.missing)


@cache
def asked_of(effect: Callable[..., Any]) -> tuple[Asked, ...]:
    """In the order of the signature, which is that of the dialog."""
    hints = get_type_hints(effect, include_extras=True)
    found = []
    for name, parameter in inspect.signature(effect).parameters.items():
        asked = [one for one in getattr(hints.get(name), "__metadata__", ()) if isinstance(one, Asked)]
        if asked:
            default = ... if parameter.default is parameter.empty else parameter.default
            found.append(replace(asked[0], name=name, type=_plain(hints[name]), default=default))
    return tuple(found)


@cache
def brought_to(effect: Callable[..., Any]) -> tuple[str, ...]:
    """The names of what is not asked."""
    asked = {field.name for field in asked_of(effect)}
    return tuple(name for name in list(inspect.signature(effect).parameters)[2:] if name not in asked)


def _plain(hint: Any) -> Any:
    """The type without the field; what else stands with it (a bound) stays."""
    base, *marks = get_args(hint)
    for mark in marks:
        if not isinstance(mark, Asked):
            base = Annotated[base, mark]
    return base
