"""A day made by hand, its numbers worked out by hand beside it; and what counts in a day, and what does not."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import pytest

from console.ground.points import distance_m
from models.errors import NotAllowed, Refusal, WrongValue
from models.incidents.filing import Filing, file
from models.incidents.incident import Incident
from models.incidents.strengths import force, strengths
from models.reading.figures import figures
from models.reading.measures import Figures, Span
from models.reading.periods import Period, period
from models.reading.rounds import open_at, rounds
from models.roles import Role
from models.time import as_of
from models.viewer import Viewer
from tests.support.law import PLACES, Law

DAY = Period("day", date(2026, 11, 21))
SEVEN = datetime(2026, 11, 21, 0, tzinfo=UTC)  # in Medan
P1, P2, P3, P4 = "CURAS_BEGAL", "CURANMOR", "KERIBUTAN", "PENIPUAN"  # suggested: 4, 3, 2, none


class Case(NamedTuple):
    """Seconds: claimed since filed, sent since claimed, arrived since filed. `ends`: how it was closed."""

    category: str
    claimed: int
    sent: int | None = None
    personnel: int = 0
    arrived: int | None = None
    ends: str = "resolve"
    ticked: tuple[str, ...] = ()


CASES = [
    # the first ten: targets 1:00 and 10:00
    Case(P1, 10, 60, 4, 300), Case(P1, 20, 60, 4, 360), Case(P1, 30, 60, 4, 420), Case(P1, 40, 60, 4, 480),
    Case(P1, 50, 60, 4, 540), Case(P1, 60, 60, 4, 600), Case(P1, 70, 60, 9, 660, ticked=("armed",)),
    Case(P1, 80, 60, 3, 720), Case(P1, 90, ends="empty"), Case(P1, 100, ends="prank"),
    # ten: 3:00 and 20:00
    Case(P2, 60, 120, 3, 600), Case(P2, 120, 120, 3, 700), Case(P2, 180, 120, 3, 800), Case(P2, 240, 120, 3, 1000),
    Case(P2, 300, 120, 3, 1300), Case(P2, 360), Case(P2, 420), Case(P2, 480), Case(P2, 540), Case(P2, 600),
    # six: 15:00 and 60:00
    Case(P3, 100, 300, 2, 1000), Case(P3, 200, 300, 2, 2000), Case(P3, 300, 300, 2, 3000), Case(P3, 400, 300, 4, 4000),
    Case(P3, 500), Case(P3, 600),
    # four: a day, and nobody is sent
    Case(P4, 1000), Case(P4, 1000), Case(P4, 1000), Case(P4, 1000),
]  # fmt: skip
EVERY, CLOSED = 40 * 60, (5000, 6000)  # one is filed every 40 minutes; closed after so many seconds, the last ten later


class Night:
    """What is to happen, each at its second since seven, done in that order."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self.clock = SEVEN
        self._plan: list[tuple[float, int, Callable[[], Any]]] = []

    def at(self, second: float, act: Callable[[], Any]) -> None:
        self._plan.append((second, len(self._plan), act))

    def case(self, second: float, case: Case, by: Viewer, closed: int) -> list[Incident]:
        found: list[Incident] = []
        take = self._takes(found, by)
        self.at(second, lambda: found.append(self.file(case.category)))
        self.at(second + case.claimed, take("claim"))
        if case.sent is not None and case.arrived is not None:
            go: dict[str, Any] = {"sent": [(None, case.personnel)], "metres": distance_m, "modifier": case.ticked}
            self.at(second + case.claimed + case.sent, take("dispatch", **go))
            self.at(second + case.arrived, take("arrive"))
        over = {"outcome": "handled"} if case.ends == "resolve" else {"reason": case.ends, "note": "Kosong"}
        self.at(second + closed, take("resolve" if case.ends == "resolve" else "dismiss", **over))
        return found

    def _takes(self, found: list[Incident], by: Viewer) -> Callable[..., Callable[[], Any]]:
        def take(step: str, /, **given: Any) -> Callable[[], Any]:
            return lambda: self.law.take(found[0], step, by, **given)

        return take

    def file(self, category: str, **more: Any) -> Incident:
        site = PLACES.site(3.5796, 98.6585, precision="pin", landmark="depan minimarket")

        def act(session: Any) -> Incident:
            by = Viewer(Role.INTAKE) if more.get("exercise") else self.law.ann
            complaint = file(session, by, Filing(category=category, words="Ada apa", site=site, **more))
            assert complaint.incident
            return complaint.incident

        return self.law.run(act)  # type: ignore[no-any-return]

    def passes(self) -> None:
        for second, _, act in sorted(self._plan, key=lambda one: one[:2]):
            self.clock = SEVEN + timedelta(seconds=second)
            act()


@pytest.fixture
def night(law: Law, monkeypatch: pytest.MonkeyPatch) -> Night:
    """The law's clock stands where the night is."""
    run, night = law.run, Night(law)

    def running(function: Callable[..., Any], *arguments: Any) -> Any:
        def then(session: Any) -> Any:
            with as_of(night.clock):
                return function(session, *arguments)

        return run(then)

    monkeypatch.setattr(law, "run", running)
    return night


def figures_of(law: Law, of: Period = DAY) -> Figures:
    return law.read(figures, law.sari, of)  # type: ignore[no-any-return]


def said(span: Span) -> tuple[float | None, float | None, int]:
    return span.median, span.p90, span.of


def test_thirty_incidents_by_hand(night: Night) -> None:
    law = night.law
    for n, case in enumerate(CASES):
        night.case(n * EVERY, case, law.hendra if n % 3 else law.ratna, CLOSED[n >= 20])
    for n in range(12):  # the day before
        night.case((n - 24) * 3600, Case(P1, 30, 60, 4, 300), law.hendra, 2000)
    night.case(-600, Case(P4, 100), law.hendra, 3600)  # open at seven, closed at ten to eight
    night.at(-300, lambda: night.file(P4))  # and one that nobody ever takes
    night.passes()
    told = figures_of(law)

    now, before = told.now, told.before
    assert [(step.count, *said(step.span)) for step in now.steps] == [
        (30, None, None, 0),
        (30, 220, 1000, 30),  # 15th and 16th of the thirty: 200 and 240; 27th
        (17, 120, 300, 17),  # eight of 60, five of 120, four of 300
        (17, 700, 3000, 17),  # 9th and 16th
        (30, 5000, 6000, 30),
    ]
    assert [was for _, was in told.changes] == [14, 13, 12, 12, 13]
    assert (now.open_before, now.open_after, before.open_before, before.open_after) == (2, 1, 0, 2)
    assert [(*said(pace.span), pace.target, pace.late) for pace in now.claims] == [
        (55, 90, 10, 60, 4),
        (330, 540, 10, 180, 7),
        (350, 600, 6, 900, 0),
        (None, None, 4, 86_400, 0),  # four are too few
    ]
    assert [(*said(pace.span), pace.target, pace.late) for pace in now.arrivals] == [
        (510, 720, 8, 600, 2),
        (800, 1300, 5, 1200, 1),
        (None, None, 4, 3600, 1),
        (None, None, 0, None, 0),
    ]
    assert [pace.over for pace in (*now.claims, *now.arrivals)] == [True, True, False, False, True, True, False, False]
    assert [(late.incident.priority, late.step, late.by, late.waits) for late in now.late] == [
        (1, "taken", 10, False), (1, "arrived", 60, False), (1, "taken", 20, False), (1, "arrived", 120, False),
        (1, "taken", 30, False), (1, "taken", 40, False),
        (2, "taken", 60, False), (2, "taken", 120, False), (2, "arrived", 100, False), (2, "taken", 180, False),
        (2, "taken", 240, False), (2, "taken", 300, False), (2, "taken", 360, False), (2, "taken", 420, False),
        (3, "arrived", 400, False),
    ]  # fmt: skip
    rows = [(row.of.code, row.count, row.before, row.change, row.percent) for row in told.categories]
    assert rows == [(P1, 10, 12, -2, -17), (P2, 10, 0, 10, None), (P3, 6, 0, 6, None), (P4, 4, 2, 2, None)]
    (row,) = told.stations
    assert (row.of.name, row.count, row.before, *said(row.arrive)) == ("Polsek Medan Baru", 30, 14, 600, 1000, 13)
    assert sorted((row.of.name, row.count) for row in told.officers) == [
        ("Hendra Siregar", 20), ("Ratna Simanjuntak", 10),
    ]  # fmt: skip
    assert [name for name, _ in told.places] == ["Babura"]
    assert told.hours == [2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 0, 0, 0, 0]
    assert (now.pranks, now.blocked, now.personnel) == (1, 0, 6 * 4 + 9 + 3 + 5 * 3 + 3 * 2 + 4)
    assert now.decided.differences == {-1: 1, 0: 14, 1: 1, 2: 1}  # suggested 4, 3 and 2; with arms in sight 8
    assert [(label.code, n) for label, n in now.decided.why] == [("armed", 1)]


def test_what_counts_and_what_does_not(night: Night) -> None:
    """An exercise, what was merged, what was taken back; and the first of each kind, whatever was released since."""
    law = night.law
    found: dict[str, Incident] = {}

    def take(name: str, step: str, by: Viewer, /, **given: Any) -> Callable[[], Any]:
        return lambda: law.take(found[name], step, by, **given)

    def filed(name: str, **more: Any) -> Callable[[], Any]:
        return lambda: found.__setitem__(name, night.file(P1, **more))

    go = {"sent": [(None, 4)], "metres": distance_m}
    night.at(0, filed("exercise", exercise=True))
    night.at(10, filed("one"))
    night.at(20, filed("into it"))
    night.at(30, take("one", "claim", law.hendra))
    night.at(35, take("one", "undo", law.hendra, step="claim"))  # 20 s after filing: nobody had it
    night.at(50, take("one", "claim", law.ratna))
    night.at(60, lambda: law.take(found["into it"], "merge", law.ratna, into=found["one"].id))
    night.at(100, take("one", "dispatch", law.ratna, **go))
    night.at(110, take("one", "undo", law.ratna, step="dispatch"))
    night.at(200, take("one", "release", law.ratna, reason="salah orang"))
    night.at(300, take("one", "claim", law.hendra))
    night.at(400, take("one", "dispatch", law.hendra, **go))
    night.at(500, take("one", "recall", law.hendra, reason="sudah bubar"))
    night.at(600, take("one", "dispatch", law.hendra, **go))
    night.at(700, take("one", "arrive", law.hendra))
    night.at(800, take("one", "resolve", law.hendra, outcome="handled"))
    night.at(805, take("one", "undo", law.hendra, step="resolve"))
    night.at(900, take("one", "resolve", law.hendra, outcome="handled"))
    night.at(1000, take("one", "reopen", law.ann, reason="belum selesai"))
    night.passes()
    first, second = law.read(rounds, DAY.begins, DAY.ends)
    since = [
        (moment - SEVEN).total_seconds()
        for moment in (first.begun, first.taken, first.sent, first.arrived, first.closed)
    ]
    assert since == [10, 50, 400, 700, 900]
    assert (first.taker_id, first.personnel) == (law.ratna.id, 4)
    assert ((second.begun - SEVEN).total_seconds(), second.taken, second.open) == (1000, None, True)
    whole = [law.read(open_at, SEVEN + timedelta(seconds=second)) for second in (5, 15, 850, 950, 1100)]
    assert whole == [0, 1, 1, 0, 1]  # the exercise never, nor what was merged since
    late = figures_of(law).now.late
    assert [(one.step, one.waits) for one in late] == [("arrived", False), ("taken", True), ("arrived", True)]


def test_why_it_was_late_is_said_by_whoever_held_it_and_the_newest_words_count(night: Night) -> None:
    law = night.law
    found: list[Incident] = []

    def explain(by: Viewer, reason: str) -> Callable[[], Any]:
        return lambda: law.take(found[0], "explain", by, reason=reason)

    night.at(0, lambda: found.append(night.file(P1)))
    night.at(200, lambda: law.take(found[0], "claim", law.hendra))
    night.at(210, explain(law.hendra, "konsol sibuk"))
    night.at(300, lambda: law.take(found[0], "resolve", law.hendra, outcome="handled"))
    night.at(400, explain(law.sari, " 6 konsol sibuk "))
    night.at(500, lambda: law.take(found[0], "reopen", law.sari, reason="belum"))
    night.passes()
    assert [late.round.why for late in figures_of(law).now.late if late.step == "taken"] == ["6 konsol sibuk", ""]
    with pytest.raises(Refusal):
        law.take(found[0], "explain", law.ratna, reason="bukan saya")
    with pytest.raises(WrongValue):
        law.take(found[0], "explain", law.sari, reason="x" * 81)


def test_when_fewest_were_free(night: Night) -> None:
    """Just after a dispatch, never before; and where nobody stated a strength, at no time."""
    law = night.law
    go = {"sent": [(None, 4)], "metres": distance_m}
    found: list[Incident] = []
    for second in (0, 1000):
        night.at(second, lambda: found.append(night.file(P1)))
        night.at(second + 10, lambda: law.take(found[-1], "claim", law.hendra))
        night.at(second + 20, lambda: law.take(found[-1], "dispatch", law.hendra, **go))
        night.at(second + 500, lambda: law.take(found[-1], "resolve", law.hendra, outcome="handled"))
    night.at(2000, lambda: found.append(night.file(P1, exercise=True)))
    night.at(2010, lambda: law.take(found[-1], "claim", law.hendra))
    night.at(2020, lambda: law.take(found[-1], "dispatch", law.hendra, **{**go, "sent": [(None, 9)]}))
    night.passes()
    whole = law.read(lambda session: force(strengths(session)).strength)
    assert figures_of(law).now.fewest == (whole - 4, SEVEN + timedelta(seconds=20))
    assert figures_of(law, DAY.before).now.fewest is None


def test_what_is_apart_again_counts_again(night: Night) -> None:
    law = night.law
    found: list[Incident] = []
    for second in (0, 10):
        night.at(second, lambda: found.append(night.file(P1)))
    night.at(20, lambda: law.take(found[0], "claim", law.hendra))
    night.at(30, lambda: law.take(found[1], "merge", law.hendra, into=found[0].id))
    night.passes()
    assert len(law.read(rounds, DAY.begins, DAY.ends)) == 1
    night.at(40, lambda: law.take(found[1], "unmerge", law.hendra))
    night._plan = night._plan[-1:]
    night.passes()
    assert len(law.read(rounds, DAY.begins, DAY.ends)) == 2


def test_a_day_is_from_seven_to_seven_and_a_round_counts_where_it_began(night: Night) -> None:
    for second in (-1, 0, 86_399, 86_400):
        night.at(second, lambda: night.file(P4))
    night.passes()
    numbers = [figures_of(night.law, one).now.filed for one in (DAY.before, DAY, DAY.after)]
    assert numbers == [1, 2, 1]
    assert [figures_of(night.law, period(kind, "2026-11-21")).now.filed for kind in ("week", "month")] == [4, 4]


@pytest.mark.parametrize(
    ("kind", "on", "first", "days"),
    [
        ("day", "2026-11-21", date(2026, 11, 21), 1),
        ("week", "2026-11-21", date(2026, 11, 16), 7),
        ("month", "2026-02-28", date(2026, 2, 1), 28),
        ("month", "2026-12-31", date(2026, 12, 1), 31),
    ],
)
def test_a_period(kind: str, on: str, first: date, days: int) -> None:
    found = period(kind, on)
    assert (found.first, (found.ends - found.begins).days) == (first, days)
    assert found.before.after == found == found.after.before


def test_without_a_day_it_is_the_last_that_is_over() -> None:
    for hour, first in ((6, date(2026, 11, 20)), (7, date(2026, 11, 21))):
        with as_of(SEVEN + timedelta(days=1, hours=hour - 7)):
            found = period()
            assert (found.first, found.over, found.after.over) == (first, True, False)


@pytest.mark.parametrize(
    ("kind", "on"), [("year", ""), ("day", "21/11"), ("day", "0001-01-01"), ("month", "9999-12-31")]
)
def test_what_is_no_period(kind: str, on: str) -> None:
    with pytest.raises(WrongValue):
        period(kind, on)


@pytest.mark.parametrize("name", ["ann", "hendra", "dewi", "damkar"])
def test_only_supervisors_read_them(law: Law, name: str) -> None:
    with pytest.raises(NotAllowed):
        law.read(figures, getattr(law, name), DAY)
