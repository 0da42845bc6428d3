"""Complaints from an existing app's back end: by key, once for each key, and never half."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from httpx2 import Response

from models.incidents import filing
from models.people.machines import Key
from models.time import now
from tests.support.town import Town

BODY = {
    "category": "LAKA", "description": "Dua motor, satu orang luka", "lat": 3.5796, "lon": 98.6585,
    "place": "Jl. Iskandar Muda", "reporter": {"phone": "0812 9999 0000", "name": "Rina"}, "external_id": "A-17",
}  # fmt: skip


def hand_in(town: Town, secret: str, body: Any = BODY, key: str = "", **headers: str) -> Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"authorization": f"Bearer {secret}", "content-type": "application/json", "idempotency-key": key, **headers}
    return town.anyone.post("/api/complaints", content=content, headers=given)


def test_a_complaint_comes_in_by_key(town: Town) -> None:
    answer = hand_in(town, town.key())
    (complaint,) = town.complaints()
    assert answer.status_code == 201
    assert answer.json() == {
        "ref": complaint.ref, "status": "new", "follow_url": f"http://127.0.0.1:8000/complaints/{complaint.ref}",
        "cap_status": "Actual",
    }  # fmt: skip
    assert (complaint.source, complaint.external_id, complaint.caller_phone) == ("intake", "A-17", "+6281299990000")
    assert complaint.citizen_id is None and complaint.key_id is not None


def test_what_an_app_tries_out_is_caps_exercise_and_no_true_incident(sqlite_town: Town) -> None:
    town = sqlite_town
    answers = [hand_in(town, town.key(), {**BODY, "exercise": exercise}).json() for exercise in (True, False)]
    assert [one["cap_status"] for one in answers] == ["Exercise", "Actual"]
    numbers = [town.incident_of(one["ref"]).number for one in answers]
    assert [number.startswith("LAT-") for number in numbers] == [True, False]


def test_the_account_with_the_reporters_number_follows_it(sqlite_town: Town) -> None:
    town = sqlite_town
    ref = hand_in(town, town.key(), {**BODY, "reporter": {"phone": "0812 0000 4471"}}).json()["ref"]
    assert town.ann.get(f"/complaints/{ref}").status_code == 200
    assert town.zed.get(f"/complaints/{ref}").status_code == 404


def test_fifty_with_one_key_are_one(town: Town) -> None:
    secret = town.key()
    with ThreadPoolExecutor(10) as crowd:
        answers = list(crowd.map(lambda _: hand_in(town, secret, key="once"), range(50)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1 and len(town.complaints()) == 1


def test_a_key_with_another_body_is_refused(sqlite_town: Town) -> None:
    secret = sqlite_town.key()
    hand_in(sqlite_town, secret, key="k")
    answer = hand_in(sqlite_town, secret, {**BODY, "description": "lain"}, key="k")
    assert answer.status_code == 422 and answer.headers["content-type"] == "application/problem+json"
    assert hand_in(sqlite_town, sqlite_town.key(), {**BODY, "description": "lain"}, key="k").status_code == 201
    assert hand_in(sqlite_town, secret, key="x" * 201).status_code == 422


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer no", "Basic aGVucms6eA==", "bearer  "])
def test_without_a_key_nothing_comes_in(sqlite_town: Town, authorization: str) -> None:
    answer = hand_in(sqlite_town, "", authorization=authorization)
    assert answer.status_code == 401 and answer.json()["status"] == 401
    assert sqlite_town.complaints() == []


def test_a_revoked_key_is_no_key(sqlite_town: Town) -> None:
    secret = sqlite_town.key()
    sqlite_town.write(lambda session: setattr(session.get_one(Key, 1), "revoked_at", now()))
    assert hand_in(sqlite_town, secret).status_code == 401


def test_a_session_is_no_key(sqlite_town: Town) -> None:
    assert sqlite_town.hendra.post("/api/complaints", json=BODY).status_code == 401


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"lat": 98.6585, "lon": 3.5796}, "lat"),
        ({"lat": 51.5, "lon": -0.1}, "lat"),
        ({"lat": "here"}, "lat"),
        ({"lat": None}, "lat"),
        ({"lat": True, "lon": 98.6}, "lat"),
        ({"lat": None, "lon": None, "place": ""}, "place"),
        ({"category": "NOTHING"}, "category"),
        ({"category": None}, "category"),
        ({"description": "  "}, "description"),
        ({"description": "x" * 4001}, "description"),
        ({"reporter": {"phone": "12"}}, "reporter"),
        ({"reporter": "Rina"}, "reporter"),
        ({"place": "x" * 201}, "place"),
    ],
)
def test_what_is_wrong_is_named(sqlite_town: Town, changed: dict[str, Any], field: str) -> None:
    answer = hand_in(sqlite_town, sqlite_town.key(), {**BODY, **changed})
    assert answer.status_code == 422, answer.text
    assert list(answer.json()["errors"]) == [field]
    assert sqlite_town.complaints() == []


@pytest.mark.parametrize(
    "body", [b"", b"no json", b"[1]", b"\xff\xfe", b"[" * 60_000, b'{"lat": NaN, "lon": 98.6}', b"null"]
)
def test_what_is_no_json_object_is_refused(sqlite_town: Town, body: bytes) -> None:
    assert hand_in(sqlite_town, sqlite_town.key(), body).status_code == 422


def test_a_body_may_be_64_kib_and_no_more(sqlite_town: Town) -> None:
    secret = sqlite_town.key()
    full = json.dumps({**BODY, "padding": ""}).encode()
    exact = json.dumps({**BODY, "padding": "x" * (64 * 1024 - len(full))}).encode()
    assert len(exact) == 64 * 1024
    assert hand_in(sqlite_town, secret, exact).status_code == 201
    over = hand_in(sqlite_town, secret, exact + b" ")
    assert over.status_code == 413 and over.json()["status"] == 413


def test_a_burst_of_an_app_lands_unheard_and_the_supervisor_is_told(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filing, "KEY_URGENT", 3)
    monkeypatch.setattr(filing, "KEY_BURST", 6)
    secret, other = town.key(), town.key()
    assert "tanpa bunyi" not in town.sari.get("/duty").text
    urgent, usual = {**BODY, "category": "TAWURAN_GENG"}, {**BODY, "category": "BARANG_HILANG"}
    for body in (urgent, urgent, urgent, urgent, usual, usual, usual, urgent):
        assert hand_in(town, secret, body).status_code == 201  # never refused
    assert hand_in(town, other, urgent).status_code == 201
    muted = [town.incident_of(complaint.ref).muted for complaint in town.complaints()]
    assert muted == [False, False, False, True, False, False, True, True, False]
    told = "app: 8 laporan dalam 1 jam, 3 masuk tanpa bunyi."
    for page in (town.sari.get("/duty"), town.sari.get("/strikes", headers={"HX-Request": "true"})):
        assert page.text.count(told) == page.text.count("tanpa bunyi") == 1
    assert "tanpa bunyi" not in town.hendra.get("/strikes", headers={"HX-Request": "true"}).text
