"""Photos of a form, kept by their hash before anything is filed. One that cannot be read never costs a complaint."""

from collections.abc import AsyncIterator, Sequence

from starlette.datastructures import FormData, UploadFile
from starlette.middleware import Middleware
from starlette.requests import Request

from console.bodies import Allow
from console.media import PHOTO_BYTES, Kind, kind_of
from console.web.uploads import plain_name
from models.errors import N_, WrongValue
from models.filing import Upload

MOST = 5  # in one form
IN_A_FORM = [Middleware(Allow, MOST * PHOTO_BYTES + 1024 * 1024, "multipart/form-data")]  # of a route that takes them
CHUNK_BYTES = 256 * 1024


def photos_of(form: FormData) -> list[UploadFile]:
    files = [file for file in form.getlist("photo") if isinstance(file, UploadFile) and file.filename]
    if len(files) > MOST:
        raise WrongValue("photo", N_("Paling banyak {most} foto."), most=MOST)
    return files


async def keep(request: Request, files: Sequence[UploadFile]) -> list[Upload]:
    """Every file in the store. Raises TooLarge.

    What is no picture at all is kept as the JPEG it was sent for: the media child then finds it
    unreadable, and the complaint says so.
    """
    uploads = []
    for file in files:
        received = await request.state.store.receive(_chunks(file), limit_bytes=PHOTO_BYTES)
        kind = kind_of(received.head, file.content_type or "") or Kind.JPEG
        name = plain_name(file.filename or "")
        uploads.append(Upload("video" if kind.video else "photo", name, kind.value, received.size, received.sha256))
    return uploads


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await file.read(CHUNK_BYTES):
        yield chunk
