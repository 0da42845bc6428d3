"""The code that came by message, and after it, for a number without an account, the name."""

from typing import Any

from sqlmodel import Session
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console.door.passwords import hashed, judge
from console.door.viewer import locale_of, somebody
from console.errors import wants_json
from console.pages.words import say
from console.state import Request
from console.web.citizen import drafts
from console.web.door import knock
from console.web.door.knock import Knock, knocking
from console.web.door.welcome import welcome
from console.web.forms import Form, read
from console.web.showing import shown
from models.errors import N_, Blocked, TooOften, WrongValue
from models.incidents.pressing import account_of
from models.incidents.strikes import inherit
from models.people.citizens import Citizen, citizen_by, name_of, sign_up
from models.people.codes import WAIT, Answer, Verdict, check_code
from models.people.erased_numbers import number_blocked
from models.people.phones import masked
from models.roles import Role

PAGE, NAME_PAGE = "/sign-in/code", "/sign-up/name"
SAID = {
    Answer.WRONG: N_("Kode salah. Sisa {left} kali."),
    Answer.OLD: N_("Kode ini sudah tidak berlaku. Minta kode baru."),
    Answer.SPENT: N_("Sudah lima kali salah. Minta kode baru."),
}


class Typed(Form):
    code: str = ""


class Newcomer(Form):
    name: str = ""
    password: str = ""


async def ask(request: Request) -> Response:
    if (knocked := knocking(request)) is None:
        return RedirectResponse("/sign-in", 303)
    return await _code_page(request, knocked)


async def prove(request: Request) -> Response:
    """In, when the number has an account; to the name, when it has none."""
    if (knocked := knocking(request)) is None:
        return RedirectResponse("/sign-in", 303)
    typed = await read(request, Typed)
    code = "".join(letter for letter in typed.code if letter.isdigit())
    key, phone = request.state.settings.key, knocked.phone
    hashes = knock.phone_hash(key, phone), knock.code_hash(key, phone, code)
    verdict: Verdict = await request.state.writer.run(check_code, phone, *hashes)
    if verdict.answer == Answer.WAIT:
        return await _wait(request, knocked, TooOften(verdict.left, WAIT))
    if verdict.answer != Answer.RIGHT:
        fault = WrongValue("code", SAID[verdict.answer], left=verdict.left)
        return await _code_page(request, knocked, fault, 422)
    await request.state.limits.code_was_right(knock.where(request))
    citizen: Citizen | None = await request.state.read(citizen_by, phone)
    if citizen is None and (viewer := somebody(request)) and viewer.role == Role.GUEST:
        # Help is on its way: nobody is asked for a name first.
        number_hash = request.state.keys.number_hash(phone)
        citizen = await request.state.writer.run(account_of, phone, number_hash, locale_of(request))
    if citizen:
        return await welcome(request, citizen, knocked.next, proved=True)
    return knock.keep(request, RedirectResponse(NAME_PAGE, 303), Knock(phone, knocked.next, proved=True))


async def again(request: Request) -> Response:
    if (knocked := knocking(request)) is None:
        return RedirectResponse("/sign-in", 303)
    try:
        sent = await knock.send(request, knocked.phone, knocked.next)
    except TooOften as error:
        return await _wait(request, knocked, error)
    return knock.keep(request, RedirectResponse(f"{PAGE}?again", 303), sent)


async def ask_name(request: Request) -> Response:
    knocked = knocking(request)
    if knocked is None or not knocked.proved:
        return RedirectResponse("/sign-up", 303)
    return await _name_page(request, Newcomer())


async def name(request: Request) -> Response:
    """A new account, by whoever has just proved the number."""
    knocked = knocking(request)
    if knocked is None or not knocked.proved:
        return RedirectResponse("/sign-up", 303)
    typed = await read(request, Newcomer)
    if faults := _faults(typed, knocked.phone):
        return await _name_page(request, typed, faults)
    try:
        secret = await hashed(typed.password) if typed.password else ""
        number_hash = request.state.keys.number_hash(knocked.phone)
        citizen = await request.state.writer.run(
            _register, number_hash, knocked.phone, typed.name, secret, locale_of(request)
        )
    except TooOften as error:
        if wants_json(request):
            raise
        busy = await _name_page(request, typed, [WrongValue("form", error.sentence, **error.values)], 429)
        busy.headers["Retry-After"] = str(error.seconds)
        return busy
    except WrongValue as fault:
        return await _name_page(request, typed, [fault])
    except Blocked as error:
        if wants_json(request):
            raise
        return await _name_page(request, typed, [WrongValue("form", error.sentence)], 403)
    return await welcome(request, citizen, knocked.next, proved=True)


def _register(session: Session, number_hash: str, phone: str, name: str, password: str, locale: str) -> Citizen:
    if number_blocked(session, number_hash):
        raise Blocked(N_("Nomor ini diblokir. Dalam bahaya, telepon 110."))
    citizen = sign_up(session, phone=phone, name=name, password=password, locale=locale)
    inherit(session, citizen, number_hash)
    return citizen


def _faults(typed: Newcomer, phone: str) -> list[WrongValue]:
    """All at once: nobody likes to be sent back twice."""
    faults = []
    try:
        name_of(typed.name)
    except WrongValue as fault:
        faults.append(fault)
    try:
        if typed.password:
            judge_own(typed.password, phone, typed.name)
    except WrongValue as fault:
        faults.append(fault)
    return faults


def judge_own(password: str, phone: str, name: str) -> None:
    """Raises WrongValue also for one's own name and number, which the neighbours would try first."""
    judge(password, phone, f"0{phone.removeprefix('+62')}", name)


async def _wait(request: Request, knocked: Knock, error: TooOften) -> Response:
    if wants_json(request):
        raise error
    response = await _code_page(request, knocked, WrongValue("code", error.sentence, **error.values), 429)
    response.headers["Retry-After"] = str(error.seconds)
    return response


async def _code_page(request: Request, knocked: Knock, fault: WrongValue | None = None, status: int = 200) -> Response:
    if fault and wants_json(request):
        raise fault
    errors = {fault.field: say(locale_of(request), fault.sentence, fault.values)} if fault else {}
    told = "again" in request.query_params
    back = knocked.next if knocked.next.startswith("/complaints/") else "/sign-in"
    return await _shown(
        request,
        "pages/code.html",
        status,
        errors,
        phone=masked(knocked.phone),
        shown=knocked.shown,
        told=told,
        back=back,
    )


async def _name_page(
    request: Request, typed: Newcomer, faults: list[WrongValue] | None = None, status: int = 422
) -> Response:
    if faults and wants_json(request):
        raise faults[0]
    errors = {fault.field: say(locale_of(request), fault.sentence, fault.values) for fault in faults or []}
    return await _shown(request, "pages/name.html", status if errors else 200, errors, typed=typed)


async def _shown(request: Request, template: str, status: int, errors: dict[str, str], **data: Any) -> Response:
    draft = await drafts.waits(request)
    return await shown(request, template, status=status, errors=errors, draft=draft, **data)


routes = [
    Route(PAGE, ask),
    Route(PAGE, prove, methods=["POST"]),
    Route(f"{PAGE}/again", again, methods=["POST"]),
    Route(NAME_PAGE, ask_name),
    Route(NAME_PAGE, name, methods=["POST"]),
]
