"""Between the door and the hall: is it the password; which number is being proved, in a sealed cookie, so that no page
carries it on; and which accounts this browser has been let into, so that no stranger's guesses hold them up here.
"""

import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass

import phonenumbers
from starlette.responses import Response

from console.door.cookies import cookie, drop_cookie, set_cookie
from console.door.limits import Where
from console.door.passwords import Crowded, fits
from console.door.sealing import mark, seal, unseal
from console.door.viewer import is_quiet, locale_of
from console.state import Request
from models.errors import N_, TooOften, WrongValue
from models.people.codes import send_code
from models.people.sessions import note_wrong

NO_CODES = N_("Kode lewat SMS belum tersedia di sini. Masuk dengan kata sandi; dalam keadaan darurat telepon 110.")
COOKIE = "knock"
LIFE_SECONDS = 1800
DEVICE_LETTERS = 24
KNOWN, KNOWN_SECONDS = "known", 400 * 86400  # as long as browsers keep any cookie
WRONG_AGAIN_SECONDS = 600
MOST_KNOWN = 24  # accounts of one browser: a console sees a whole shift
MOBILE = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
NO_COUNTRY = "001"  # satellites and the like


@dataclass(frozen=True)
class Knock:
    """`proved`: the code was right, and what is missing is a name. `shown`: the code itself, in the demo alone."""

    phone: str
    next: str = "/"
    proved: bool = False
    shown: str = ""


async def proves(request: Request, login: str, typed: str, kept: str | None, device: str = "") -> bool:
    """Is it the password of this login? Raises TooOften for who guesses, at whichever of our doors, and in a crowd.

    `device`: what shows that it is theirs, such as an open session; at the door, the cookie of a browser they used.
    """
    device = device or known_as(request, login)
    tried = await request.state.limits.guess(login, where(request), device)
    try:
        right = await fits(typed, kept or None, known=bool(device))
    except Crowded:
        await tried.void()
        raise
    if right:
        await tried.right()
    elif kept and not login.startswith("+"):
        await _note_wrong(request, login)
    return right


async def _note_wrong(request: Request, login: str) -> None:
    """Somebody does not know a staff member's password: an event, once in ten minutes, however many guess."""
    with suppress(TooOften):
        await request.state.limits.within("wrong", login, 1, WRONG_AGAIN_SECONDS)
        await request.state.writer.run(note_wrong, login)


def reachable(phone: str, field: str) -> str:
    """The number, if a code can be read on it: what is sent to a dear line is money in somebody's pocket."""
    number = phonenumbers.parse(phone)
    home = phonenumbers.region_code_for_number(number)
    if phonenumbers.number_type(number) not in MOBILE or home == NO_COUNTRY:
        raise WrongValue(field, N_("Nomor ini tidak dapat menerima kode. Pakai nomor HP."))
    return phone


async def send(request: Request, phone: str, target: str) -> Knock:
    """Have a code sent to this number. Raises TooOften: this address, this number, this server."""
    await request.state.limits.code(where(request), known=bool(known_as(request, phone)))
    settings, code = request.state.settings, new_code()
    if settings.mute:
        raise TooOften(3600, NO_CODES)
    payload = {"sealed": seal(settings.key, {"code": code}), "locale": locale_of(request), "quiet": is_quiet(request)}
    hashes = phone_hash(settings.key, phone), code_hash(settings.key, phone, code)
    await request.state.writer.run(send_code, phone, *hashes, payload, settings.messages_a_day)
    return Knock(phone, target, shown=code if settings.demo else "")


def knocking(request: Request) -> Knock | None:
    """What this browser was about to do at the door, if it came within half an hour."""
    token = cookie(request, COOKIE)
    said = unseal(request.state.settings.key, token, LIFE_SECONDS) if token else None
    return Knock(**said) if said else None


def keep(request: Request, response: Response, knock: Knock) -> Response:
    settings = request.state.settings
    token = seal(settings.key, asdict(knock))
    set_cookie(request, response, COOKIE, token, LIFE_SECONDS)
    return response


def drop(request: Request, response: Response) -> Response:
    if cookie(request, COOKIE):
        drop_cookie(request, response, COOKIE)
    return response


def phone_hash(key: bytes, phone: str) -> str:
    return mark(key, "phone", phone)


def code_hash(key: bytes, phone: str, code: str) -> str:
    return mark(key, "code", phone, code)


def new_code() -> str:
    return f"{secrets.randbelow(10**6):06d}"


def where(request: Request) -> Where:
    """A proxy's word for it counts only if SIAGA_PROXY names that proxy (console/server/serving.py)."""
    return Where.of(request.client.host if request.client else "")


def known_as(request: Request, login: str) -> str:
    """This browser's name, if whoever has this login came in with it before; else nothing."""
    device, *marks = cookie(request, KNOWN).split(".")
    return device if _known(request, device, login) in marks else ""


def make_known(request: Request, response: Response, login: str) -> None:
    """The cookie names nobody: a keyed hash for each account, which opens nothing."""
    device, *marks = cookie(request, KNOWN).split(".")
    if len(device) != DEVICE_LETTERS:
        device, marks = secrets.token_urlsafe(DEVICE_LETTERS * 3 // 4), []
    marks = [_known(request, device, login), *(old for old in marks if old != _known(request, device, login))]
    set_cookie(request, response, KNOWN, ".".join([device, *marks[:MOST_KNOWN]]), KNOWN_SECONDS)


def _known(request: Request, device: str, login: str) -> str:
    return mark(request.state.settings.key, "known", device, login)[:32]
