"""Strength is what somebody stated: until then it is a dash, and nothing is reckoned with it."""

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from console.ground.points import distance_m
from models.administration.stations import strengthen
from models.city.seed.plant import plant
from models.city.station import Station
from models.errors import WrongValue
from models.incidents.incident import Incident
from models.incidents.strengths import Strength, force, strengths
from models.incidents.suggesting import Post, posts, suggest
from models.record.database import migrate, wipe, writing_engine
from tests.support.asking import Asker
from tests.support.house import Running
from tests.support.law import Law
from tests.support.serving import Cast


def silence(session: Session) -> None:
    """An empty installation: nobody has stated anything."""
    for station in session.exec(select(Station)):
        station.strength, station.stated_at, station.stated_by = None, None, ""


def near(law: Law, incident: Incident, wanted: int = 4) -> list[Post]:
    return law.read(lambda session: posts(session, session.get_one(Incident, incident.id), wanted, distance_m))


def row_of(law: Law, id: int) -> Strength:
    return next(row for row in law.read(strengths) if row.station.id == id)


def test_planting_a_city_states_no_strength(law: Law) -> None:
    law.run(_raze)
    law.run(plant)
    rows = law.read(strengths)
    assert len(rows) == 14 and {(row.strength, row.free) for row in rows} == {(None, None)}


def test_where_nobody_stated_it_nothing_is_free_and_nothing_is_missing(law: Law) -> None:
    law.run(silence)
    incident = law.file()
    everything = law.read(lambda session: force(strengths(session)))
    assert (everything.free, everything.strength, everything.unstated) == (None, None, 14)
    found = law.read(lambda session: suggest(session, session.get_one(Incident, incident.id), ["armed"]))
    assert (found.free, found.short) == (None, 0) and found.total > 4


def test_an_unknown_station_is_offered_and_sends_without_a_reason(law: Law) -> None:
    law.run(silence)
    incident = law.take(law.file(), "claim", law.hendra)
    first, *others = near(law, incident)
    assert first.go == 4 and first.free is None and not any(post.go for post in others)
    law.send(incident, law.hendra, (first.station.id, 30))
    row = row_of(law, first.station.id)
    assert (row.free, row.out, row.over) == (None, 30, False)


def test_by_default_the_nearest_unknown_one_sends_all_that_the_known_have_not(law: Law) -> None:
    incident = law.take(law.file(), "claim", law.hendra)
    first, second, third, *_ = near(law, incident)
    law.run(strengthen, law.sari, first.station.id, 3, "apel")
    law.run(lambda session: _forget(session, second.station.id))
    assert [post.go for post in near(law, incident, 9)[:3]] == [3, 6, 0]
    law.send(incident, law.hendra, (None, 9))
    assert [row_of(law, post.station.id).out for post in (first, second, third)] == [3, 6, 0]


def test_where_it_is_known_more_than_free_still_wants_a_reason(law: Law) -> None:
    incident = law.take(law.file(), "claim", law.hendra)
    first, second, *_ = near(law, incident)
    law.run(strengthen, law.sari, first.station.id, 3, "apel")
    law.run(lambda session: _forget(session, second.station.id))
    with pytest.raises(WrongValue) as refused:
        law.send(incident, law.hendra, (first.station.id, 5), (second.station.id, 9))
    assert (refused.value.field, refused.value.values["over"]) == ("personnel", 2)
    law.send(incident, law.hendra, (first.station.id, 5), (second.station.id, 9), reason="begal bersenjata")


def test_more_out_than_stated_shows_what_is_out(law: Law) -> None:
    incident = law.take(law.file(), "claim", law.hendra)
    first = near(law, incident)[0]
    law.send(incident, law.hendra, (first.station.id, 3))
    law.run(strengthen, law.sari, first.station.id, 2, "satu sakit")
    row = row_of(law, first.station.id)
    assert (row.free, row.out, row.strength, row.over) == (0, 3, 2, True)
    whole = law.read(lambda session: force(strengths(session)))
    assert whole.free == sum(row.free or 0 for row in law.read(strengths)) and whole.free <= whole.strength


def test_the_sum_counts_those_alone_that_stated_theirs(law: Law) -> None:
    law.run(silence)
    some = law.read(strengths)[3].station.id
    law.run(strengthen, law.sari, some, 6, "apel")
    whole = law.read(lambda session: force(strengths(session)))
    assert (whole.free, whole.strength, whole.unstated) == (6, 6, 13)
    stated = law.read(lambda session: session.get_one(Station, some))
    assert stated.stated_by == law.sari.name and stated.stated_at


def test_every_screen_says_that_nobody_stated_it(cast: Cast, server: Running) -> None:
    cast.run(silence)
    incident = cast.take(cast.file(), "claim", cast.hendra)
    pages = {"/console": "hendra", "/duty": "sari", "/wall": "wall"}
    for url, who in pages.items():
        page = Asker(server, cast.cookies[who]).get(url).text
        total = re.search(r'id="n-free".*?</p>', page, re.S)
        assert total and "<b><span>–</span>" in total[0] and "<span>belum apel</span></p>" in total[0], url
        shown = re.findall(
            r'data-free="(\d*)" data-strength="(\d*)" data-out="0"\s+data-stated="" data-says="([^"]*)"', page
        )
        assert shown == [("", "", "– belum apel")] * 14, url
    panel = Asker(server, cast.cookies["hendra"], part=True).get(f"/incidents/{incident.id}").text
    assert panel.count("<span>– belum apel</span></span>") == 14 and "<span data-free-total>–</span>" in panel
    assert " bebas</span></span>" not in panel
    admin = Asker(server, cast.cookies["dewi"]).get("/admin/stations").text
    assert admin.count("– belum apel") == 14


def test_out_is_shown_beside_an_unknown_strength_and_one_that_is_too_small(cast: Cast, server: Running) -> None:
    cast.run(silence)
    incident = cast.take(cast.file(), "claim", cast.hendra)
    first = near(cast, incident)[0].station.id
    cast.send(incident, cast.hendra, (first, 3))
    console = Asker(server, cast.cookies["hendra"])
    assert 'data-says="3 keluar, belum apel"' in console.get("/console").text
    cast.run(strengthen, cast.sari, first, 2, "apel")
    assert 'data-free="0" data-strength="2" data-out="3"' in console.get("/console").text
    assert 'data-says="3 masih di luar, kekuatan 2" data-left="−1"' in console.get("/console").text
    assert "3 still out, strength 2" in Asker(server, cast.cookies["dinda"]).get("/console").text


def test_coming_up_to_date_forgets_what_was_planted_and_keeps_what_was_stated(
    database_url: str, tmp_path: Path
) -> None:
    if database_url.startswith("sqlite"):
        database_url = f"sqlite:///{tmp_path / 'old.db'}"
    else:
        wipe(database_url)
    migrate(database_url, "0003")
    engine = writing_engine(database_url)
    with engine.begin() as connection:
        station = "INSERT INTO station (id, code, name, lat, lon, strength, approximate, active, version)"
        for id in (1, 2):
            connection.execute(
                text(f"{station} VALUES ({id}, 'P{id}', 'Pos {id}', 3.5, 98.6, 4, :no, :yes, 1)"), YES_NO
            )
        connection.execute(text(_OFFICER), YES_NO)
        connection.execute(text(_EVENT), {"body": '{"station": 2, "was": 4, "strength": 7, "reason": "apel"}'})
    engine.dispose()
    migrate(database_url)
    engine = writing_engine(database_url)
    with engine.begin() as connection:
        rows: Any = connection.execute(text("SELECT id, strength, stated_by, stated_at FROM station ORDER BY id")).all()
        must = connection.execute(text("SELECT must_change FROM officer")).scalar_one()
    engine.dispose()
    assert [tuple(row)[:3] for row in rows] == [(1, None, ""), (2, 7, "AKP Sari Ginting")]
    assert rows[0].stated_at is None and str(rows[1].stated_at).startswith("2026-11-28 12:00")
    assert not must  # nobody is stopped in the middle of a shift


YES_NO = {"yes": True, "no": False}
_OFFICER = (
    "INSERT INTO officer (id, login, name, rank, role, password, locale, active, added_at, version) VALUES"
    " (1, 'sari', 'Sari Ginting', 'AKP', 'supervisor', '-', 'id', :yes, '2026-11-01 00:00:00+00:00', 1)"
)
_EVENT = (
    "INSERT INTO event (seq, at, step, by_role, by_id, body, body_hash, hash) VALUES"
    " (1, '2026-11-28 12:00:00+00:00', 'strength', 'supervisor', 1, :body, '-', '-')"
)


def _raze(session: Session) -> None:
    for table in ("officer", "station", "category", "target", "modifier", "agency"):
        session.execute(text(f"DELETE FROM {table}"))


def _forget(session: Session, id: int) -> None:
    session.get_one(Station, id).strength = None
