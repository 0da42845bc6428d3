"""What the lifespan hands to every request: made once in app.py, found by handlers as `request.state`."""

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar, TypeVarTuple

from sqlmodel import Session
from starlette.datastructures import State
from starlette.requests import Request as AnyRequest

from console.door.limits import Limits
from console.evidence.store import Store
from console.ground.places import Places
from console.pages.cards import Cards
from console.pages.render import Pages
from console.server.keyring import Keyring
from console.settings import Settings
from console.writer import Writer
from models.command.ladder import Ladder

if TYPE_CHECKING:
    from console.outbox.push import Push

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Read(Protocol):
    """function(session, *arguments) over one unchanging snapshot, in a reader's thread; pages render there too."""

    def __call__(self, function: Callable[[Session, *Ts], T], *arguments: *Ts) -> Coroutine[Any, Any, T]: ...


class Held(State):
    settings: Settings
    read: Read
    writer: Writer
    pages: Pages
    cards: Cards
    store: Store
    places: Places
    limits: Limits
    keys: Keyring
    ladder: Ladder
    push: "Push"
    walls_here: Callable[[], set[int | None]]
    told: dict[str, Any]  # what metrics ask of the processes that run by themselves


Request: TypeAlias = AnyRequest[Held]
