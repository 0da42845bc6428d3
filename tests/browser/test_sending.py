"""How many go, and from whom: never hidden, said on the button, asked why at once, and never without the hand."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlmodel import Session, select

from models.city.station import Station
from models.incidents.dispatch import Dispatch
from tests.support.serving import Cast

ROWS = """() => [...document.querySelectorAll("#panel .posts > .post")].filter(post => post.checkVisibility())
    .map(post => [post.dataset.short, Number(post.querySelector(".post-go").value), post.querySelector(".post-in").checked])"""


def stand(cast: Cast, **free: int) -> None:
    """So many on shift at these stations, by the last part of their code, and none at any other."""

    def state(session: Session) -> None:
        for station in session.exec(select(Station)):
            station.strength = free.get(station.code.rpartition("-")[2], 0)

    cast.run(state)


def mine(cast: Cast, console: Callable[..., Page], **options: object) -> Page:
    incident = cast.take(cast.file(), "claim", cast.hendra)
    page = console("hendra", incident.id, **options)
    expect(page.locator("#panel .send-form")).to_be_visible()
    return page


def sent(cast: Cast) -> dict[str, int]:
    rows = select(Station.code, Dispatch.personnel).where(Station.id == Dispatch.station_id)
    return {code.rpartition("-")[2]: n for code, n in cast.read(lambda session: session.exec(rows).all())}


def test_who_sends_stands_first_and_the_button_and_a_line_say_it(cast: Cast, console: Callable[..., Page]) -> None:
    stand(cast, SUNGGAL=5, TIMUR=9)
    page = mine(cast, console)
    assert page.evaluate(ROWS)[0] == ["Sunggal", 4, True]
    expect(page.locator("[data-sends]").first).to_contain_text("Kirim 4 · Sunggal")
    expect(page.locator("#panel .from-why")).to_have_text("Medan Baru kosong, jadi Sunggal")
    page.evaluate("() => siaga.digit(7)")
    assert page.evaluate(ROWS)[:3] == [["Sunggal", 5, True], ["Timur", 2, True], ["Medan Baru", 0, False]]
    expect(page.locator("[data-sends]").first).to_contain_text("Kirim 7 · Sunggal 5, Timur 2")
    page.keyboard.press("d")
    expect(page.locator("#panel .post-sent")).to_have_count(2)
    assert sent(cast) == {"SUNGGAL": 5, "TIMUR": 2}


def test_the_names_on_the_button_wrap_and_are_never_cut(cast: Cast, console: Callable[..., Page]) -> None:
    stand(cast, **dict.fromkeys(("BARU", "BARAT", "SUNGGAL", "TIMUR", "HELVETIA", "KOTA", "AREA", "TEMBUNG"), 2))
    page = mine(cast, console)
    page.evaluate("() => siaga.digit(16)")
    button = page.locator("[data-sends]").first
    expect(button).to_contain_text("Kirim 16 · ")
    assert button.evaluate("node => node.scrollWidth <= node.clientWidth && node.scrollHeight <= node.clientHeight + 1")


def test_chosen_stations_are_in_sight_when_the_others_are_folded_away(cast: Cast, console: Callable[..., Page]) -> None:
    stand(cast, KUTALIMBARU=9)  # the farthest of all
    page = mine(cast, console)
    assert page.evaluate(ROWS)[0] == ["Kutalimbaru", 4, True] and len(page.evaluate(ROWS)) == 3
    page.locator("#panel .posts-more").click()
    assert len(page.evaluate(ROWS)) == page.locator("#panel .post").count()
    page.locator("#panel .posts-more").click()
    assert page.evaluate(ROWS)[0] == ["Kutalimbaru", 4, True] and len(page.evaluate(ROWS)) == 3


def test_when_nobody_is_free_the_reason_is_asked_at_once_and_neighbours_are_offered(
    cast: Cast, console: Callable[..., Page]
) -> None:
    stand(cast)
    page = mine(cast, console)
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    expect(page.locator("#panel .from-why")).to_have_text("Tidak ada yang bebas")
    reason = page.locator("#panel .over input")
    expect(reason).to_be_visible()
    page.keyboard.press("d")
    expect(reason).to_be_focused()
    assert not [url for url in posts if "/dispatch" in url]
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Minta satuan tetangga").click()
    expect(page.locator("dialog:modal select[name=agency]")).to_be_visible()
    page.keyboard.press("Escape")
    reason.fill("regu patroli ikut")
    page.locator("#panel [data-sends]").first.click()
    expect(page.locator("#panel .post-sent")).to_have_count(1)
    assert sent(cast) == {"BARU": 4}


def test_a_hand_that_goes_over_is_asked_and_the_next_station_is_offered(
    cast: Cast, console: Callable[..., Page]
) -> None:
    stand(cast, SUNGGAL=3, TIMUR=9)
    page = mine(cast, console)
    page.get_by_label("Dari Polsek Medan Sunggal").fill("5")
    expect(page.locator("#panel .over")).to_contain_text("2 di atas kekuatan bebas")
    page.get_by_role("button", name="Lengkapi dari Timur").click()
    expect(page.locator("#panel .over")).to_be_hidden()
    expect(page.locator("[data-sends]").first).to_contain_text("Kirim 6 · Sunggal 3, Timur 3")


def test_a_tick_takes_from_there_as_well_and_its_loss_reaches_further(cast: Cast, console: Callable[..., Page]) -> None:
    stand(cast, SUNGGAL=5, TIMUR=9)
    page = mine(cast, console)
    timur, sunggal = (page.get_by_role("checkbox", name=f"Polsek Medan {name}") for name in ("Timur", "Sunggal"))
    page.locator("#panel .posts-more").click()
    timur.focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-sends]").first).to_contain_text("Kirim 4 · Sunggal 3, Timur 1")
    expect(timur).to_be_focused()
    sunggal.focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-sends]").first).to_contain_text("Kirim 4 · Timur")
    timur.focus()
    page.keyboard.press("1")
    page.keyboard.press("2")
    expect(page.locator("#panel .stepper-n")).to_have_value("12")
    expect(page.get_by_label("Dari Polsek Medan Timur")).to_have_value("12")
    expect(page.locator("#panel .over")).to_be_visible()


def test_free_strength_that_changes_meanwhile_is_spread_anew(cast: Cast, console: Callable[..., Page]) -> None:
    stand(cast, SUNGGAL=5, TIMUR=9)
    page = mine(cast, console)
    expect(page.locator("[data-sends]").first).to_contain_text("Kirim 4 · Sunggal")
    other = cast.take(cast.file(by=cast.zed), "claim", cast.ratna)
    cast.send(other, cast.ratna, (None, 5))
    expect(page.locator("[data-sends]").first).to_contain_text("Kirim 4 · Timur")
    expect(page.locator("#panel .from-why")).to_have_text("Medan Baru kosong, jadi Timur")


def test_a_station_that_nobody_counted_is_offered_and_is_never_over(cast: Cast, console: Callable[..., Page]) -> None:
    stand(cast, SUNGGAL=5)
    page = mine(cast, console)
    page.evaluate("""() => { const post = document.querySelector('#panel .post[data-short="Timur"]');
        post.dataset.free = ""; }""")
    page.get_by_label("Dari Polsek Medan Timur").evaluate(
        "(field, n) => { field.value = n; field.dispatchEvent(new Event('input', { bubbles: true })); }", 20
    )
    expect(page.locator("[data-sends]").first).to_contain_text("Timur 20")
    expect(page.locator("#panel .over")).to_be_hidden()


def test_the_map_draws_a_line_and_a_number_to_every_station_that_sends(
    cast: Cast, console: Callable[..., Page]
) -> None:
    stand(cast, SUNGGAL=5, TIMUR=9)
    page = mine(cast, console)
    expect(page.locator(".map-route")).to_have_count(1)
    expect(page.locator(".map-going")).to_have_text("4")
    page.evaluate("() => siaga.digit(7)")
    expect(page.locator(".map-route")).to_have_count(2)
    assert sorted(page.locator(".map-going").all_text_contents()) == ["2", "5"]
    expect(page.locator(".station--chosen")).to_have_count(2)


def test_f_goes_to_the_stations_and_the_whole_choice_is_made_by_keys(cast: Cast, console: Callable[..., Page]) -> None:
    stand(cast, BARU=3, SUNGGAL=5)
    page = mine(cast, console)
    expect(page.locator("#panel .from-why")).to_have_text("Medan Baru hanya 3 bebas, sisanya Sunggal")
    page.keyboard.press("f")
    expect(page.get_by_role("checkbox", name="Polsek Medan Baru")).to_be_focused()
    page.keyboard.press("2")
    expect(page.locator("#panel .stepper-n")).to_have_value("3")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("checkbox", name="Polsek Medan Sunggal")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("[data-sends]").first).to_contain_text("Kirim 3 · Medan Baru")
    page.keyboard.press("2")
    expect(page.locator("[data-sends]").first).to_contain_text("Kirim 5 · Medan Baru 3, Sunggal 2")
    page.keyboard.press("Enter")
    page.keyboard.press("d")
    expect(page.locator("#panel .post-sent")).to_have_count(2)
    assert sent(cast) == {"BARU": 3, "SUNGGAL": 2}


def test_what_was_reckoned_for_another_kind_or_place_is_reckoned_anew(cast: Cast, console: Callable[..., Page]) -> None:
    page = mine(cast, console)
    id = int(page.evaluate("siaga.choice.id()"))
    page.evaluate("() => siaga.digit(9)")
    cast.take(cast.incident(id), "recategorise", cast.hendra, category="KEBAKARAN", reason="asap")
    expect(page.locator("#panel h1")).to_have_text("Kebakaran")
    page.wait_for_function("() => siaga.choice.settled() && !siaga.choice.reading()")
    shown = page.locator("#panel .stepper-n").input_value(), page.evaluate(ROWS)
    page.reload()
    page.wait_for_function("() => window.siaga?.choice.settled() && !siaga.choice.reading()")
    assert shown == (page.locator("#panel .stepper-n").input_value(), page.evaluate(ROWS))


def test_what_is_over_is_taken_over_by_who_has_more_free(cast: Cast, console: Callable[..., Page]) -> None:
    """Also from a ticked station that has nobody left."""
    stand(cast, SUNGGAL=0, TIMUR=3)
    page = mine(cast, console)
    page.locator("#panel .posts-more").click()
    for name, n in (("Baru", 0), ("Timur", 2), ("Sunggal", 1)):
        page.get_by_label(f"Dari Polsek Medan {name}").fill(str(n))
    expect(page.locator("#panel .over")).to_contain_text("1 di atas kekuatan bebas")
    page.get_by_role("button", name="Lengkapi dari Timur").click()
    expect(page.locator("[data-sends]").first).to_contain_text("Kirim 3 · Timur")
    expect(page.locator("#panel .over")).to_be_hidden()


def test_a_press_meant_for_what_stood_before_sends_nothing_and_becomes_no_reason(
    cast: Cast, console: Callable[..., Page]
) -> None:
    stand(cast, SUNGGAL=3, TIMUR=9)
    page = mine(cast, console)
    page.get_by_label("Dari Polsek Medan Sunggal").fill("3")
    page.locator("#panel").focus()
    page.evaluate("""async () => { const post = document.querySelector('#panel .post[data-short="Sunggal"]');
        const row = document.getElementById(`station-${post.dataset.station}`);
        row.dataset.free = "0"; row.dataset.says = "0 bebas";
        while (!document.querySelector("#panel .over[data-needed]")) await new Promise(requestAnimationFrame);
        document.querySelector("#panel [data-sends]").click(); }""")
    expect(page.locator("#errors")).to_contain_text("kekuatan bebas baru berubah, dihitung ulang. Sekarang: Kirim")
    expect(page.locator("#panel .over")).to_be_hidden()
    expect(page.locator("#panel .over input")).not_to_be_focused()
    assert sent(cast) == {}
