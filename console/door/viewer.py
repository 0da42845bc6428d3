"""Who is there: request → Viewer; the middleware that finds out, and the guards that use it."""

import asyncio
import hashlib
import re
import secrets
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlmodel import Session
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from console.door.cookies import cookie, drop_cookie, set_cookie
from console.pages.words import LOCALES
from console.server.metrics import refused
from models.errors import N_, NotAllowed
from models.people.locking import use, worth_noting
from models.people.sessions import SignIn, touch, viewer_by_session
from models.roles import REPORTERS, RIGHTS, Role
from models.time import now
from models.viewer import Viewer

SESSION = "siaga"  # the cookie of whoever is inside
SAFE = ("GET", "HEAD", "OPTIONS")
TOUCH_AFTER = timedelta(hours=1)
CHANGE, FACTORS = "/me/password", "/me/factors"
ALWAYS_OPEN = ("/lock", "/awake", "/unlock")  # all else waits for a password of their own, and for the factor they owe
SCREENS_AT_ONCE = 32  # after a restart thousands come back together: who files must not queue behind them


class SignInNeeded(Exception):
    """Nobody is signed in: a page leads to the door, anything else gets 401."""


class Locked(Exception):
    """This screen is locked: the password first (POST /unlock). `asks` tells the page which words to ask with."""

    asks = "idle"


class ProofNeeded(Locked):
    """The screen is open, but this step wants the password afresh."""

    asks = "proof"


class ChangeFirst(Exception):
    """Somebody else made this password, or a second factor is due: until that is done, on `page`, nothing else opens."""

    def __init__(self, page: str):
        super().__init__(page)
        self.page = page


def viewer_of(connection: HTTPConnection[Any]) -> Viewer:
    """Who this is; raises SignInNeeded when it is nobody, Locked when it may be anybody."""
    viewer = seated(connection)
    if viewer.locked:
        raise Locked()
    return viewer


def seated(connection: HTTPConnection[Any]) -> Viewer:
    """Whose session this is, also while it is locked: for what goes on then."""
    if (viewer := somebody(connection)) is None:
        raise SignInNeeded()
    page, path = first_page(viewer), connection.scope["path"]
    if page and not path.startswith(page) and path not in ALWAYS_OPEN:
        raise ChangeFirst(page)
    return viewer


def first_page(viewer: Viewer) -> str:
    """Where they have something to do before anything else opens; "" when nothing stands before their desk."""
    if viewer.must_change:
        return CHANGE
    return FACTORS if viewer.must_add else ""


def somebody(connection: HTTPConnection[Any]) -> Viewer | None:
    return connection.scope.get("viewer")


def insider(connection: HTTPConnection[Any]) -> Viewer | None:
    """Whoever has said who they are; a guest has not, and to every door is nobody yet."""
    viewer = somebody(connection)
    return None if viewer and viewer.role == Role.GUEST else viewer


def require(connection: HTTPConnection[Any], *roles: Role) -> Viewer:
    """The viewer, if of one of these roles; else NotAllowed."""
    return _of(viewer_of(connection), roles)


def require_seat(connection: HTTPConnection[Any], *roles: Role) -> Viewer:
    """The same, also while the screen is locked: only for the board, which goes on."""
    return _of(seated(connection), roles)


def require_proof(connection: HTTPConnection[Any], *roles: Role) -> Viewer:
    """The same, if the password was given within the last minutes; else ProofNeeded."""
    viewer = require(connection, *roles)
    if not viewer.proved:
        raise ProofNeeded()
    return viewer


def _of(viewer: Viewer, roles: tuple[Role, ...]) -> Viewer:
    if viewer.role not in roles:
        raise NotAllowed(N_("Halaman ini bukan untuk peran Anda."))
    return viewer


def locale_of(connection: HTTPConnection[Any]) -> str:
    """The account's language, else the cookie's, else the browser's, else Indonesian."""
    if chosen := cookie(connection, "locale"):
        return chosen if chosen in LOCALES else "id"
    if viewer := somebody(connection):
        return viewer.locale
    return wanted(connection.headers.get("accept-language", ""))


OFFLINE = "/offline"  # fetched as nobody, without a cookie, to be kept on the phone


def is_quiet(connection: HTTPConnection[Any]) -> bool:
    """Mode senyap: of this browser, or of the account that reads on it; of the offline page, as its worker asks."""
    viewer = somebody(connection)
    if viewer and viewer.role not in REPORTERS:
        return False  # a desk says what it is
    kept = connection.scope["path"] == OFFLINE and connection.query_params.get("quiet") == "yes"
    return cookie(connection, "quiet") == "yes" or (viewer is not None and viewer.quiet) or kept


WANTED = re.compile(r"([a-z]{2})(?:-[a-z0-9-]+)?\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*(?:,|$)", re.I)


def wanted(languages: str) -> str:
    """Of those we speak, the one that a browser's list (RFC 9110, 12.5.4) weighs most; the first of equals. q=0: never."""
    weights = [(float(weight or 1), tag.lower()) for tag, weight in WANTED.findall(languages[:500])]
    ours = [(weight, tag) for weight, tag in weights if weight and tag in LOCALES]
    return max(ours, key=lambda one: one[0])[1] if ours else "id"


def desk_of(viewer: Viewer | None) -> str:
    """The page they work at (models/roles.py); whoever is nobody is at home."""
    desk = RIGHTS[viewer.role].desk if viewer else "home"
    return "/" if desk == "home" else f"/{desk}"


def new_secret() -> tuple[str, str]:
    """(what the cookie holds, its hash as the row keeps it)."""
    secret = secrets.token_urlsafe(32)
    while secret.startswith("-"):  # to a command line that would be an option, and to a line of text a place to break
        secret = secrets.token_urlsafe(32)
    return secret, hash_of(secret)


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def let_in(request: Request[Any], response: Response, secret: str, days: int | None) -> Response:
    """Set the session cookie. `days` None: until the browser closes."""
    set_cookie(request, response, SESSION, secret, days * 86400 if days else None)
    return response


def let_out(request: Request[Any], response: Response) -> Response:
    drop_cookie(request, response, SESSION)
    return response


def same_site(connection: HTTPConnection[Any], *, default: bool) -> bool:
    """Did our own page ask? Sec-Fetch-Site says so, else Origin; with neither, `default`."""
    headers, settings = connection.headers, connection.state.settings
    if site := headers.get("sec-fetch-site"):
        return site in ("same-origin", "none")
    if origin := headers.get("origin"):
        if settings.public_url:  # never what a proxy made of Host
            return bool(origin == settings.origin)
        return urlsplit(origin).netloc == headers.get("host")
    return default


class Doorman:
    """Refuses what other sites make a browser send, and finds out who comes with which session.

    SameSite=Lax alone lets a sibling port forge a POST. A request that names no site at all is
    not a browser's: HTTP may pass, a WebSocket may not.
    """

    def __init__(self, app: ASGIApp):
        self.app = app
        self._screens = asyncio.Semaphore(SCREENS_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        connection = HTTPConnection(scope)
        if scope["type"] == "http" and scope["method"] not in SAFE and not same_site(connection, default=True):
            refused("CrossSite", 403)
            return await PlainTextResponse("cross-site request", 403)(scope, receive, send)
        if scope["type"] == "websocket":
            async with self._screens:
                scope["viewer"] = await self._viewer(connection)
        elif not scope["path"].startswith("/static/"):
            scope["viewer"] = viewer = await self._viewer(connection)
            # What pages ask for by themselves is a GET; a POST is somebody's deed.
            if viewer and scope["method"] not in SAFE and worth_noting(viewer):
                connection.state.writer.submit(use, viewer)
        await self.app(scope, receive, send)

    async def _viewer(self, connection: HTTPConnection[Any]) -> Viewer | None:
        secret = cookie(connection, SESSION)
        if not secret:
            return None
        hash = hash_of(secret)
        viewer, seen_at = await connection.state.read(_known, hash)
        if viewer and seen_at < now() - TOUCH_AFTER:
            connection.state.writer.submit(touch, hash)
        return viewer


def _known(session: Session, hash: str) -> tuple[Viewer | None, datetime]:
    opened = session.get(SignIn, hash)
    return viewer_by_session(session, hash), opened.seen_at if opened else now()
