"""The lock of a staff screen: locked by hand, kept awake by a person's deeds, opened by the password alone.

While it is locked every handler that asks for its viewer answers 423 (console/door/viewer.py); the board goes on.
"""

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from console.door.viewer import desk_of, locale_of, require, require_seat
from console.errors import wants_json
from console.pages.words import say
from console.state import Request
from console.web.citizen.home import inside
from console.web.door import knock
from console.web.forms import Form, done, read
from console.web.showing import shown
from models.errors import N_, TooOften, WrongValue
from models.people.locking import lock, unlock
from models.people.officers import Officer
from models.roles import STAFF

NOT_IT = N_("Kata sandi tidak cocok.")


class Password(Form):
    password: str = ""
    next: str = "/"


async def shut(request: Request) -> Response:
    viewer = require_seat(request, *STAFF)
    await request.state.writer.run(lock, viewer)
    return done(request, desk_of(viewer))


async def awake(request: Request) -> Response:
    """A key or a press: the doorman notes it, as with every POST; a locked screen hears that it is locked."""
    require(request, *STAFF)
    return Response(status_code=204)


async def open_again(request: Request) -> Response:
    """As slow for who guesses as the door is, and counted together with it."""
    viewer, typed = require_seat(request, *STAFF), await read(request, Password)
    officer = await request.state.read(lambda session: session.get_one(Officer, viewer.id))
    try:
        if not await knock.proves(request, officer.login, typed.password, officer.password, viewer.session):
            return await _refused(request, typed, WrongValue("password", NOT_IT), 422)
    except TooOften as error:
        return await _refused(request, typed, error, 429)
    await request.state.writer.run(unlock, viewer)
    target = inside(typed.next)
    return done(request, desk_of(viewer) if target == "/" else target)


async def _refused(request: Request, typed: Password, fault: WrongValue | TooOften, status: int) -> Response:
    if wants_json(request) or request.headers.get("hx-request") == "true":
        raise fault
    viewer = require_seat(request, *STAFF)
    told: dict[str, Any] = {
        "asks": "idle" if viewer.locked else "proof", "next": inside(typed.next), "wrong": True,
        "sentence": say(locale_of(request), fault.sentence, fault.values),
    }  # fmt: skip
    response = await shown(request, "pages/locked.html", status=status, **told)
    if isinstance(fault, TooOften):
        response.headers["Retry-After"] = str(fault.seconds)
    return response


routes = [
    Route("/lock", shut, methods=["POST"]),
    Route("/awake", awake, methods=["POST"]),
    Route("/unlock", open_again, methods=["POST"]),
]
