"""What is written on a closed case waits until somebody has read it."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from models.command.audit import audit
from models.incidents.incident import Incident
from models.incidents.unheard import readable, unheard
from models.people import officers
from models.people.officers import note_presence
from models.viewer import Viewer
from tests.support.law import KEY, Law

WORDS = "Korban baru ditemukan di parit!"


def waits(law: Law, viewer: Viewer) -> list[tuple[int, int]]:
    def rows(session: Session) -> list[tuple[int, int]]:
        return [(row.incident.id, row.closer) for row in readable(unheard(session), viewer.audience)]

    found: list[tuple[int, int]] = law.read(rows)
    return found


def closed(law: Law, category: str = "CURAS_BEGAL", by: Viewer | None = None) -> Incident:
    by = by or law.hendra
    incident = law.take(law.file(category=category), "claim", by)
    return law.take(incident, "resolve", by, outcome="handled")


def test_words_on_an_open_case_are_the_panels_and_on_a_closed_one_they_wait_for_whoever_closed_it(law: Law) -> None:
    law.take(law.file(), "reply", law.ann, words=WORDS)
    assert waits(law, law.hendra) == []
    incident = closed(law)
    law.take(incident, "reply", law.ann, words=WORDS)
    first = law.incident(incident.id).unheard_at
    law.take(incident, "reply", law.ann, words="Tolong!")
    assert law.incident(incident.id).unheard_at == first  # the oldest unread one counts
    assert waits(law, law.hendra) == waits(law, law.sari) == [(incident.id, law.hendra.id)]
    heard = law.take(incident, "hear_out", law.sari)
    assert waits(law, law.hendra) == []
    assert law.take(incident, "hear_out", law.hendra).seq == heard.seq  # a plain yes


@pytest.mark.parametrize(("stars", "words"), [(1, ""), (1, "  "), (4, "Terima kasih"), (5, WORDS)])
def test_stars_alone_and_words_beside_four_or_five_of_them_wait_for_nobody(law: Law, stars: int, words: str) -> None:
    law.take(closed(law), "rate", law.ann, stars=stars, words=words)
    assert waits(law, law.hendra) == []


@pytest.mark.parametrize("stars", [1, 2, 3])
def test_words_beside_few_stars_wait_as_any_others_do(law: Law, stars: int) -> None:
    incident = closed(law)
    law.take(incident, "rate", law.ann, stars=stars, words=WORDS)
    assert waits(law, law.hendra) == waits(law, law.sari) == [(incident.id, law.hendra.id)]
    law.take(incident, "hear_out", law.sari)
    assert waits(law, law.hendra) == []
    assert law.read(audit, [KEY]) == []


def test_words_pass_to_supervisors_at_once_while_the_closer_is_away_else_after_their_minute(
    law: Law, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = law.take(closed(law), "reply", law.ann, words=WORDS)

    def left() -> timedelta:
        row = law.read(unheard)[0]
        return row.passes_at - row.at

    assert (incident.unheard_at, left()) == (law.read(unheard)[0].at, timedelta())
    law.run(note_presence, [law.hendra.id])
    assert left() == timedelta(minutes=1)
    monkeypatch.setattr(officers, "SILENT_SECONDS", 0)
    assert left() == timedelta()


@pytest.mark.parametrize(
    ("step", "given"), [("ask", {"words": "Di parit mana?"}), ("note", {"words": "x"}), ("reopen", {"reason": "x"})]
)
def test_whoever_answers_notes_or_reopens_has_read_them(law: Law, step: str, given: dict[str, str]) -> None:
    incident = closed(law)
    law.take(incident, "reply", law.ann, words=WORDS)
    law.take(incident, step, law.sari, **given)
    assert waits(law, law.sari) == []


def test_what_is_about_officers_waits_for_supervisors_alone(law: Law) -> None:
    incident = closed(law, "OKNUM", law.sari)
    law.take(incident, "reply", law.ann, words=WORDS)
    assert (waits(law, law.hendra), waits(law, law.sari)) == ([], [(incident.id, law.sari.id)])
