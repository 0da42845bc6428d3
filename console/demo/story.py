"""What the demo is told in: a story is one incident, a beat what somebody did about it."""

from dataclasses import dataclass, field
from typing import Any

from console.demo.scenes import Scene

REPORTER = "reporter"


@dataclass(frozen=True)
class Beat:
    """What somebody did, so many seconds after the filing. `by`: a login, or the reporter."""

    after: float
    by: str
    step: str
    given: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Story:
    """One incident. `ago`: seconds from its filing until now; `reporter`: a citizen's place in the list."""

    name: str
    ago: float
    scene: Scene
    reporter: int
    beats: tuple[Beat, ...] = ()
    photos: tuple[str, ...] = ()
    caller: tuple[str, str, str] | None = None  # login of who took the call, the caller's name and number
