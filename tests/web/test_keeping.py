"""A plain form that is refused comes back with all that was typed, and says beside the field what is wrong with it."""

import re
from typing import Any

import pytest
from sqlmodel import select

from console.web.admin import categories, keys, partners, people, stations
from console.web.staff import bulletins, duty, me, strikes
from console.web.staff.keeping import refilled
from models.city.station import Station
from models.command.walls import pair, wait
from models.people.machines import Wall
from models.people.officers import Officer
from tests.support.town import Town

LONG = "x" * 500
FAR = {"lat": "-6.2", "lon": "106,8"}
ASKS = "km dari wilayah komando ini. Benar di sana?"

WRONG: list[tuple[str, str, dict[str, str], str]] = [
    # who, where, what is sent, the field that is refused
    ("dewi", "/admin/people", {"login": "Ö", "name": "Yusuf Nasution", "role": "officer", "station": "2"}, "login"),
    ("dewi", "/admin/people/{hendra}/reappoint", {"name": LONG, "role": "supervisor", "rank": "Bripka"}, "name"),
    ("dewi", "/admin/stations", {"code": "!", "name": "Pos Baru", "lat": "3,6", "lon": "98,7", "strength": "4"}, "code"),
    ("dewi", "/admin/stations", {"code": "BARU", "name": "Pos Baru", "lat": "x", "lon": "98,7"}, "lat"),
    ("dewi", "/admin/stations/2/rename", {"name": LONG}, "name"),
    ("dewi", "/admin/stations/2/move", {"lat": "98.6", "lon": "3,5"}, "lat"),
    ("dewi", "/admin/stations/2/strength", {"strength": "x", "reason": "Piket malam"}, "strength"),
    ("dewi", "/admin/agencies", {"code": "SAR", "name": LONG}, "name"),
    ("dewi", "/admin/agencies/1/rename", {"name": LONG}, "name"),
    ("dewi", "/admin/categories/CURANMOR", {
        "label_id": "Curanmor", "label_en": LONG, "short_id": "Motor", "tile": "Motor hilang", "priority": "2", "personnel": "5",
    }, "label_en"),
    ("dewi", "/admin/targets/1", {"claim_s": "60", "arrive_s": "x"}, "arrive_s"),
    ("dewi", "/admin/retention/LAKA", {"evidence": "90", "incidents": "3", "looks": ""}, "incidents"),
    ("dewi", "/admin/keys", {"name": LONG}, "name"),
    ("sari", "/duty/stations/2/strength", {"strength": "9999", "reason": "Dua sakit"}, "strength"),
    ("sari", "/duty/walls", {"code": "000000", "name": "Lobi", "distance_m": "6,5", "px_per_mm": "1,2"}, "code"),
    ("sari", "/duty/walls/{wall}/adjust", {"name": "Lobi", "distance_m": "99,5", "px_per_mm": "1,2"}, "distance_m"),
]  # fmt: skip


def hung(town: Town) -> Wall:
    viewer = town.read(lambda session: session.get_one(Officer, town.sari.id).viewer)
    code = town.write(wait, "s").code
    return town.write(pair, viewer, code, "Aula", 6, 1.157)


@pytest.mark.parametrize(("who", "url", "sent", "field"), WRONG)
def test_what_was_typed_stays_and_its_field_says_what_is_wrong(
    sqlite_town: Town, who: str, url: str, sent: dict[str, str], field: str
) -> None:
    town = sqlite_town
    url = url.format(hendra=town.hendra.id, wall=hung(town).id)
    answer = getattr(town, who).post(url, data=sent)
    assert answer.status_code == 422
    form = re.search(rf'<form[^>]* action="{url}".*?</form>', answer.text, re.S)
    assert form
    wrong = re.search(rf'<(?:input|select)[^>]* name="{field}"[^>]*aria-describedby="fault-{field}"[^>]*>', form[0])
    assert wrong and 'aria-invalid="true"' in wrong[0] and f'id="fault-{field}"' in form[0]
    for name, words in sent.items():
        kept = re.search(rf'<input[^>]* name="{name}"[^>]* value="{re.escape(words)}"[^>]*>', form[0])
        chosen = re.search(rf'<select name="{name}">[^/]*(?:</option>[^/]*)*<option value="{words}" selected>', form[0])
        assert kept or chosen or f">{words}</textarea>" in form[0], name
        assert not kept or 'type="radio"' not in kept[0] or kept[0].count(" checked") == 1


def test_a_form_in_a_dialog_stands_open(sqlite_town: Town) -> None:
    answer = sqlite_town.dewi.post("/admin/agencies", data={"code": "!", "name": "SAR"})
    assert re.search(r'<dialog open class="dialog" id="add"', answer.text)
    assert answer.text.count("<dialog open") == 1


def test_far_away_is_a_question_with_two_answers_also_without_a_script(sqlite_town: Town) -> None:
    town = sqlite_town
    asked = town.dewi.post("/admin/stations/2/move", data={**FAR, "version": "1"})
    assert asked.status_code == 422 and ASKS in asked.text and 'value="106,8"' in asked.text
    assert '<button class="btn btn--hand" name="sure" value="true">' in asked.text
    assert '<a class="btn" href="/admin/stations/2">' in asked.text
    by_script = town.dewi.post("/admin/stations/2/move", data=FAR, headers={"hx-request": "true"})
    assert ASKS in by_script.text and 'name="sure"' in by_script.text and "data-no" in by_script.text
    assert town.dewi.post("/admin/stations/2/move", data={**FAR, "sure": "true"}).status_code == 303
    assert town.read(lambda session: session.get_one(Station, 2)).lon == 106.8


def test_what_no_field_can_hold_is_said_in_the_form(sqlite_town: Town) -> None:
    town = sqlite_town
    old = town.dewi.post("/admin/stations/2/rename", data={"name": "Pos Lama", "version": "99"})
    assert old.status_code == 409 and 'value="Pos Lama"' in old.text and '<div class="wrong" role="alert">' in old.text
    last = town.dewi.post(f"/admin/people/{town.dewi.id}/retire")
    assert (
        last.status_code == 422 and "paling sedikit satu administrator" in last.text and 'action="/admin' in last.text
    )


def test_a_program_and_a_part_are_answered_as_before(sqlite_town: Town) -> None:
    url, sent = "/admin/stations/2/rename", {"name": LONG}
    assert "<html" not in sqlite_town.dewi.post(url, data=sent, headers={"hx-request": "true"}).text
    program = sqlite_town.dewi.post(url, json=sent, headers={"accept": "application/json"})
    assert program.status_code == 422 and set(program.json()["errors"]) == {"name"}


def test_no_password_is_sent_back() -> None:
    page = '<form action="/x"><input name="old" type="password"><textarea name="words">a</textarea></form>'
    html = refilled(page, "/x", {"old": ["geheim"], "words": ["<b>"]}, {"words": "Salah."}, lambda _: "")
    assert html and "geheim" not in html and "&lt;b&gt;</textarea>" in html and "Salah." in html


def test_every_form_of_the_staff_keeps_what_was_typed() -> None:
    """A new form of these pages is wrapped too. The few others answer for themselves."""
    own = {"/me/password", "/bulletins", "/bulletins/{id:int}/edit", "/appeals"}
    parts = (people, stations, partners, categories, keys, duty, me, strikes, bulletins)
    posts: list[Any] = [route for part in parts for route in part.routes if route.methods == {"POST"}]
    assert {route.path for route in posts if not hasattr(route.endpoint, "__wrapped__")} == own


def test_a_comma_is_taken_where_a_number_has_decimals(sqlite_town: Town) -> None:
    town = sqlite_town
    wall = hung(town)
    sent = {"name": "Aula", "distance_m": "6,5", "px_per_mm": "1,2"}
    assert town.sari.post(f"/duty/walls/{wall.id}/adjust", data=sent).status_code == 303
    found = town.read(lambda session: session.exec(select(Wall).where(Wall.id == wall.id)).one())
    assert (found.distance_m, found.px_per_mm) == (6.5, 1.2)
    assert town.dewi.post("/admin/stations/2/move", data={"lat": "3,6", "lon": "98,7"}).status_code == 303
    filed = town.ann.file(lat="3,5796", lon="98,6585")
    assert (
        filed.status_code == 303
        and town.incident_of(filed.headers["location"].removeprefix("/complaints/")).lat == 3.5796
    )
    assert town.dewi.post("/admin/stations/2/move", data={"lat": "3.600,5", "lon": "98,7"}).status_code == 422
    page = town.sari.get(f"/duty/walls/{wall.id}").text
    assert all("," in pattern for pattern in re.findall(r'inputmode="decimal" pattern="([^"]*)"', page))
