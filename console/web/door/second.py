"""The second factor at the door: the password was right, and now an app's code, a passkey or a code from paper."""

from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from sqlmodel import Session
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console.door import factors
from console.door.cookies import cookie, drop_cookie, set_cookie
from console.door.viewer import hash_of, locale_of
from console.errors import wants_json
from console.pages.words import say
from console.state import Request
from console.web.door import knock
from console.web.door.welcome import welcome
from console.web.forms import Form, read
from console.web.showing import shown
from models.errors import Outdated, TooOften, WrongValue
from models.people.factors import Factor, FactorKind, code_used, factor_used, factors_of, note_wrong_factor
from models.people.officers import Officer

PAGE, DOOR = "/sign-in/factor", "/sign-in?staff"


class Answer(Form):
    code: str = ""
    passkey: str = ""


def halfway(request: Request, officer: Officer, next: str) -> Response:
    """The password was right: a sealed note of that, and on to the second question."""
    token = factors.half_token(request.state.settings.key, officer.id, officer.password, next)
    response = RedirectResponse(PAGE, 303)
    set_cookie(request, response, factors.HALF, token, factors.HALF_SECONDS)
    return response


async def ask(request: Request) -> Response:
    half = _half(request)
    found = await request.state.read(_person, half) if half else None
    if half is None or found is None:
        return RedirectResponse(DOOR, 303)
    return await _page(request, half, found[1])


async def prove(request: Request) -> Response:
    half = _half(request)
    found = await request.state.read(_person, half) if half else None
    if half is None or found is None:
        return RedirectResponse(DOOR, 303)
    officer, mine = found
    typed = await read(request, Answer)
    try:
        tried = await request.state.limits.guess(
            f"factor:{officer.login}", knock.where(request), knock.known_as(request, officer.login)
        )
        await request.state.writer.run(_accepted(request, half, mine, typed))
        await tried.right()
    except WrongValue as fault:
        await _note_wrong(request, officer)
        return await _page(request, half, mine, fault, 422)
    except TooOften as error:
        busy = WrongValue("code", error.sentence, **error.values)
        answer = await _page(request, half, mine, busy, 429)
        answer.headers["Retry-After"] = str(error.seconds)
        return answer
    except Outdated:
        return _dropped(request, RedirectResponse(DOOR, 303))
    return _dropped(request, await welcome(request, officer, half.next))


def place_of(request: Request) -> factors.Place:
    """Where a passkey of this browser holds: how people reach us, or how this one did."""
    settings, url = request.state.settings, request.url
    origin = settings.origin if settings.public_url else f"{url.scheme}://{url.netloc}"
    return factors.Place(urlsplit(origin).hostname or "", origin)


def _accepted(request: Request, half: factors.Half, mine: list[Factor], typed: Answer) -> Any:
    """What the law notes of a right answer, as a function for the writer. Raises WrongValue for any other."""
    key = request.state.settings.key
    if typed.passkey:
        factor, count = factors.used(place_of(request), bytes.fromhex(half.challenge), mine, typed.passkey)
        return partial(factor_used, id=factor.id, begun=half.begun, count=count)
    if digits := factors.digits_of(typed.code):
        for factor in mine:
            if factor.kind == FactorKind.APP and (step := factors.step_of(factors.app_secret(key, factor), digits)):
                return partial(factor_used, id=factor.id, begun=half.begun, step=step)
        raise WrongValue("code", factors.WRONG)
    return partial(code_used, officer_id=half.officer_id, hash=factors.code_print(typed.code), begun=half.begun)


def _person(session: Session, half: factors.Half) -> tuple[Officer, list[Factor]] | None:
    """Whose password it was, and their factors; None when either is another one by now."""
    officer = session.get(Officer, half.officer_id)
    if officer is None or not officer.admitted or hash_of(officer.password) != half.print:
        return None
    mine = factors_of(session, officer.id)
    return (officer, mine) if mine else None


def _half(request: Request) -> factors.Half | None:
    return factors.half_of(request.state.settings.key, cookie(request, factors.HALF))


def _dropped(request: Request, response: Response) -> Response:
    drop_cookie(request, response, factors.HALF)
    return response


async def _note_wrong(request: Request, officer: Officer) -> None:
    """An event, once in ten minutes, however many guess."""
    with suppress(TooOften):
        await request.state.limits.within("wrong factor", officer.login, 1, knock.WRONG_AGAIN_SECONDS)
        await request.state.writer.run(note_wrong_factor, officer.id)


async def _page(
    request: Request, half: factors.Half, mine: list[Factor], fault: WrongValue | None = None, status: int = 200
) -> Response:
    if fault and wants_json(request):
        raise fault
    keys = [factor for factor in mine if factor.kind == FactorKind.PASSKEY]
    asked = factors.asked_to_use(place_of(request), bytes.fromhex(half.challenge), keys) if keys else ""
    errors = {fault.field: say(locale_of(request), fault.sentence, fault.values)} if fault else {}
    app = any(factor.kind == FactorKind.APP for factor in mine)
    return await shown(request, "pages/second.html", status=status, asked=asked, app=app, errors=errors)


routes = [Route(PAGE, ask), Route(PAGE, prove, methods=["POST"])]
