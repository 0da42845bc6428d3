"""How large a body may be, said before it is read: words everywhere, photos where photos belong, a film's pieces at /uploads.

Starlette's own limit answers in plain text that no page shows; this one is refused like everything else (errors.py).
"""

from collections import Counter

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.errors import TooOften

WORDS_BYTES = 64 * 1024  # a form or JSON: the longest report is 4,000 letters, at most 16 KiB, thrice that when encoded
EACH_AT_ONCE, STRANGERS_AT_ONCE, BUSY_SECONDS = 5, 20, 2
STRANGERS = "strangers"
MOST = "siaga.most_bytes"  # of this request's body; the route's word is the last


class Bounded:
    """Reads no body further than it may be long, and none at all that announces more."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        scope[MOST], said, came = WORDS_BYTES, announced(scope), 0

        async def bounded() -> Message:
            nonlocal came
            if said <= scope[MOST]:
                message = await receive()
                came += len(message.get("body", b""))
            if max(said, came) > scope[MOST]:
                raise HTTPException(413)
            return message

        await self.app(scope, bounded, send)


class Allow:
    """For a route: `most` bytes, of bodies of this `kind` alone when one is named. Others hold words, and no more.

    `strangers`: so many from whoever has not signed in.
    """

    def __init__(self, app: ASGIApp, most: int, kind: str = "", strangers: int | None = None):
        self.app, self.most, self.kind = app, most, kind
        self.strangers = most if strangers is None else strangers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if Headers(scope=scope).get("content-type", "").startswith(self.kind):
            scope[MOST] = self.most if scope.get("viewer") else self.strangers
        await self.app(scope, receive, send)


class Few:
    """For a route that takes photos: so many forms with files at once, since each lies on the disk while it is read."""

    def __init__(self, app: ASGIApp):
        self.app = app
        self.inside: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if 0 < announced(scope) <= WORDS_BYTES or scope["type"] != "http":
            return await self.app(scope, receive, send)  # words alone never wait for anybody's photos
        viewer, client = scope.get("viewer"), scope.get("client")
        who = [viewer.session] if viewer else [f"{client[0] if client else ''}", STRANGERS]
        if self.inside[who[0]] >= EACH_AT_ONCE or (self.inside[STRANGERS] >= STRANGERS_AT_ONCE and not viewer):
            raise TooOften(BUSY_SECONDS)
        self.inside.update(who)
        try:
            await self.app(scope, receive, send)
        finally:
            self.inside.subtract(who)
            self.inside = +self.inside  # nobody's name stays


def announced(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else 0
