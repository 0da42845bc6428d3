"""Evidence beside the panel: one looks, ticks and sends at once; each look is noted, and nothing is shown of another incident."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session, select

from console.evidence.store import Store
from models.incidents.evidence import Evidence, Transfer
from models.incidents.incident import Incident
from models.record.event import Event, Look
from models.time import now
from tests.support import films
from tests.support.serving import Cast
from tests.support.town import jpeg

SHOWN = "() => document.querySelector('#viewer-stage > *')?.getAttribute('src') ?? null"
SCALE = "() => Number(document.querySelector('#viewer-stage > img').style.transform.match(/scale\\(([\\d.]+)\\)/)[1])"
TURNED = "() => Number(document.querySelector('#viewer-stage > img').style.transform.match(/rotate\\((\\d+)deg\\)/)[1])"


@pytest.fixture
def shows(cast: Cast, tmp_path: Path) -> Callable[..., list[str]]:
    """shows(incident, "photo", "video"): it has such evidence now; their keys."""
    store = Store(tmp_path)

    def add(incident: Incident, *kinds: str, complaint: int = 0, **more: object) -> list[str]:
        def rows(session: Session) -> list[str]:
            owner = session.get_one(Incident, incident.id).complaints[complaint]
            made = []
            for n, kind in enumerate(kinds):
                sha256 = f"{incident.id:032x}{complaint:016x}{n:016x}"
                place(store, sha256, kind)
                film = {"seconds": 2.0, "playable": True} if kind == "video" else {}
                given = (
                    {"kind": kind, "mime": "image/jpeg", "size": 1, "sha256": sha256, "state": "ready"} | film | more
                )
                made.append(Evidence(complaint_id=owner.id, **given))
            session.add_all(made)
            session.flush()
            return [row.key for row in made]

        return cast.run(rows)

    return add


def place(store: Store, sha256: str, kind: str) -> None:
    original = store.path(sha256)
    original.parent.mkdir(parents=True, exist_ok=True)
    original.write_bytes(jpeg())
    for size in ("view", "thumb", "veil"):
        store.derived(sha256, size).write_bytes(jpeg("blue"))  # type: ignore[arg-type]
    if kind == "video":
        store.film(sha256).write_bytes(films.film())


def looks(cast: Cast) -> list[int | None]:
    rows = select(Look.evidence_id).where(Look.what == "evidence")
    return cast.read(lambda session: list(session.exec(rows)))


@pytest.fixture
def mine(cast: Cast, console: Callable[..., Page]) -> Callable[..., Page]:
    """The console of whoever holds this incident, which is open and has evidence."""

    def open_mine(incident: Incident, **options: object) -> Page:
        page = console("hendra", incident.id, **options)
        expect(page.locator("#panel .thumb").first).to_be_visible()
        return page

    return open_mine


def claimed(cast: Cast, **more: object) -> Incident:
    return cast.take(cast.file(**more), "claim", cast.hendra)


def test_one_looks_ticks_and_sends_without_leaving_the_picture(
    cast: Cast, mine: Callable[..., Page], shows: Callable[..., list[str]]
) -> None:
    incident = claimed(cast)
    shows(incident, "photo", "photo")
    page = mine(incident)
    assert looks(cast) == []
    page.keyboard.press("v")
    expect(page.locator("#viewer-noted")).to_contain_text("tercatat")
    assert len(looks(cast)) == 1
    expect(page.locator("#map")).to_be_hidden()
    expect(page.locator("#panel .send-form")).to_be_visible()
    number, before = page.locator("#panel .stepper-n"), int(page.locator("[data-sum-total]").inner_text())
    page.locator("#viewer [data-tick=armed]").click()
    expect(page.locator("#viewer [data-tick=armed]")).to_have_attribute("aria-pressed", "true")
    expect(number).to_have_value(str(before + 4))
    expect(page.locator("#panel .seen-in")).to_contain_text("Bersenjata: dari foto 1")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#viewer-name")).to_have_text("Foto 2")
    page.locator("#viewer [data-tick=vehicle]").click()
    expect(page.locator("#panel .seen-in")).to_contain_text("Kendaraan terlibat: dari foto 2")
    page.locator("#viewer [data-tick=vehicle]").click()
    expect(page.locator("#panel .seen-in li")).to_have_count(1)
    page.keyboard.press("7")
    expect(number).to_have_value("7")
    page.keyboard.press("d")
    expect(page.locator(f"#incident-{incident.id}")).to_have_attribute("data-status", "dispatched")
    expect(page.locator("#viewer")).to_be_visible()
    step = cast.read(lambda session: session.exec(select(Event).where(Event.step == "dispatch")).one())
    first = cast.read(lambda session: session.exec(select(Evidence.id).order_by(Evidence.id)).first())  # type: ignore[arg-type]
    assert ([code for code in step.body["modifiers"] if code != "night"], step.body["seen_in"]) == (
        ["armed"],
        {"armed": first},
    )
    page.keyboard.press("v")
    expect(page.locator("#map")).to_be_visible()


def test_a_veil_is_no_look_and_a_second_look_is_not_noted_twice(
    cast: Cast, mine: Callable[..., Page], shows: Callable[..., list[str]]
) -> None:
    incident = claimed(cast)
    shows(incident, "photo", "photo", "photo")
    page = mine(incident)
    expect(page.locator("#panel .thumb img").last).to_have_js_property("complete", True)
    assert looks(cast) == []
    for _ in range(2):
        page.keyboard.press("v")
        expect(page.locator("#viewer-noted")).to_contain_text("tercatat")
        page.keyboard.press("ArrowRight")
        expect(page.locator("#viewer-noted")).to_contain_text("tercatat")
        page.keyboard.press("Escape")
        expect(page.locator("#viewer")).to_be_hidden()
        assert page.evaluate(SHOWN) is None
    assert len(looks(cast)) == 2


def test_keys_zoom_turn_and_make_whole_and_a_held_key_does_not_leaf_through(
    cast: Cast, mine: Callable[..., Page], shows: Callable[..., list[str]]
) -> None:
    incident = claimed(cast)
    shows(incident, "photo", "photo", "photo")
    page = mine(incident)
    page.keyboard.press("v")
    expect(page.locator("#viewer-noted")).to_contain_text("tercatat")
    page.keyboard.press("+")
    page.keyboard.press("+")
    assert page.evaluate(SCALE) > 1.5
    page.keyboard.press("-")
    page.keyboard.press("Home")
    assert page.evaluate(SCALE) == 1
    page.keyboard.press("x")
    assert page.evaluate(TURNED) == 90
    page.mouse.move(600, 400)
    page.mouse.wheel(0, -300)
    expect(page.locator("#viewer-scale")).to_have_text("120 %")
    page.keyboard.down("ArrowRight")
    page.keyboard.down("ArrowRight")  # the same key, held: a repeat
    page.keyboard.up("ArrowRight")
    expect(page.locator("#viewer-name")).to_have_text("Foto 2")
    page.wait_for_function(f"() => document.querySelector('#viewer-stage > img').style.transform && ({TURNED})() === 0")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#viewer-name")).to_have_text("Foto 3")


@pytest.mark.parametrize("seconds", [0.3, 1.0])
def test_however_slow_the_answers_only_the_chosen_incident_s_evidence_is_shown(
    cast: Cast, mine: Callable[..., Page], shows: Callable[..., list[str]], seconds: float
) -> None:
    here, there = claimed(cast), claimed(cast, by=cast.zed, category="KEBAKARAN")
    ours, theirs = shows(here, "photo", "photo"), shows(there, "photo")
    page = mine(here)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    at_most = {"offline": False, "downloadThroughput": -1, "uploadThroughput": -1}
    line.send("Network.emulateNetworkConditions", {**at_most, "latency": seconds * 1000})
    page.keyboard.press("v")
    expect(page.locator("#viewer")).to_be_visible()
    page.locator(f"#incident-{there.id} .card-what").click()
    expect(page.locator("#viewer")).to_be_hidden()
    page.keyboard.press("v")  # its panel is still on its way
    shown = page.evaluate(SHOWN)
    assert shown is None or theirs[0] in shown
    expect(page.locator(f"#incident-open-{there.id}")).to_be_visible()
    if not page.locator("#viewer").is_visible():
        page.keyboard.press("v")
    page.wait_for_function(f"key => ({SHOWN})()?.includes(key)", arg=theirs[0])
    expect(page.locator("#viewer-noted")).to_contain_text("tercatat")
    assert not any(f"{ours[1]}/view" in url for url in asked)


def test_a_merged_incident_says_whose_evidence_it_is(
    cast: Cast, mine: Callable[..., Page], shows: Callable[..., list[str]]
) -> None:
    incident, other = claimed(cast), cast.file(by=cast.zed)
    shows(incident, "photo")
    cast.take(other, "merge", cast.hendra, into=incident.id)
    shows(incident, "photo", complaint=1)
    page = mine(incident)
    page.keyboard.press("v")
    expect(page.locator("#viewer-whose")).to_have_text("Ann S.")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#viewer-whose")).to_have_text("Zed H.")
    expect(page.locator("#viewer-of")).to_contain_text("2 dari 2")


def test_space_plays_and_pauses_a_film(cast: Cast, mine: Callable[..., Page], shows: Callable[..., list[str]]) -> None:
    incident = claimed(cast)
    shows(incident, "video")
    page = mine(incident)
    page.keyboard.press("v")
    film = page.locator("#viewer video")
    expect(film).to_have_js_property("paused", True)
    film.evaluate("film => { film.muted = true; film.loop = true; }")
    page.wait_for_function("() => document.querySelector('#viewer video').readyState >= 1")
    page.keyboard.press("Space")
    expect(film).to_have_js_property("paused", False)
    page.keyboard.press("Space")
    expect(film).to_have_js_property("paused", True)
    assert film.get_attribute("poster") and film.evaluate("film => film.controls")
    assert len(looks(cast)) == 1


def test_what_cannot_be_shown_is_said_in_words_and_the_original_is_offered(
    cast: Cast, mine: Callable[..., Page], shows: Callable[..., list[str]]
) -> None:
    incident = claimed(cast)
    shows(incident, "photo")
    (lost,) = shows(incident, "video", complaint=0, state="unreadable", fault="broken", playable=None)
    complaint = cast.read(lambda session: session.get_one(Incident, incident.id).complaints[0].id)
    coming = Transfer(
        complaint_id=complaint, citizen_id=cast.ann.id or 0, declared="video/mp4", size=1000, offset=400,
        told_at=now(), began_at=now(), expires_at=now().replace(year=now().year + 1),
    )  # fmt: skip
    cast.run(lambda session: session.add(coming))
    page = mine(incident)
    page.route("**/evidence/*/view", lambda route: route.abort())
    page.keyboard.press("v")
    none = page.locator("#viewer-none")
    expect(none).to_contain_text("tidak dapat ditampilkan")
    expect(page.locator("#viewer-noted")).to_be_empty()
    page.unroute("**/evidence/*/view")
    page.get_by_role("button", name="Coba lagi").click()
    expect(page.locator("#viewer-noted")).to_contain_text("tercatat")
    expect(none).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(none).to_contain_text("tidak terbaca")
    expect(page.locator("#viewer-download")).to_have_attribute("href", f"/evidence/{lost}/original")
    page.keyboard.press("ArrowRight")
    expect(none).to_contain_text("40 %")
    expect(page.locator("#viewer-download")).to_be_hidden()


def test_what_a_colleague_does_meanwhile_leaves_the_picture_as_it_is(
    cast: Cast, mine: Callable[..., Page], shows: Callable[..., list[str]]
) -> None:
    incident = claimed(cast)
    shows(incident, "photo", "photo")
    page = mine(incident)
    page.keyboard.press("v")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#viewer-name")).to_have_text("Foto 2")
    expect(page.locator("#viewer-noted")).to_contain_text("tercatat")
    page.keyboard.press("+")
    shown = page.locator("#viewer-stage > img").evaluate_handle("img => img")
    cast.take(incident, "note", cast.sari, words="periksa CCTV")
    expect(page.locator("#panel .diary")).to_contain_text("periksa CCTV")
    assert page.evaluate("img => img.isConnected", shown)
    assert page.evaluate(SCALE) > 1


@pytest.mark.parametrize("width", [1440, 390])
def test_a_locked_screen_shows_no_evidence(
    cast: Cast, mine: Callable[..., Page], shows: Callable[..., list[str]], width: int
) -> None:
    incident = claimed(cast)
    shows(incident, "photo", "photo")
    page = mine(incident, viewport={"width": width, "height": 844})
    page.locator("#panel .thumb").first.click()
    expect(page.locator("#viewer-noted")).to_contain_text("tercatat")
    expect(page.locator("#viewer-stage img")).to_be_visible()
    page.keyboard.press("l")
    expect(page.locator("#lock")).to_be_visible()
    expect(page.locator("#viewer-stage img")).to_be_hidden()
    expect(page.locator("#viewer-film img").last).to_be_hidden()
    expect(page.locator("#viewer-film canvas")).to_be_hidden()


def test_on_a_phone_it_covers_the_page_and_one_comes_back(
    cast: Cast, mine: Callable[..., Page], shows: Callable[..., list[str]]
) -> None:
    incident = claimed(cast)
    shows(incident, "photo", "photo")
    page = mine(incident, viewport={"width": 390, "height": 844})
    page.locator("#panel .thumb").first.click()
    expect(page.locator("#viewer-noted")).to_contain_text("tercatat")
    box = page.locator("#stage-over").bounding_box()
    assert box and (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 844)
    wide = "() => document.documentElement.scrollWidth > innerWidth || document.getElementById('viewer').scrollWidth > innerWidth"
    assert page.evaluate(wide) is False
    page.locator("#viewer [data-tick=fire]").click()
    page.locator("#stage-over .stage-back").click()
    expect(page.locator("#panel .seen-in")).to_contain_text("Api: dari foto 1")


def test_it_is_accessible_and_everything_in_it_has_a_name(
    cast: Cast,
    mine: Callable[..., Page],
    shows: Callable[..., list[str]],
    violations: Callable[[Page], list[str]],
    page_errors: list[str],
) -> None:
    incident = claimed(cast)
    shows(incident, "photo", "photo", "video")
    for theme in ("dark", "light"):
        page = mine(incident, theme=theme, reduced_motion="reduce")
        page.keyboard.press("v")
        expect(page.locator("#viewer-noted")).to_contain_text("tercatat")
        found = violations(page)
        page_errors[:] = [error for error in page_errors if "inline style" not in error]  # axe's own probes
        assert found == []
