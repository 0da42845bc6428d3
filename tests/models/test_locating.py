"""The reporter says where, or where they are by now: what moves the pin, and what an officer's word keeps."""

from typing import Any

import pytest
from sqlmodel import col, select

from models.city.site import Site
from models.errors import NotYours, Outdated, WrongMoment, WrongValue
from models.incidents.incident import Incident
from models.record.event import Event
from tests.support.law import BABURA, PLACES, Law

PETISAH = (3.592, 98.668)


def at(point: tuple[float, float], landmark: str = "") -> Site:
    return PLACES.site(*point, precision="device", accuracy_m=12.0, landmark=landmark)


def told(law: Law, incident: Incident) -> list[dict[str, Any]]:
    rows = select(Event).where(Event.incident_id == incident.id, Event.step == "locate").order_by(col(Event.seq))
    return [event.body for event in law.read(lambda session: session.exec(rows).all())]


def test_it_gives_a_place_to_what_had_none_and_keeps_the_words_of_it(law: Law) -> None:
    incident = law.file(nowhere=True, landmark="dkt indomaret")
    placed = law.take(incident, "locate", law.ann, site=at(BABURA))
    assert (placed.point, placed.kelurahan, placed.precision) == (BABURA, "Babura", "device")
    assert (placed.landmark, placed.accuracy_m, placed.station_id is not None) == ("dkt indomaret", 12.0, True)


def test_who_has_moved_takes_the_pin_along_and_leaves_the_old_landmark(law: Law) -> None:
    incident = law.take(law.file(landmark="depan minimarket"), "claim", law.hendra)
    near = law.take(incident, "locate", law.ann, site=at((BABURA[0] + 0.0002, BABURA[1])))
    assert near.landmark == "depan minimarket"
    moved = law.take(incident, "locate", law.ann, site=at(PETISAH))
    assert (moved.point, moved.kelurahan, moved.landmark) == (PETISAH, "Petisah Tengah", "")
    law.take(incident, "locate", law.ann, site=at(PETISAH))
    assert len(told(law, incident)) == 2  # the same again is a plain yes


def test_once_an_officer_has_corrected_it_the_point_stands_and_the_reporters_is_told(law: Law) -> None:
    incident = law.take(law.file(), "claim", law.hendra)
    law.take(incident, "relocate", law.hendra, site=at(BABURA, "pasar"), reason="dari foto")
    kept = law.take(incident, "locate", law.ann, site=at(PETISAH, "sudah lari"))
    assert (kept.point, kept.landmark) == (BABURA, "pasar")
    [body] = told(law, incident)
    assert (body["lat"], body["lon"]) == PETISAH and body["kept"] and body["words"] == "sudah lari" and not body["set"]


def test_words_that_nobody_knows_take_no_place_away(law: Law) -> None:
    placed, nowhere = law.file(), law.file(law.zed, nowhere=True, landmark="")
    assert law.take(placed, "locate", law.ann, site=Site.unknown("entah di mana")).point == placed.point
    said = law.take(nowhere, "locate", law.zed, site=Site.unknown("dekat parkiran gereja"))
    assert (said.point, said.landmark) == (None, "dekat parkiran gereja")
    assert [one["unknown"] for one in told(law, placed) + told(law, nowhere)] == [True, True]


def test_of_several_reporters_one_alone_has_the_pin(law: Law) -> None:
    first, second = law.file(law.ann), law.file(law.zed)
    law.take(second, "merge", law.hendra, into=first.id)
    assert law.take(first, "locate", law.zed, site=at(PETISAH)).point == first.point
    assert law.take(first, "locate", law.ann, site=at(PETISAH)).point == PETISAH


def test_that_its_reporter_said_where_refuses_nobody_who_takes_it(law: Law) -> None:
    incident = law.file(nowhere=True)
    law.take(incident, "locate", law.ann, site=at(BABURA))
    held = law.take(incident, "claim", law.hendra, version=incident.version)
    law.take(incident, "locate", law.ann, site=at(PETISAH))
    with pytest.raises(Outdated):  # from where to send is decided on the place
        law.send(incident, law.hendra, (None, 2), version=held.version)


def test_only_its_reporter_says_it_and_only_while_it_is_open(law: Law) -> None:
    incident = law.take(law.file(), "claim", law.hendra)
    with pytest.raises(WrongValue):
        law.take(incident, "locate", law.ann, site=at(PETISAH, "x" * 201))
    law.take(incident, "resolve", law.hendra, outcome="handled")
    with pytest.raises(WrongMoment) as refused:
        law.take(incident, "locate", law.ann, site=at(PETISAH))
    assert not isinstance(refused.value, NotYours)
