"""What costs is never chosen beforehand: the dialogs of the panel as a browser gets them."""

import re
from dataclasses import replace

import pytest

from console.settings import HERE
from models.incidents.closing import DISMISSALS
from models.workflow import STEPS
from tests.support.town import Town, Visitor, ref_of


def dialogs(town: Town, ref: str) -> dict[str, str]:
    id = town.incident_of(ref).id
    page = town.hendra.get(f"/incidents/{id}").text
    found = re.findall(rf'<dialog [^>]*id="(\w+)-{id}".*?</dialog>', page, re.DOTALL)
    return {name: re.search(rf'<dialog [^>]*id="{name}-{id}".*?</dialog>', page, re.DOTALL)[0] for name in found}  # type: ignore[index]


def test_nothing_that_costs_is_chosen_beforehand(town: Town) -> None:
    ref = ref_of(town.ann.file())
    ref_of(town.zed.file())
    town.act(ref, "claim", town.hendra)
    found = dialogs(town, ref)
    for name in ("resolve", "dismiss", "refer"):
        assert not re.search(r"\b(checked|selected)\b", found[name]), name
        assert 'value=""' in found[name] or "required" in found[name], name


def test_a_strike_is_a_press_of_its_own_and_says_what_it_does(town: Town) -> None:
    ref = ref_of(town.ann.file())
    dismiss = dialogs(town, ref)["dismiss"]
    reasons = re.findall(r'type="radio" name="reason" value="(\w+)"', dismiss)
    assert reasons == [code for code in DISMISSALS if code != "prank"] and DISMISSALS[-1] == "prank"
    first, apart = dismiss.split("<form")[1:]
    assert 'value="prank"' not in first and 'name="reason" value="prank"' in apart
    assert "Pelapor mendapat teguran" in apart and "Tolak dan beri teguran" in apart


def test_a_caller_is_not_said_to_be_struck(town: Town) -> None:
    town.hendra.post(
        "/complaints",
        data={
            "category": "LAKA",
            "description": "tabrakan",
            "lat": "3.58",
            "lon": "98.66",
            "precision": "pin",
            "source": "caller",
            "caller_name": "Budi",
            "caller_phone": "081211112222",
        },
    )
    ref = town.complaints()[-1].ref
    dismiss = dialogs(town, ref)["dismiss"]
    assert "tidak ada yang ditegur" in dismiss and "beri teguran" not in dismiss


@pytest.mark.parametrize("step", ["resolve", "refer"])
def test_what_was_not_chosen_is_asked_for_beside_the_field(town: Town, step: str) -> None:
    ref = ref_of(town.ann.file())
    town.act(ref, "claim", town.hendra)
    answer = town.hendra.post(f"/incidents/{town.incident_of(ref).id}/{step}", data={"agency": "1"})
    assert answer.status_code == 422


def test_kinds_are_chosen_by_the_letters_of_their_names(town: Town) -> None:
    """The name first, in its order, for a new report, for a change and in the filter."""
    ref = ref_of(town.ann.file())
    town.act(ref, "claim", town.hendra)
    part = {"hx-request": "true"}
    filing = town.hendra.get("/incidents/new", headers=part).text
    for page in (filing, dialogs(town, ref)["recategorise"], town.hendra.get("/console").text):
        select = re.search(r'<select name="category".*?</select>', page, re.DOTALL)
        names = re.findall(r'<option value="\w+"[^>]*>([^<]+)<', select[0])  # type: ignore[index]
        assert "Kebakaran · P1" in names and names == sorted(names, key=str.casefold) and len(names) > 20
    chosen = re.findall(r'<option value="(\w+)" selected', dialogs(town, ref)["recategorise"])
    assert chosen == ["CURAS_BEGAL"]


def test_what_is_offered_at_each_moment_and_to_whom(sqlite_town: Town) -> None:
    """In this order; each but the merge with a dialog of its own."""
    town, ref, other = sqlite_town, "", ""
    ref, other = ref_of(town.ann.file()), ref_of(town.zed.file())
    id = town.incident_of(ref).id
    mending = ["reprioritise", "recategorise", "relocate"]
    known = {"merge", "dismiss", "assign", "preserve", "release", "resolve", "refer", "reassign", "take_over", "reinforce", "recall", "reopen", "unpreserve", "unmerge", *mending}  # fmt: skip

    def offered(who: Visitor) -> list[str]:
        page = who.get(f"/incidents/{id}").text
        menu = re.search(rf'<div class="menu" id="menu-{id}".*?</ul>', page, re.DOTALL)[0]  # type: ignore[index]
        found = re.findall(r'class="menu-item" (?:command="show-modal" commandfor="(\w+)-|href="[^"]*/(alike)")', menu)
        steps = [step or "merge" for step, _ in found]
        assert set(re.findall(rf'<dialog [^>]*id="(\w+)-{id}"', page)) - {"resolve"} == set(steps) - {
            "merge",
            "resolve",
        }
        return [step for step in steps if step in known]  # a step more has a test of its own

    assert offered(town.hendra) == ["merge", "dismiss"]
    assert offered(town.sari) == ["assign", "merge", *mending, "dismiss", "preserve"]
    town.act(ref, "claim", town.hendra)
    assert offered(town.hendra) == ["release", "resolve", "refer", "merge", *mending, "dismiss"]
    assert offered(town.sari) == ["release", "reassign", "take_over", *mending, "preserve"]
    town.hendra.post(f"/incidents/{id}/dispatch", data={"personnel": "2"})
    assert offered(town.hendra) == ["reinforce", "recall", "resolve", "refer", *mending, "dismiss"]
    town.act(ref, "preserve", town.sari, reason="perkara")
    town.act(ref, "resolve", town.hendra, outcome="handled")
    assert offered(town.sari) == ["reopen", "unpreserve"]
    town.act(ref, "reopen", town.sari, reason="belum")
    town.act(ref, "merge", town.hendra, into=town.incident_of(other).id)
    assert "unmerge" in offered(town.hendra)


def test_a_page_reads_from_the_law_what_goes_whatever_has_happened(
    sqlite_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each form of a step says it where the step's row does; no script names a step for it."""
    town, ref = sqlite_town, ref_of(sqlite_town.ann.file())
    town.act(ref, "claim", town.hendra)

    def said() -> dict[str, bool]:
        page = town.hendra.get(f"/incidents/{town.incident_of(ref).id}").text
        forms = re.findall(r'(<form[^>]* action="/incidents/\d+/(\w+)"[^>]*>)', page)
        return {step: "data-anyhow" in form for form, step in forms}

    assert {"note", "ask", "release"} <= said().keys()
    assert said() == {step: STEPS[step].anyhow for step in said()}
    for step in ("note", "release"):
        monkeypatch.setitem(STEPS, step, replace(STEPS[step], anyhow=not STEPS[step].anyhow))
    assert said()["release"] and not said()["note"]
    acting = (HERE / "static/js/act.js").read_text()
    assert [step for step in STEPS if f'"{step}"' in acting] == []


def test_one_box_says_what_went_wrong_on_every_page_of_the_staff() -> None:
    """Its words are a macro's; a reporter's page and a wall that waits have a line of their own."""
    paths = (HERE / "templates").rglob("*.html")
    own = {path.name for path in paths if 'id="errors"' in path.read_text()}
    assert own == {"_words.html", "complaint.html", "wall_code.html"}
