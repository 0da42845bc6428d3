"""Uploads over tus 1.0 (tus.io): announced, sent piece by piece, gone on with at the byte after any break.

POST  /uploads        Upload-Length, Upload-Metadata: complaint, filename, filetype (and key, sha256)  → 201 Location
HEAD  /uploads/{id}   → Upload-Offset
PATCH /uploads/{id}   Upload-Offset, the bytes from there (Upload-Checksum: sha256 …)                   → 204 Upload-Offset
"""

import binascii
import logging
from base64 import b64decode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from email.utils import format_datetime
from functools import wraps

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Route

from console.door.bodies import Allow
from console.door.viewer import require
from console.errors import answer
from console.evidence.completing import arrive
from console.evidence.pieces import Altered, Busy
from console.state import Request
from console.writer import NotStored
from models.incidents.arrivals import arrived, within_the_day
from models.incidents.evidence import Transfer
from models.incidents.uploads import VIDEO_BYTES, advance, begin, end, find_transfer, worth_telling
from models.roles import REPORTERS
from models.time import now
from models.viewer import Viewer

VERSION = "1.0.0"
TAKES = {
    "Tus-Version": VERSION,
    "Tus-Max-Size": str(VIDEO_BYTES),
    "Tus-Extension": "creation,termination,checksum,expiration",
    "Tus-Checksum-Algorithm": "sha256",
}
LONGEST_NAME = 200
LONGEST_KEY = 64

log = logging.getLogger(__name__)
Handler = Callable[[Request], Awaitable[Response]]


def tus(handler: Handler) -> Handler:
    """Every answer names the protocol's version, refusals too; another version than ours is refused.

    Every answer ends its connection as well. When a line breaks that has carried an answer before, a browser sends
    the PATCH again by itself, from the old offset: megabytes of a phone's credit for a 409. On a new line it does not.
    """

    @wraps(handler)
    async def speak(request: Request) -> Response:
        try:
            if request.method != "OPTIONS" and request.headers.get("tus-resumable") != VERSION:
                raise HTTPException(412, "tus 1.0.0", {"Tus-Version": VERSION})
            response = await handler(request)
        except ClientDisconnect:
            response = Response(status_code=400)  # nobody hears it: the line is gone, what it brought is kept
        except Exception as error:
            response = await answer(request, error)
        response.headers.update({"Tus-Resumable": VERSION, "Connection": "close"})
        return response

    return speak


@tus
async def offer(request: Request) -> Response:
    return Response(status_code=204, headers=TAKES)


@tus
async def create(request: Request) -> Response:
    """Announce a file. The same `key` again is the same upload: the answer may have been lost on the way."""
    viewer = require(request, *REPORTERS)
    size, told = _number(request, "upload-length"), _metadata(request)
    declared = told.get("filetype", "").partition(";")[0].strip().lower()
    if not declared.startswith(("image/", "video/", "application/octet-stream")) and declared:
        raise HTTPException(415)
    key, sha256 = told.get("key", "")[:LONGEST_KEY], told.get("sha256", "").lower()
    given = (told.get("complaint", ""), size, plain_name(told.get("filename", "")), declared[:100], key, sha256[:64])
    transfer = await request.state.writer.run(begin, viewer, *given)
    return _where(request, transfer, 201, Location=f"/uploads/{transfer.id}")


async def resume(request: Request) -> Response:
    return await METHODS[request.method](request)


@tus
async def head(request: Request) -> Response:
    viewer, transfer = await _mine(request)
    parts = request.state.store.parts
    if not transfer.finished_at and parts.offset(transfer.id) == transfer.size:
        async with parts.turn(transfer.id):  # all of it was here when something stopped us
            transfer = await _finish(request, viewer, transfer)
    return _where(request, transfer, 200)


@tus
async def patch(request: Request) -> Response:
    viewer, transfer = await _mine(request)
    if request.headers.get("content-type") != "application/offset+octet-stream":
        raise HTTPException(415)
    offset, sha256 = _number(request, "upload-offset"), _checksum(request)
    try:
        async with request.state.store.parts.turn(transfer.id) as part:
            transfer = await request.state.read(find_transfer, viewer, transfer.id)  # as it is, now that it is our turn
            if offset != (transfer.size if transfer.finished_at else part.offset):
                raise HTTPException(409, headers={"Upload-Offset": str(part.offset)})
            if not transfer.finished_at:
                await request.state.read(within_the_day, viewer, 1)
                tell = _teller(request, viewer, transfer)
                async with counting(request, viewer) as count:
                    await part.take(count(request.stream()), most=transfer.size, sha256=sha256, tell=tell)
                if part.offset == transfer.size:
                    transfer = await _finish(request, viewer, transfer)
    except (Busy, TimeoutError) as error:
        raise HTTPException(423, headers={"Retry-After": "2"}) from error
    return _where(request, transfer, 204)


@tus
async def delete(request: Request) -> Response:
    viewer, transfer = await _mine(request)
    async with request.state.store.parts.turn(transfer.id):
        await request.state.writer.run(end, viewer, transfer.id)
        request.state.store.parts.drop(transfer.id)
    return Response(status_code=204)


@asynccontextmanager
async def counting(
    request: Request, viewer: Viewer
) -> AsyncIterator[Callable[[AsyncIterator[bytes]], AsyncIterator[bytes]]]:
    """What came counts for the day, whatever becomes of it."""
    came = 0

    async def count(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        nonlocal came
        async for chunk in chunks:
            came += len(chunk)
            yield chunk

    try:
        yield count
    finally:
        if came and viewer.role in REPORTERS:
            try:
                request.state.writer.submit(arrived, viewer, came)
            except NotStored as error:
                log.warning("what came was not counted: %s", error)


def plain_name(name: str) -> str:
    """Its last part alone, without what no screen shows."""
    name = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in name if letter.isprintable())[:LONGEST_NAME]


async def _mine(request: Request) -> tuple[Viewer, Transfer]:
    viewer = require(request, *REPORTERS)
    return viewer, await request.state.read(find_transfer, viewer, request.path_params["id"])


async def _finish(request: Request, viewer: Viewer, transfer: Transfer) -> Transfer:
    """Evidence from here on. A file that is not what was announced goes, and may be sent anew."""
    try:
        await arrive(request.state.store, request.state.writer, viewer, transfer)
    except Altered:
        request.state.store.parts.drop(transfer.id)
        raise
    return await request.state.read(find_transfer, viewer, transfer.id)


def _teller(request: Request, viewer: Viewer, transfer: Transfer) -> Callable[[int], None]:
    def tell(offset: int) -> None:
        if offset == transfer.size or not worth_telling(transfer, offset, now()):
            return
        transfer.offset, transfer.told_at = offset, now()
        try:
            request.state.writer.submit(advance, viewer, transfer.id, offset)  # the bytes do not wait for it
        except NotStored as error:
            log.warning("the percent of an upload was not told: %s", error)

    return tell


def _where(request: Request, transfer: Transfer, status: int, **more: str) -> Response:
    offset = transfer.size if transfer.finished_at else request.state.store.parts.offset(transfer.id)
    headers = {"Upload-Offset": str(offset), "Upload-Length": str(transfer.size)} | more
    if not transfer.finished_at:
        headers["Upload-Expires"] = format_datetime(transfer.expires_at, usegmt=True)
    return Response(status_code=status, headers=headers)


def _number(request: Request, name: str) -> int:
    value = request.headers.get(name, "")
    if not (value.isascii() and value.isdigit() and len(value) <= 15):
        raise HTTPException(400)
    return int(value)


def _metadata(request: Request) -> dict[str, str]:
    """`Upload-Metadata: name base64, name base64`."""
    told = {}
    try:
        for pair in request.headers.get("upload-metadata", "").split(","):
            name, _, value = pair.strip().partition(" ")
            told[name] = b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise HTTPException(400) from error
    return told


def _checksum(request: Request) -> bytes | None:
    """`Upload-Checksum: sha256 base64`."""
    value = request.headers.get("upload-checksum")
    if value is None:
        return None
    method, _, sum = value.partition(" ")
    try:
        digest = b64decode(sum, validate=True)
    except binascii.Error:
        digest = b""
    if method != "sha256" or len(digest) != 32:
        raise HTTPException(400)
    return digest


METHODS: dict[str, Handler] = {"HEAD": head, "PATCH": patch, "DELETE": delete}
routes = [
    Route("/uploads", offer, methods=["OPTIONS"]),
    Route("/uploads", create, methods=["POST"], middleware=[Middleware(Allow, 0)]),
    Route("/uploads/{id}", resume, methods=[*METHODS], middleware=[Middleware(Allow, VIDEO_BYTES)]),
]
