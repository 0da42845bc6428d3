"""The door and the account on a phone: a code, a name, what is wrong beside its field, and every page fit for everyone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session, select

from models.incidents.complaint import Complaint
from models.people.citizens import Citizen
from models.people.codes import Code
from models.time import now
from tests.browser.test_citizen import BOTH
from tests.support.house import Running
from tests.support.inbox import Inbox
from tests.support.serving import Cast

Pages = Callable[..., Page]


@pytest.fixture
def enter(server: Running, cast: Cast, new_page: Pages) -> Pages:
    """A function that opens an empty page of this size, as somebody of the cast."""

    def open_page(who: str = "", size: str = "phone", **options: object) -> Page:
        page = new_page(size, base_url=server.http, **options)
        if who:
            name, _, secret = cast.cookies[who].partition("=")
            page.context.add_cookies([{"name": name, "value": secret, "url": server.http}])
        return page

    return open_page


def block(cast: Cast, who: str = "ann") -> None:
    for _ in range(3):
        cast.take(cast.file(cast.people[who]), "dismiss", cast.hendra, reason="prank")

    def shut(session: Session) -> None:
        session.get_one(Citizen, cast.people[who].id).blocked_at = now()

    cast.run(shut)


def fits(page: Page) -> None:
    """Nothing reaches beyond a narrow screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def test_number_code_name_and_in(enter: Pages, inbox: Inbox, cast: Cast) -> None:
    page = enter()
    page.goto("/sign-in")
    page.fill("#login", "0812 7777 8888")
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page.get_by_role("heading", name="Masukkan kode")).to_be_visible()
    right = inbox.code()
    page.fill("#code", "000000" if right != "000000" else "111111")
    page.get_by_role("button", name="Lanjut").click()
    expect(page.locator("#fault-code")).to_have_text("Kode salah. Sisa 4 kali.")
    page.get_by_role("button", name="Kirim lagi").click()
    expect(page.locator("#fault-code")).to_contain_text("Tunggu")
    page.fill("#code", right)
    page.get_by_role("button", name="Lanjut").click()
    page.fill("#name", "Rina Lubis")
    page.get_by_role("button", name="Daftar").click()
    page.get_by_role("link", name="Rina Lubis").click()
    expect(page.get_by_text("perangkat ini")).to_be_visible()
    page.fill("#password", "kata sandi Rina")  # the code was given just now
    page.get_by_role("button", name="Simpan kata sandi").click()
    expect(page.get_by_role("heading", name="Ganti kata sandi")).to_be_visible()
    assert cast.read(lambda s: s.exec(select(Code)).one().hash) == ""


def test_taking_all_away_then_being_forgotten(enter: Pages, inbox: Inbox, cast: Cast) -> None:
    cast.file(cast.ann)
    page = enter("ann")
    page.goto("/account")
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh data saya").click()
    assert download.value.suggested_filename.endswith(".zip") and download.value.path().stat().st_size > 500
    page.get_by_role("link", name="Hapus akun").click()
    page.fill("#old", "not the password")
    page.get_by_label("Saya yakin").check()
    page.get_by_role("button", name="Hapus akun saya").click()
    expect(page.locator("#fault-old")).to_be_visible()


@pytest.mark.parametrize(("theme", "locale"), BOTH)
def test_every_page_is_fit_for_everyone(
    enter: Pages, cast: Cast, inbox: Inbox, violations: Callable[[Page], list[str]], theme: str, locale: str
) -> None:
    block(cast)
    ref = cast.read(lambda s: _first_ref(s))
    ann = enter("ann", theme=theme, locale=locale)
    for url in ("/account", "/account/delete", "/appeals", f"/complaints/{ref}", "/"):
        ann.goto(url)
        assert violations(ann) == [], url
        fits(ann)
    door = enter(theme=theme, locale=locale)
    for url in ("/sign-in", "/sign-up"):
        door.goto(url)
        assert violations(door) == [], url
        fits(door)
    door.fill("#phone", "0812 7777 8888")
    door.locator(".cta").click()
    door.wait_for_url("**/sign-in/code")
    assert violations(door) == [] and fits(door) is None
    door.fill("#code", inbox.code())
    door.locator(".cta").click()
    door.wait_for_url("**/sign-up/name")
    assert violations(door) == [] and fits(door) is None


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_desks_of_officers_too(
    enter: Pages, cast: Cast, violations: Callable[[Page], list[str]], page_errors: list[str], theme: str
) -> None:
    block(cast, "zed")
    for _ in range(3):
        cast.take(cast.file(cast.ann), "dismiss", cast.hendra, reason="prank")
    for who, url in (("ratna", "/strikes"), ("sari", "/strikes"), ("sari", "/duty"), ("dewi", "/admin/messages")):
        page = enter(who, size="console", theme=theme)
        page.add_init_script(f"localStorage.setItem('theme', '{theme}')")
        page.goto(url)
        assert page_errors == []
        assert violations(page) == [], (who, url)
        page_errors[:] = [error for error in page_errors if "inline style" not in error]  # axe's own probes


def _first_ref(session: Session) -> str:
    return str(session.exec(select(Complaint.ref).order_by(Complaint.id)).first())
