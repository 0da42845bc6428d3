"""A point that is pasted where words of a place are read counts as a pin: of citizens, of officers, of programs."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.town import REPORT, Town, ref_of, town_of

DMS, LINK, CLOSED = (
    "3°34'50\" LU, 98°39'25\" BT",
    "https://www.google.com/maps/place/A/@3.5,98.6,15z/data=!3d3.5806!4d98.6569",
    "https://maps.app.goo.gl/Ab1",
)
THERE = (3.5806, 98.6569, "pin", "Babura")
WORDS = {name: value for name, value in REPORT.items() if name not in ("lat", "lon", "accuracy", "precision")}


@pytest.fixture
def sqlite_town(tmp_path: Path, sqlite_url: str, redis_url: str) -> Iterator[Town]:
    with town_of(tmp_path / "data", sqlite_url, redis_url) as town:
        yield town


def where(town: Town, ref: str) -> tuple[float, float, str, str]:
    at = town.incident_of(ref)
    assert at.lat is not None and at.lon is not None
    return round(at.lat, 4), round(at.lon, 4), at.precision, at.kelurahan


@pytest.mark.parametrize("pasted", [DMS, LINK, "3,5806 98,6569", "dpn minimarket 3.5806, 98.6569"])
def test_a_citizen_pastes_the_point(sqlite_town: Town, pasted: str) -> None:
    ref = ref_of(sqlite_town.ann.post("/complaints", data=WORDS | {"place": pasted}))
    assert where(sqlite_town, ref) == THERE
    landmark = sqlite_town.incident_of(ref).landmark
    assert "http" not in landmark and (pasted == LINK or pasted in landmark)


def test_what_was_pasted_goes_before_the_device_but_not_before_a_pin(sqlite_town: Town) -> None:
    far = {"lat": "3.60", "lon": "98.70", "accuracy": "20", "precision": "device", "place": DMS}
    assert where(sqlite_town, ref_of(sqlite_town.ann.post("/complaints", data=WORDS | far))) == THERE
    pinned = ref_of(sqlite_town.ann.post("/complaints", data=WORDS | far | {"precision": "pin"}))
    assert where(sqlite_town, pinned)[:3] == (3.6, 98.7, "pin")


@pytest.mark.parametrize(
    ("pasted", "says"), [("98.6569, 3.5806", "tertukar"), ("52.5200, 13.4050", "di luar Indonesia")]
)
def test_a_point_that_cannot_be_is_said_beside_its_field(sqlite_town: Town, pasted: str, says: str) -> None:
    answer = sqlite_town.ann.post("/complaints", data=WORDS | {"place": pasted})
    assert answer.status_code == 422 and says in answer.text and sqlite_town.complaints() == []


def test_a_closed_link_stays_words_and_both_are_told(sqlite_town: Town) -> None:
    town = sqlite_town
    ref = ref_of(town.ann.post("/complaints", data=WORDS | {"place": CLOSED}))
    incident = town.incident_of(ref)
    assert (incident.lat, incident.landmark, incident.precision) == (None, CLOSED, "none")
    assert "tautan itu tidak bisa kami buka" in town.ann.get(f"/complaints/{ref}").text
    assert "tautan peta tidak dibuka di sini" in town.hendra.get(f"/incidents/{incident.id}").text


def test_an_officer_pastes_it_for_a_caller_and_to_correct_the_place(sqlite_town: Town) -> None:
    town = sqlite_town
    town.hendra.post("/complaints", data=WORDS | {"source": "caller", "place": "dekat pasar", "point": DMS})
    ref = town.complaints()[-1].ref
    assert where(town, ref) == THERE
    assert town.hendra.post("/complaints", data=WORDS | {"source": "caller", "point": "di sana"}).status_code == 422
    incident = town.incident_of(ref)
    town.act(ref, "claim", town.hendra)
    moved = {"point": LINK.replace("3.5806", "3.5700"), "landmark": "simpang", "reason": "kata penelepon"}
    dialog = town.hendra.get(f"/incidents/{incident.id}").text
    assert 'name="point"' in dialog and 'value="3.580556, 98.656944"' in dialog
    assert town.hendra.post(f"/incidents/{incident.id}/relocate", data=moved).status_code < 400
    assert where(town, ref)[0] == 3.57
    for wrong, says in (("98.65, 3.58", "tertukar"), ("entah", "tidak terbaca"), ("", "tidak terbaca")):
        refused = town.hendra.post(f"/incidents/{incident.id}/relocate", data=moved | {"point": wrong})
        assert refused.status_code == 422 and says in refused.text, wrong


def test_a_program_hands_in_words_with_a_point(sqlite_town: Town) -> None:
    body = {"category": "LAKA", "description": "Dua motor", "place": LINK}
    headers = {"authorization": f"Bearer {sqlite_town.key()}", "content-type": "application/json"}
    answer = sqlite_town.anyone.post("/api/complaints", content=json.dumps(body).encode(), headers=headers)
    assert answer.status_code == 201 and where(sqlite_town, answer.json()["ref"]) == THERE
