"""Between the door and the hall: is it the password; and which number is being proved, in a sealed cookie, so that
no page carries it on.
"""

import secrets
from dataclasses import asdict, dataclass
from ipaddress import IPv6Network, ip_address

import phonenumbers
from starlette.requests import Request
from starlette.responses import Response

from console.passwords import fits
from console.patience import Crowd, Patience
from console.seals import mark, seal, unseal
from console.viewer import locale_of
from models.codes import send_code
from models.errors import N_, WrongValue

COOKIE = "knock"
LIFE_SECONDS = 1800
WAIT = N_("Terlalu sering. Coba lagi dalam {seconds} detik.")
patience = Patience()  # with passwords, wherever they are asked for
crowd = Crowd()  # codes that an address asked for and numbers whose password it did not know, within the hour
MOBILE = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
NO_COUNTRY = "001"  # satellites and the like


@dataclass(frozen=True)
class Knock:
    """`proved`: the code was right, and what is missing is a name. `shown`: the code itself, in the demo alone."""

    phone: str
    next: str = "/"
    proved: bool = False
    shown: str = ""


async def proves(request: Request, login: str, typed: str, kept: str | None) -> bool:
    """Is it the password of this login? Raises TooSoon for who guesses, at whichever of our doors, and Crowded."""
    where = address(request)
    who = (login, where)
    patience.check(who)
    if is_number := login.startswith("+"):
        crowd.enter(where)  # one password tried on a thousand numbers; officers' own door this must not shut
    if await fits(typed, kept or None):
        patience.forget(who)
        if is_number:
            crowd.seen[where].pop()
        return True
    patience.note(who)
    return False


def reachable(phone: str, field: str) -> str:
    """The number, if a code can be read on it: what is sent to a dear line is money in somebody's pocket."""
    number = phonenumbers.parse(phone)
    home = phonenumbers.region_code_for_number(number)
    if phonenumbers.number_type(number) not in MOBILE or home == NO_COUNTRY:
        raise WrongValue(field, N_("Nomor ini tidak dapat menerima kode. Pakai nomor HP."))
    return phone


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
    """Where they come from. Of IPv6 the network: a household has more addresses than anybody can count."""
    host = request.client.host if request.client else ""
    try:
        ip = ip_address(host)
    except ValueError:
        return host
    return str(ip.ipv4_mapped or IPv6Network((int(ip), 64), strict=False)) if ip.version == 6 else host
