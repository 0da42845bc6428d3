"""Back: what the browser had put away shows nothing of then, and nothing of somebody who has signed out since."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect
from sqlmodel import Session, delete

from models.people.citizens import Citizen
from models.people.sessions import SignIn
from tests.browser.test_citizen import Pages, complaints, fill
from tests.browser.test_citizen import phone as phone
from tests.support.house import Running
from tests.support.serving import Cast

# A page that says, as it is brought back, whether it came from the memory and whether anything of it can be seen.
SAYS = """() => addEventListener("pageshow", ({ persisted }) =>
    console.log("brought back", persisted, document.documentElement.checkVisibility()))"""
BROUGHT = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
PUT_AWAY = "dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))"


def sign_out(session: Session, id: int) -> None:
    session.execute(delete(SignIn).where(SignIn.citizen_id == id))  # type: ignore[arg-type]


@pytest.mark.parametrize("stays", [True, False], ids=["signed in", "signed out since"])
def test_a_page_out_of_the_browsers_memory_is_asked_for_anew_before_it_is_seen(
    launch: Callable[..., Browser], server: Running, cast: Cast, stays: bool
) -> None:
    context = launch(whole=True, remembers=True).new_context(base_url=server.http)
    name, _, secret = cast.cookies["ann"].partition("=")
    context.add_cookies([{"name": name, "value": secret, "url": server.http}])
    page, said = context.new_page(), list[str]()
    page.on("console", lambda message: said.append(message.text))
    page.goto("/account")
    expect(page.get_by_label("Nama")).to_have_value("Ann Siregar")
    page.evaluate(SAYS)
    page.goto("/offline")
    if stays:
        cast.run(lambda session: setattr(session.get_one(Citizen, cast.ann.id), "name", "Ann Nasution"))
    else:
        cast.run(sign_out, cast.ann.id)  # on another device: this browser has no reason to forget the page
    page.evaluate("{ setTimeout(() => history.back()) }")
    if stays:
        expect(page.get_by_label("Nama")).to_have_value("Ann Nasution")
    else:
        page.wait_for_url(re.compile("/sign-in"))
    if page.evaluate("performance.getEntriesByType('navigation')[0].type") == "navigate":  # else it forgot it by itself
        assert "brought back true false" in said
    context.close()


@pytest.mark.parametrize("path", ["/console", "/duty", "/", "/complaints/{ref}", "/complaints/new", "/me"])
def test_no_page_of_an_account_comes_back_as_it_was(phone: Pages, cast: Cast, path: str) -> None:
    cast.file()
    staff = path in ("/console", "/duty", "/me")
    page = phone("sari" if staff else "ann")
    page.goto(path.format(ref=complaints(cast)[0].ref))
    page.evaluate("window.putAway = true")
    page.evaluate(PUT_AWAY)
    assert not page.evaluate("document.documentElement.checkVisibility()")
    page.evaluate(f"{{ {BROUGHT} }}")
    page.wait_for_function("() => !window.putAway")
    expect(page.locator("main, #console").first).to_be_visible()


def test_what_nobody_had_written_yet_stays(phone: Pages) -> None:
    page = phone()
    page.goto("/complaints/new")
    fill(page, "Belum siapa-siapa")
    page.evaluate("window.putAway = true")
    page.evaluate(PUT_AWAY)
    page.evaluate(BROUGHT)
    expect(page.locator("#description")).to_have_value("Belum siapa-siapa")
    assert page.evaluate("window.putAway")
