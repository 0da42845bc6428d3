"""Whose page was it? A page that was made for one account and is sent under another is refused, and nothing is done.

On a phone that goes from hand to hand, and at a desk where the shift changes, an open tab outlives whoever opened it:
what A half wrote must never be filed as B's. So every page of an account carries a mark, a short keyed hash of it: plain
forms as their first field, scripts and htmx as a header (static/js/whose.js). Nobody's page carries none, nor does a
guest's: whoever wrote before the door goes on behind it. No boundary against attackers, who send what they like.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote_plus

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.door.bodies import WORDS_BYTES, announced
from console.door.sealing import mark
from console.door.viewer import SAFE, insider
from models.errors import N_, WrongMoment
from models.viewer import Viewer

FIELD, HEADER = "whose", "siaga-whose"
LETTERS = 16
# Of everybody: the door itself, and what is chosen for this browser.
FREE = ("/sign-in", "/sign-up", "/sign-out", "/language", "/quiet")
FIRST = re.compile(
    rb'\A(?:whose=([0-9a-f]*)|--[^\r\n]{1,200}\r\nContent-Disposition: form-data; name="whose"\r\n\r\n([0-9a-f]*))',
    re.I,
)
FORM = "<form"
POSTS = re.compile(r'<form\b(?=[^>]*\smethod="post")(?![^>]*\shx-post=)[^>]*>')
WORDS = ("title", "description", "words", "reason", "note", "answer", "place", "landmark", "name", "caller_name")
OTHER = N_("Halaman ini dibuka untuk akun lain. Tidak ada yang terkirim. Buka lagi halamannya, lalu kirim lagi.")


class OtherHands(WrongMoment):
    """`typed`: what was written there, for whoever wrote it a moment ago."""

    def __init__(self, typed: dict[str, str] | None = None):
        super().__init__(OTHER)
        self.typed = typed or {}


class Whose:
    """The one place that compares. `refuse` makes a page of it."""

    def __init__(self, app: ASGIApp, refuse: Callable[[Request[Any], Exception], Awaitable[Response]]):
        self.app, self.refuse = app, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE or scope["path"].startswith(FREE):
            return await self.app(scope, receive, send)
        connection, headers = HTTPConnection(scope), Headers(scope=scope)
        is_form = headers.get("content-type", "").startswith(
            ("application/x-www-form-urlencoded", "multipart/form-data")
        )
        if not fits(connection, headers.get(HEADER, ""), insider(connection)):
            return await self._no(scope, receive, send, OtherHands())
        if is_form and 0 < announced(scope) <= WORDS_BYTES:  # it may be that nobody else reads it
            first = await receive()
            receive = _again(first, receive)
            if not fits(connection, field_of(first), insider(connection)):
                return await self._no(scope, receive, send, OtherHands(await _typed(scope, _again(first, receive))))
        elif is_form:
            receive = _watched(connection, receive)
        await self.app(scope, receive, send)

    async def _no(self, scope: Scope, receive: Receive, send: Send, error: OtherHands) -> None:
        response = await self.refuse(Request(scope, receive), error)
        await response(scope, receive, send)


def mark_of(connection: HTTPConnection[Any], viewer: Viewer | None) -> str:
    """ "" for who is nobody's account."""
    return mark(connection.state.settings.key, FIELD, viewer.role, str(viewer.id))[:LETTERS] if viewer else ""


def seal_of(connection: HTTPConnection[Any], viewer: Viewer) -> str:
    """What a browser seals an officer's half-written words by, from one page of theirs to the next (static/js/sealed.js).

    The account's, whatever its password and role: who signs in again has them again. It is stored nowhere.
    """
    return mark(connection.state.settings.key, "half written", str(viewer.id))


def fits(connection: HTTPConnection[Any], said: str, viewer: Viewer | None) -> bool:
    """Was it made for whoever sends it now? What nobody had made, or nobody sends, is for the door."""
    return not said or viewer is None or said == mark_of(connection, viewer)


def marked(html: str, mark: str) -> str:
    """The page with the mark in each of its plain forms."""
    if not mark:
        return html
    field, parts, done = f'<input type="hidden" name="{FIELD}" value="{mark}">', [], 0
    at = html.find(FORM)  # a page of 500 cards is a megabyte with a few forms in it
    while at >= 0:
        if opened := POSTS.match(html, at):
            parts += [html[done : opened.end()], field]
            done = opened.end()
        at = html.find(FORM, at + 1)
    return "".join([*parts, html[done:]])


def field_of(message: Message) -> str:
    found = FIRST.match(message.get("body", b"")[:1024])
    return unquote_plus((found[1] or found[2] or b"").decode()) if found else ""


def _watched(connection: HTTPConnection[Any], receive: Receive) -> Receive:
    """A body too long to be read here is looked at when it is read."""
    seen = False

    async def watched() -> Message:
        nonlocal seen
        message = await receive()
        if not seen and not fits(connection, field_of(message), insider(connection)):
            raise OtherHands()
        seen = True
        return message

    return watched


def _again(first: Message, receive: Receive) -> Receive:
    waiting = [first]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


async def _typed(scope: Scope, receive: Receive) -> dict[str, str]:
    try:
        async with Request(scope, receive).form(max_files=20, max_fields=200) as form:
            said = {name: form.get(name) for name in WORDS}
            return {name: value for name, value in said.items() if isinstance(value, str) and value.strip()}
    except HTTPException:
        return {}
