"""A referral by its link on somebody's phone: no script, no account, one answer."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from models.incidents.referral import Referral
from tests.browser.test_citizen import BOTH, Pages
from tests.browser.test_citizen import phone as phone
from tests.outbox.test_link import linked_to, referred
from tests.support.serving import Cast


@pytest.mark.parametrize(("theme", "locale"), BOTH)
def test_a_phone_without_an_account_reads_and_answers(
    cast: Cast, phone: Pages, violations: Callable[[Page], list[str]], theme: str, locale: str
) -> None:
    incident = referred(cast)
    secret = linked_to(cast, incident)
    page = phone(theme=theme, locale=locale, reduced_motion="reduce")
    page.goto(f"/r/{secret}")
    expect(page.locator("html")).to_have_attribute("lang", locale)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="English" if locale == "id" else "Bahasa Indonesia").click()
    expect(page.locator("html")).to_have_attribute("lang", "en" if locale == "id" else "id")
    expect(page.get_by_text("kenari-kata")).to_be_visible()


def test_it_works_without_a_script(cast: Cast, phone: Pages) -> None:
    incident = referred(cast)
    secret = linked_to(cast, incident)
    page = phone(java_script_enabled=False)
    page.goto(f"/r/{secret}")
    page.get_by_role("button", name="Tolak").click()
    expect(page.get_by_text("Tulis alasan menolak rujukan.")).to_be_visible()
    page.get_by_label("Catatan untuk petugas").fill("Semua di tempat lain")
    page.get_by_role("button", name="Tolak").click()
    expect(page.get_by_role("heading", name="Jawaban atas rujukan ini sudah sampai.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("kenari")).to_have_count(0)
    states = cast.read(lambda session: session.exec(select(Referral.state)).all())
    assert states == ["declined"]


def test_the_press_that_sends_it_has_room_in_the_panel(cast: Cast, console: Callable[..., Page]) -> None:
    incident = referred(cast)
    page = console("hendra", incident.id)
    press = page.get_by_role("button", name="Kirim tautan ke 0812 •••• 5555")
    expect(press).to_be_visible()
    assert press.evaluate("one => one.scrollWidth <= one.clientWidth && one.parentElement.clientWidth > 300")
