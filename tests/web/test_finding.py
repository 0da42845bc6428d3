"""The search: by as much of a number or phone as one heard, what is open first, the words found marked, nothing unescaped."""

import re
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from console.web.door.joining import _reports
from console.web.staff.finding import pieces
from console.web.staff.incidents import panel
from models.command.ladder import Ladder
from models.errors import NotFound
from models.incidents.complaint import Complaint
from models.incidents.filing import find_complaint
from models.incidents.incident import Incident
from models.reading.finding import asks_whose, search
from models.time import now
from models.viewer import Viewer
from tests.support.law import PLACES, Law
from tests.support.town import Town, ref_of

PHONE = "+6281200004471"  # Ann's, in the law and in the town


def found(law: Law, viewer: Viewer, q: str) -> list[int]:
    return [row.id for row in law.read(search, viewer, q)]


def test_a_number_is_found_without_its_dash_and_by_its_last_digits(law: Law) -> None:
    first, second = law.file(), law.file()
    for q in (second.number, second.number.replace("-", ""), second.number[-4:], second.number[-3:]):
        assert found(law, law.hendra, q) == [second.id], q
    assert first.id not in found(law, law.hendra, second.number[-4:])


SPELLED = (  # of PHONE, by its end and whole
    "4471", "0004471", "00004471", "2 0000-4471", "120 000 4471", "812 0000 4471", "0812 0000 4471", "6281200004471",
    "+62 812-0000-4471", "(0812) 0000.4471", "0812/0000/4471", "+62 0812 0000 4471", "0062 812 0000 4471", "tel:+6281200004471",
    "٠٨١٢٠٠٠٠٤٤٧١", "０８１２００００４４７１", "\u200b0812\u00a00000\u20114471",
)  # fmt: skip


def test_a_phone_is_found_however_it_is_said_only_for_who_may_know_the_reporter(law: Law) -> None:
    shown, hidden = law.file(category="KEBAKARAN"), law.file(category="KDRT_PPA")
    officers = law.file(category="OKNUM")
    for q in SPELLED:
        assert found(law, law.hendra, q) == [shown.id], q
        assert set(found(law, law.sari, q)) == {shown.id, hidden.id, officers.id}, q
    law.take(hidden, "claim", law.hendra)
    for q in SPELLED:
        assert set(found(law, law.hendra, q)) == {shown.id, hidden.id}, q


def test_a_phone_is_not_read_out_digit_by_digit(law: Law) -> None:
    """What the mask hides is asked for with a noted look, or known already."""
    law.file(category="KEBAKARAN")
    for q in ("04471", "004471", "471", "1200004472", "62812"):
        assert found(law, law.sari, q) == [], q
    for q in SPELLED:
        assert asks_whose(q) is (q != "4471"), q


def test_a_foreign_number_is_found_with_its_plus_and_without(law: Law) -> None:
    abroad = law.file(law.hendra, source="caller", caller_phone="+442079460958")
    law.file()
    for q in ("+44 20 7946 0958", "44 20 7946 0958", "0044 20 7946 0958", "020 7946 0958"[1:], "79460958", "0958"):
        assert found(law, law.ratna, q) == [abroad.id], q


def test_a_reference_is_found_by_what_its_letters_look_like(law: Law) -> None:
    incident = law.file()

    def name(session: Session) -> None:
        session.exec(select(Complaint)).one().ref = "7K01-92QD"

    law.run(name)
    for q in ("7K01-92QD", "7k01 92qd", "7KOl92QD", "7koi-92qd", " 7k-01-92-qd "):
        assert found(law, law.hendra, q) == [incident.id], q
        assert law.read(find_complaint, law.ann, q).incident_id == incident.id, q
        with pytest.raises(NotFound):
            law.read(find_complaint, law.zed, q)
    assert found(law, law.hendra, "7K01-92Q") == []


def test_what_is_open_comes_first_then_what_is_closed_each_newest_first(law: Law) -> None:
    rows = [law.file(words="seekor ular") for _ in range(4)]

    def age(session: Session) -> None:
        for hours, row in enumerate(rows):
            session.get_one(Incident, row.id).filed_at = now() - timedelta(hours=hours)

    law.run(age)
    for row in rows[:2]:
        law.take(row, "dismiss", law.hendra, reason="empty")
    for q in ("ular", ""):
        assert found(law, law.hendra, q) == [rows[n].id for n in (2, 3, 0, 1)]


def test_what_was_asked_for_is_cut_out_whatever_stands_in_it() -> None:
    assert pieces("2611-0570", "26110570") == [("2611-0570", True)]
    assert pieces("2611-0570", "0570") == [("2611-", False), ("0570", True)]
    assert pieces("Begal (dua) begal", "BEGAL") == [("Begal", True), (" (dua) ", False), ("begal", True)]
    assert pieces("a.b(c", "b(") == [("a.", False), ("b(", True), ("c", False)]
    assert pieces("apa saja", "") == [("apa saja", False)] and pieces("", "x") == []


def test_the_words_found_are_marked_and_nothing_of_them_is_markup(sqlite_town: Town) -> None:
    town = sqlite_town
    number = town.incident_of(ref_of(town.ann.file(description="<b>Ular</b> & ular besar <script>"))).number
    page = town.hendra.get("/incidents", params={"q": "ular"}).text
    assert "&lt;b&gt;<mark>Ular</mark>&lt;/b&gt; &amp; <mark>ular</mark> besar &lt;script&gt;" in page
    page = town.hendra.get("/incidents", params={"q": number.replace("-", "")}).text
    assert f"<mark>{number}</mark>" in page
    page = town.hendra.get("/incidents", params={"q": "<script>"}).text
    assert "<mark>&lt;script&gt;</mark>" in page


def test_a_phone_found_is_shown_as_it_is_masked_and_only_to_who_may_know_it(sqlite_town: Town) -> None:
    town = sqlite_town
    ref = ref_of(town.ann.file(category="KDRT_PPA", description="ribut, plat BK 4471"))
    for who, shows in ((town.hendra, False), (town.sari, True)):
        page = town_text(who.get("/incidents", params={"q": "4471"}).text)
        assert town.incident_of(ref).number in page and ("0812 •••• <mark>4471</mark>" in page) is shows
        assert PHONE not in page and "81200004471" not in page
    page = town_text(town.sari.get("/incidents", params={"q": PHONE}).text)
    assert "0812 •••• <mark>4471</mark>" in page


def test_a_reference_typed_as_it_was_read_leads_to_its_page(sqlite_town: Town) -> None:
    town = sqlite_town
    ref = ref_of(town.ann.file())
    loose = ref.lower().replace("-", "").replace("0", "o").replace("1", "l")
    assert town.ann.get(f"/complaints/{loose}").headers["location"] == f"/complaints/{ref}"
    assert town.zed.get(f"/complaints/{loose}").status_code == 404
    for _ in range(2):  # the same answer by another spelling is the same answer
        said = {"words": "di depan", "idempotency_key": "a"}
        assert town.ann.post(f"/complaints/{loose}/reply", data=said).status_code == 303
        loose = ref
    assert town.ann.get(f"/complaints/{ref}").text.count("di depan") == 1


def town_text(page: str) -> str:
    return re.sub(r"\s+", " ", page)


@pytest.mark.parametrize("category", ["OKNUM", "KDRT_PPA"])
def test_what_is_counted_of_a_reporter_is_what_one_could_find_of_them(law: Law, category: str) -> None:
    """Six where the search finds five would tell an officer that there is a sixth, and of what kind."""
    for _ in range(2):
        law.take(law.file(), "dismiss", law.ratna, reason="prank")
    law.take(law.file(category=category), "dismiss", law.sari, reason="prank")
    fire = law.file(category="KEBAKARAN")
    told = {}
    for viewer in (law.hendra, law.sari):
        (row,) = law.read(
            lambda session, by=viewer: list(panel(session, by, fire.id, PLACES, Ladder({}))["reporters"].values())
        )
        told[viewer] = row.nth, row.strikes
        assert row.nth == len(found(law, viewer, PHONE))
    assert (told[law.hendra], told[law.sari]) == ((3, 2), (4, 3))
    assert fire.strikes == 2  # on the card, which all read


def test_an_account_known_by_what_officers_may_not_see_is_new_to_them(law: Law) -> None:
    law.file(category="OKNUM")
    assert law.file().standing == "new" and law.file().standing == "known"


def test_of_reports_side_by_side_too(law: Law) -> None:
    law.file(category="OKNUM")
    one = law.file(at=(3.5796, 98.6585))
    two = law.file(at=(3.5796, 98.6585), by=law.zed)

    def nths(session: Session, viewer: Viewer) -> list[int]:
        return [report.nth for report in _reports(session, viewer, *_both(session))]

    def _both(session: Session) -> tuple[Incident, list[Incident]]:
        rows = [session.get_one(Incident, row.id) for row in (one, two)]
        return rows[0], rows

    assert (law.read(nths, law.hendra), law.read(nths, law.sari)) == ([1, 1], [2, 1])
