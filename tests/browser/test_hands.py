"""The officer's hands: keys and buttons act on what is chosen, all of the job goes by keyboard, and nothing throws the console away."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from sqlmodel import select

from models.administration.people import enlist
from models.city.agency import Agency
from models.incidents.closing import TOLD
from models.incidents.incident import Incident
from models.roles import DUTY
from models.viewer import CLOCK
from models.workflow import ROLES, STEPS
from tests.support.house import Running
from tests.support.law import BABURA, PLACES
from tests.support.serving import Cast

# Every act that leaves this page, with what was highlighted then; and the panel's answers come late, aborted ones as well.
WATCHED = """
(() => {
  const real = window.fetch;
  window.acts = [];
  window.fetch = async (url, options = {}) => {
    const at = String(url).match(/\\/incidents\\/(\\d+)(?:\\/(\\w+))?$/), method = options.method ?? "GET";
    if (at && method === "POST") window.acts.push({ id: at[1], step: at[2], chosen: siaga.choice.id(), body: String(options.body) });
    if (!at || method !== "GET") return real(url, options);
    const { signal, ...others } = options, answer = await real(url, others);
    await new Promise(done => setTimeout(done, LATE));
    return answer;
  };
})();
"""
Open = Callable[..., Page]


def late(page: Page, milliseconds: int) -> None:
    """From now on the answers to the panel's GETs come this much later."""
    page.evaluate(f"() => {{ {WATCHED.replace('LATE', str(milliseconds))} }}")


def acts(page: Page) -> list[tuple[int, str]]:
    """What was done, on which incident; each on the one that was highlighted."""
    done: list[dict[str, Any]] = page.evaluate("window.acts")
    assert [act for act in done if act["id"] != act["chosen"]] == []
    return [(int(act["id"]), act["step"]) for act in done]


def card(page: Page, id: int) -> Any:
    return page.locator(f"#incident-{id}")


def shows(page: Page, id: int) -> None:
    expect(page.locator(f"#incident-open-{id}")).to_be_visible()


def pressed(page: Page, keys: str, id: int, status: str) -> None:
    """What comes too early waits five seconds for its panel, and is refused aloud: on a busy machine it is pressed again."""
    done = "([id, status]) => document.getElementById(`incident-${id}`)?.dataset.status === status"
    while True:
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_function(
            f"told => ({done})(told) || document.getElementById('errors').textContent", arg=[id, status]
        )
        if page.evaluate(done, [id, status]):
            return
        page.evaluate("document.getElementById('errors').textContent = ''")


@pytest.mark.parametrize("milliseconds", [0, 300, 1000])
def test_the_whole_job_by_keyboard_acts_on_what_is_highlighted_however_late_the_panel_is(
    cast: Cast, console: Open, milliseconds: int
) -> None:
    waits, mine = cast.file(), cast.take(cast.file(category="KEBAKARAN"), "claim", cast.hendra)
    page = console("hendra", mine.id)
    shows(page, mine.id)
    late(page, milliseconds)
    page.keyboard.press("c")
    pressed(page, "4d", waits.id, "dispatched")
    assert cast.incident(waits.id).personnel == 4
    page.keyboard.press("t")
    expect(card(page, waits.id)).to_have_attribute("data-status", "on_scene")
    page.keyboard.press("e")
    expect(page.locator(f"#resolve-{waits.id}")).to_be_visible()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+Enter")
    expect(card(page, waits.id)).to_have_count(0)
    page.keyboard.press("j")
    pressed(page, "1d", mine.id, "dispatched")
    assert acts(page) == [
        (waits.id, "claim"),
        (waits.id, "dispatch"),
        (waits.id, "arrive"),
        (waits.id, "resolve"),
        (mine.id, "dispatch"),
    ]


def test_a_key_pressed_too_early_is_dropped_aloud_when_another_is_chosen(cast: Cast, console: Open) -> None:
    one, two = (cast.take(cast.file(), "claim", cast.hendra) for _ in range(2))
    page = console("hendra", one.id)
    shows(page, one.id)
    late(page, 600)
    page.keyboard.press("j")
    page.keyboard.press("d")
    expect(page.locator("#early")).to_contain_text("D menunggu")
    page.keyboard.press("k")
    expect(page.locator("#errors")).to_contain_text("Tidak dijalankan")
    shows(page, one.id)
    page.keyboard.press("2")
    page.keyboard.press("d")
    expect(card(page, one.id)).to_have_attribute("data-status", "dispatched")
    assert acts(page) == [(one.id, "dispatch")]
    assert cast.incident(two.id).status == "claimed"


def test_choosing_another_empties_the_panel_at_once_and_a_late_answer_never_lands(cast: Cast, console: Open) -> None:
    one, two = (cast.take(cast.file(), "claim", cast.hendra) for _ in range(2))
    page = console("hendra", one.id)
    shows(page, one.id)
    page.locator("#panel [data-key=r]:visible").fill("untuk yang pertama")
    late(page, 600)
    card(page, two.id).click()
    assert page.evaluate("document.getElementById('panel').inert && !document.querySelector('#panel form')")
    assert page.locator("#panel h1").inner_text() == card(page, two.id).locator(".card-what").inner_text()
    card(page, one.id).click()
    card(page, two.id).click()
    shows(page, two.id)
    page.wait_for_function("() => !siaga.choice.reading()")
    shows(page, two.id)
    expect(page.locator("#panel [data-key=r]:visible")).to_have_value("")
    assert acts(page) == []


def test_the_focus_stands_in_what_a_key_opened_and_a_reader_hears_its_name(cast: Cast, console: Open) -> None:
    one, two = (cast.take(cast.file(), "claim", cast.hendra) for _ in range(2))
    page = console("hendra", one.id)
    shows(page, one.id)
    panel = page.locator("#panel")
    for delay, key, id in ((0, "j", two.id), (300, "k", one.id)):
        late(page, delay)
        page.keyboard.press(key)
        expect(panel).to_be_focused()
        shows(page, id)
        where = card(page, id).locator(".card-where").inner_text()
        assert panel.get_attribute("aria-label") == f"P1 Darurat, {panel.locator('h1').inner_text()}, {where}"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#panel') !== null")
    page.locator("#q").focus()  # a hand that writes keeps its field
    page.evaluate("id => siaga.choice.open(id)", str(two.id))
    shows(page, two.id)
    expect(page.locator("#q")).to_be_focused()


def test_c_claims_the_chosen_one_and_else_the_first_that_waits(cast: Cast, console: Open) -> None:
    first, second, third = (cast.file() for _ in range(3))
    page = console("hendra", first.id)
    shows(page, first.id)
    late(page, 600)
    card(page, third.id).click()
    page.keyboard.press("c")
    expect(card(page, third.id)).to_have_attribute("data-status", "claimed")
    page.wait_for_function("() => siaga.choice.settled()")
    page.keyboard.press("c")
    expect(card(page, first.id)).to_have_attribute("data-status", "claimed")
    page.wait_for_function("id => siaga.choice.id() === id", arg=str(first.id))
    assert acts(page) == [(third.id, "claim"), (first.id, "claim")]
    assert card(page, second.id).get_attribute("data-status") == "new"


def test_an_act_that_was_decided_on_an_older_state_is_refused_with_who_has_it(cast: Cast, console: Open) -> None:
    incident = cast.take(cast.file(), "claim", cast.hendra)
    page = console("hendra", incident.id)
    expect(page.locator("#panel .send-form")).to_be_visible()
    late(page, 5_000)  # the panel goes on showing what was
    cast.take(incident, "reprioritise", cast.hendra, priority=2, reason="reda")
    expect(card(page, incident.id)).to_have_attribute("data-priority", "2")
    page.keyboard.press("d")
    expect(page.locator("#errors")).to_contain_text("baru saja berubah")
    assert cast.incident(incident.id).status == "claimed"


def test_a_word_of_the_reporter_refuses_no_dispatch(cast: Cast, console: Open) -> None:
    incident = cast.take(cast.file(), "claim", cast.hendra)
    page = console("hendra", incident.id)
    expect(page.locator("#panel .send-form")).to_be_visible()
    late(page, 5_000)
    before = cast.incident(incident.id).version
    cast.take(incident, "reply", cast.ann, words="Mereka masih di sini")
    page.wait_for_function(
        "([id, was]) => document.getElementById(`incident-${id}`).dataset.version > was", arg=[incident.id, before]
    )
    page.keyboard.press("d")
    expect(card(page, incident.id)).to_have_attribute("data-status", "dispatched")


def test_what_was_withdrawn_leaves_the_panel_and_words_half_typed_become_no_keys(cast: Cast, console: Open) -> None:
    waits, incident = cast.file(), cast.take(cast.file(words="rahasia"), "claim", cast.hendra)
    page = console("hendra", incident.id)
    late(page, 0)
    page.locator("#panel [data-key=o]").click()
    page.keyboard.type("saksi")
    cast.take(incident, "recategorise", cast.sari, category="OKNUM", reason="tentang petugas")
    expect(page.locator("#panel .panel-none")).to_be_visible()
    expect(page.locator("#panel")).not_to_contain_text("rahasia")
    page.keyboard.type(" dan c j d l ?")
    page.keyboard.press("Enter")
    expect(page.locator("#errors")).to_contain_text("tidak terkirim")
    assert page.evaluate("[siaga.choice.id(), document.querySelectorAll('dialog[open]').length]") == [None, 0]
    assert acts(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(card(page, waits.id)).to_have_attribute("data-status", "claimed")


def test_what_its_holder_passes_to_the_supervisors_leaves_calmly_and_takes_its_lines_along(
    cast: Cast, console: Open
) -> None:
    incident = cast.take(cast.file(), "claim", cast.hendra)
    page = console("hendra", incident.id)
    shows(page, incident.id)
    expect(page.locator(".map-ring").first).to_be_attached()
    page.evaluate(f"siaga.act('{incident.id}', 'recategorise', {{ category: 'OKNUM', reason: 'tentang anggota' }})")
    expect(page.locator("#panel")).to_contain_text("Diserahkan ke pengawas. Anda tidak lagi memegangnya.")
    expect(page.locator("#heard")).to_contain_text("Diserahkan ke pengawas")
    expect(page.locator("#errors")).to_be_empty()
    expect(page.locator(".map-ring, .map-route")).to_have_count(0)


def test_a_key_that_is_held_acts_once(cast: Cast, console: Open) -> None:
    several = [cast.file() for _ in range(4)]
    page = console("hendra")
    late(page, 0)
    for _ in range(6):  # without an up in between: a key that is held
        page.keyboard.down("c")
    page.keyboard.up("c")
    expect(card(page, several[0].id)).to_have_attribute("data-status", "claimed")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    assert [step for _, step in acts(page)] == ["claim"]


def test_the_refusal_of_an_act_whose_panel_has_gone_is_still_said(cast: Cast, console: Open) -> None:
    one, two = (cast.take(cast.file(), "claim", cast.hendra) for _ in range(2))
    page = console("hendra", one.id)
    expect(page.locator("#panel .send-form")).to_be_visible()
    page.evaluate("""() => { const real = window.fetch; window.fetch = async (url, options) => {
        const answer = await real(url, options);
        if (options?.method === "POST") await new Promise(done => window.answer = done);
        return answer; }; }""")
    cast.take(one, "release", cast.hendra, reason="salah")
    page.keyboard.press("d")
    page.wait_for_function("() => window.answer")
    page.keyboard.press("j")
    shows(page, two.id)
    page.evaluate("window.answer()")
    expect(page.locator("#errors .fault")).to_be_visible()


def test_two_digits_in_a_row_are_one_number(cast: Cast, console: Open) -> None:
    incident = cast.take(cast.file(), "claim", cast.hendra)
    page = console("hendra", incident.id)
    number = page.locator("#panel .group .stepper-n")
    expect(number).to_be_visible()
    page.keyboard.type("12")
    expect(number).to_have_value("12")
    page.evaluate("() => { const now = performance.now.bind(performance); performance.now = () => now() + 700; }")
    page.keyboard.type("3")
    expect(number).to_have_value("3")


def test_enter_in_the_search_opens_a_hit_and_what_waits_stays_in_view(cast: Cast, console: Open) -> None:
    waits = cast.file(category="KEBAKARAN")
    hits = [cast.take(cast.file(words=f"gudang kapuk {n}"), "claim", cast.ratna) for n in range(3)]
    page = console("hendra", waits.id)
    before = page.evaluate("window.stays = performance.timeOrigin")
    page.keyboard.press("/")
    page.keyboard.type("kapuk")
    page.keyboard.press("Enter")  # before the hits are there: the first, when they are
    shows(page, hits[2].id)
    expect(page.locator("#waits")).to_contain_text("1 menunggu")
    expect(page.locator("#board > .card:visible")).to_have_count(1)
    expect(card(page, waits.id)).to_be_in_viewport()
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#q")).to_have_attribute("aria-activedescendant", f"hit-{hits[1].id}")
    page.keyboard.press("Enter")
    shows(page, hits[1].id)
    page.keyboard.press("Escape")
    expect(page.locator("#board > .card:visible")).to_have_count(4)
    assert page.evaluate("[performance.timeOrigin, location.pathname]") == [before, "/console"]


def test_hits_answer_the_newest_words_and_say_what_their_cases_have_become(cast: Cast, console: Open) -> None:
    one, _ = (cast.file(words=f"gudang kapuk {n}") for n in range(2))
    page = console("hendra")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/incidents?q=gudang", hold)
    page.keyboard.press("/")
    with page.expect_request("**/incidents?q=gudang"):
        page.keyboard.type("gudang")
    page.locator("#q").fill("kapuk 1")
    hits = page.locator("#found [role=option]")
    expect(hits).to_have_count(1)
    held.pop().continue_()  # the older answer comes last
    page.locator("#q").fill("kapuk")
    expect(hits).to_have_count(2)
    page.keyboard.press("ArrowDown")
    chosen = page.locator(f"#hit-{one.id}")
    expect(chosen).to_have_attribute("aria-selected", "true")
    expect(chosen).to_contain_text("Baru")
    cast.take(one, "claim", cast.ratna)
    expect(chosen).to_contain_text("Ratna")  # claimed by somebody else since
    cast.take(one, "dismiss", cast.ratna, reason="empty")
    expect(chosen).not_to_contain_text("Ditangani")
    expect(chosen).to_have_attribute("aria-selected", "true")
    page.locator("#q").fill("")
    with page.expect_request("**/incidents?q=gudang"):
        page.locator("#q").fill("gudang")
    page.keyboard.press("Escape")
    with page.expect_response("**/incidents?q=gudang"):
        held.pop().continue_()
    card(page, cast.file(by=cast.ratna).id).wait_for()  # the sentinel
    assert hits.count() == 0


def test_a_report_for_a_caller_is_filed_in_place_and_the_alarm_stays_armed(cast: Cast, console: Open) -> None:
    waits = cast.file(category="KEBAKARAN")
    page = console("hendra", waits.id)
    expect(page.locator("#sound")).to_have_attribute("data-state", "armed")
    page.keyboard.press("n")
    sheet = page.locator("#sheet")
    expect(sheet.locator("select")).to_be_focused()
    expect(card(page, waits.id)).to_be_in_viewport()
    sheet.locator("[name=category]").select_option("CURANMOR")
    sheet.locator("[name=description]").fill("Motor hilang di parkiran")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.keyboard.press("n")  # half written, it is there again
    expect(sheet.locator("[name=description]")).to_have_value("Motor hilang di parkiran")
    sheet.locator("[name=caller_phone]").fill("12")
    sheet.locator("[name=place]").fill("Jl. Iskandar Muda, Kelurahan Babura")
    page.keyboard.press("Control+Enter")
    expect(sheet.locator("label:has([name=caller_phone]) .fault")).to_be_visible()
    expect(sheet.locator("[name=caller_phone]")).to_be_focused()
    sheet.locator("[name=caller_phone]").fill("081377778888")
    page.keyboard.press("Control+Enter")
    expect(sheet).to_be_hidden()
    expect(page.locator("#panel .words")).to_have_text("Motor hilang di parkiran")
    expect(page.locator("#sound")).to_have_attribute("data-state", "armed")


def file_by_keys(page: Page, place: str) -> None:
    """Up to the place, as it is typed. What was typed before is over: keys are keys again."""
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator("#sheet select")).to_be_focused()
    page.keyboard.type("Kebakaran")
    page.keyboard.press("Tab")
    page.keyboard.type("Kios terbakar")
    page.keyboard.press("Tab")
    page.keyboard.type(place)


def filed(cast: Cast) -> list[Incident]:
    return cast.read(lambda session: list(session.exec(select(Incident).order_by(Incident.id))))


def test_a_callers_place_is_taken_from_a_list_by_keys(cast: Cast, console: Open) -> None:
    page = console("hendra")
    file_by_keys(page, "sei mati")
    field, rows = page.locator("#new-place"), page.locator("#new-places [role=option]")
    expect(rows).to_have_count(2)
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")  # closes the list, and nothing else
    expect(rows).to_have_count(0)
    expect(field).to_be_focused()
    page.keyboard.press("Backspace")
    expect(rows.first).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(rows.last).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", rows.last.get_attribute("id") or "")
    page.keyboard.press("ArrowDown")
    label = rows.first.get_attribute("data-label") or ""
    page.keyboard.press("Enter")  # takes it, and does not send the form
    expect(field).to_have_value(label)
    expect(rows).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator("#panel .inc-place")).to_contain_text("Sei Mati")
    (one,) = filed(cast)
    assert one.kelurahan == "Sei Mati" and one.kecamatan in label and one.point


def test_a_name_of_two_places_is_asked_while_the_caller_is_on_the_line(cast: Cast, console: Open) -> None:
    page = console("hendra")
    file_by_keys(page, "Sei Mati")
    page.keyboard.press("Control+Enter")
    which = page.locator("#sheet .which")
    expect(which).to_contain_text("Sei Mati yang mana?")
    expect(which).to_contain_text("Medan Maimun")
    expect(which).to_contain_text("Medan Labuhan")
    expect(which.locator("button").first).to_be_focused()
    assert filed(cast) == []
    page.keyboard.press("ArrowDown")
    chosen = which.locator("button:focus b").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("#sheet")).to_be_hidden()
    (one,) = filed(cast)
    assert one.kecamatan == chosen and one.point
    file_by_keys(page, "Sei Mati")  # and who does not know it any better
    page.keyboard.press("Control+Enter")
    which.get_by_role("button", name="Penelepon tidak tahu").press("Enter")
    expect(page.locator("#sheet")).to_be_hidden()
    assert filed(cast)[-1].point is None


def test_a_point_that_a_caller_sent_is_pasted_as_the_place(cast: Cast, console: Open) -> None:
    page = console("hendra")
    file_by_keys(page, "3.5796, 98.6585")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#panel .inc-place")).to_contain_text("Babura")
    assert [one.precision for one in filed(cast)] == ["pin"]


def fill(page: Page) -> None:
    """Walk the fields of the open window by Tab, answer each by keys, and send it."""
    for _ in range(40):
        is_now = page.evaluate("""() => { const one = document.activeElement;
            return one.matches("dialog *") ? [one.localName, one.type, one.value, one.name] : null; }""")
        assert is_now, "the focus has left the window"
        tag, kind, value, name = is_now
        if tag == "button" and kind != "button":
            break
        if kind == "radio":
            page.keyboard.press("Space")
        elif tag == "select":
            page.keyboard.press("k") if name == "category" else page.keyboard.press("ArrowDown")
        elif tag != "button" and not value:
            page.keyboard.type("karena")
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def test_every_step_of_an_officer_goes_by_keyboard_alone_by_what_the_screen_prints(cast: Cast, console: Open) -> None:
    case, held, silent, into = cast.file(category="LAKA"), cast.file(), cast.file(), cast.file(category="KEBAKARAN")
    given = cast.file(category="CURANMOR")
    apart = cast.take(cast.file(category="KEBAKARAN"), "merge", cast.ratna, into=into.id)
    for one in (held, silent, into):
        cast.take(one, "claim", cast.ratna)
    cast.take(silent, "lapse", CLOCK)
    for agency in cast.read(lambda session: session.exec(select(Agency.id)).all()):  # words go where somebody signs in
        given_to: Any = {"name": "Posko", "role": "liaison", "password": "-", "agency_id": agency}
        cast.run(lambda session, login, to: enlist(session, cast.dewi, login=login, **to), f"posko{agency}", given_to)
    page, taken = console("sari", case.id), set[str]()

    def take(step: str, id: int, *keys: str, window: bool = False) -> None:
        page.wait_for_function(
            "id => siaga.choice.id() === id && siaga.choice.settled() && !siaga.choice.reading()", arg=str(id)
        )
        with page.expect_response(
            lambda answer: answer.request.method == "POST" and answer.url.endswith(f"/{id}/{step}")
        ) as got:
            for key in keys:
                page.keyboard.press(key) if len(key) == 1 or key == "Enter" else page.keyboard.type(key)
            if window:
                expect(page.locator(f"#{step}-{id}")).to_be_visible()
                fill(page)
        assert got.value.status == 204, got.value.text()
        taken.add(step)

    def menu(step: str, id: int) -> None:
        """`.`, and the letter that stands beside the step."""
        page.wait_for_function(
            "id => siaga.choice.id() === id && siaga.choice.settled() && !siaga.choice.reading()", arg=str(id)
        )
        page.keyboard.press(".")
        item = page.locator(f'#menu-{id} [commandfor="{step}-{id}"]')
        expect(page.locator(f"#menu-{id} .menu-item:focus")).to_be_visible()
        page.keyboard.press(item.locator(".key").inner_text().lower())
        expect(page.locator(f"#{step}-{id}")).to_be_visible()
        with page.expect_response(
            lambda answer: answer.request.method == "POST" and answer.url.endswith(f"/{id}/{step}")
        ) as got:
            fill(page)
        if step in ("assign", "reassign"):  # nobody else is at a desk: it is asked
            assert got.value.status == 422, got.value.text()
            yes = page.locator(f"#{step}-{id}").get_by_role("button", name="Ya, benar")
            expect(yes).to_be_visible()
            for _ in range(9):
                if not yes.evaluate("one => one === document.activeElement"):
                    page.keyboard.press("Tab")  # from the question to its first answer
            return take(step, id, "Enter")
        assert got.value.status == 204, got.value.text()
        taken.add(step)

    def reach(step: str, id: int, *keys: str) -> None:
        """What has no key of its own is reached by Tab."""
        field = page.locator(
            f'#panel form[action="/incidents/{id}/{step}"] :is(input:not([type=hidden]), button)'
        ).first
        expect(field).to_be_visible()
        for _ in range(90):
            if field.evaluate("one => one === document.activeElement"):
                break
            page.keyboard.press("Tab")
        take(step, id, *keys)

    take("claim", case.id, "c")
    menu("release", case.id)
    take("claim", case.id, "c")
    take("undo", case.id, "z")
    take("claim", case.id, "c")
    for step in ("reprioritise", "relocate", "recategorise", "refer"):
        menu(step, case.id)
    reach("consult", case.id, "Kami menunggu di gerbang", "Enter")
    reach("extend", case.id, "Enter")
    asked = cast.read(lambda session: session.get_one(Incident, case.id).referrals[0].agency_id)
    cast.take(case, "respond", replace(cast.damkar, agency_id=asked), words="Dua menit lagi")  # whoever serves there
    reach("heed", case.id, "Enter")
    take("note", case.id, "o", "CCTV minimarket", "Enter")
    take("ask", case.id, "r", "Aman?", "Enter")
    take("ask", case.id, "q", "2")
    take("dispatch", case.id, "2", "d")
    menu("reinforce", case.id)
    take("arrive", case.id, "t")
    take("clear", case.id, "f", "Enter")
    menu("recall", case.id)
    take("dispatch", case.id, "1", "d")
    take("resolve", case.id, "e", window=True)
    menu("reopen", case.id)
    menu("preserve", case.id)
    menu("unpreserve", case.id)
    menu("dismiss", case.id)
    for number, id, step in (
        (given.number, given.id, "assign"),
        (held.number, held.id, "take_over"),
        (into.number, into.id, "reassign"),
        (apart.number, apart.id, "unmerge"),
    ):
        page.keyboard.press("/")
        page.keyboard.type(number)
        page.keyboard.press("Enter")
        menu(step, id)
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("k")
    while page.evaluate("siaga.choice.id()") != str(silent.id):
        page.keyboard.press("j")
    take("reclaim", silent.id, "c")
    theirs = {step.name for step in STEPS.values() if {*DUTY} & {*ROLES[step.who]}}
    # M and its keys: test_burst.py; Enter: the test below. All dialogs of the menu are one.
    # The supervisor's desk and what changes hands have keys of their own: test_duty.py.
    assert {step for step in theirs - taken if not STEPS[step].menu} == {
        "acknowledge", "hand_back", "hear_out", "link", "notice", "shelve",
    }  # fmt: skip


def test_enter_takes_note_of_what_was_handed_over_whatever_else_is_open(cast: Cast, console: Open) -> None:
    other, given = cast.take(cast.file(), "claim", cast.hendra), cast.file(category="KEBAKARAN")
    page = console("hendra", other.id)
    shows(page, other.id)
    cast.take(given, "assign", cast.sari, officer=cast.hendra.id, reason="dekat")
    expect(page.locator(f"#hand-{given.id}")).to_be_visible()
    with page.expect_response(f"**/incidents/{given.id}/acknowledge") as answer:
        page.keyboard.press("Enter")
    assert answer.value.status == 204
    shows(page, given.id)


def test_what_was_given_on_is_no_more_said_to_be_ones_own_and_opens_nothing(cast: Cast, console: Open) -> None:
    other, given = cast.take(cast.file(), "claim", cast.hendra), cast.file(category="KEBAKARAN")
    page = console("hendra", other.id)
    shows(page, other.id)
    cast.take(given, "assign", cast.sari, officer=cast.hendra.id, reason="dekat")
    expect(page.locator(f"#hand-{given.id}")).to_contain_text("memberi Anda")
    cast.take(given, "reassign", cast.sari, officer=cast.ratna.id, reason="lebih dekat")
    expect(page.locator(f"#hand-{given.id}")).to_contain_text("kini dipegang Ipda Ratna Simanjuntak")
    expect(page.locator("#handed")).not_to_contain_text("memberi Anda")
    shows(page, other.id)


def test_the_case_opens_by_the_press_and_not_by_its_late_answer(cast: Cast, console: Open) -> None:
    other, given = cast.take(cast.file(), "claim", cast.hendra), cast.file(category="KEBAKARAN")
    page = console("hendra", other.id)
    shows(page, other.id)
    cast.take(given, "assign", cast.sari, officer=cast.hendra.id, reason="dekat")
    expect(page.locator(f"#hand-{given.id}")).to_be_visible()
    kept: list[Route] = []
    page.route("**/acknowledge", lambda route: kept.append(route))
    with page.expect_request("**/acknowledge"):
        page.keyboard.press("Enter")
    shows(page, given.id)
    card(page, other.id).click()
    shows(page, other.id)
    while not kept:
        page.wait_for_timeout(10)  # the route hears of it a little after the page
    kept.pop().continue_()
    expect(page.locator(f"#hand-{given.id}")).to_have_count(0)
    shows(page, other.id)


def test_c_takes_what_the_panel_offers_also_while_its_card_is_old(cast: Cast, console: Open) -> None:
    first, chosen = cast.file(category="KEBAKARAN"), cast.file()
    page = console("hendra", chosen.id)
    page.wait_for_function(
        "id => siaga.choice.id() === id && siaga.choice.settled() && !siaga.choice.reading()", arg=str(chosen.id)
    )
    page.evaluate("id => { document.getElementById(`incident-${id}`).dataset.status = 'claimed' }", chosen.id)
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        page.keyboard.press("c")
    assert answer.value.url.endswith(f"/{chosen.id}/claim") and answer.value.status == 204
    assert cast.incident(first.id).officer_id is None


def test_a_banner_of_a_handing_covers_nothing_of_the_panel(cast: Cast, console: Open) -> None:
    other, given = cast.take(cast.file(), "claim", cast.hendra), cast.file(category="KEBAKARAN")
    page = console("hendra", other.id)
    shows(page, other.id)
    cast.take(given, "assign", cast.sari, officer=cast.hendra.id, reason="dekat")
    hand, side = page.locator(f"#hand-{given.id}").bounding_box(), page.locator("#side").bounding_box()
    assert hand and side and hand["x"] + hand["width"] <= side["x"]


def test_the_news_line_says_who_gave_it_to_whom(cast: Cast, console: Open) -> None:
    given = cast.file(category="KEBAKARAN")
    page = console("hendra")
    expect(card(page, given.id)).to_be_visible()
    cast.take(given, "assign", cast.sari, officer=cast.ratna.id, reason="dekat")
    expect(page.locator("#said")).to_contain_text("AKP Sari Ginting memberi Ratna S. Kebakaran")


def test_the_menu_is_walked_by_arrows_and_gives_the_focus_back(cast: Cast, console: Open) -> None:
    incident = cast.take(cast.file(), "claim", cast.hendra)
    page = console("hendra", incident.id)
    shows(page, incident.id)
    items = page.locator(f"#menu-{incident.id} .menu-item")
    page.keyboard.press(".")
    expect(items.first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(items.last).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(items.first).to_be_focused()
    page.keyboard.press("t")
    dialog = page.locator(f"#dismiss-{incident.id}")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.wait_for_function(
        "() => document.activeElement.checkVisibility() && document.activeElement.matches('#panel, #panel *')"
    )
    page.keyboard.press("o")
    expect(page.locator("#panel [data-key=o]")).to_be_focused()
    cast.take(incident, "note", cast.sari, words="periksa CCTV")
    expect(page.locator("#panel .diary")).to_contain_text("periksa CCTV")
    expect(page.locator("#panel [data-key=o]")).to_be_focused()
    page.keyboard.type("sudah")
    page.keyboard.press("Enter")
    expect(page.locator("#panel .diary")).to_contain_text("sudah")
    page.keyboard.press("b")  # the focus has left the field: a letter is a key again
    expect(page.locator("#panel [name=modifier][value=armed]")).to_be_checked()


def test_single_keys_can_want_alt_or_be_off_and_that_follows_the_person(cast: Cast, console: Open) -> None:
    one = cast.file()
    page = console("hendra", one.id)
    shows(page, one.id)
    page.keyboard.press("?")
    with page.expect_response("**/me/keys"):
        page.locator("#keys").get_by_text("Dengan Alt").click()
    page.keyboard.press("Escape")
    page.keyboard.press("l")
    page.keyboard.press("c")
    page.keyboard.press("Alt+c")
    expect(card(page, one.id)).to_have_attribute("data-status", "claimed")
    assert page.evaluate("document.documentElement.hasAttribute('data-locked')") is False
    elsewhere = console("hendra", one.id)
    expect(elsewhere.locator("html")).to_have_attribute("data-keys", "alt")
    with elsewhere.expect_response("**/me/keys"):
        elsewhere.evaluate(
            "() => { const off = document.querySelector('.keys-mine [value=off]'); off.checked = true; off.dispatchEvent(new Event('change', { bubbles: true })); }"
        )
    shows(elsewhere, one.id)
    elsewhere.keyboard.press("Alt+o")
    elsewhere.keyboard.press("o")
    assert elsewhere.evaluate("document.activeElement.matches('input, textarea')") is False


def test_the_newest_act_is_undone_on_its_own_incident_whatever_is_chosen(cast: Cast, console: Open) -> None:
    one, two = (cast.take(cast.file(), "claim", cast.hendra) for _ in range(2))
    page = console("hendra", one.id)
    shows(page, one.id)
    late(page, 0)
    page.keyboard.type("4d")
    expect(page.locator("#undo")).to_contain_text("Anda mengirim 4 ke Curas / begal / jambret, Babura")
    page.keyboard.press("j")
    shows(page, two.id)
    page.keyboard.press("z")
    expect(card(page, one.id)).to_have_attribute("data-status", "claimed")
    expect(page.locator("#undo")).to_be_hidden()
    assert cast.incident(two.id).status == "claimed"
    assert cast.incident(one.id).personnel == 0
    shows(page, one.id)


def test_l_locks_every_page_of_the_staff(cast: Cast, server: Running, console: Open) -> None:
    page = console("sari")
    page.route("**/lock", lambda route: route.fulfill(status=204))  # this screen alone: the next page is open again
    for path in ("/duty", "/strikes", "/ratings", "/bulletins/new", "/incidents?q=x", "/incidents/new"):
        page.goto(server.http + path)
        page.evaluate("() => document.activeElement.blur()")
        page.keyboard.press("l")
        expect(page.locator("#lock")).to_be_visible()


def test_closing_it_by_keys_offers_a_sentence_for_its_reporter(cast: Cast, console: Open) -> None:
    """It follows the outcome until somebody writes another, which nothing overwrites."""
    incident = cast.take(cast.file(), "claim", cast.hendra)
    page = console("hendra", incident.id)
    page.keyboard.press("e")
    window = page.locator(f"#resolve-{incident.id}")
    sentence = window.get_by_label("Satu kalimat untuk pelapor")
    window.locator("[name=outcome]").first.focus()
    page.keyboard.press("Space")
    expect(sentence).to_have_value(TOLD["handled"])
    page.keyboard.press("ArrowDown")
    expect(sentence).to_have_value(TOLD["arrested"])
    sentence.fill("Motor Anda ada di Polsek Medan Baru.")
    window.get_by_label("Diselesaikan secara kekeluargaan").focus()
    page.keyboard.press("Space")
    expect(sentence).to_have_value("Motor Anda ada di Polsek Medan Baru.")
    window.get_by_role("button", name="Selesaikan").press("Enter")
    expect(page.locator("#panel .diary")).to_contain_text("Kepada pelapor: Motor Anda ada di Polsek Medan Baru.")


def test_the_open_panel_is_called_what_it_has_become(cast: Cast, console: Open) -> None:
    incident = cast.take(cast.file(nowhere=True, landmark="dekat pos"), "claim", cast.hendra)
    page = console("hendra", incident.id)
    panel = page.locator("#panel")
    expect(panel).to_have_attribute("aria-label", re.compile("Darurat.*begal.*Lokasi belum diketahui", re.DOTALL))
    cast.take(incident, "recategorise", cast.hendra, category="CURANMOR", reason="motor")
    expect(panel).to_have_attribute("aria-label", re.compile("Curanmor"))
    cast.take(incident, "reprioritise", cast.hendra, priority=3, reason="reda")
    expect(panel).to_have_attribute("aria-label", re.compile("Biasa"))
    cast.take(incident, "locate", cast.ann, site=PLACES.site(*BABURA, precision="device", accuracy_m=15.0))
    expect(panel).to_have_attribute("aria-label", re.compile("Babura"))
