"""Slow answers, refusals and broken lines at the console: nothing is done twice or unseen, what was refused is said in words, and
what was undone is as it stood."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_hands import acts, card, late
from tests.browser.test_queue import evening
from tests.support.law import BABURA
from tests.support.serving import Cast

Open = Callable[..., Page]

# Answers to acts come when they are let go: release() gives the page what the server said long ago.
HELD = """() => {
  const real = window.fetch, held = [];
  window.posts = [];
  window.release = () => { held.splice(0).forEach(done => done()); };
  window.fetch = async (url, options = {}) => {
    const answer = await real(url, options);
    if (options.method !== "POST") return answer;
    window.posts.push(String(url).split("/").slice(-2).join(" "));
    await new Promise(done => held.push(done));
    return answer;
  };
}"""
# No answer at all, as long as window.cut says so.
CUT = """() => {
  const real = window.fetch;
  window.cut = true;
  window.fetch = (url, options = {}) => window.cut && options.method === "POST" ? Promise.reject(new TypeError("no line")) : real(url, options);
}"""


def errors(page: Page) -> Any:
    return page.locator("#errors")


def settled(page: Page, id: int) -> None:
    page.wait_for_function(
        "id => siaga.choice.id() === id && siaga.choice.settled() && !siaga.choice.reading()", arg=str(id)
    )


def menu(page: Page, letter: str) -> None:
    page.keyboard.press(".")
    expect(page.locator(".menu:popover-open .menu-item:focus")).to_be_visible()
    page.keyboard.press(letter)


def mine(cast: Cast, **more: Any) -> Any:
    return cast.take(cast.file(**more), "claim", cast.hendra)


# One press, one act


def test_an_undo_asks_for_no_comparison_and_says_nothing_wrong(cast: Cast, console: Open) -> None:
    incident = cast.file()
    page, asked = console("hendra", incident.id), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    settled(page, incident.id)
    for undo in (lambda: page.keyboard.press("z"), lambda: page.locator("#undo button").click()):
        page.keyboard.press("c")
        expect(card(page, incident.id)).to_have_attribute("data-status", "claimed")
        settled(page, incident.id)
        undo()
        expect(card(page, incident.id)).to_have_attribute("data-status", "new")
        settled(page, incident.id)
    assert [url for url in asked if "alike" in url] == []
    expect(errors(page)).to_be_empty()


def test_words_of_the_search_stay_whole_when_nothing_is_late(cast: Cast, console: Open) -> None:
    page = console("hendra", mine(cast).id)
    page.keyboard.press("/")
    page.keyboard.type("x")
    expect(page.locator("#waits")).to_contain_text("Tidak ada yang menunggu")
    assert page.locator("#waits").get_attribute("data-words-late")


def test_c_pressed_twice_takes_one_however_late_the_panel_is(cast: Cast, console: Open) -> None:
    first, second = cast.file(), cast.file()
    page = console("hendra", first.id)
    settled(page, first.id)
    late(page, 60_000)
    page.keyboard.press("c")
    page.keyboard.press("c")
    expect(card(page, first.id)).to_have_attribute("data-status", "claimed")
    page.keyboard.press("c")
    expect(page.locator("#early")).to_have_text("Tidak dijalankan: langkah tadi masih dikirim.")
    assert acts(page) == [(first.id, "claim")]
    assert cast.incident(second.id).status == "new"


def test_what_is_on_its_way_is_not_done_again_by_key_press_or_enter(cast: Cast, console: Open) -> None:
    incident = mine(cast)
    page = console("hendra", incident.id)
    settled(page, incident.id)
    page.evaluate(HELD)
    page.keyboard.press("d")
    page.wait_for_function("() => window.posts.length")
    page.keyboard.press("d")
    expect(page.locator("#early")).to_have_text("Tidak dijalankan: langkah tadi masih dikirim.")
    page.locator("#panel [data-sends][data-key=d]").click(click_count=3)
    page.keyboard.press("z")  # what it would undo is not there yet
    page.evaluate("release()")
    settled(page, incident.id)
    expect(page.locator("#early")).to_be_hidden()
    note = page.locator("#panel [data-key=o]")
    note.fill("saksi dua orang")
    for _ in range(3):
        note.press("Enter")
    page.wait_for_function("() => window.posts.length > 1")
    page.evaluate("release()")
    expect(page.locator("#panel .diary")).to_contain_text("saksi dua orang")
    settled(page, incident.id)
    assert page.evaluate("window.posts") == [f"{incident.id} dispatch", f"{incident.id} note"]
    expect(errors(page)).to_be_empty()


def test_d_pressed_before_its_number_is_seen_waits_for_a_press_that_sees_it(cast: Cast, console: Open) -> None:
    one, two = mine(cast), mine(cast)
    page = console("hendra", one.id)
    settled(page, one.id)
    late(page, 600)
    card(page, two.id).click()
    page.keyboard.press("d")
    expect(page.locator("#early")).to_contain_text("D menunggu")
    expect(page.locator("#early")).to_have_text(
        "Belum terkirim: jumlahnya baru tampak sekarang. Tekan D lagi untuk mengirim."
    )
    assert acts(page) == []
    page.keyboard.press("d")
    expect(card(page, two.id)).to_have_attribute("data-status", "dispatched")
    expect(page.locator("#early")).to_be_hidden()
    assert acts(page) == [(two.id, "dispatch")]


# Undone


def test_an_undone_dispatch_has_its_number_its_stations_and_its_ticks_again(cast: Cast, console: Open) -> None:
    incident = mine(cast)
    page = console("hendra", incident.id)
    settled(page, incident.id)
    page.keyboard.press("b")
    page.keyboard.type("7")
    far = page.locator("#panel .post").nth(2)
    far.locator(".post-in").check()
    page.locator("#panel").focus()
    state = """() => [...document.querySelectorAll("#panel .group.send-form .post")].filter(post => +post.querySelector(".post-go").value)
        .map(post => `${post.dataset.short} ${post.querySelector(".post-go").value} ${post.querySelector(".post-in").checked}`)
        .concat([...document.querySelectorAll("#panel .group.send-form .tick :checked")].map(tick => tick.value))
        .concat(document.querySelector("#panel .group.send-form .stepper-n").value, document.querySelector("#panel [data-sends]").textContent)"""
    before = page.evaluate(state)
    assert len([post for post in before if post.endswith("true")]) > 1 and "armed" in before
    page.keyboard.press("d")
    expect(card(page, incident.id)).to_have_attribute("data-status", "dispatched")
    settled(page, incident.id)
    page.keyboard.press("z")
    expect(card(page, incident.id)).to_have_attribute("data-status", "claimed")
    settled(page, incident.id)
    expect(page.locator("#panel .group.send-form")).to_be_visible()
    assert page.evaluate(state) == before


@pytest.mark.parametrize("step", ["recategorise", "recall", "note", "ask"])
def test_z_says_why_the_newest_act_cannot_be_taken_back(cast: Cast, console: Open, step: str) -> None:
    incident = mine(cast)
    if step == "recall":
        cast.send(incident, cast.hendra, (None, 2))
    page = console("hendra", incident.id)
    settled(page, incident.id)
    if step in ("note", "ask"):
        field = page.locator(f"#panel [data-key={'o' if step == 'note' else 'r'}]")
        field.fill("sudah dicatat")
        field.press("Enter")
        why = "Yang sudah ditulis tetap tercatat. Tulis ralatnya."
    else:
        page.evaluate("([step, id]) => document.getElementById(`${step}-${id}`).showModal()", [step, incident.id])
        form = page.locator(f"#{step}-{incident.id} form")
        if step == "recategorise":
            form.locator("select").select_option("KEBAKARAN")
        form.locator("[name=reason]").fill("keliru")
        form.locator(".dialog-foot button").last.click()
        why = "Langkah ini diambil dengan alasan."
    page.wait_for_function("() => siaga.choice.settling()")
    settled(page, incident.id)
    page.keyboard.press("z")
    expect(errors(page)).to_contain_text(why)


def test_z_with_nothing_done_says_so(cast: Cast, console: Open) -> None:
    page = console("hendra", cast.file().id)
    page.keyboard.press("z")
    expect(errors(page)).to_have_text("Tidak ada yang dapat diurungkan.")


def test_what_was_done_here_is_told_in_one_line_however_late_its_news_is(cast: Cast, console: Open) -> None:
    incident = mine(cast)
    page = console("hendra", incident.id)
    settled(page, incident.id)
    page.evaluate(HELD)
    page.keyboard.press("d")
    page.wait_for_function("() => window.posts.length")
    page.evaluate(f"() => {{ siaga.server.skew += 60_000; const board = document.getElementById('board'), node = document.getElementById('incident-{incident.id}');"
        " siaga.tell('placed', { id: node.id, list: board, node, before: { ...node.dataset, what: 'x', status: node.dataset.status === 'claimed' ? 'new' : 'claimed' } }); }")  # fmt: skip
    page.evaluate("release()")
    expect(page.locator("#undo")).to_be_visible()
    expect(page.locator("#said")).to_be_hidden()


# Refused


def test_an_answer_to_all_that_reaches_nobody_is_not_offered_and_says_so(cast: Cast, console: Open) -> None:
    first, second = (cast.file(cast.zed, "KEBAKARAN", at=BABURA, words="api di los kain") for _ in range(2))
    cast.take(first, "claim", cast.hendra)
    cast.take(second, "merge", cast.hendra, into=first.id)
    cast.run(lambda session: [setattr(row, "citizen_id", None) for row in complaints(session)] and None)
    page = console("hendra", first.id)
    settled(page, first.id)
    expect(page.locator("#panel [data-key=R]")).to_be_disabled()
    expect(page.locator("#panel .answer-reach")).to_have_text("Tidak ada pelapor yang dapat membaca pesan di sini.")
    page.keyboard.press("Shift+R")
    expect(errors(page)).to_have_text("Tidak ada pelapor yang dapat membaca pesan di sini.")


@pytest.mark.parametrize("key", ["Shift+R", "r", "o"])
@pytest.mark.parametrize("field", ["offered", "never there", "not yet there"])
def test_words_typed_after_a_key_that_found_no_field_do_nothing(
    cast: Cast, console: Open, key: str, field: str
) -> None:
    """The `D` of "Dua mobil" once sent eight people, the `e` and Enter of a sentence closed a fire."""
    other, held, posts = mine(cast), mine(cast), list[str]()
    page = console("hendra", other.id)
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    settled(page, other.id)
    late(page, 500 if field == "not yet there" else 0)
    page.evaluate("id => siaga.choice.open(id)", str(held.id))
    if field != "not yet there":
        settled(page, held.id)
    shown = {"Shift+R": "⇧R", "r": "R", "o": "O"}[key]
    if field == "never there":
        page.evaluate("() => document.querySelectorAll('#panel .reply').forEach(one => one.remove())")
    page.keyboard.press(key)
    if field == "never there" or (field, key) == ("offered", "Shift+R"):  # one reporter has no field for all
        expect(errors(page)).to_contain_text(f"{shown} tidak berlaku")
    page.keyboard.type("Dua mobil menuju lokasi. Jauhi api!")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    settled(page, held.id)
    assert posts == []
    page.keyboard.type("2d")  # keys are keys again
    expect(card(page, held.id)).to_have_attribute("data-status", "dispatched")
    assert [url.rpartition("/")[2] for url in posts] == ["dispatch"]


def complaints(session: Any) -> list[Any]:
    from sqlmodel import select

    from models.incidents.complaint import Complaint

    return list(session.exec(select(Complaint)))


def refuse(page: Page, status: int, body: str) -> None:
    def answer(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(status=status, content_type="text/html", body=body)
        else:
            route.fallback()

    page.route("**/incidents/*/*", answer)


FORMS = """() => [...document.querySelectorAll("#panel form[hx-post], #board form[hx-post]")].map((form, n) => form.id ||= `a-form-${n}`)"""


def test_the_words_of_a_refusal_show_for_every_form(cast: Cast, console: Open) -> None:
    first, second = (cast.file(cast.ann, "KEBAKARAN", at=BABURA, words="api di los kain") for _ in range(2))
    cast.take(first, "claim", cast.hendra)
    cast.take(second, "merge", cast.hendra, into=first.id)
    cast.file()
    page = console("hendra", first.id)
    settled(page, first.id)
    forms = page.evaluate(FORMS)
    assert len(forms) > 12
    for status, about in ((422, ' data-field="words"'), (409, "")):
        page.unroute_all()
        refuse(page, status, f'<p class="fault"{about}>Ditolak, dengan kata.</p>')
        for id in forms:
            page.evaluate("""id => {
                for (const open of document.querySelectorAll("dialog[open]")) open.close();
                const form = document.getElementById(id);
                form.closest("dialog")?.showModal();
                form.noValidate = true;
                const button = form.querySelector("button:not([type=button])");
                button ? form.requestSubmit(button) : form.requestSubmit();
            }""", id)  # fmt: skip
            over = "dialog:modal " if page.locator("dialog:modal").count() else ""  # what it covers nobody reads
            expect(page.locator(f"{over}.fault:visible").first).to_have_text("Ditolak, dengan kata.")
            page.wait_for_function("id => !siaga.acting(id)", arg=str(first.id))


# Words that are over


def test_a_cancelled_window_forgets_what_was_typed_and_one_that_only_stepped_aside_what_was_wrong(
    cast: Cast, console: Open
) -> None:
    incident = mine(cast)
    page = console("hendra", incident.id)
    settled(page, incident.id)
    dialog = page.locator(f"#release-{incident.id}")
    refuse(page, 422, '<p class="fault" data-field="reason">Ditolak, dengan kata.</p>')
    ways = (lambda: page.keyboard.press("Escape"), lambda: dialog.get_by_text("Batal").click())
    for leave, kept in zip(ways, ("", "salah orang"), strict=True):
        menu(page, "h")
        reason = dialog.locator("[name=reason]")
        expect(reason).to_have_value(kept)
        expect(dialog.locator(".fault")).to_have_count(0)
        reason.fill("salah")
        dialog.locator("button").last.click()
        expect(dialog.locator(".fault")).to_be_visible()
        reason.fill("salah orang")
        leave()
        expect(dialog).to_be_hidden()
    menu(page, "h")
    expect(dialog.locator("[name=reason]")).to_have_value("")
    expect(dialog.locator("[aria-invalid]")).to_have_count(0)


def test_a_report_for_a_caller_is_forgotten_by_its_own_button_alone(cast: Cast, console: Open) -> None:
    page = console("hendra", cast.file().id)
    sheet = page.locator("#sheet")
    page.keyboard.press("n")
    sheet.locator("[name=description]").fill("Motor hilang")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(sheet.locator("[name=description]")).to_have_value("Motor hilang")
    sheet.get_by_text("Batal").click()
    expect(sheet).to_be_hidden()
    page.keyboard.press("n")
    expect(sheet.locator("[name=description]")).to_have_value("")


def test_what_is_wrong_with_the_last_act_is_over_with_the_next_window(cast: Cast, console: Open) -> None:
    incident = mine(cast)
    page = console("hendra", incident.id)
    settled(page, incident.id)
    page.keyboard.press("t")
    expect(errors(page)).to_contain_text("T tidak berlaku")
    page.keyboard.press("e")
    expect(page.locator(f"#resolve-{incident.id}")).to_be_visible()
    expect(errors(page)).to_be_empty()


def test_a_window_that_points_at_the_map_steps_aside_with_what_was_typed(cast: Cast, console: Open) -> None:
    incident = mine(cast)
    page = console("hendra", incident.id)
    settled(page, incident.id)
    menu(page, "o")
    dialog = page.locator(f"#relocate-{incident.id}")
    dialog.locator("[name=reason]").fill("bergeser")
    before = dialog.locator("[name=point]").input_value()
    dialog.locator("[data-pick]").click()
    page.locator("#map").click(position={"x": 300, "y": 250})
    expect(dialog.locator("[name=point]")).not_to_have_value(before)
    expect(dialog.locator("[name=reason]")).to_have_value("bergeser")


@pytest.mark.parametrize("how", ["sent", "given up", "done by another way"])
def test_not_sent_is_over_once_it_is_sent_or_given_up(cast: Cast, console: Open, page_errors: list[str], how: str) -> None:  # fmt: skip
    incident = mine(cast)
    page = console("hendra", incident.id)
    settled(page, incident.id)
    page.evaluate(CUT)
    dialog = page.locator(f"#resolve-{incident.id}")
    if how == "given up":
        page.keyboard.press("e")
        dialog.locator("[value=handled]").check()
        dialog.locator("button").last.click()
        expect(dialog.locator(".wrong")).to_contain_text("Tidak terkirim")
    else:
        page.keyboard.press("d")
    expect(errors(page)).to_contain_text("Tidak terkirim")
    if how == "sent":
        page.evaluate("window.cut = false")
        page.keyboard.press("d")
    elif how == "given up":
        page.keyboard.press("Escape")
    else:  # the server had it: the answer alone was lost
        cast.send(incident, cast.hendra, (None, 2))
    expect(errors(page)).to_be_empty()
    page_errors.clear()


# In sight


def scrolled(page: Page) -> float:
    at: float = page.evaluate("document.getElementById('queue-list').scrollTop")
    return at


def test_the_chosen_card_stays_in_sight_when_the_officers_own_act_moves_it(cast: Cast, console: Open) -> None:
    several = evening(cast, 9, 15)
    waits = several[8]
    page = console("hendra", waits.id)
    settled(page, waits.id)
    page.keyboard.press("c")
    expect(card(page, waits.id)).to_have_attribute("data-status", "claimed")
    expect(card(page, waits.id)).to_be_in_viewport(ratio=1)
    settled(page, waits.id)
    page.keyboard.press("z")
    expect(card(page, waits.id)).to_have_attribute("data-status", "new")
    expect(card(page, waits.id)).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("busy", ["scrolling", "typing", "not at all"])
def test_a_hand_that_scrolls_or_writes_keeps_the_list_where_it_is(cast: Cast, console: Open, busy: str) -> None:
    several = evening(cast, 9, 15)
    waits = several[0]
    page = console("hendra", waits.id)
    settled(page, waits.id)
    page.evaluate("() => { const at = performance.now(); performance.now = () => at; }")
    page.evaluate("document.getElementById('queue-list').scrollTop = 1e6")
    if busy == "scrolling":
        page.evaluate("document.getElementById('queue-list').dispatchEvent(new WheelEvent('wheel'))")
    if busy == "typing":
        page.locator("#q").focus()
    before = scrolled(page)
    page.evaluate("id => siaga.act(id, 'claim')", waits.id)  # it moves, and is not in sight
    expect(card(page, waits.id)).to_have_attribute("data-status", "claimed")
    settled(page, waits.id)
    if busy == "not at all":
        expect(card(page, waits.id)).to_be_in_viewport(ratio=1)
    else:
        assert abs(scrolled(page) - before) < 60  # no more than the row that left


def test_the_head_of_what_waits_leads_to_the_card_that_c_takes(cast: Cast, console: Open) -> None:
    several = evening(cast, 9, 15)
    held = several[-1]
    page = console("hendra", held.id)
    settled(page, held.id)
    down = "document.getElementById('queue-list').scrollTop = 1e6"
    head = page.locator("#to-next")
    page.evaluate(down)
    expect(page.locator(f"#{page.evaluate('siaga.nextUp().id')}")).to_be_in_viewport(
        ratio=1
    )  # the first that wait stay
    expect(head).to_have_attribute("data-away", "")
    waits = "[...document.querySelectorAll('#board > [data-status=\"new\"]')].filter(card => card.offsetHeight)"
    next_one = page.locator(f"#{page.evaluate(f'{waits}.at(-1).id')}")
    next_one.click()
    page.evaluate(down)
    expect(head).to_have_attribute("data-away", "up")
    expect(next_one).not_to_be_in_viewport()
    expect(page.locator("#next-away")).to_be_visible()  # what C would take is never out of sight
    expect(page.locator("#next-away")).to_have_text(f"C · {next_one.locator('.card-what').inner_text()}")
    head.click()
    expect(next_one).to_be_in_viewport(ratio=1)
    expect(head).to_have_attribute("data-away", "")
    expect(page.locator("#next-away")).to_be_hidden()
    assert f"incident-{page.evaluate('siaga.choice.id()')}" == next_one.get_attribute("id")
