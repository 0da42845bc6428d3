"""The journal: every kind of event is somebody's business, each reader has their own, and nothing of a reporter is in it."""

from datetime import timedelta

from sqlmodel import Session, select

from console.pages.journal import WORDS, told, who
from models.administration.people import enlist
from models.city.station import Station
from models.people.officers import Officer
from models.reading.journal import COMMAND, DOOR, HOUSE, NOBODYS, Done, journal
from models.record.bodies.kinds import BODIES
from models.time import now
from models.viewer import Viewer
from models.workflow import ROWS, STEPS
from tests.support.law import Law

HOUR = timedelta(hours=1)


def read(law: Law, by: Viewer, **asked: object) -> list[Done]:
    span = {"since": now() - HOUR, "until": now() + HOUR}
    return law.read(lambda session: journal(session, by, **(span | asked)))


def test_every_kind_of_event_is_somebodys_business_and_has_words() -> None:
    of_cases = {name for name, row in ROWS.items() if row.says} | set(STEPS)
    kinds = [COMMAND, HOUSE, NOBODYS, DOOR]
    assert set(BODIES) - of_cases - set().union(*kinds) == set()
    assert sum(len(kind) for kind in kinds) == len(set().union(*kinds))
    assert set(WORDS) == (COMMAND | HOUSE) - (set(ROWS) - {"sweep"})


def test_each_reads_their_own(law: Law) -> None:
    incident = law.file()
    law.take(incident, "claim", law.hendra)
    law.run(lambda session: enlist(session, law.dewi, login="baru", name="Orang Baru", role="officer", password="-"))
    of_duty, of_house = read(law, law.sari), read(law, law.dewi)
    assert [done.event.step for done in of_duty] == ["claim"]
    assert [done.event.step for done in of_house] == ["enlist"]
    for nobody in (law.hendra, law.ann, law.damkar):
        assert read(law, nobody) == []


def test_it_is_narrowed_by_person_number_and_time_and_pages_back(law: Law) -> None:
    first, second = law.file(), law.file()
    law.take(first, "claim", law.hendra)
    law.take(second, "claim", law.ratna)
    law.take(first, "note", law.hendra, words="pelaku dua orang")
    assert [done.event.step for done in read(law, law.sari, person=law.hendra.id)] == ["note", "claim"]
    assert [done.who.name for done in read(law, law.sari, incident=second.number) if done.who] == ["Ratna Simanjuntak"]
    newest = read(law, law.sari, most=1)[0]
    assert next(done.event.seq for done in read(law, law.sari, before=newest.event.seq)) < newest.event.seq
    assert read(law, law.sari, until=now() - HOUR) == []


def test_a_line_says_what_was_done_and_by_whom(law: Law) -> None:
    incident = law.file()
    law.take(incident, "claim", law.hendra)
    law.run(lambda session: enlist(session, law.dewi, login="baru", name="Orang Baru", role="officer", password="-"))

    def line(session: Session, by: Viewer) -> tuple[str, str]:
        names = {one.id: one.title for one in session.exec(select(Officer))}
        posts = {one.id: one.name for one in session.exec(select(Station))}
        done = journal(session, by, since=now() - HOUR, until=now() + HOUR)[0]
        return who(done, "id"), told(done, "id", names, posts)

    assert law.read(line, law.sari) == ("Aipda Hendra Siregar", "Aipda Hendra Siregar mengambil")
    assert law.read(line, law.dewi) == ("Dewi Lubis", "membuat akun baru, Orang Baru")


def test_no_line_holds_a_reporters_name_or_number(law: Law) -> None:
    incident = law.file(words="Dua orang, suara Ann Siregar")
    law.take(incident, "claim", law.hendra)
    law.take(incident, "ask", law.hendra, words="Di mana persisnya?")
    names: dict[int, str] = {}
    lines = [told(done, "id", names, names) for done in read(law, law.sari)]
    assert lines and not any("Ann" in line or "+62812" in line or "suara" in line for line in lines)
