"""News of a complaint, and a supervisor's call, on a phone whose tab is closed, in real browsers.

Firefox is pointed at a push service of our own, so all of it is real: its subscription, our encryption, its
decryption. Chromium's service worker is handed a push by DevTools: no Chromium subscribes without Google.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text
from sqlmodel import select

from models.incidents.complaint import Complaint
from models.incidents.incident import Incident
from models.people.browsers import PushSubscription, gone, subscribe
from models.people.called import called_browsers
from tests.browser.firefox import MISSING, Firefox, find, firefox
from tests.support.house import Running, wait_until
from tests.support.push_service import PushService, push_service, url_safe
from tests.support.serving import Cast, in_thread

Pages = Callable[..., Page]
CANARY = "KENARI-5512"
SAYS = "Ada kabar baru"
SHOWN = """navigator.serviceWorker.ready.then(worker => worker.getNotifications())
  .then(all => all.map(({ title, body, tag, lang }) => ({ title, body, tag, lang })))"""
LISTED = "document.querySelector('#called-h ~ .me-list b')?.textContent"

HAD = """
localStorage.setItem("siaga.push", had.me);
PushManager.prototype.getSubscription = async () => sessionStorage.getItem("gone") ? null : {
  options: { applicationServerKey: Uint8Array.from(atob(had.key.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0)).buffer },
  unsubscribe: async () => { sessionStorage.setItem("gone", "1"); return true; },
  toJSON: () => ({ endpoint: had.endpoint, keys: had.keys }),
};"""


@pytest.fixture(scope="session")
def browser(launch: Callable[..., Browser]) -> Browser:
    return launch(whole=True)  # a shell grants no notifications


@pytest.fixture
def server(cast: Cast, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    monkeypatch.setenv("SIAGA_PUSH_HOSTS", "127.0.0.1")
    with in_thread(cast, tmp_path / "data", redis_url, ladder="0 1 0, 0 1 0, 0 1 0, 0 1 0") as server:
        yield server


@pytest.fixture
def service() -> Iterator[PushService]:
    with push_service() as service:
        yield service


@pytest.fixture
def fox(service: PushService, tmp_path: Path) -> Iterator[Firefox]:
    path = find()
    if path is None:
        pytest.skip(MISSING)
    prefs = {
        "alerts.useSystemBackend": False,  # else a machine without a desktop shows nothing
        "dom.push.alwaysConnect": True,
        "dom.push.serverURL": service.ws,
        "dom.push.testing.allowInsecureServerURL": True,
        "permissions.default.desktop-notification": 1,
    }
    with firefox(path, tmp_path / "firefox", prefs) as fox:
        yield fox


def ref_of(cast: Cast, incident: Incident) -> str:
    return cast.read(lambda s: s.exec(select(Complaint.ref).where(Complaint.home_id == incident.id)).one())


def browsers(cast: Cast) -> list[PushSubscription]:
    return cast.read(lambda session: list(session.exec(select(PushSubscription))))


def rows_of(cast: Cast, query: str) -> list[tuple[Any, ...]]:
    return cast.read(lambda session: [tuple(row) for row in session.connection().execute(text(query))])


def state(fox: Firefox, tab: str) -> str:
    return fox.evaluate(tab, "document.querySelector('#push')?.dataset.is ?? ''")


def press(fox: Firefox, tab: str, name: str) -> None:
    fox.evaluate(tab, f"document.querySelector('[data-push={name}]').click()")


def test_firefox_hears_of_a_dispatch_with_its_tab_closed(
    fox: Firefox, cast: Cast, server: Running, service: PushService
) -> None:
    incident = cast.file(cast.ann, words=CANARY, landmark=CANARY)
    ref = ref_of(cast, incident)
    cast.take(incident, "claim", cast.hendra)
    fox.sign_in(server.http, cast.cookies["ann"])
    tab = fox.open(f"{server.http}/complaints/{ref}")
    wait_until(lambda: state(fox, tab) == "off")
    press(fox, tab, "on")
    wait_until(lambda: state(fox, tab) not in ("off", "busy"))
    assert state(fox, tab) == "on"
    assert [row.citizen_id for row in browsers(cast)] == [cast.ann.id]
    fox.close(tab)

    cast.send(incident, cast.hendra, (None, 2))
    wait_until(lambda: service.acknowledged)
    (push,) = service.passed_on
    assert CANARY.encode() not in push.body and SAYS.encode() not in push.body
    tab = fox.open(f"{server.http}/complaints")
    wait_until(lambda: fox.evaluate(tab, SHOWN))
    assert fox.evaluate(tab, SHOWN) == [{"title": "Siaga", "body": SAYS, "tag": ref, "lang": "id"}]

    cast.take(incident, "arrive", cast.hendra)  # news again: in the place of the first, not beside it
    wait_until(lambda: len(service.acknowledged) == 2)
    assert len(fox.evaluate(tab, SHOWN)) == 1

    tab = fox.open(f"{server.http}/complaints/{ref}")
    wait_until(lambda: state(fox, tab) == "on")
    press(fox, tab, "off")
    wait_until(lambda: state(fox, tab) == "off")
    assert browsers(cast) == []


def test_a_supervisors_firefox_is_called_with_its_tab_closed_until_they_sign_out(
    fox: Firefox, cast: Cast, server: Running, service: PushService
) -> None:
    """The browser asks and is asked nothing else: what it shows says that something waits, and not what."""
    fox.sign_in(server.http, cast.cookies["sari"])
    tab = fox.open(f"{server.http}/me")
    wait_until(lambda: state(fox, tab) == "off")
    press(fox, tab, "on")
    wait_until(lambda: state(fox, tab) == "on" and fox.evaluate(tab, LISTED) == "Firefox, Linux")
    fox.close(tab)

    cast.file(cast.ann, words=CANARY, landmark=CANARY)
    wait_until(lambda: service.acknowledged)
    (push,) = service.passed_on
    assert len(push.body) < 150 and push.headers["urgency"] == "high"
    tab = fox.open(f"{server.http}/me")
    called = SHOWN.replace("serviceWorker.ready", "serviceWorker.getRegistration('/me')")
    wait_until(lambda: fox.evaluate(tab, called))
    shown = [{"title": "Siaga", "body": "Ada yang menunggu Anda", "tag": "siaga", "lang": "id"}]
    assert fox.evaluate(tab, called) == shown
    assert fox.evaluate(tab, "caches.keys()") == []  # of a reporter's phone nothing is stocked here

    assert len(cast.read(called_browsers, cast.sari.id)) == 1
    fox.evaluate(tab, "fetch('/sign-out', { method: 'POST' }).then(() => null)")
    assert cast.read(called_browsers, cast.sari.id) == []
    cast.file(cast.ann, words=CANARY)
    told = "SELECT count(*) FROM telling WHERE way = 'push'"
    wait_until(lambda: len(rows_of(cast, "SELECT id FROM telling WHERE way = 'message'")) == 2)
    assert rows_of(cast, told) == [(1,)] and len(service.passed_on) == 1


def test_a_supervisors_page_offers_to_call_them(
    new_page: Pages, cast: Cast, server: Running, violations: Callable[[Page], list[str]], page_errors: list[str]
) -> None:
    page = phone(new_page, server, cast, who="sari")
    page.goto("/me")
    expect(page.locator("#push")).to_have_attribute("data-is", "off")
    expect(page.get_by_role("button", name="Panggil saya di sini")).to_be_visible()
    assert page_errors == [] and violations(page) == []
    page_errors.clear()  # axe's own probes
    page.context.clear_permissions()
    page.get_by_role("button", name="Panggil saya di sini").click()
    expect(page.get_by_text("Pemberitahuan diblokir di browser ini")).to_be_visible()


def test_chromiums_worker_says_the_pages_words_and_nothing_else(
    new_page: Pages, cast: Cast, server: Running, service: PushService
) -> None:
    ref = ref_of(cast, cast.file(cast.ann))
    page = phone(new_page, server, cast, locale="en")
    registered = watch_workers(page)
    page.goto(f"/complaints/{ref}")
    expect(page.locator("#push")).to_have_attribute("data-is", "off")
    expect(page.get_by_role("button", name="Yes, tell me")).to_be_visible()
    page.evaluate("import('/static/js/citizen-push.js').then(push => push.words())")
    page.goto("/complaints")
    # The page just left counts as a reader until the browser lets it go, and who reads is not told: so again, by one tag.
    wait_until(lambda: deliver(page, server, registered, {"ref": ref, "text": SAYS}) or shown(page))
    assert shown(page) == [{"title": "Siaga", "body": "There is news", "tag": ref, "lang": "en"}]
    deliver(page, server, registered, {"ref": ref, "text": SAYS})
    assert len(shown(page)) == 1  # by its tag


def test_a_click_on_it_leads_to_the_complaint(new_page: Pages, cast: Cast, server: Running) -> None:
    ref = ref_of(cast, cast.file(cast.ann))
    page = phone(new_page, server, cast)
    page.goto(f"/complaints/{ref}")
    expect(page.locator("#push")).to_have_attribute("data-is", "off")
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    (worker,) = page.context.service_workers
    # Only a real click may open a window, so what the worker asks for is noted here instead.
    went = worker.evaluate(
        """async (page) => {
            const went = [], click = (data) => open({ close() { went.push("closed") }, data });
            self.clients.openWindow = async (url) => went.push("opened " + url);
            await click({ page: page + "-other" });
            const there = (await clients.matchAll({ type: "window", includeUncontrolled: true }))[0];
            Object.getPrototypeOf(there).focus = async function () { went.push("focused " + new URL(this.url).pathname); };
            await click({ page });
            return went;
        }""",
        f"/complaints/{ref}",
    )
    here = f"/complaints/{ref}"
    assert went == ["closed", f"opened {here}-other", "closed", f"focused {here}"]


def test_it_is_asked_for_after_the_receipt_and_not_twice(new_page: Pages, cast: Cast, server: Running) -> None:
    page = phone(new_page, server, cast)
    page.context.clear_permissions()
    for url in ("/", "/complaints/new", "/complaints"):
        page.goto(url)
        assert page.locator("#push").count() == 0
    ref = ref_of(cast, cast.file(cast.ann))
    page.goto(f"/complaints/{ref}")
    page.get_by_role("button", name="Nanti").click()
    expect(page.locator("#push")).to_be_hidden()
    page.reload()
    expect(page.locator("#push")).to_have_attribute("data-is", "none")
    expect(page.locator("#push")).to_be_hidden()


def test_no_is_no(new_page: Pages, cast: Cast, server: Running, violations: Callable[[Page], list[str]]) -> None:
    """Chromium never asks a headless user: not granted means denied."""
    ref = ref_of(cast, cast.file(cast.ann))
    page = phone(new_page, server, cast)
    page.goto(f"/complaints/{ref}")
    expect(page.get_by_role("button", name="Ya, beri tahu")).to_be_visible()
    assert violations(page) == []
    page.context.clear_permissions()
    page.get_by_role("button", name="Ya, beri tahu").click()
    expect(page.get_by_text("Pemberitahuan diblokir di browser ini")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("void", ["another key", "refused by its service"])
def test_a_subscription_that_is_void_goes_and_the_page_asks_anew(
    new_page: Pages, cast: Cast, server: Running, void: str
) -> None:
    """No Chromium subscribes without Google: what it would have from an earlier day is put into its hands."""
    endpoint, point = "http://127.0.0.1:9/push/1", ec.generate_private_key(ec.SECP256R1()).public_key()
    p256dh = url_safe(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    keys = {"p256dh": p256dh, "auth": url_safe(bytes(16))}
    if void == "refused by its service":
        row = cast.run(lambda session: subscribe(session, cast.ann, endpoint, **keys))
        cast.run(lambda session: gone(session, row.id))
    page = phone(new_page, server, cast)
    key = page.evaluate("fetch('/push/key').then((answer) => answer.json()).then(({ key }) => key)")
    had = {"me": str(cast.ann.id), "key": p256dh if void == "another key" else key, "endpoint": endpoint, "keys": keys}
    page.add_init_script(f"const had = {json.dumps(had)};{HAD}")
    page.goto(f"/complaints/{ref_of(cast, cast.file(cast.ann))}")
    expect(page.locator("#push")).to_have_attribute("data-is", "off")
    expect(page.get_by_role("button", name="Ya, beri tahu")).to_be_visible()
    assert page.evaluate("[sessionStorage.getItem('gone'), localStorage.getItem('siaga.push')]") == ["1", ""]


def phone(new_page: Pages, server: Running, cast: Cast, who: str = "ann", **options: Any) -> Page:
    page = new_page("phone", base_url=server.http, **options)
    cookies = [cast.cookies[who], f"locale={options.get('locale', 'id')}"]
    named = [dict(zip(("name", "value"), cookie.split("=", 1), strict=True), url=server.http) for cookie in cookies]
    page.context.add_cookies(named)
    page.context.grant_permissions(["notifications"], origin=server.http)
    page.goto("/offline")
    if page.evaluate("Notification.permission") != "granted":
        pytest.skip("this Chromium is a shell and grants no notifications")
    return page


def watch_workers(page: Page) -> Callable[[], str]:
    """A function that gives the registration of the page's service worker, once there is one."""
    line, known = page.context.new_cdp_session(page), []
    page.siaga_line = line  # type: ignore[attr-defined]
    line.on("ServiceWorker.workerRegistrationUpdated", lambda event: known.extend(event["registrations"]))
    line.send("ServiceWorker.enable")

    def registration() -> str:
        page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        return str(known[-1]["registrationId"])

    return registration


def deliver(page: Page, server: Running, registered: Callable[[], str], said: dict[str, str]) -> None:
    told = {"origin": f"{server.http}/", "registrationId": registered(), "data": json.dumps(said)}
    page.siaga_line.send("ServiceWorker.deliverPushMessage", told)  # type: ignore[attr-defined]


def shown(page: Page) -> list[dict[str, str]]:
    found: list[dict[str, str]] = page.evaluate(SHOWN)
    return found
