"""Bulletins: what the command tells everybody; read by anyone, as pages and as a feed, written by supervisors."""

import re
from collections.abc import AsyncIterator
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from sqlmodel import Session
from starlette.datastructures import UploadFile
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from console.door.bodies import WORDS_BYTES
from console.door.viewer import is_quiet, locale_of, require, somebody
from console.evidence.kinds import Unreadable, kind_of
from console.evidence.store import Received, TooLarge
from console.pages.words import say
from console.server.vitals import NO_ROOM, Full
from console.state import Request
from console.web.citizen.photos import CHUNK_BYTES, IN_A_FORM, too_large
from console.web.forms import Form, done
from console.web.showing import shown
from console.web.staff.keeping import keeping
from models.command.bulletin import (
    IN_FEED,
    IN_LIST,
    Bulletin,
    Draft,
    Kind,
    districts,
    find_bulletin,
    in_force,
    publish,
    rewrite,
    withdraw,
    written,
)
from models.errors import N_, NotFound, WrongValue
from models.incidents.uploads import FORM_PHOTO_BYTES
from models.roles import Role
from models.time import local, zone

FEED_SECONDS, PICTURE_SECONDS = 300, 3600
NO_XML = re.compile(
    "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)  # a control letter that slipped in would break the feed
UNREADABLE_MOMENT = N_("Tanggal ini tidak terbaca.")


class Typed(Form):
    """A bulletin as it was typed; moments in the command's own time."""

    title: str = ""
    words: str = ""
    kind: str = Kind.NEWS.value
    district: str = ""
    pinned: str = ""
    since: str = ""
    until: str = ""
    alt: str = ""
    without: str = ""  # the picture it has goes

    @classmethod
    def of(cls, row: Bulletin) -> "Typed":
        since, until = (f"{local(at):%Y-%m-%dT%H:%M}" if at else "" for at in (row.since, row.until))
        pinned = "yes" if row.pinned else ""
        return cls(
            title=row.title, words=row.words, kind=row.kind, district=row.district, pinned=pinned, since=since,
            until=until, alt=row.alt,
        )  # fmt: skip

    def draft(self, picture: str | None) -> Draft:
        since, until = _moment(self.since, "since"), _moment(self.until, "until")
        return Draft(
            self.title, self.words, self.kind, self.district, bool(self.pinned), since, until, picture, self.alt
        )


async def index(request: Request) -> Response:
    """What is on; to a supervisor also what comes, is over or was withdrawn."""
    viewer = somebody(request)
    if is_quiet(request):
        return RedirectResponse("/", 303)  # in our own words, which nothing makes plain
    writes = bool(viewer and viewer.role == Role.SUPERVISOR)
    rows = (
        await request.state.read(written, viewer)
        if viewer and writes
        else await request.state.read(in_force, "", IN_LIST)
    )
    return await shown(request, "pages/bulletins.html", bulletins=rows, writes=writes)


async def show(request: Request) -> Response:
    viewer = somebody(request)
    if is_quiet(request):
        return RedirectResponse("/", 303)
    row = await request.state.read(find_bulletin, viewer, request.path_params["id"])
    return await shown(
        request, "pages/bulletin.html", bulletin=row, writes=bool(viewer and viewer.role == Role.SUPERVISOR)
    )


async def picture(request: Request) -> Response:
    """Without its metadata. Seen by everybody, so everybody's browser may keep it."""
    row = await request.state.read(find_bulletin, somebody(request), request.path_params["id"])
    path = request.state.store.derived(row.picture, "view") if row.picture else None
    if path is None or not path.exists():
        raise NotFound()
    kept = f"public, max-age={PICTURE_SECONDS}" if row.state == "shown" else "no-store"
    return FileResponse(path, media_type="image/webp", headers={"Cache-Control": kept})


async def feed(request: Request) -> Response:
    """Atom, in Indonesian: the language they are written in."""
    rows = await request.state.read(in_force, "", IN_FEED)
    rows.sort(key=lambda row: row.since, reverse=True)
    changed = max((row.changed_at for row in rows), default=None)
    headers = {"Cache-Control": f"public, max-age={FEED_SECONDS}"}
    if changed:
        headers["Last-Modified"] = format_datetime(changed.replace(microsecond=0), usegmt=True)
        if request.headers.get("if-modified-since") == headers["Last-Modified"]:
            return Response(status_code=304, headers=headers)
    body = request.state.pages.render(
        "bulletins/feed.html", None, bulletins=rows, changed=changed, here=f"{request.state.settings.origin}/bulletins"
    )
    return Response(NO_XML.sub("", body), headers=headers, media_type="application/atom+xml")


async def new(request: Request) -> Response:
    require(request, Role.SUPERVISOR)
    return await _form(request, Typed())


async def create(request: Request) -> Response:
    return await _write(request, None)


async def edit(request: Request) -> Response:
    viewer = require(request, Role.SUPERVISOR)
    row = await request.state.read(find_bulletin, viewer, request.path_params["id"])
    return await _form(request, Typed.of(row), row)


async def change(request: Request) -> Response:
    viewer = require(request, Role.SUPERVISOR)
    return await _write(request, await request.state.read(find_bulletin, viewer, request.path_params["id"]))


async def take_back(request: Request) -> Response:
    viewer = require(request, Role.SUPERVISOR)
    await request.state.writer.run(withdraw, viewer, request.path_params["id"])
    return done(request, "/bulletins")


async def _write(request: Request, row: Bulletin | None) -> Response:
    """Publish, or rewrite the one there is; back to the form with what was typed when something is wrong."""
    viewer = require(request, Role.SUPERVISOR)
    async with request.form(max_files=1, max_fields=20, max_part_size=WORDS_BYTES) as form:
        typed = Typed.model_validate({name: value for name, value in form.items() if isinstance(value, str)})
        file, received = form.get("picture"), None
        try:
            if isinstance(file, UploadFile) and file.filename:
                received = await _received(request, file)
                await _looked_at(request, file, received)
            sha256 = received.sha256 if received else ""
            draft = typed.draft(None if typed.without and not sha256 else sha256)
            if row:
                await request.state.writer.run(rewrite, viewer, row.id, draft)
                return RedirectResponse(f"/bulletins/{row.id}", 303)
            id = await request.state.writer.run(_publish, viewer, draft)
        except TooLarge:
            return await _form(request, typed, row, too_large("picture"), 413)
        except Full:
            if received:
                await request.state.store.discard(received)
            return await _form(request, typed, row, WrongValue("picture", NO_ROOM), 507)
        except WrongValue as error:
            if received:
                await request.state.store.discard(received)
            return await _form(request, typed, row, error, again=received is not None)
    return RedirectResponse(f"/bulletins/{id}", 303)


def _publish(session: Session, by: Any, draft: Draft) -> int:
    return publish(session, by, draft).id


async def _received(request: Request, file: UploadFile) -> Received:
    """The picture in the store."""

    async def chunks() -> AsyncIterator[bytes]:
        while chunk := await file.read(CHUNK_BYTES):
            yield chunk

    received: Received = await request.state.store.receive(chunks(), limit_bytes=FORM_PHOTO_BYTES)
    return received


async def _looked_at(request: Request, file: UploadFile, received: Received) -> None:
    """In the child, like every other."""
    kind = kind_of(received.head, file.content_type or "")
    seen = kind and not kind.video and await request.state.store.process(received.sha256, kind)
    if not seen or isinstance(seen, Unreadable):
        raise WrongValue("picture", N_("Gambar ini tidak terbaca. Pilih JPEG, PNG atau WebP."))


def _moment(typed: str, field: str) -> datetime | None:
    if not typed:
        return None
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=zone())
    except ValueError:
        raise WrongValue(field, UNREADABLE_MOMENT) from None


async def _form(
    request: Request,
    typed: Typed,
    row: Bulletin | None = None,
    fault: WrongValue | None = None,
    status: int = 422,
    again: bool = False,
) -> Response:
    """`again`: a picture came along and is gone with the refusal. A browser never puts a file back, so it is said."""
    errors = {fault.field: say(locale_of(request), fault.sentence, fault.values)} if fault else {}
    return await shown(
        request, "pages/bulletin_form.html", status=status if fault else 200,
        typed=typed, bulletin=row, errors=errors, again=again and "picture" not in errors, kinds=[kind.value for kind in Kind], districts=districts(),
    )  # fmt: skip


routes = [
    Route("/bulletins", index),
    Route("/bulletins", create, methods=["POST"], middleware=IN_A_FORM),
    Route("/bulletins.atom", feed),
    Route("/bulletins/new", new),
    Route("/bulletins/{id:int}", show),
    Route("/bulletins/{id:int}/picture", picture),
    Route("/bulletins/{id:int}/edit", edit),
    Route("/bulletins/{id:int}/edit", change, methods=["POST"], middleware=IN_A_FORM),
    Route("/bulletins/{id:int}/withdraw", keeping(take_back, show, "/bulletins/{id}"), methods=["POST"]),
]
