"""A case on another command's ground is forwarded by two keys, and its reporter reads where to and the number."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from models.administration.partners import number_agency
from models.incidents.closing import commands
from models.people.citizens import Citizen
from tests.browser.test_citizen import BOTH, Pages, complaints
from tests.browser.test_citizen import phone as phone
from tests.support.serving import Cast

BINJAI = (3.6, 98.48)
Open = Callable[..., Page]


def beside(cast: Cast, name: str = "Polres Binjai") -> int:
    return next(one.id for one in cast.read(commands) if one.name == name)


@pytest.mark.parametrize(("theme", "locale"), BOTH)
def test_two_keys_forward_it_to_whose_ground_it_is(
    cast: Cast,
    console: Open,
    phone: Pages,
    violations: Callable[[Page], list[str]],
    page_errors: list[str],
    theme: str,
    locale: str,
) -> None:
    cast.run(lambda session: setattr(session.get_one(Citizen, cast.ann.id), "locale", locale))
    cast.run(number_agency, cast.dewi, beside(cast), "061 8821110")
    incident = cast.file(at=BINJAI)
    reads = phone("ann", theme=theme, locale=locale, reduced_motion="reduce")
    reads.goto(f"/complaints/{complaints(cast)[0].ref}")
    page = console("hendra", incident.id, theme=theme, reduced_motion="reduce")
    panel = page.locator(f"#incident-open-{incident.id}")
    expect(panel.get_by_role("button", name="Limpahkan").first).to_be_visible()
    page.keyboard.press("Shift+F")
    dialog = page.locator(f"#forward-{incident.id}")
    expect(dialog).to_be_visible()
    assert dialog.locator("select").input_value() == str(beside(cast))
    expect(dialog.locator("option:checked")).to_have_text("Polres Binjai · (061) 8821110")
    found = violations(page)
    page.keyboard.press("Enter")
    expect(page.locator(f"#incident-{incident.id}")).to_have_count(0)
    assert cast.incident(incident.id).status == "forwarded"
    said = "Diteruskan ke polisi lain" if locale == "id" else "Passed to other police"
    expect(reads.locator("#stage")).to_have_text(said)
    expect(reads.locator(".now-said")).to_contain_text("Polres Binjai")
    expect(reads.get_by_role("link", name="(061) 8821110")).to_have_attribute("href", "tel:+62618821110")
    expect(reads.locator(".line .ahead")).to_have_count(0)
    found += violations(reads)
    assert page.evaluate("1") == reads.evaluate("1")  # whatever they had to say has come
    page_errors[:] = [error for error in page_errors if "inline style" not in error]  # axe's own probes
    assert found == []


def test_ours_is_forwarded_by_choice_and_with_a_reason_alone(cast: Cast, console: Open) -> None:
    incident = cast.file()
    page = console("hendra", incident.id)
    expect(page.locator(f"#incident-open-{incident.id}")).to_be_visible()
    page.keyboard.press(".")
    expect(page.locator(f"#menu-{incident.id} .menu-item:focus")).to_be_visible()
    page.keyboard.press("f")
    dialog = page.locator(f"#forward-{incident.id}")
    expect(dialog).to_be_visible()
    assert dialog.locator("select").input_value() == ""
    dialog.locator("select").select_option(label="Polresta Deli Serdang")
    dialog.get_by_role("button", name="Limpahkan").click()
    expect(dialog.locator(".fault")).to_contain_text("tidak tercatat di wilayah Polresta Deli Serdang")
    assert cast.incident(incident.id).status == "new"
    expect(dialog.get_by_role("textbox")).to_be_focused()
    dialog.get_by_role("textbox").fill("Pelaku lari ke sana")
    dialog.get_by_role("button", name="Limpahkan").click()
    expect(dialog.locator(".fault")).to_contain_text("km dari wilayah Polresta Deli Serdang")
    assert cast.incident(incident.id).status == "new"
    dialog.get_by_role("button", name="Ya, benar").click()
    expect(page.locator(f"#incident-{incident.id}")).to_have_count(0)
    assert cast.incident(incident.id).status == "forwarded"
