"""Ratings in numbers: every star counted once, nobody's exercise, and for supervisors alone."""

from datetime import datetime, timedelta

from sqlmodel import Session

from models.incidents.sight import find
from models.reading.scores import said, score
from models.time import as_of, now
from models.viewer import Viewer
from tests.support.law import Law
from tests.support.town import Town, ref_of


def rated(town: Town, stars: int, words: str = "") -> str:
    ref = ref_of(town.ann.file())
    town.act(ref, "claim", town.hendra)
    town.act(ref, "resolve", town.hendra, outcome="handled", note="Aman.")
    answer = town.ann.post(f"/complaints/{ref}/rate", data={"stars": f"{stars}", "note": words})
    assert answer.status_code == 303, answer.text
    return ref


def rate_at(session: Session, id: int, by: Viewer, at: datetime, stars: int) -> None:
    with as_of(at):
        find(session, by, id).take("rate", by, stars=stars)


def test_supervisors_read_how_it_was(town: Town) -> None:
    for stars, words in ((5, ""), (4, "Cepat <sekali>"), (1, "Lama")):
        rated(town, stars, words)
    page = town.sari.get("/ratings").text
    assert page.count("<b>3,3</b>") == 3  # of 7, 30 and 90 days
    assert "“Cepat &lt;sekali&gt;”" in page and page.index("“Lama”") < page.index("“Cepat")
    assert "Ann Siregar" not in page and "+62812" not in page


def test_nobody_else_does(sqlite_town: Town) -> None:
    rated(sqlite_town, 2, "CANARY-kata")
    for who, status in (("hendra", 403), ("dewi", 403), ("ann", 403), ("anyone", 303)):
        answer = getattr(sqlite_town, who).get("/ratings")
        assert answer.status_code == status and "CANARY" not in answer.text


def test_nothing_yet_is_said_so(sqlite_town: Town) -> None:
    page = sqlite_town.sari.get("/ratings").text
    assert "Belum ada yang menulis." in page and "<b>–</b>" in page


def test_only_what_was_said_in_time_counts(law: Law) -> None:
    moments = (now() - timedelta(days=8), now() - timedelta(days=1))
    for at, stars in zip(moments, (1, 5), strict=True):
        incident = law.file()
        law.take(incident, "claim", law.hendra)
        law.take(incident, "resolve", law.hendra, outcome="handled", note="Aman.")
        law.run(rate_at, incident.id, law.ann, at, stars)
    week, month = law.read(score, 7), law.read(score, 30)
    assert (week.count, week.mean) == (1, 5.0)
    assert (month.count, month.mean, month.share(1)) == (2, 3.0, 50.0)


def test_an_exercise_is_nobodys_opinion(law: Law) -> None:
    for exercise in (True, False):
        incident = law.file(exercise=exercise, words="Latihan" if exercise else "Sungguh")
        law.take(incident, "claim", law.hendra)
        law.take(incident, "resolve", law.hendra, outcome="handled", note="Aman.")
        law.take(incident, "rate", law.ann, stars=2 if exercise else 4, words="kata")
    week = law.read(score, 7)
    assert (week.count, week.mean, week.filed) == (1, 4.0, 1)
    assert [rating.stars for rating, _ in law.read(said, law.sari)] == [4]
