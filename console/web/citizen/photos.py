"""Photos of a form, kept by their hash before anything is filed. One that cannot be read never costs a complaint."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from starlette.datastructures import FormData, UploadFile
from starlette.middleware import Middleware

from console.door.bodies import Allow, Few
from console.door.viewer import viewer_of
from console.evidence.at_the_door import EACH_BYTES
from console.evidence.kinds import Kind, kind_of
from console.evidence.store import Received, TooLarge
from console.server.vitals import Full
from console.state import Request
from console.web.citizen.uploads import counting, plain_name
from models.errors import N_, Refusal, WrongValue
from models.incidents.arrivals import within_the_day
from models.incidents.filing import Upload
from models.incidents.uploads import FORM_PHOTO_BYTES
from models.roles import REPORTERS

MOST = 5  # in one form
REST_BYTES = 1024 * 1024  # of a form beside its photos
IN_A_FORM = [  # of a route that takes them
    Middleware(Few),
    Middleware(Allow, MOST * FORM_PHOTO_BYTES + REST_BYTES, "multipart/form-data", strangers=EACH_BYTES + REST_BYTES),
]
CHUNK_BYTES = 256 * 1024


def too_large(field: str = "photo") -> WrongValue:
    most = FORM_PHOTO_BYTES // 1024**2
    return WrongValue(field, N_("Foto terlalu besar: paling besar {most} MB. Pilih lagi fotonya."), most=most)


def photos_of(form: FormData) -> list[UploadFile]:
    files = [file for file in form.getlist("photo") if isinstance(file, UploadFile) and file.filename]
    if len(files) > MOST:
        raise WrongValue("photo", N_("Paling banyak {most} foto."), most=MOST)
    return files


@asynccontextmanager
async def kept(request: Request, files: Sequence[UploadFile]) -> AsyncIterator[list[Upload]]:
    """Every file in the store, while what they belong to is filed. Raises TooLarge, TooMuch, Full.

    Refused, they go again; and where nobody knows what came of it, the sweep finds them in `incoming/` (media.py).
    What is no picture at all is kept as the JPEG it was sent for: the media child then finds it
    unreadable, and the complaint says so.
    """
    store, viewer, received = request.state.store, viewer_of(request), list[Received]()
    try:
        if files and viewer.role in REPORTERS:
            await request.state.read(within_the_day, viewer, sum(file.size or 0 for file in files))
        async with counting(request, viewer) as count:
            for file in files:
                received.append(await store.receive(count(_chunks(file)), limit_bytes=FORM_PHOTO_BYTES, stays=True))
        pairs = zip(files, received, strict=True)
        yield [upload_of(file, one.head, one.size, one.sha256) for file, one in pairs]
    except (Refusal, TooLarge, Full):
        for one in received:
            await store.discard(one)
        _settled(received)
        raise
    _settled(received)


def upload_of(file: UploadFile, head: bytes, size: int, sha256: str) -> Upload:
    kind = kind_of(head, file.content_type or "") or Kind.JPEG
    return Upload("video" if kind.video else "photo", plain_name(file.filename or ""), kind.value, size, sha256)


def _settled(received: Sequence[Received]) -> None:
    for one in received:
        if one.part:
            one.part.unlink(missing_ok=True)


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await file.read(CHUNK_BYTES):
        yield chunk
