"""What somebody of the staff chooses for themselves: the password, where they are signed in, how keys act."""

from typing import Any

from sqlmodel import Session
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console.door.passwords import STAFF_LEAST, hashed, judge
from console.door.viewer import CHANGE, desk_of, let_out, locale_of, require
from console.errors import wants_json
from console.pages.words import say
from console.state import Request
from console.web.citizen.home import inside
from console.web.door import knock
from console.web.forms import Form, done, read
from console.web.showing import shown
from console.web.staff.keeping import keeping
from models.city.station import Station
from models.errors import N_, TooOften, WrongValue
from models.people.called import be_left, called_browsers
from models.people.officers import choose_keys, choose_sounds
from models.people.sessions import sign_out
from models.people.staff import change_own_password, end_other_seats, own_account, seats
from models.roles import STAFF, Role

PAGE = "/me"
NOT_IT = N_("Kata sandi sekarang tidak cocok.")


class Password(Form):
    old: str = ""
    password: str = ""
    again: str = ""


class Keys(Form):
    keys: str = ""
    next: str = "/"


class Sounds(Form):
    volume: str = ""
    minor: bool = True
    next: str = "/"


class Ending(Form):
    here: bool = False


async def show(request: Request) -> Response:
    return await _page(request, "pages/me.html")


async def ask_password(request: Request) -> Response:
    return await _page(request, "pages/me_password.html")


async def password(request: Request) -> Response:
    """The old one proves who sits there, as slowly for who guesses as the door is."""
    viewer, typed = require(request, *STAFF), await read(request, Password)
    officer = await request.state.read(own_account, viewer)
    try:
        if not await knock.proves(request, officer.login, typed.old, officer.password, viewer.session):
            raise WrongValue("old", NOT_IT)
        _judge(typed, officer.login, officer.name)
        await request.state.writer.run(change_own_password, viewer, officer.password, await hashed(typed.password))
    except WrongValue as fault:
        return await _page(request, "pages/me_password.html", fault, 422)
    except TooOften as error:
        if wants_json(request):
            raise
        busy = WrongValue("old", error.sentence, **error.values)
        answer = await _page(request, "pages/me_password.html", busy, 429)
        answer.headers["Retry-After"] = str(error.seconds)
        return answer
    return done(request, desk_of(viewer) if viewer.must_change else f"{PAGE}?changed=1")


async def end(request: Request) -> Response:
    """Every other screen of theirs closes; with `here` this one too."""
    viewer, form = require(request, *STAFF), await read(request, Ending)
    await request.state.writer.run(end_other_seats, viewer)
    if not form.here:
        return done(request, PAGE)
    await request.state.writer.run(sign_out, viewer, viewer.session)
    return let_out(request, RedirectResponse("/sign-in", 303))


async def leave(request: Request) -> Response:
    """One browser is called no more."""
    viewer = require(request, *STAFF)
    await request.state.writer.run(be_left, viewer, "", request.path_params["id"])
    return done(request, PAGE)


async def keys(request: Request) -> Response:
    """Single keys as they are, with Alt, or not at all (WCAG 2.1.4): it follows the person, not the browser."""
    viewer, form = require(request, *STAFF), await read(request, Keys)
    await request.state.writer.run(choose_keys, viewer, form.keys)
    return done(request, inside(form.next))


async def sounds(request: Request) -> Response:
    viewer, form = require(request, *STAFF), await read(request, Sounds)
    await request.state.writer.run(choose_sounds, viewer, form.volume, form.minor)
    return done(request, inside(form.next))


def _judge(typed: Password, login: str, name: str) -> None:
    judge(typed.password, login, name, least=STAFF_LEAST)
    if typed.password == typed.old:
        raise WrongValue("password", N_("Ini masih kata sandi yang sekarang."))
    if typed.password != typed.again:
        raise WrongValue("again", N_("Tidak sama dengan yang di atas."))


async def _page(request: Request, template: str, fault: WrongValue | None = None, status: int = 200) -> Response:
    if fault and wants_json(request):
        raise fault
    viewer = require(request, *STAFF)
    errors = {fault.field: say(locale_of(request), fault.sentence, fault.values)} if fault else {}

    def load(session: Session) -> dict[str, Any]:
        officer = own_account(session, viewer)
        return {
            "officer": officer,
            "station": session.get(Station, officer.station_id) if officer.station_id else None,
            "seats": seats(session, viewer),
            "called": called_browsers(session, viewer.id) if viewer.role == Role.SUPERVISOR else [],
            "desk": desk_of(viewer),
            "errors": errors,
            "least": STAFF_LEAST,
            "changed": "changed" in request.query_params,
        }

    return await shown(request, template, load, status)


routes = [
    Route(PAGE, show),
    Route(CHANGE, ask_password),
    Route(CHANGE, password, methods=["POST"]),
    Route(f"{PAGE}/sessions/end", keeping(end, show, "/me"), methods=["POST"]),
    Route(f"{PAGE}/browsers/{{id:int}}/end", keeping(leave, show, "/me"), methods=["POST"]),
    Route(f"{PAGE}/keys", keeping(keys, show, "/me"), methods=["POST"]),
    Route(f"{PAGE}/sounds", keeping(sounds, show, "/me"), methods=["POST"]),
]
