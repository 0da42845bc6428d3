"""How large a body may be, said before it is read: words everywhere, photos where photos belong, a film's pieces at /uploads.

Starlette's own limit answers in plain text that no page shows; this one is refused like everything else (errors.py).
"""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

WORDS_BYTES = 64 * 1024  # a form or JSON: the longest report is 4,000 letters, at most 16 KiB, thrice that when encoded
MOST = "siaga.most_bytes"  # of this request's body; the route's word is the last


class Bounded:
    """Reads no body further than it may be long, and none at all that announces more."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        scope[MOST], announced, came = WORDS_BYTES, _announced(scope), 0

        async def bounded() -> Message:
            nonlocal came
            if announced <= scope[MOST]:
                message = await receive()
                came += len(message.get("body", b""))
            if max(announced, came) > scope[MOST]:
                raise HTTPException(413)
            return message

        await self.app(scope, bounded, send)


class Allow:
    """For a route: `most` bytes, of bodies of this `kind` alone when one is named. Others hold words, and no more."""

    def __init__(self, app: ASGIApp, most: int, kind: str = ""):
        self.app, self.most, self.kind = app, most, kind

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if Headers(scope=scope).get("content-type", "").startswith(self.kind):
            scope[MOST] = self.most
        await self.app(scope, receive, send)


def _announced(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else 0
