"""What an officer had half written when the page had to go lies sealed in the browser, for that officer alone."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session, col, delete, update

from models.people.officers import Officer
from models.people.sessions import SignIn, revoke
from models.viewer import CLOCK
from tests.support.house import Running
from tests.support.serving import Cast, cast_of
from tests.support.town import HASHED, PASSWORD

REPORT, NOTE = "Pelapor Ibu Sentinel, dari wartel", "Tersangka Sentinel berjaket merah"
LIES = "() => JSON.stringify([{...localStorage}, {...sessionStorage}])"
SEALED = "() => Object.keys(sessionStorage).filter(name => name.startsWith('siaga.sealed.')).sort()"
DOOR = "**/sign-in?next=%2Fconsole**"


@pytest.fixture
def cast(sqlite_url: str, redis_url: str) -> Iterator[Cast]:
    with cast_of(sqlite_url, redis_url) as cast:
        cast.run(lambda session: session.exec(update(Officer).values(password=HASHED)) and None)
        yield cast


def write(page: Page, incident: int) -> None:
    """A report of a caller, and a note in the case that is open."""
    page.locator(f"#note-{incident} [name=words]").fill(NOTE)
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.locator("#sheet [name=description]").fill(REPORT)


def end_session(cast: Cast, who: int) -> None:
    def end(session: Session) -> None:
        revoke(session, CLOCK, officer=who)

    cast.run(end)


def come_in(page: Page, who: str) -> None:
    page.locator("[name=login]").fill(who)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/console**")
    expect(page.locator("#lamp")).to_have_attribute("data-is", "well")


def half_written(cast: Cast, console: Callable[..., Page], script: str = "") -> Page:
    incident = cast.take(cast.file(), "claim", cast.hendra)
    page = console("hendra", incident.id)
    if script:
        page.evaluate(script)
    write(page, incident.id)
    return page


def test_words_of_an_ended_session_cannot_be_read_at_that_console(cast: Cast, console: Callable[..., Page]) -> None:
    page = half_written(cast, console)
    end_session(cast, cast.hendra.id)
    page.wait_for_url(DOOR)
    assert "Sentinel" not in page.evaluate(LIES)
    assert page.evaluate(SEALED) == ["siaga.sealed.report", "siaga.sealed.words"]
    assert "data-seal" not in page.content()
    come_in(page, "hendra")
    expect(page.locator("#sheet [name=description]")).to_have_value(REPORT)
    expect(page.locator("#half")).to_contain_text(NOTE)
    assert page.evaluate(SEALED) == []
    assert "Sentinel" not in page.evaluate(LIES)


def test_a_lock_whose_session_is_over_keeps_them_as_well(cast: Cast, console: Callable[..., Page]) -> None:
    """Nothing told the page: it learns by the password."""
    page = half_written(cast, console)
    page.evaluate("document.querySelector('[data-lock]').click()")
    expect(page.locator("#lock")).to_be_visible()
    cast.run(lambda session: session.exec(delete(SignIn).where(col(SignIn.officer_id) == cast.hendra.id)) and None)
    page.locator("#lock-password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(DOOR)
    assert page.evaluate(SEALED) == ["siaga.sealed.report", "siaga.sealed.words"]


@pytest.mark.parametrize("to", ["/console", "/duty"])
def test_somebody_else_gets_nothing_and_it_is_gone(
    cast: Cast, server: Running, console: Callable[..., Page], to: str
) -> None:
    page = half_written(cast, console)
    end_session(cast, cast.hendra.id)
    page.wait_for_url(DOOR)
    secret = cast.cookies["sari"].partition("=")[2]
    page.context.add_cookies([{"name": "siaga", "value": secret, "url": server.http}])
    page.goto(server.http + to)
    page.wait_for_function(f"() => !({SEALED})().length")
    expect(page.locator("#half")).to_be_hidden()
    assert "Sentinel" not in page.content()
    page.context.clear_cookies()
    page.goto(f"{server.http}/sign-in?next=/console")
    come_in(page, "hendra")
    page.wait_for_function("() => siaga.choice.settled()")
    expect(page.locator("#half")).to_be_hidden()
    expect(page.locator("#sheet")).to_be_hidden()


def test_signing_out_by_hand_leaves_nothing_in_any_tab(
    cast: Cast, server: Running, console: Callable[..., Page]
) -> None:
    page = half_written(cast, console)
    other = page.context.new_page()
    other.goto(page.url)
    other.keyboard.press("n")
    other.locator("#sheet [name=description]").fill(REPORT)
    page.locator("form[action='/sign-out'] button").first.evaluate("button => button.click()")
    for tab in (page, other):
        tab.wait_for_function("() => !document.getElementById('console')")
        assert tab.evaluate(SEALED) == []
        assert "Sentinel" not in tab.evaluate(LIES)


@pytest.mark.parametrize(
    "script",
    [
        "Object.defineProperty(crypto, 'subtle', { value: undefined })",
        "Object.defineProperty(crypto.subtle, 'encrypt', { value: () => new Promise(() => {}) })",
        "Object.defineProperty(crypto.subtle, 'encrypt', { value: () => Promise.reject(new Error('no')) })",
    ],
    ids=["no Web Crypto", "one that never answers", "one that fails"],
)
def test_where_nothing_can_be_sealed_nothing_is_kept_and_the_page_goes(
    cast: Cast, console: Callable[..., Page], script: str
) -> None:
    page = half_written(cast, console, f"() => {{ {script} }}")
    end_session(cast, cast.hendra.id)
    page.wait_for_url(DOOR)
    assert page.evaluate(SEALED) == []
    assert "Sentinel" not in page.evaluate(LIES)
