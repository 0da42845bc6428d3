"""From the finger to the officer: a press is kept when it has been held and arrives once, whatever happens then."""

import re
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, Route, expect

from models.incidents.incident import Incident
from tests.browser.test_citizen import Pages, complaints
from tests.browser.test_citizen import phone as phone
from tests.browser.test_following import BUTTON, FOLLOWS, HERE, press
from tests.support.house import wait_until
from tests.support.serving import Cast, child

UNANSWERED = """
navigator.permissions.query = async () => ({ state: "prompt" });
navigator.geolocation.getCurrentPosition = () => { sessionStorage.asked = "yes"; };
navigator.geolocation.watchPosition = () => { sessionStorage.watched = "yes"; return 1; };
"""
HELD_S = 2
SOON_S = 4  # from the finger to the officer, the machine shared with other tests


def incident_of(cast: Cast) -> Incident:
    (complaint,) = complaints(cast)
    return cast.incident(complaint.incident_id)


@pytest.mark.parametrize("who", ["ann", None])
@pytest.mark.parametrize("position", ["granted", "denied", "unanswered"])
def test_it_goes_when_the_finger_has_held_whatever_is_known_of_the_place(
    phone: Pages, cast: Cast, who: str | None, position: str
) -> None:
    page = phone(who, **(HERE if position == "granted" else {}))
    if position == "unanswered":
        page.add_init_script(UNANSWERED)
    page.goto("/")
    press(page)
    wait_until(lambda: len(complaints(cast)) == 1, HELD_S + SOON_S)  # no question is waited for
    page.wait_for_url(FOLLOWS)
    page.mouse.up()
    expect(page.locator("#receipt")).to_be_visible()
    incident = incident_of(cast)
    assert incident.standing == ("new" if who else "guest")
    assert incident.precision == ("device" if position == "granted" else "none")
    if position == "unanswered":
        page.wait_for_function("() => sessionStorage.asked")  # its page asks, once
        assert page.evaluate("sessionStorage.watched ?? ''") == ""


def test_the_position_follows_as_soon_as_it_is_allowed(phone: Pages, cast: Cast) -> None:
    page = phone(None, **HERE)
    page.add_init_script("navigator.permissions.query = async () => ({ state: 'prompt' });")
    page.goto("/")
    press(page)
    page.wait_for_url(FOLLOWS)
    page.mouse.up()
    expect(page.locator("#where")).to_contain_text("Babura")
    assert incident_of(cast).precision == "device"


def lose(page: Page, answered: bool) -> list[str]:
    """The line is cut: before the press arrives, or after it did and before its answer."""
    cut: list[str] = []

    def route(route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        if answered and not cut:
            route.fetch()
        cut.append(route.request.url)
        route.abort("connectionreset")

    page.route("**/complaints", route)
    return cut


@pytest.mark.parametrize("answered", [True, False])
def test_a_page_that_is_closed_then_loses_nothing_and_any_page_sends_it(
    phone: Pages, cast: Cast, answered: bool
) -> None:
    page = phone(None, service_workers="block")
    page.goto("/")
    lose(page, answered)
    press(page)
    expect(page.locator("#fast-said")).to_contain_text("Sinyal putus.")
    context = page.context
    page.close()
    later = context.new_page()
    later.goto("/bulletins")
    later.wait_for_url(FOLLOWS)
    assert incident_of(cast).standing == "guest"


def test_a_page_that_is_closed_the_moment_it_was_held_has_sent_it(phone: Pages, cast: Cast) -> None:
    page = phone("ann")
    page.goto("/")
    page.evaluate("document.addEventListener('siaga:press', () => location.replace('about:blank'))")
    press(page)
    wait_until(lambda: len(complaints(cast)) == 1, HELD_S + SOON_S)


def test_without_a_signal_it_says_so_and_goes_with_the_signal(phone: Pages, cast: Cast) -> None:
    page = phone(None, service_workers="block")
    page.goto("/")
    page.context.set_offline(True)
    press(page)
    expect(page.locator("#fast-said")).to_contain_text("Sinyal putus.")
    page.mouse.up()
    page.locator(BUTTON).hover()
    page.mouse.down()  # pressed again: it is on its way already
    page.context.set_offline(False)
    page.wait_for_url(FOLLOWS)
    assert len(complaints(cast)) == 1


def test_a_server_that_is_killed_under_the_finger_is_asked_again_by_the_same_page(
    cast: Cast, tmp_path: Path, redis_url: str, new_page: Pages
) -> None:
    with child(cast, tmp_path / "data", redis_url) as server:
        page = new_page("phone", base_url=server.http, service_workers="block")
        page.goto("/")
        press(page)
        server.kill()
        expect(page.locator("#fast-said")).to_contain_text("Sinyal putus.")
    with child(cast, tmp_path / "data", redis_url, server.port):
        page.wait_for_url(FOLLOWS)
        assert incident_of(cast).standing == "guest"


def test_a_page_that_is_reloaded_on_the_way_to_the_receipt_is_led_there(phone: Pages, cast: Cast) -> None:
    page = phone(None, service_workers="block")
    page.goto("/")
    held: list[Route] = []
    page.route("**/complaints/*-*", lambda route: held.append(route), times=1)
    press(page)
    wait_until(lambda: (page.wait_for_timeout(50), len(held) == 1)[1])
    with suppress(Error):  # it is led on before it has loaded
        page.reload(wait_until="commit")
    page.wait_for_url(FOLLOWS)
    expect(page.locator("#receipt")).to_be_visible()
    page.goto("/bulletins")  # shown once, it leads nobody away any more
    expect(page.locator("main")).to_be_visible()
    assert page.url.endswith("/bulletins") and len(complaints(cast)) == 1


# Fires the worker's sync by the browser's own hand, as it does when a signal is back.
def sync(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    found: list[dict[str, str]] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda said: found.extend(said["registrations"]))
    session.send("ServiceWorker.enable")
    wait_until(lambda: (page.wait_for_timeout(50), bool(found))[1])
    one = {"origin": found[0]["scopeURL"].rstrip("/"), "registrationId": found[0]["registrationId"]}
    session.send("ServiceWorker.dispatchSyncEvent", one | {"tag": "siaga.fast", "lastChance": False})


@pytest.mark.parametrize("left", [False, True], ids=["by whoever pressed", "somebody else by then"])
def test_with_no_page_open_the_worker_sends_it_once(phone: Pages, cast: Cast, left: bool) -> None:
    page = phone("ann")
    page.goto("/")
    page.wait_for_function("async () => (await navigator.serviceWorker.getRegistration())?.active", polling=100)
    lose(page, answered=False)
    press(page)
    expect(page.locator("#fast-said")).to_contain_text("Sinyal putus.")
    page.wait_for_function("async () => (await (await caches.open('siaga.fast')).match('/press'))", polling=100)
    context, home = page.context, page.url
    if left:
        name, _, secret = cast.cookies["zed"].partition("=")
        context.add_cookies([{"name": name, "value": secret, "url": home}])
    elsewhere = context.new_page()
    elsewhere.goto(f"{home}health")  # an answer of ours without a script
    page.close()
    sync(elsewhere)
    wait_until(lambda: len(complaints(cast)) == 1)
    assert incident_of(cast).standing == ("guest" if left else "new")
    elsewhere.goto("/bulletins")  # asks once more, and is led to it
    elsewhere.wait_for_url(re.compile(r"/$") if left else FOLLOWS)
    assert len(complaints(cast)) == 1


def test_pressed_by_one_and_sent_under_another_it_arrives_and_is_nobodys_of_theirs(phone: Pages, cast: Cast) -> None:
    page = phone("ann", service_workers="block")
    page.goto("/")
    cut = lose(page, answered=False)
    press(page)
    expect(page.locator("#fast-said")).to_contain_text("Sinyal putus.")
    context = page.context
    page.close()
    name, _, secret = cast.cookies["zed"].partition("=")
    later = context.new_page()
    later.goto("about:blank")
    context.add_cookies([{"name": name, "value": secret, "url": origin_of(cut[0])}])
    later.goto("/bulletins")
    wait_until(lambda: len(complaints(cast)) == 1)
    assert incident_of(cast).standing == "guest"
    later.wait_for_url(re.compile(r"/$"))


def origin_of(url: str) -> str:
    return re.match(r"https?://[^/]+", url)[0]  # type: ignore[index]


def test_it_arrived_as_the_signal_went_and_its_page_waits_for_one(phone: Pages, cast: Cast) -> None:
    """Else the browser's own error page stood there, over a call for help that was heard."""
    page = phone(None)
    page.goto("/")

    def answered(route: Route) -> None:
        answer = route.fetch()
        page.context.set_offline(True)
        route.fulfill(response=answer)

    page.route("**/complaints", answered, times=1)
    press(page)
    page.wait_for_function("() => localStorage['siaga.fast.page']")  # the answer was read
    page.mouse.up()
    assert len(complaints(cast)) == 1 and page.url.endswith("/")
    page.context.set_offline(False)
    page.wait_for_url(FOLLOWS)
    expect(page.locator("#receipt")).to_be_visible()
