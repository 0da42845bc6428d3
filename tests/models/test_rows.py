"""What each column of the law's table does, step by step, said here once more by hand: a row that loses one of its
columns changes what somebody hears, sees or reads."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, delete, select

from console.ground.points import distance_m
from console.live.fragments import may_have_had
from models.administration.partners import close_agency
from models.city.category import RESTRICTED
from models.city.site import Site
from models.command.erasing import erase
from models.errors import NotFound
from models.incidents.closing import commands
from models.incidents.complaint import Complaint
from models.incidents.incident import Incident
from models.incidents.merging import gather
from models.incidents.sight import WHOLE, find
from models.people.browsers import subscribe
from models.reading.seen import seen_of
from models.record.event import Event
from models.record.outbox import NEWS, PUSH, Parcel
from models.roles import Role
from models.time import now
from models.viewer import Viewer
from models.workflow import BESIDES, HELD, OPEN, OUT, ROWS, STEPS, Sight, Status, Step
from tests.support.law import BABURA, PLACES, Law, law_of

SENT: dict[str, Any] = {"sent": [(None, 2)], "metres": distance_m}
QUIET, URGENT = {PUSH: False}, {PUSH: True}
QUIET_PHONE, URGENT_PHONE = {PUSH: False, NEWS: False}, {PUSH: True, NEWS: True}
NOTHING: dict[str, bool] = {}


# From where, to where, by whom: the law once more by hand. Whoever changes a row says so here, and in docs/access.md.
LAW = """
file: nothing → new: anyone
claim: new → claimed: officer
acknowledge: open → same: officer
lapse: held → same: clock
renew: held → same: clock
reclaim: held → same: officer
dispatch: claimed → dispatched: holder
reinforce: out → same: holder
arrive: out → on_scene: holder
clear: out → same: holder
recall: out → claimed: holder
assign: new → claimed: supervisor
release: claimed → new: holder_or_supervisor
reassign: held → same: supervisor
take_over: held → same: supervisor
hand_back: held → same: holder
notice: open → same: supervisor
shelve: open → same: supervisor
resolve: held → resolved: holder
refer: open → same: holder
link: open → same: holder_or_supervisor
accept: open → same: liaison
decline: open → same: liaison
finish: new claimed dispatched on_scene resolved dismissed forwarded → same: liaison
extend: open → same: holder_or_supervisor
consult: open → same: officer
respond: open → same: liaison
heed: new claimed dispatched on_scene resolved dismissed forwarded → same: either
merge: new claimed → merged: taker
unmerge: merged → same: officer
reprioritise: open → same: holder_or_supervisor
recategorise: open → same: holder_or_supervisor
relocate: open → same: holder_or_supervisor
locate: open → same: reporter
dismiss: open → dismissed: taker
forward: open → forwarded: taker
reopen: resolved dismissed forwarded → new: reopener
rate: resolved dismissed → same: reporter
ask: any → same: officer
reply: any → same: reporter
hear_out: resolved dismissed forwarded → same: officer
note: any → same: officer
explain: any → same: holder_or_supervisor
preserve: any → same: supervisor
unpreserve: any → same: supervisor
undo: any → same: officer
stand_down: open → resolved: clock
escalate: open → same: clock
"""
GROUPS = {"open": OPEN, "held": HELD, "out": OUT, "any": tuple(Status), "nothing": ()}
# What the diary says of some kinds of a step instead, and which steps officers find in the menu: once more by hand.
KINDS = """
file: caller walk_in intake
lapse: account
assign: absent
reassign: absent
accept: link
decline: link
linked: failed
resolve: told noted_told
heed: partner
merge: absorbed gathered claimed
unmerge: released
recategorise: raised away away_raised
locate: kept unknown here unsure
dismiss: told noted_told
ask: everyone page call
undo: claim dispatch reinforce arrive clear refer resolve dismiss forward merge
alert: desk_failed lead lead_written lead_failed lead_unknown push push_written push_failed push_unknown command command_written command_failed command_unknown
develop: unreadable
dispatch: over
reinforce: over
unrefer: silent unwritten slip
hush: left
look: identity evidence phone
"""
MARKS = {
    "gives": "assign hand_back reassign",
    "takes": "reassign reclaim release take_over",
    "anyhow": "ask consult explain extend hear_out heed note reply respond undo",
    "calm": "acknowledge develop explain hear_out like look notice preserve read renew shelve sweep unpreserve upload",
    "moves": "locate recategorise relocate reprioritise",
}
ENDS = {
    Sight.PARTNERS: "dismiss forward resolve stand_down unrefer",
    Sight.DECLINER: "decline",
    Sight.FINISHER: "finish",
    Sight.RESTRICTED: "recategorise",
}
IN_MENU = """
reinforce recall assign release reassign take_over resolve refer merge unmerge reprioritise recategorise relocate dismiss
forward reopen explain preserve unpreserve
"""


def test_the_law_is_what_this_page_says() -> None:
    by_hand = {}
    for line in LAW.strip().splitlines():
        name, way, who = line.split(": ")
        start, end = way.split(" → ")
        by_hand[name] = (GROUPS[start] if start in GROUPS else tuple(start.split()), end, who)
    found = {step.name: (step.start, step.end or "same", step.who.name.lower()) for step in STEPS.values()}
    assert found == by_hand


def test_each_mark_stands_on_the_rows_it_is_meant_for() -> None:
    marked = {mark: {name for name, row in ROWS.items() if getattr(row, mark, False)} for mark in MARKS}
    assert marked == {mark: set(names.split()) for mark, names in MARKS.items()}
    ended = {sight: {name for name, row in ROWS.items() if row.ends is sight} for sight in Sight if sight in ENDS}
    assert ended == {sight: set(names.split()) for sight, names in ENDS.items()}


def test_the_diary_has_a_line_for_each_step_and_for_each_kind_of_it() -> None:
    assert [name for name, row in STEPS.items() if not row.says] == []
    by_hand = {name: set(kinds.split()) for name, kinds in (line.split(":") for line in KINDS.strip().splitlines())}
    assert {name: set(row.kinds) for name, row in ROWS.items() if row.kinds} == by_hand


def test_the_menu_has_what_it_had() -> None:
    assert {name for name, row in STEPS.items() if row.menu} == set(IN_MENU.split())


@pytest.fixture
def law(sqlite_url: str) -> Iterator[Law]:
    """What a row says is the same on every database."""
    with law_of(sqlite_url) as law:
        yield law


def parcels(law: Law) -> dict[str, bool]:
    """What waits to be sent since the last call: its kinds, and whether each is urgent."""

    def collect(session: Session) -> dict[str, bool]:
        found = {row.kind: row.urgent for row in session.exec(select(Parcel))}
        session.exec(delete(Parcel))
        return found

    return law.run(collect)


def with_both(law: Law) -> Incident:
    """Of Ann, who hears by pushes, and Zed, who has a phone number alone."""
    law.run(lambda session: subscribe(session, law.ann, "https://fcm.googleapis.com/a", "p", "a") and None)
    incident, second = law.file(law.ann), law.file(law.zed)
    law.take(second, "merge", law.hendra, into=incident.id)
    parcels(law)
    return incident


def binjai(law: Law) -> int:
    return next(one.id for one in law.read(commands) if one.name == "Polres Binjai")


def test_how_the_reporter_hears_of_each_step(law: Law) -> None:
    incident = with_both(law)
    fire = law.damkar.agency_id
    heard: set[str] = set()
    for name, by, given, told in (
        ("claim", law.hendra, {}, URGENT_PHONE),
        ("release", law.hendra, {"reason": "x"}, NOTHING),
        ("assign", law.sari, {"officer": law.hendra.id}, URGENT_PHONE),
        ("acknowledge", law.hendra, {}, NOTHING),
        ("take_over", law.sari, {"reason": "x"}, NOTHING),
        ("reassign", law.sari, {"officer": law.hendra.id, "reason": "x"}, NOTHING),
        ("note", law.ratna, {"words": "x"}, NOTHING),
        ("ask", law.hendra, {"words": "x", "everyone": True}, QUIET_PHONE),
        ("reply", law.ann, {"words": "x"}, NOTHING),
        ("locate", law.ann, {"site": Site.unknown("x")}, NOTHING),
        ("reprioritise", law.hendra, {"priority": 2, "reason": "x"}, NOTHING),
        ("recategorise", law.hendra, {"category": "KEBAKARAN", "reason": "x"}, NOTHING),
        ("refer", law.hendra, {"agency": fire, "tier": "summary"}, QUIET),
        ("accept", law.damkar, {}, QUIET),
        ("finish", law.damkar, {"note": "x"}, QUIET),
        ("refer", law.hendra, {"agency": fire, "tier": "summary"}, QUIET),
        ("decline", law.damkar, {"note": "x"}, QUIET),
        ("dispatch", law.hendra, SENT, URGENT_PHONE),
        ("reinforce", law.hendra, SENT, NOTHING),
        ("arrive", law.hendra, {}, URGENT),
        ("recall", law.hendra, {"reason": "x"}, NOTHING),
        ("resolve", law.hendra, {"outcome": "handled"}, QUIET_PHONE),
        ("rate", law.ann, {"stars": 4}, NOTHING),
        ("reopen", law.sari, {"reason": "x"}, QUIET),
        ("dismiss", law.hendra, {"reason": "empty"}, QUIET_PHONE),
        ("reopen", law.sari, {"reason": "x"}, QUIET),
        ("forward", law.hendra, {"command": binjai(law), "reason": "x"}, QUIET_PHONE),
        ("preserve", law.sari, {"reason": "x"}, NOTHING),
        ("unpreserve", law.sari, {"reason": "x"}, NOTHING),
    ):  # fmt: skip
        law.take(incident, name, by, **given)
        assert parcels(law) == told, name
        heard.add(name)
    assert {name for name, row in STEPS.items() if row.hears} - heard == {"file"}


def test_the_reporter_hears_that_nobody_has_it_any_more(law: Law) -> None:
    """What turns out to be about officers leaves its holder, by whichever step."""
    incident = with_both(law)
    law.take(incident, "claim", law.hendra)
    parcels(law)
    law.take(incident, "recategorise", law.sari, category=RESTRICTED, reason="x")
    assert parcels(law) == QUIET


def test_who_files_hears_nothing_and_whom_an_officer_files_for_does(law: Law) -> None:
    law.run(lambda session: subscribe(session, law.ann, "https://fcm.googleapis.com/a", "p", "a") and None)
    incident = law.file(law.ann)
    assert parcels(law) == NOTHING
    complaint = law.read(lambda s: s.exec(select(Complaint.id).where(Complaint.incident_id == incident.id)).one())
    law.run(
        lambda s: s.get_one(Incident, incident.id).note("file", law.hendra, {}, complaint_id=complaint, source="caller")
    )
    assert parcels(law) == QUIET


def referred(law: Law, *more: Viewer) -> Incident:
    incident = law.take(law.file(category="KEBAKARAN"), "claim", law.hendra)
    for partner in (law.damkar, *more):
        law.take(incident, "refer", law.hendra, agency=partner.agency_id, tier="summary")
    return incident


def had(law: Law, incident: Incident, step: str, viewer: Viewer) -> bool:
    """Is this viewer, who sees it no more, told that it is gone?"""

    def look(session: Session) -> bool:
        with pytest.raises(NotFound):
            find(session, viewer, incident.id)
        row = session.exec(select(Incident).where(Incident.id == incident.id).options(*WHOLE)).one()
        return may_have_had(row, [step], viewer.audience)

    return law.read(look)


@pytest.mark.parametrize("step", ["decline", "finish", "resolve", "dismiss", "forward", "recategorise", "unrefer"])
def test_a_partners_card_goes_with_each_step_that_ends_its_sight(law: Law, step: str) -> None:
    incident = referred(law)
    if step == "finish":
        law.take(incident, "accept", law.damkar)
    if step == "unrefer":
        law.run(close_agency, Viewer(Role.ADMIN, None), law.damkar.agency_id, "x")
    else:
        given = {"resolve": {"outcome": "handled"}, "dismiss": {"reason": "empty"}, "forward": {"command": binjai(law), "reason": "x"}, "recategorise": {"category": RESTRICTED, "reason": "x"}}  # fmt: skip
        by = law.damkar if step in ("decline", "finish") else law.hendra
        law.take(incident, step, by, **given.get(step, {"note": "x"}))
    assert had(law, incident, step, law.damkar)
    assert not had(law, incident, step, law.bnpt)  # who never saw it
    assert not had(law, incident, "note", law.damkar)
    assert had(law, incident, step, law.ratna) if step == "recategorise" else True


def test_who_saw_a_complaint_names_every_step_that_takes_it_in_hand(law: Law) -> None:
    incident = law.file()

    def seen() -> int:
        def count(session: Session) -> int:
            complaint = session.exec(select(Complaint).where(Complaint.incident_id == incident.id)).one()
            return len([one for one in seen_of(session, complaint) if one.what == "handled"])

        return law.read(count)

    def lapse() -> None:
        law.run(lambda session: setattr(session.get_one(Incident, incident.id), "stale", True))

    taken: set[str] = set()
    for name, by, given in (
        ("claim", law.hendra, {}),
        ("release", law.hendra, {"reason": "x"}),
        ("assign", law.sari, {"officer": law.hendra.id}),
        ("reassign", law.sari, {"officer": law.ratna.id, "reason": "x"}),
        ("take_over", law.sari, {"reason": "x"}),
        ("reclaim", law.hendra, {}),
    ):
        before = seen()
        if name == "reclaim":
            lapse()
        law.take(incident, name, by, **given)
        if seen() > before:
            taken.add(name)
    assert taken == {"claim", "assign", "reassign", "take_over", "reclaim"}


def test_who_takes_many_with_one_press_saw_them_all(law: Law) -> None:
    first, second, other = law.file(law.ann), law.file(law.zed), law.file(law.ann)
    law.run(lambda session: gather(find(session, law.hendra, first.id), law.hendra, [second.id], claim=True) and None)
    law.take(other, "merge", law.hendra, into=first.id)  # joined, and not taken with the same press

    def seen(session: Session) -> list[int]:
        rows = session.exec(select(Complaint).order_by(col(Complaint.id))).all()
        return [len([one for one in seen_of(session, row) if one.what == "handled"]) for row in rows]

    assert law.read(seen) == [1, 1, 1]


def test_what_the_reporter_wrote_goes_with_their_account_and_no_officers_word(law: Law) -> None:
    incident = law.take(law.file(), "claim", law.hendra)
    for name, by, given in (
        ("reply", law.ann, {"words": "kenari"}),
        ("locate", law.ann, {"site": PLACES.site(*BABURA, precision="device", landmark="kenari")}),
        ("ask", law.hendra, {"words": "pertanyaan"}),
        ("resolve", law.hendra, {"outcome": "handled", "note": "catatan"}),
        ("reopen", law.ann, {"reason": "kenari"}),
        ("claim", law.hendra, {}),
        ("resolve", law.hendra, {"outcome": "handled"}),
        ("rate", law.ann, {"stars": 4, "words": "kenari"}),
    ):
        law.take(incident, name, by, **given)

    def forget(session: Session) -> None:
        session.get_one(Incident, incident.id).closed_at = now() - timedelta(days=9)
        erase(session, law.ann, "", "", "")

    law.run(forget)
    here = select(Event).where(Event.incident_id == incident.id).order_by(col(Event.seq))
    bodies = {event.step: event.body for event in law.read(lambda session: list(session.exec(here)))}
    assert {step for step, body in bodies.items() if body == {}} == {"reply", "locate", "reopen", "rate"}
    assert bodies["ask"]["words"] == "pertanyaan"


def test_whatever_is_noted_of_an_incident_has_its_row() -> None:
    """And says something in the diary, but for what nobody would miss there."""
    assert {name for name, row in ROWS.items() if not row.says} == {"let_go", "upload", "like", "look"}
    assert all(isinstance(row, Step) for row in STEPS.values()) and not set(BESIDES) & set(STEPS)


def test_what_the_law_does_not_go_without() -> None:
    wanted = {
        "assign": ["officer"], "reassign": ["officer", "reason"], "take_over": ["reason"], "clear": ["dispatch"], "recall": ["reason"],
        "resolve": ["outcome"], "dismiss": ["reason"], "forward": ["command"], "merge": ["into"], "refer": ["agency", "tier"], "decline": ["note"],
        "finish": ["note"], "ask": ["words"], "reply": ["words"], "note": ["words"], "reprioritise": ["priority", "reason"],
        "relocate": ["site", "reason"], "locate": ["site"], "recategorise": ["category", "reason"], "preserve": ["reason"], "unpreserve": ["reason"],
        "undo": ["step"], "rate": ["stars"], "release": [], "reopen": [], "dispatch": [], "accept": [], "arrive": [],
    }  # fmt: skip
    for name, fields in wanted.items():
        assert [one.name for one in STEPS[name].carries if one.needed and one.default is ...] == fields, name


def test_what_the_diary_tells_apart() -> None:
    apart = {
        "file": {"caller", "walk_in", "intake"},
        "develop": {"unreadable"},
        "lapse": {"account"},
        "merge": {"absorbed", "gathered", "claimed"},
        "unmerge": {"released"},
        "ask": {"everyone", "page", "call"},
        "locate": {"kept", "unknown", "here", "unsure"},
        "recategorise": {"raised", "away", "away_raised"},
        "undo": {
            "claim",
            "dispatch",
            "reinforce",
            "arrive",
            "clear",
            "refer",
            "resolve",
            "dismiss",
            "forward",
            "merge",
        },
        "look": {"identity", "evidence", "phone"},
    }
    assert {name: set(ROWS[name].kinds) for name in apart} == apart


def test_from_where_and_to_where() -> None:
    anywhere = {"ask", "reply", "note", "preserve", "unpreserve", "undo"}
    while_open = {"acknowledge", "refer", "accept", "decline", "finish", "reprioritise", "relocate", "locate", "recategorise", "dismiss", "forward", "escalate"}  # fmt: skip
    while_held = {"lapse", "renew", "reclaim", "take_over", "reassign", "resolve"}
    while_out = {"reinforce", "arrive", "clear", "recall"}
    over = {"finish", "reopen", "rate"}
    known = anywhere | while_open | while_held | while_out | over | {"claim", "assign", "merge", "unmerge", "release", "dispatch", "file"}  # fmt: skip
    steps = {name: STEPS[name] for name in known}
    assert {status: {name for name, step in steps.items() if status in step.start} - anywhere for status in Status} == {
        "new": while_open | {"claim", "assign", "merge"},
        "claimed": while_open | while_held | {"release", "dispatch", "merge"},
        "dispatched": while_open | while_held | while_out,
        "on_scene": while_open | while_held | while_out,
        "resolved": over,
        "dismissed": over,
        "forwarded": over - {"rate"},
        "merged": {"unmerge"},
    }
    assert all(set(STEPS[name].start) == set(Status) for name in anywhere)
    assert {name: step.end for name, step in steps.items() if step.end} == {
        "file": "new", "claim": "claimed", "assign": "claimed", "release": "new", "dispatch": "dispatched", "arrive": "on_scene",
        "recall": "claimed", "resolve": "resolved", "dismiss": "dismissed", "forward": "forwarded", "merge": "merged", "reopen": "new",
    }  # fmt: skip
