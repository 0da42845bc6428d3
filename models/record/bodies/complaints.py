"""An incident comes in, what belongs to it, what is said about it, and what of it is put right."""

from pydantic import BaseModel

from models.record.bodies.body import Ids, Step


class _Held(BaseModel):
    """What stands beside an event and is proved by it. `words_print`: a keyed hash; `evidence`: by SHA-256."""

    evidence: list[str] = []
    words_print: str = ""


class File(Step, _Held):
    source: str


class Attach(Step):
    kind: str
    sha256: str = ""


class Upload(Step):
    """How far it is, in percent, stands in `set`."""


class Develop(Step):
    evidence: int
    state: str


class Like(Step):
    """Whom it seems to tell of the same as stands in `set`."""


class Read(Step):
    """The reporter read the thread."""


class Hush(Step):
    quiet: bool


class Prove(Step):
    """Who pressed without a number has one now. `guest`: the reporter without a number it was until then."""

    guest: int
    citizen: int


class Erase(Step, _Held):
    """Every column anew. `emptied`: events whose bodies were."""

    emptied: Ids = []


class Ask(Step):
    words: str
    way: str = ""
    everyone: int | None = None


class Reply(Step):
    words: str


class HearOut(Step): ...


class Note(Step):
    words: str


class Rate(Step):
    stars: int
    words: str = ""


class Reprioritise(Step):
    reason: str


class Relocate(Step):
    reason: str


class Locate(Step):
    """What the reporter sent. `kept`: the point stands nevertheless; `unknown`: words that no gazetteer knows; `answer`: to
    what they were asked."""

    lat: float | None
    lon: float | None
    accuracy_m: float | None = None
    words: str = ""
    kept: bool = False
    unknown: bool = False
    answer: str = ""


class Recategorise(Step):
    """`number`: of the incident that took this one along."""

    reason: str = ""
    raised: int | None = None
    number: str | None = None
