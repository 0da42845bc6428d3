"""The lock in a real browser: left alone it closes, the password alone opens it, and everything is where it was."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session, col, select, update

from console.door.viewer import hash_of
from models.people.citizens import Citizen
from models.people.officers import Officer
from models.people.sessions import SignIn
from models.time import now
from models.viewer import PROOF_LASTS
from tests.support.house import Running
from tests.support.serving import Cast, cast_of
from tests.support.town import HASHED, PASSWORD


@pytest.fixture
def cast(sqlite_url: str, redis_url: str) -> Iterator[Cast]:
    with cast_of(sqlite_url, redis_url) as cast:
        cast.run(lambda session: session.exec(update(Officer).values(password=HASHED)) and None)
        yield cast


@pytest.fixture
def desk(cast: Cast, server: Running, new_page: Callable[..., Page]) -> Callable[..., Page]:
    """desk("hendra", "/console"): a page of theirs, whose clock the test can move on."""

    def open_desk(who: str, url: str, theme: str = "dark", **options: Any) -> Page:
        page = new_page("console", theme=theme, **options)
        page.add_init_script(f"localStorage.setItem('siaga-theme', '{theme}')")
        page.clock.install(time=datetime.now(UTC))
        name, _, secret = cast.cookies[who].partition("=")
        page.context.add_cookies([{"name": name, "value": secret, "url": server.http}])
        page.goto(server.http + url)
        if url.startswith("/console"):
            expect(page.locator("#lamp")).to_have_attribute("data-is", "well")
        return page

    return open_desk


def set_back(cast: Cast, who: str, **columns: datetime) -> None:
    """As the server knows this session: last used, last proved."""
    own = col(SignIn.hash) == hash_of(cast.cookies[who].partition("=")[2])
    cast.run(lambda session: session.exec(update(SignIn).where(own).values(**columns)) and None)


def is_locked(page: Page) -> None:
    expect(page.locator("#lock")).to_be_visible()
    expect(page.locator("#lock-password")).to_be_focused()


def test_left_alone_it_locks_and_the_keyboard_alone_leads_back(cast: Cast, desk: Callable[..., Page]) -> None:
    incident = cast.take(cast.file(), "claim", cast.hendra)
    page = desk("hendra", f"/console?incident={incident.id}")
    reply = page.get_by_label("Balas pelapor")
    reply.click()
    reply.press_sequentially("Apakah Ibu aman")
    page.clock.fast_forward("29:20")
    expect(page.locator("#lock-soon")).to_contain_text("Layar terkunci dalam")
    set_back(cast, "hendra", used_at=now() - timedelta(minutes=30))
    page.clock.fast_forward("01:00")
    is_locked(page)
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.locator(f"#incident-{incident.id} .card-holder")).to_be_hidden()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.type("a wrong one")
    page.keyboard.press("Enter")
    expect(page.locator("#lock-wrong")).to_have_text("Kata sandi tidak cocok.")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#lock")).to_be_hidden()
    expect(page.locator("#panel .words").first).to_be_visible()
    expect(reply).to_have_value("Apakah Ibu aman")
    expect(reply).to_be_focused()
    assert page.url.endswith(f"?incident={incident.id}")
    page.keyboard.type("?")
    page.keyboard.press("Enter")
    expect(page.locator("#panel .thread")).to_contain_text("Apakah Ibu aman?")


def test_the_board_goes_on_and_no_key_acts_behind_the_lock(cast: Cast, desk: Callable[..., Page]) -> None:
    page = desk("hendra", "/console")
    page.keyboard.press("l")
    is_locked(page)
    incident = cast.file()
    expect(page.locator(f"#incident-{incident.id}")).to_be_visible()
    page.keyboard.press("Tab")
    for key in ("c", "s", "n", "j"):
        page.keyboard.press(key)
    expect(page.locator("#sound")).to_have_attribute("data-state", "armed")
    expect(page).to_have_title("(1) Konsol · Siaga")
    assert cast.incident(incident.id).status == "new"
    page.keyboard.press("Shift+Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#lock")).to_be_hidden()
    page.keyboard.press("c")
    expect(page.locator(f"#incident-{incident.id}")).to_have_attribute("data-officer", str(cast.hendra.id))


def test_a_refusal_shows_the_lock_that_the_page_did_not_know_of(cast: Cast, desk: Callable[..., Page]) -> None:
    incident = cast.file()
    page = desk("hendra", f"/console?incident={incident.id}")
    set_back(cast, "hendra", used_at=now() - timedelta(minutes=30))
    page.evaluate("id => siaga.act(id, 'claim')", incident.id)
    is_locked(page)
    assert cast.incident(incident.id).status == "new"


def test_a_page_asked_for_behind_the_lock_comes_after_the_password(cast: Cast, desk: Callable[..., Page]) -> None:
    set_back(cast, "dewi", used_at=now() - timedelta(minutes=15))
    page = desk("dewi", "/admin/stations")
    is_locked(page)
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Pos", exact=True)).to_be_visible()
    assert page.url.endswith("/admin/stations")


def test_opened_in_one_tab_it_is_open_in_the_other(cast: Cast, server: Running, desk: Callable[..., Page]) -> None:
    first = desk("hendra", "/console")
    second = first.context.new_page()
    second.goto(f"{server.http}/console")
    second.keyboard.press("l")
    is_locked(second)
    expect(first.locator("#lock")).to_be_visible()
    second.keyboard.type(PASSWORD)
    second.keyboard.press("Enter")
    expect(first.locator("#lock")).to_be_hidden()


def test_unblocking_asks_for_the_password_and_then_does_it(cast: Cast, desk: Callable[..., Page]) -> None:
    set_back(cast, "sari", proved_at=now() - PROOF_LASTS)
    page = desk("sari", "/strikes")
    page.get_by_label("Alasan").fill("salah orang")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Buktikan dulu")).to_be_visible()
    page.keyboard.press("Escape")  # not now
    expect(page.locator("#lock")).to_be_hidden()
    expect(page.get_by_label("Alasan")).to_have_value("salah orang")
    page.keyboard.press("Enter")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Alasan")).to_have_count(0)

    def blocked(session: Session) -> list[Any]:
        return list(session.exec(select(Citizen.blocked_at).where(col(Citizen.blocked_at).is_not(None))))

    assert cast.read(blocked) == []


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_lock_is_accessible(
    cast: Cast,
    desk: Callable[..., Page],
    violations: Callable[[Page], list[str]],
    page_errors: list[str],
    theme: str,
) -> None:
    cast.file()
    page = desk("hendra", "/console", theme=theme, reduced_motion="reduce")
    page.keyboard.press("l")
    is_locked(page)
    found = violations(page)
    page_errors[:] = [error for error in page_errors if "inline style" not in error]  # axe's own probes
    assert found == []
