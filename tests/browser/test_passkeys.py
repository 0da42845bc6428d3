"""A passkey in a real browser with a keeper of keys of its own: added, asked for at the door, refused when it is pressed away."""

from collections.abc import Callable, Iterator
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select, update

from models.people.factors import Factor, RecoveryCode
from models.people.officers import Officer
from tests.support.house import Running
from tests.support.serving import Cast, cast_of
from tests.support.town import HASHED, PASSWORD


@pytest.fixture
def cast(sqlite_url: str, redis_url: str) -> Iterator[Cast]:
    with cast_of(sqlite_url, redis_url) as cast:
        cast.run(lambda session: session.exec(update(Officer).values(password=HASHED)) and None)
        yield cast


@pytest.fixture
def at(server: Running) -> str:
    """No passkey holds for an address of numbers."""
    return server.http.replace("127.0.0.1", "localhost")


def keeper(page: Page) -> tuple[Any, str]:
    """Chromium's own virtual authenticator, whose owner nods at once: (how to talk to it, its id)."""
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    return line, line.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def sign_in(page: Page, at: str) -> None:
    page.goto(f"{at}/sign-in?staff")
    page.fill("#login", "hendra")
    page.fill("#password", PASSWORD)
    page.click(".cta")


def test_a_passkey_is_added_and_opens_the_door_and_pressed_away_it_does_not(
    cast: Cast, at: str, new_page: Callable[..., Page], violations: Callable[[Page], list[str]]
) -> None:
    page = new_page("console", theme="light", bypass_csp=True)
    line, keys = keeper(page)
    sign_in(page, at)
    expect(page).to_have_url(f"{at}/console")
    page.goto(f"{at}/me/factors")
    page.click("text=Tambah passkey")
    page.fill("#name", "Kunci USB")
    page.click("text=Buat passkey")
    expect(page.locator(".codes li")).to_have_count(10)
    assert violations(page) == []
    page.click("text=Sudah saya simpan")
    expect(page.locator(".me-list b")).to_have_text("Kunci USB")
    assert cast.read(lambda session: len(session.exec(select(RecoveryCode)).all())) == 10

    page.context.clear_cookies()
    sign_in(page, at)
    expect(page).to_have_url(f"{at}/sign-in/factor")
    assert violations(page) == []
    line.send("WebAuthn.setUserVerified", {"authenticatorId": keys, "isUserVerified": False})
    page.click("text=Pakai passkey")
    expect(page.locator(".wrong").first).to_contain_text("tidak jadi dipakai")
    line.send("WebAuthn.setUserVerified", {"authenticatorId": keys, "isUserVerified": True})
    page.click("text=Pakai passkey")
    expect(page).to_have_url(f"{at}/console")
    kept = cast.read(lambda session: session.exec(select(Factor)).one())
    assert kept.used_at and kept.credential


def test_an_app_is_added_from_the_picture_by_keyboard_alone(
    cast: Cast, at: str, new_page: Callable[..., Page], violations: Callable[[Page], list[str]]
) -> None:
    page = new_page("console", theme="dark", bypass_csp=True)
    sign_in(page, at)
    expect(page).to_have_url(f"{at}/console")
    page.goto(f"{at}/me/factors/app")
    expect(page.locator(".qr-frame svg")).to_be_visible()
    assert violations(page) == []
    secret = page.locator(".secret--key").inner_text().replace(" ", "")
    page.locator("#name").press_sequentially("HP dinas")
    page.keyboard.press("Tab")
    page.keyboard.type(pyotp.TOTP(secret).now())
    page.keyboard.press("Enter")
    expect(page.locator(".codes li")).to_have_count(10)
