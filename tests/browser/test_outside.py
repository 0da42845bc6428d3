"""Another command's ground: amber while the place lies there, and gone once it does not, on a page that stands open."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from models.incidents.incident import Incident
from tests.browser.test_citizen import BABURA, Pages, complaints, fill
from tests.browser.test_citizen import phone as phone
from tests.support.law import PLACES
from tests.support.serving import Cast

BINJAI, PENANG = (3.6, 98.48), {"latitude": 5.41, "longitude": 100.33, "accuracy": 12}
Correct = Callable[[Page, Cast, Incident], None]
WHERE = "Jl. Iskandar Muda, Kelurahan Babura"


def by_words(page: Page, cast: Cast, incident: Incident) -> None:
    page.get_by_text("Perbaiki lokasi").click()
    page.get_by_label("Jalan, patokan, atau kelurahan").fill(WHERE)
    page.get_by_role("button", name="Kirim tempatnya").click()


def by_phone(page: Page, cast: Cast, incident: Incident) -> None:
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(BABURA)
    page.get_by_role("button", name="Saya sudah pindah").click()


def by_officer(page: Page, cast: Cast, incident: Incident) -> None:
    site = PLACES.site(BABURA["latitude"], BABURA["longitude"], precision="pin", landmark="")
    cast.take(incident, "claim", cast.hendra)
    cast.take(incident, "relocate", cast.hendra, site=site, reason="Salah titik")


@pytest.mark.parametrize(
    ("category", "corrected"),
    [("CURAS_BEGAL", by_words), ("DARURAT_NYAWA", by_phone), ("CURAS_BEGAL", by_officer)],
)
def test_amber_goes_by_itself_once_the_place_is_ours(
    phone: Pages, cast: Cast, category: str, corrected: Correct
) -> None:
    incident = cast.file(category=category, at=BINJAI)
    page = phone("ann")
    page.goto(f"/complaints/{complaints(cast)[0].ref}")
    expect(page.locator("#lamp")).to_have_attribute("data-is", "well")
    expect(page.locator("#far")).to_contain_text("Polres Binjai")
    expect(page.locator(".line .ahead")).to_have_count(0)
    page.evaluate("window.stayed = true")
    corrected(page, cast, incident)
    expect(page.locator("#far")).to_have_count(0)
    expect(page.locator("#where")).to_contain_text("Babura")
    expect(page.locator(".line .ahead").first).to_be_visible()
    assert page.evaluate("window.stayed"), "the page was loaded anew"


def test_what_the_form_says_of_a_place_goes_once_another_is_chosen(phone: Pages, cast: Cast) -> None:
    page = phone("ann", permissions=["geolocation"], geolocation=PENANG)
    page.goto("/complaints/new")
    said, ground = page.locator("#here-said"), page.locator("#here-map")
    fill(page, place="")
    page.locator("#here-me").click()
    expect(page.locator("#here")).to_have_attribute("data-set", "yes")
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.locator("#fault-lat")).to_contain_text("Telepon 110")
    page.context.set_geolocation({**BABURA, "accuracy": 900})
    page.locator("#here-me").click()
    expect(said).to_contain_text("kurang teliti")
    expect(page.locator("#fault-lat, #stop [data-of=lat]")).to_have_count(0)
    ground.focus()
    page.keyboard.press("ArrowUp")
    expect(said).to_be_hidden()
    assert complaints(cast) == []
