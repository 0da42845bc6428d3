"""One table: what went wrong → which status, and how it is said to a page, a part of one, or a program."""

import errno
import logging
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from pydantic import ValidationError
from sqlalchemy.exc import DataError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.websockets import WebSocket, WebSocketState

from console.door.viewer import CHANGE, ChangeFirst, Locked, SignInNeeded, locale_of, somebody
from console.evidence.pieces import Altered
from console.evidence.store import TooLarge
from console.pages.words import say
from console.server.metrics import refused
from console.server.vitals import NO_ROOM, NO_SPACE, Full
from console.writer import NotStored, OutcomeUnknown
from models.errors import N_, Blocked, NotAllowed, NotFound, Refusal, TooMuch, TooOften, WrongMoment, WrongValue
from models.roles import REPORTERS

log = logging.getLogger(__name__)

STATUS: dict[type[Exception], int] = {
    SignInNeeded: 401,
    ChangeFirst: 403,
    Locked: 423,
    ClientDisconnect: 408,
    Blocked: 403,
    NotAllowed: 403,
    NotFound: 404,
    WrongMoment: 409,
    StaleDataError: 409,
    TooLarge: 413,
    Full: 507,
    TooMuch: 413,
    TooOften: 429,
    WrongValue: 422,
    ValidationError: 422,
    Altered: 460,  # tus: the checksum does not fit
    NotStored: 503,
    OutcomeUnknown: 503,
    DataError: 400,  # what no database keeps: a NUL in a URL
    SQLAlchemyError: 503,
}

SENTENCE = {
    400: N_("Permintaan ini tidak dapat dibaca."),
    401: N_("Silakan masuk."),
    403: N_("Anda tidak berwenang untuk ini."),
    404: N_("Tidak ditemukan."),
    405: N_("Alamat ini hanya menerima kiriman, tidak ada halamannya."),
    408: N_("Kiriman terputus di tengah jalan. Kirim sekali lagi."),
    409: N_("Kejadian ini baru saja berubah. Muat ulang, lalu coba lagi."),
    413: N_("Terlalu besar."),
    422: N_("Ada isian yang perlu diperbaiki."),
    423: N_("Layar ini terkunci. Tulis kata sandi Anda."),
    429: N_("Terlalu sering. Tunggu sebentar."),
    500: N_("Ada yang salah di pihak kami, dan sudah tercatat."),
    507: NO_ROOM,
    503: N_("Belum tersimpan. Kirim sekali lagi; tidak akan tercatat dua kali."),
}

CHANGE_FIRST = N_("Ganti dulu kata sandi pertama Anda: /me/password.")
FACTOR_FIRST = N_("Anda wajib punya faktor kedua. Tambah dulu: /me/factors.")
PROOF = N_("Untuk langkah ini tulis kata sandi Anda sekali lagi.")

RETRY_SECONDS = {429: "30", 503: "2", 507: "60"}
GOING_AWAY = 1011  # to a screen: something went wrong here, come back
UNWELL = (errno.EIO, errno.EROFS)  # the disk, not what was sent


def status_of(error: Exception) -> int:
    if isinstance(error, HTTPException):
        return error.status_code
    if isinstance(error, OSError) and error.errno in (*NO_SPACE, *UNWELL):
        return 507 if error.errno in NO_SPACE else 503
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


async def answer(request: Request[Any], error: Exception) -> Response:
    """The one answer to every error, in the viewer's language and the asker's format."""
    status, locale = status_of(error), locale_of(request)
    if status == 404 and request.method == "GET" and (path := request.scope["path"]).strip("/") and path.endswith("/"):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(quote(f"/{path.strip('/')}") + query, 307)  # a slash too many
    refused(type(error).__name__, status)
    if status >= 500:
        # Of what is foreseen one line: a thousand follow each other. A database says why in its first; what people wrote is below.
        why = (
            f"{type(error).__name__}: {str(error).partition(chr(10))[0]}" if isinstance(error, SQLAlchemyError) else ""
        )
        foreseen = (why or type(error).__name__) if status != 500 else ""
        trace = None if foreseen else error
        log.error(
            "%d %s %s %r", status, foreseen or "unforeseen", request.method, request.scope["path"], exc_info=trace
        )
    sentence = sentence_of(error, locale)
    asks = error.asks if isinstance(error, Locked) else ""
    if asks == "proof":
        sentence = say(locale, PROOF)
    if isinstance(error, ChangeFirst):
        sentence = say(locale, CHANGE_FIRST if error.page == CHANGE else FACTOR_FIRST)
    fields = fields_of(error, locale)
    headers = {"Retry-After": RETRY_SECONDS[status]} if status in RETRY_SECONDS else {}
    headers |= dict(getattr(error, "headers", None) or {})
    if isinstance(error, TooOften):
        headers["Retry-After"] = str(error.seconds)
    if wants_json(request):
        problem = {"type": "about:blank", "title": say(locale, _plain(status)), "status": status, "detail": sentence}
        if fields:
            problem["errors"] = fields
        return JSONResponse(problem, status, headers, media_type="application/problem+json")
    if status == 401:
        return _lead(request, f"/sign-in?next={quote(_back(request))}", 401)
    if isinstance(error, ChangeFirst):
        return _lead(request, error.page, 403)
    part, viewer = request.headers.get("hx-request") == "true", somebody(request)
    if viewer and viewer.locked and not part:
        asks = "idle"  # also what asks for nobody's name: a locked screen says nothing else
    page = "error" if viewer is None or viewer.role in REPORTERS else "refused"
    template = "_error.html" if part else f"pages/{'locked' if asks else page}.html"
    shown = {
        "code": status,
        "sentence": sentence,
        "fields": fields,
        "asks": asks,
        "next": _back(request),
        "typed": getattr(error, "typed", {}),
    }
    response: Response = request.state.pages.page(request, template, status, **shown)
    response.headers.update(headers)
    return response


def sentence_of(error: Exception, locale: str) -> str:
    """What is wrong, as one says it."""
    if isinstance(error, Refusal):
        return say(locale, error.sentence, error.values)
    return say(locale, _plain(status_of(error)))


def fields_of(error: Exception, locale: str) -> dict[str, str]:
    """What is wrong with which field, ready to stand beside it."""
    if isinstance(error, WrongValue):
        return {error.field: say(locale, error.sentence, error.values)}
    if isinstance(error, ValidationError):
        return {str(e["loc"][0]) if e["loc"] else "": say(locale, _field_sentence(e)) for e in error.errors()}
    return {}


def wants_json(request: Request[Any]) -> bool:
    return request.url.path.startswith(("/api/", "/uploads")) or request.headers.get("accept", "").startswith(
        "application/json"
    )


def _plain(status: int) -> str:
    return SENTENCE.get(status) or SENTENCE[500 if status >= 500 else 400]


def _field_sentence(error: Any) -> str:
    missing = error["type"] in ("missing", "string_too_short")
    return N_("Wajib diisi.") if missing else N_("Nilai ini tidak dapat dipakai.")


def _lead(request: Request[Any], target: str, status: int) -> Response:
    """To the page that has to come first; a part of a page takes the whole page along, unless that is where it is."""
    if request.headers.get("hx-request") == "true":
        there = urlsplit(request.headers.get("hx-current-url", "")).path == urlsplit(target).path
        return Response(status_code=status, headers={} if there else {"HX-Redirect": target})
    return RedirectResponse(target, 303)


def _back(request: Request[Any]) -> str:
    return str(request.scope["path"]) if request.method == "GET" else "/"


def handlers() -> dict[Any, Any]:
    kinds: Sequence[Any] = (*STATUS, OSError, Refusal, HTTPException, Exception)
    return {kind: told for kind in kinds}


async def told(line: Request[Any] | WebSocket, error: Exception) -> Response | None:
    """A request is answered. A screen's line shows no answer: it is let go, and its browser comes back by itself."""
    if isinstance(line, Request):
        return await answer(line, error)
    refused(type(error).__name__, status_of(error))
    if status_of(error) >= 500:
        log.error("%d line %r", status_of(error), line.scope["path"], exc_info=error)
    if WebSocketState.DISCONNECTED not in (line.application_state, line.client_state):
        await line.close(GOING_AWAY)
    return None
