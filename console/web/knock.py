"""Between the door and the hall: is it the password; and which number is being proved, in a sealed cookie, so that
no page carries it on.
"""

import secrets
from dataclasses import asdict, dataclass

from starlette.requests import Request
from starlette.responses import Response

from console.passwords import fits
from console.patience import Crowd, Patience
from console.seals import mark, seal, unseal
from console.viewer import locale_of
from models.codes import send_code
from models.errors import N_

COOKIE = "knock"
LIFE_SECONDS = 1800
WAIT = N_("Terlalu sering. Coba lagi dalam {seconds} detik.")
patience = Patience()  # with passwords, wherever they are asked for
crowd = Crowd()  # codes that an address asked for, within the hour


@dataclass(frozen=True)
class Knock:
    """`proved`: the code was right, and what is missing is a name. `shown`: the code itself, in the demo alone."""

    phone: str
    next: str = "/"
    proved: bool = False
    shown: str = ""


async def proves(request: Request, login: str, typed: str, kept: str | None) -> bool:
    """Is it the password of this login? Raises TooSoon for who guesses, at whichever of our doors, and Crowded."""
    who = (login, address(request))
    patience.check(who)
    if await fits(typed, kept or None):
        patience.forget(who)
        return True
    patience.note(who)
    return False


async def send(request: Request, phone: str, target: str) -> Knock:
    """Have a code sent to this number. Raises TooSoon (this address), TooOften (this number, this server)."""
    crowd.enter(address(request))
    settings, code = request.state.settings, new_code()
    payload = {"sealed": seal(settings.key, {"code": code}), "locale": locale_of(request)}
    hashes = phone_hash(settings.key, phone), code_hash(settings.key, phone, code)
    await request.state.writer.run(send_code, phone, *hashes, payload, settings.messages_a_day)
    request.state.notify()
    return Knock(phone, target, shown=code if settings.demo else "")


def knocking(request: Request) -> Knock | None:
    """What this browser was about to do at the door, if it came within half an hour."""
    token = request.cookies.get(COOKIE)
    said = unseal(request.state.settings.key, token, LIFE_SECONDS) if token else None
    return Knock(**said) if said else None


def keep(request: Request, response: Response, knock: Knock) -> Response:
    settings = request.state.settings
    token = seal(settings.key, asdict(knock))
    response.set_cookie(
        COOKIE, token, max_age=LIFE_SECONDS, path="/", httponly=True, samesite="lax", secure=settings.secure
    )
    return response


def drop(request: Request, response: Response) -> Response:
    if COOKIE in request.cookies:
        response.delete_cookie(COOKIE, path="/")
    return response


def phone_hash(key: bytes, phone: str) -> str:
    return mark(key, "phone", phone)


def code_hash(key: bytes, phone: str, code: str) -> str:
    return mark(key, "code", phone, code)


def new_code() -> str:
    return f"{secrets.randbelow(10**6):06d}"


def address(request: Request) -> str:
    return request.client.host if request.client else ""
