"""From where personnel come: what sends stands first, the rest by distance, and nothing is hidden or invented."""

import pytest
from sqlmodel import Session, col, select

from console.ground.points import distance_m
from models.city.station import Station, short_names
from models.errors import WrongValue
from models.incidents.evidence import Evidence
from models.incidents.incident import Incident
from models.incidents.suggesting import Post, posts
from models.record.event import Event
from tests.support.law import Law


def stand(law: Law, **free: int) -> None:
    """So many on shift at these stations, by the last part of their code, and none at any other."""

    def state(session: Session) -> None:
        for station in session.exec(select(Station)):
            station.strength = free.get(station.code.rpartition("-")[2], 0)

    law.run(state)


def seen(law: Law, incident: Incident, wanted: int) -> list[Post]:
    return law.read(lambda session: posts(session, session.get_one(Incident, incident.id), wanted, distance_m))


def test_what_sends_stands_first_and_the_others_follow_by_distance(law: Law) -> None:
    stand(law, SUNGGAL=5, TIMUR=9)
    rows = seen(law, law.file(), 7)
    assert [(post.short, post.go) for post in rows[:3]] == [("Sunggal", 5), ("Timur", 2), ("Medan Baru", 0)]
    rest = [post.distance_m for post in rows[2:]]
    assert rest == sorted(rest) and not any(post.go for post in rows[2:])


def test_what_nobody_has_free_stays_with_the_nearest_and_wants_a_reason(law: Law) -> None:
    stand(law, SUNGGAL=2)
    incident = law.take(law.file(), "claim", law.hendra)
    assert [(post.short, post.go) for post in seen(law, incident, 5) if post.go] == [("Medan Baru", 3), ("Sunggal", 2)]
    with pytest.raises(WrongValue):
        law.send(incident, law.hendra, (None, 5))
    sent = law.send(incident, law.hendra, (None, 5), reason="regu patroli ikut")
    assert sent.personnel == 5


def test_who_names_no_station_sends_what_the_panel_suggested(law: Law) -> None:
    stand(law, SUNGGAL=5, TIMUR=9)
    incident = law.take(law.file(), "claim", law.hendra)
    suggested = [(post.station.name, post.go) for post in seen(law, incident, 7) if post.go]
    law.send(incident, law.hendra, (None, 7))
    step = select(Event).where(Event.step == "dispatch").order_by(col(Event.seq).desc())
    body = law.read(lambda session: session.exec(step).first().body)
    assert [(row["station"], row["personnel"]) for row in body["sent"]] == suggested


def test_stations_are_called_as_over_the_radio(law: Law) -> None:
    shorts = law.read(lambda session: short_names(list(session.exec(select(Station)))))
    said = set(shorts.values())
    assert {"Polrestabes", "Sunggal", "Medan Baru", "Delitua", "Pancur Batu"} <= said
    assert len(said) == len(shorts)


def test_a_city_that_is_not_medan_keeps_its_names() -> None:
    names = ("Polresta Bogor Kota", "Polsek Bogor Kota Utara", "Polsek Ciawi", "Pos Terminal")
    rows = [Station(id=n, code=str(n), name=name, lat=0, lon=0) for n, name in enumerate(names)]
    assert list(short_names(rows).values()) == ["Polresta", "Utara", "Ciawi", "Pos Terminal"]


def test_a_dispatch_remembers_in_which_picture_something_was_seen_and_believes_no_other(law: Law) -> None:
    incident, other = law.take(law.file(), "claim", law.hendra), law.file(by=law.zed)
    mine, theirs = law.run(picture, incident.id), law.run(picture, other.id)
    told = [f"armed:{mine}", f"fire:{mine}", f"vehicle:{theirs}", "vehicle:", "nonsense", ":::"]
    law.send(incident, law.hendra, (None, 2), modifier=["armed", "vehicle"], seen_in=told)
    event = law.read(lambda session: session.exec(select(Event).where(Event.step == "dispatch")).one())
    assert event.body["seen_in"] == {"armed": mine}


def picture(session: Session, id: int) -> int:
    complaint = session.get_one(Incident, id).complaints[0]
    row = Evidence(complaint_id=complaint.id, kind="photo", mime="image/jpeg", size=1, sha256="0" * 64, state="ready")
    session.add(row)
    session.flush()
    return row.id
