"""What takes the place of the map: one thing at a time, the panel stays, and the map is whole again afterwards."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.serving import Cast

BOX = """id => { const box = document.getElementById(id).getBoundingClientRect();
    return [box.x, box.y, box.width, box.height]; }"""
STAGED = "() => document.documentElement.dataset.stage ?? null"


@pytest.mark.parametrize("width", [1440, 1920])
def test_the_stage_takes_the_map_s_place_and_the_panel_does_not_move(
    cast: Cast, console: Callable[..., Page], width: int
) -> None:
    incident = cast.file(category="KEBAKARAN")
    page = console("hendra", incident.id, viewport={"width": width, "height": 900})
    expect(page.locator(f"#incident-open-{incident.id}")).to_be_visible()
    panel = page.evaluate(BOX, "side")
    page.evaluate("() => { siaga.choice.stage('merge'); }")
    expect(page.locator("#stage-over [data-part=merge]")).to_be_focused()
    assert page.evaluate(BOX, "side") == panel
    assert page.evaluate(BOX, "queue")[2] == 208
    assert page.evaluate(BOX, "stage-over")[0] == 208
    expect(page.locator("#map")).to_be_hidden()
    expect(page.locator(".queue-wide")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#map")).to_be_visible()
    expect(page.locator(".queue-wide")).to_be_hidden()
    assert page.evaluate(STAGED) is None
    assert page.evaluate(BOX, "side") == panel


def test_the_map_fills_its_place_again_with_its_pins_where_they_belong(
    cast: Cast, console: Callable[..., Page]
) -> None:
    incident = cast.file()
    page = console("hendra", incident.id)
    expect(page.locator(f'.pin[data-id="{incident.id}"]')).to_be_visible()
    sized = """() => { const { x, y } = siaga.map.getSize(), box = document.getElementById("map").getBoundingClientRect();
        return Math.abs(x - box.width) < 1 && Math.abs(y - box.height) < 1; }"""
    stands = """id => { const box = document.getElementById("map").getBoundingClientRect();
        const { lat, lon } = document.getElementById(`incident-${id}`).dataset;
        const at = siaga.map.latLngToContainerPoint([+lat, +lon]);
        const pin = document.querySelector(`.pin[data-id="${id}"] use`).getBoundingClientRect();
        return Math.abs(pin.x + pin.width / 2 - box.x - at.x) < 3 && Math.abs(pin.y + pin.height / 2 - box.y - at.y) < 3
            && siaga.map.getBounds().contains([+lat, +lon]); }"""
    narrow = page.evaluate(BOX, "map")[2]
    page.evaluate("() => { siaga.choice.stage('merge'); }")
    page.wait_for_function(sized)
    assert page.evaluate(BOX, "map")[2] > narrow
    page.evaluate("() => { siaga.choice.stage(null); }")
    page.wait_for_function(sized)
    page.wait_for_function(stands, arg=str(incident.id))
    assert page.evaluate(BOX, "map")[2] == narrow


def test_one_thing_at_a_time_and_the_focus_goes_back_to_where_it_was(cast: Cast, console: Callable[..., Page]) -> None:
    incident = cast.take(cast.file(), "claim", cast.hendra)
    page = console("hendra", incident.id)
    number = page.locator("#panel .stepper-n")
    number.focus()
    page.evaluate("() => { siaga.choice.stage('merge'); }")
    page.evaluate("() => { siaga.choice.stage('evidence'); }")
    expect(page.locator("#stage-over > [data-part]:visible")).to_have_count(1)
    expect(page.locator("#stage-over > [data-part=evidence]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(number).to_be_focused()


def test_another_incident_gives_the_map_back(cast: Cast, console: Callable[..., Page]) -> None:
    here, there = cast.file(), cast.file(category="KEBAKARAN")
    page = console("hendra", here.id)
    page.evaluate("() => { siaga.choice.stage('merge'); }")
    page.locator(f"#incident-{there.id} .card-what").click()
    expect(page.locator(f"#incident-open-{there.id}")).to_be_visible()
    assert page.evaluate(STAGED) is None
    expect(page.locator("#map")).to_be_visible()


def test_the_narrow_queue_keeps_every_age_whole_and_the_one_key(cast: Cast, console: Callable[..., Page]) -> None:
    for category in ("KEBAKARAN", "PERAS_PREMAN", "BARANG_HILANG", "KDRT_PPA"):
        cast.file(category=category)
    page = console("hendra")
    page.evaluate("() => { siaga.choice.stage('merge'); }")
    cut = """() => [...document.querySelectorAll("#board > .card")].flatMap(card => {
        const box = card.getBoundingClientRect(), parts = [...card.querySelectorAll(".age, .mark, .card-what")];
        return parts.filter(part => { const at = part.getBoundingClientRect();
            return !at.width || at.left < box.left || at.right > box.right + 0.5 || part.scrollWidth > part.clientWidth + 1; })
          .map(part => part.className.baseVal ?? part.className); })"""
    assert page.evaluate(cut) == []
    expect(page.locator("#board .card button:visible").first).to_contain_text("C")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    assert page.evaluate(STAGED) is None


def test_on_a_phone_it_is_a_sheet_with_a_way_back(cast: Cast, console: Callable[..., Page]) -> None:
    incident = cast.file()
    page = console("hendra", incident.id, viewport={"width": 390, "height": 844})
    expect(page.locator(f"#incident-open-{incident.id}")).to_be_visible()
    page.evaluate("() => { siaga.choice.stage('merge'); }")
    assert page.evaluate(BOX, "stage-over") == [0, 0, 390, 844]
    page.locator("#stage-over [data-unstage]").click()
    expect(page.locator(f"#incident-open-{incident.id}")).to_be_visible()
    expect(page.locator("#stage-over")).to_be_hidden()


WRITTEN = """([zoom]) => { siaga.map.setView([3.5775, 98.677], zoom, { animate: false });
    return [...document.querySelectorAll(".drawing-places text")].map(text => {
        const { x, y, width, height } = text.getBoundingClientRect();
        return { name: text.textContent, x, y, width, height }; }); }"""


def test_the_map_says_where_a_pin_is_as_one_comes_nearer(cast: Cast, console: Callable[..., Page]) -> None:
    page = console("hendra")
    expect(page.locator(".drawing-names text").first).to_be_attached()
    far, near = page.evaluate(WRITTEN, [12]), page.evaluate(WRITTEN, [15.5])
    names = [one["name"] for one in near]
    assert far == [] and {"Madras Hulu", "Simpang Waspada", "Masjid Agung"} <= set(names)
    hits = [
        (one["name"], other["name"])
        for n, one in enumerate(near) for other in near[n + 1 :]
        if one["x"] < other["x"] + other["width"] and other["x"] < one["x"] + one["width"]
        and abs(one["y"] - other["y"]) < 10
    ]  # fmt: skip
    assert hits == []


@pytest.mark.parametrize("key", ["o", "n"], ids=["correct the place", "file for a caller"])
def test_pointing_at_the_map_takes_a_comparison_out_of_its_way(
    cast: Cast, console: Callable[..., Page], key: str
) -> None:
    first = cast.take(cast.file(at=(3.58, 98.66)), "claim", cast.hendra)
    cast.file(at=(3.58, 98.66))
    page = console("hendra", first.id)
    expect(page.locator(f"#incident-open-{first.id}")).to_be_visible()
    page.evaluate("id => siaga.merge(id)", first.id)
    expect(page.locator("#stage-over .merge")).to_be_visible()
    if key == "o":
        page.locator(f"#relocate-{first.id}").evaluate("dialog => dialog.showModal()")
    else:
        page.keyboard.press("n")
    form = page.locator("#sheet" if key == "n" else f"#relocate-{first.id}")
    form.locator("[data-pick]").click()
    expect(page.locator("#stage-over .merge")).to_be_hidden()
    page.locator("#map").click(position={"x": 300, "y": 250})
    expect(form.locator("[name=point]")).to_have_value(re.compile(r"^3\.\d+, 98\.\d+$"))
    expect(form).to_be_visible()
