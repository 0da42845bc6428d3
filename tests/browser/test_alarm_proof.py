"""Proof of an alarm, in browsers: one console armed, one mute, one behind, one in flight mode, one asleep; what each says."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session, select

from models.people.officers import Officer, Presence, note_presence
from models.roles import Role
from models.time import as_of, now
from tests.browser.test_alarm import EARS, listen
from tests.live.test_receipts import stored
from tests.support.house import wait_until
from tests.support.law import BABURA
from tests.support.serving import Cast, in_thread

__all__ = ["listen"]
BEHIND = "Object.defineProperty(document, 'hidden', { get: () => true });"


def rows(page: Page) -> dict[str, list[str]]:
    """By name: received, sounded, looked."""
    found: dict[str, list[str]] = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll(".proof tbody tr")].map(tr =>
             [tr.cells[0].innerText.trim(), [...tr.cells].slice(1).map(cell => cell.innerText.trim())]))"""
    )
    return {name.split()[-2]: cells for name, cells in found.items()}


def staffed(cast: Cast, *names: str) -> None:
    """More officers, each with a session."""

    def enlist(session: Session) -> list[Any]:
        people = [Officer(login=one, name=f"{one.title()} Lubis", role=Role.OFFICER, password="-") for one in names]
        session.add_all(people)
        session.flush()
        return [one.viewer for one in people]

    for name, viewer in zip(names, cast.run(enlist), strict=True):
        cast.cookies[name] = f"siaga={cast.sign_in(viewer, f'secret of {name}')}"


def sit(cast: Cast, count: int) -> None:
    wait_until(lambda: len(cast.read(lambda session: session.exec(select(Presence)).all())) == count)


def mutes(cast: Cast) -> list[int]:
    return [row.officer_id for row in cast.read(lambda s: s.exec(select(Presence)).all()) if row.heard_at is None]


def sleep(page: Page) -> None:
    """Its line stays open, as of a machine whose lid was closed a moment ago; nothing of it runs."""
    line = page.context.new_cdp_session(page)
    line.send("Debugger.enable")
    line.send("Debugger.pause")


def ready(page: Page) -> Page:
    expect(page.locator("#lamp")).to_have_attribute("data-is", "well")
    return page


def test_what_the_receipt_of_each_console_says(
    cast: Cast, listen: Callable[..., Page], violations: Callable[[Page], list[str]], page_errors: list[str]
) -> None:
    staffed(cast, "joko", "tono")
    armed = ready(listen("hendra"))
    expect(armed.locator("#sound")).to_have_attribute("data-state", "armed")
    mute = ready(listen("ratna", wants=True))
    expect(mute.locator("#sound")).to_have_attribute("data-state", "off")
    behind = ready(listen("dinda", without=BEHIND))
    flying, asleep = ready(listen("joko")), ready(listen("tono"))
    sit(cast, 5)
    wait_until(lambda: mutes(cast) == [cast.ratna.id])  # whose console is open, and would sound nothing
    flying.context.set_offline(True)
    flying.evaluate("document.getElementById('live')._htmx.ws.connection.socket.close()")
    sleep(asleep)

    incident = cast.file()
    for page in (armed, mute, behind):
        expect(page.locator(f"#incident-{incident.id}")).to_be_attached()
    armed.locator(f"#incident-{incident.id} .card-what").click()
    proof = armed.locator(f"#alarm-{incident.id} summary")
    expect(proof).to_contain_text("3 konsol menerima")
    expect(proof).to_contain_text("2 berbunyi")
    expect(proof).to_contain_text("1 dilihat")
    proof.click()
    said = rows(armed)
    assert [bool(cell.strip("–")) for cell in said["Hendra"]] == [True, True, True]
    assert said["Ratna"][1:] == ["tidak: alarm belum menyala", "–"] and ":" in said["Ratna"][0]
    assert said["Dinda"][1].endswith(", tab di belakang")
    assert said["Joko"] == ["tidak", "–", "–"] and said["Tono"] == ["tidak", "–", "–"]
    assert violations(armed) == []

    # Back on the air it has the alarm, later than the others; a press arms the mute one.
    flying.context.set_offline(False)
    mute.keyboard.press("j")
    expect(proof).to_contain_text("4 konsol menerima")
    expect(proof).to_contain_text("4 berbunyi")
    assert rows(armed)["Joko"][0] > said["Hendra"][0] and "tidak" not in rows(armed)["Ratna"][1]
    page_errors[:] = [one for one in page_errors if "inline style" not in one]  # of the debugger that holds one asleep


def test_a_burst_is_answered_whole_though_it_is_one_thing_to_hear(cast: Cast, listen: Callable[..., Page]) -> None:
    page = ready(listen("hendra"))
    expect(page.locator("#sound")).to_have_attribute("data-state", "armed")
    who = [cast.ann] * 4 + [cast.zed] * 4 + [cast.hendra] * 4  # of one reporter more would land muted
    burst = [cast.file(by, source="caller" if by is cast.hendra else "web", at=BABURA) for by in who]
    wait_until(lambda: sum(bool(row.sounded_at) for row in stored(cast.read)) == len(burst))
    assert {row.incident_id for row in stored(cast.read)} == {one.id for one in burst}


def test_a_mute_console_is_where_a_house_that_nobody_hears_is_mended(
    cast: Cast, new_page: Callable[..., Page], tmp_path: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.clock.GRACE_SECONDS", 0)

    def a_while_ago(session: Session) -> None:
        with as_of(now() - timedelta(seconds=100)):
            note_presence(session, [cast.ratna.id or 0])

    cast.run(a_while_ago)
    with in_thread(cast, tmp_path / "data", redis_url, deaf_seconds=30) as server:

        def opened(who: str, path: str, size: str = "console") -> Page:
            page = new_page(size, base_url=server.http)
            name, _, secret = cast.cookies[who].partition("=")
            page.context.add_cookies([{"name": name, "value": secret, "url": server.http}])
            page.add_init_script(f"({EARS})(true)")
            page.goto(path)
            return page

        wall, admin, console = opened("wall", "/wall", "wall"), opened("dewi", "/admin"), opened("hendra", "/console")
        for page in (wall, admin):
            expect(page.locator("#deaf")).to_contain_text("Tidak ada konsol yang mendengar")
        assert "Ratna" in admin.locator("#deaf").inner_text() and "Ratna" not in wall.locator("#deaf").inner_text()
        expect(console.locator("#unarmed")).to_be_visible()  # though nothing waits
        console.keyboard.press("j")
        for page in (wall, admin, console):
            expect(page.locator("#deaf > .deaf")).to_have_count(0)
        expect(console.locator("#unarmed")).to_be_hidden()
