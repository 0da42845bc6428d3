"""The citizen's doors over HTTP: filing, following, replying; each as owner, other, officer, blocked and nobody."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from console.settings import HERE
from console.web.citizen.reports import LONGEST
from models.incidents.evidence import Evidence
from models.incidents.incident import Incident
from models.incidents.talking import HANDFUL
from models.people.citizens import Citizen
from models.record.event import Event
from models.time import now
from tests.support.house import wait_until
from tests.support.town import REPORT, Town, jpeg, ref_of, town_of

NAME, LENGTH = re.compile(r'name="(\w+)"'), re.compile(r'maxlength="(\d+)"')


@pytest.fixture
def sqlite_town(tmp_path: Path, sqlite_url: str, redis_url: str) -> Iterator[Town]:
    """For what does not depend on the database."""
    with town_of(tmp_path / "data", sqlite_url, redis_url) as town:
        yield town


def test_a_filed_complaint_leads_to_its_follow_page(town: Town) -> None:
    ref = ref_of(town.ann.file())
    page = town.ann.get(f"/complaints/{ref}")
    assert page.status_code == 200
    assert "Laporan diterima" in page.text and ref in page.text
    incident = town.incident_of(ref)
    assert (incident.status, incident.precision, incident.accuracy_m) == ("new", "device", 18.0)
    assert incident.kelurahan == "Babura" and incident.landmark == "Jl. Iskandar Muda"


def test_only_its_reporter_sees_a_complaint(sqlite_town: Town) -> None:
    town = sqlite_town
    url = f"/complaints/{ref_of(town.ann.file())}"
    assert town.ann.get(url).status_code == 200
    assert town.zed.get(url).status_code == 404
    assert town.hendra.get(url).status_code == 403  # officers have the console
    assert town.anyone.get(url).headers["location"] == f"/sign-in?next={url}"
    for act, said in (("reply", {"words": "x"}), ("reopen", {"reason": "x"})):
        assert town.zed.post(f"{url}/{act}", data=said).status_code == 404
        assert town.hendra.post(f"{url}/{act}", data=said).status_code == 403
    assert town.zed.post(f"{url}/photos", files={"photo": ("a.jpg", jpeg(), "image/jpeg")}).status_code == 404


def test_fifty_retries_with_one_key_make_one_complaint(town: Town) -> None:
    with ThreadPoolExecutor(10) as crowd:
        answers = list(crowd.map(lambda _: town.ann.file(idempotency_key="the same"), range(50)))
    assert len({ref_of(answer) for answer in answers}) == 1
    assert len(town.complaints()) == 1


def test_a_sent_form_that_was_changed_becomes_a_report_of_its_own(sqlite_town: Town) -> None:
    ref_of(sqlite_town.ann.file(idempotency_key="k"))
    again = sqlite_town.ann.file(idempotency_key="k", description="lain")
    assert again.status_code == 422 and "sudah terkirim" in again.text and 'value="k"' not in again.text
    assert len(sqlite_town.complaints()) == 1
    key = re.findall(r'name="idempotency_key" value="([^"]+)"', again.text)[0]
    ref_of(sqlite_town.ann.file(idempotency_key=key, description="lain"))
    ref_of(sqlite_town.zed.file(idempotency_key="k", description="lain"))  # keys of two people never meet
    json = {"accept": "application/json"}
    program = sqlite_town.ann.post("/complaints", data={**REPORT, "idempotency_key": "k", "place": "x"}, headers=json)
    assert program.status_code == 422 and list(program.json()["errors"]) == ["idempotency_key"]


def test_everything_that_is_missing_is_said_at_once_and_what_was_typed_is_kept(sqlite_town: Town) -> None:
    answer = sqlite_town.ann.post("/complaints", data={"landmark": "depan masjid", "idempotency_key": "k"})
    assert answer.status_code == 422
    for said in ("Pilih apa yang terjadi.", "Ceritakan singkat apa yang terjadi.", "tulis tempatnya", "depan masjid"):
        assert said in answer.text
    assert sqlite_town.complaints() == []


@pytest.mark.parametrize(
    ("lat", "lon", "says"),
    [
        ("98.6585", "3.5796", "Lintang dan bujur tertukar."),
        ("nan", "98.6", "Titik lokasi tidak terbaca."),
        ("abc", "98.6", "Titik lokasi tidak terbaca."),
        ("3.5", "", "Titik lokasi tidak terbaca."),
        ("inf", "98.6", "Titik lokasi tidak terbaca."),
        ("51.5", "-0.1", "Titik ini di luar Indonesia. Bila mendesak, telepon 110."),
        ("5.41", "100.33", "Titik ini terlalu jauh dari wilayah kami"),
    ],
)
def test_a_point_that_cannot_be_is_named_and_the_words_stay(sqlite_town: Town, lat: str, lon: str, says: str) -> None:
    answer = sqlite_town.ann.file(lat=lat, lon=lon)
    assert answer.status_code == 422
    assert says in answer.text and REPORT["description"] in answer.text
    assert sqlite_town.complaints() == []


def test_words_alone_say_where(sqlite_town: Town) -> None:
    nowhere = {"lat": "", "lon": "", "accuracy": "", "precision": ""}
    known = sqlite_town.incident_of(ref_of(sqlite_town.ann.file(**nowhere, place="Kelurahan Kesawan")))
    assert (known.precision, known.kelurahan) == ("area", "Kesawan")
    unknown = sqlite_town.incident_of(ref_of(sqlite_town.ann.file(**nowhere, place="xqzt wvk")))
    assert (unknown.precision, unknown.landmark) == ("none", "xqzt wvk")
    assert (unknown.point, unknown.centre_lat, unknown.kelurahan, unknown.kecamatan) == (None, None, "", "")
    assert unknown.station_id is None and not unknown.outside


def test_respons_cepat_waits_for_no_words(sqlite_town: Town) -> None:
    ref = ref_of(sqlite_town.ann.file(category="DARURAT_NYAWA", description=""))
    assert sqlite_town.incident_of(ref).priority == 1
    page = sqlite_town.anyone.get("/complaints/new?category=DARURAT_NYAWA").text
    assert 'value="DARURAT_NYAWA" checked' in page and 'data-urgent="yes"' in page


def test_the_neighbours_command_is_named_outside_our_area(sqlite_town: Town) -> None:
    ref = ref_of(sqlite_town.ann.file(lat="3.7838", lon="98.6853"))  # Belawan
    incident = sqlite_town.incident_of(ref)
    page = sqlite_town.ann.get(f"/complaints/{ref}").text
    assert incident.outside and incident.neighbour
    assert "di luar wilayah" in page and incident.neighbour in page


def test_photos_come_along_and_an_unreadable_one_costs_nothing(sqlite_town: Town) -> None:
    town = sqlite_town
    files = [("photo", ("a.jpg", jpeg(), "image/jpeg")), ("photo", ("b.jpg", b"no picture at all", "image/jpeg"))]
    ref = ref_of(town.ann.post("/complaints", data=REPORT, files=files))
    states = _settled(town, 2)
    assert states == ["ready", "unreadable"]
    page = town.ann.get(f"/complaints/{ref}").text
    assert "tidak terbaca" in page and "/thumb" in page
    assert (
        town.ann.post(f"/complaints/{ref}/photos", files={"photo": ("c.jpg", jpeg("blue"), "image/jpeg")}).status_code
        == 303
    )
    assert len(_settled(town, 3)) == 3


def test_too_many_and_too_large_are_said_beside_the_photos(sqlite_town: Town) -> None:
    town = sqlite_town
    six = [("photo", (f"{n}.jpg", jpeg(), "image/jpeg")) for n in range(6)]
    answer = town.ann.post("/complaints", data=REPORT, files=six)
    assert answer.status_code == 422 and "Paling banyak 5 foto." in answer.text
    large = {"photo": ("l.jpg", jpeg() + bytes(16 * 1024 * 1024), "image/jpeg")}
    answer = town.ann.post("/complaints", data=REPORT, files=large)
    assert (
        answer.status_code == 413
        and "paling besar 15\N{NO-BREAK SPACE}MB" in answer.text
        and REPORT["description"] in answer.text
    )
    assert town.complaints() == []


def test_a_blocked_citizen_sees_why_and_110(sqlite_town: Town) -> None:
    for answer in (sqlite_town.bob.file(), sqlite_town.bob.get("/complaints/new")):
        assert answer.status_code == 403
        assert "Akun ini diblokir" in answer.text and "tel:110" in answer.text
    assert sqlite_town.bob.get("/complaints").status_code == 200
    assert sqlite_town.complaints() == []


def test_an_officer_files_for_a_caller(sqlite_town: Town) -> None:
    town = sqlite_town
    caller = {"source": "walk_in", "caller_name": "Ibu Rina", "caller_phone": "0812 7777 8888"}
    answer = town.hendra.post("/complaints", data={**REPORT, **caller}, headers={"HX-Request": "true"})
    complaint = town.complaints()[0]
    assert answer.status_code == 204
    assert answer.headers["hx-redirect"] == f"/console?incident={complaint.incident_id}"
    assert (complaint.source, complaint.caller_name, complaint.caller_phone) == (
        "walk_in",
        "Ibu Rina",
        "+6281277778888",
    )
    assert complaint.filed_by_id == town.hendra.id and complaint.citizen_id is None
    wrong = town.hendra.post("/complaints", data={**REPORT, **caller, "caller_phone": "12"})
    assert wrong.status_code == 422 and "Nomor ini tidak lengkap" in wrong.text


def test_who_writes_for_a_caller_is_asked_for_the_place_and_not_to_send_their_own(sqlite_town: Town) -> None:
    nowhere = {"category": "CURAS_BEGAL", "description": "Dua orang"}
    told = sqlite_town.hendra.post(
        "/complaints", data=nowhere | {"source": "caller"}, headers={"HX-Request": "true"}
    ).text
    assert "Tulis tempatnya, atau tunjuk di peta." in told and "Kirim lokasi" not in told
    assert "Kirim lokasi" in sqlite_town.ann.post("/complaints", data=nowhere, headers={"HX-Request": "true"}).text


def test_the_account_with_the_callers_number_follows_the_report(town: Town) -> None:
    caller = {"source": "caller", "caller_name": "Ibu Rina", "caller_phone": "0812 0000 4471"}
    for _ in range(7):  # an officer's word is never muted, whoever calls how often
        town.hendra.post("/complaints", data={**REPORT, **caller})
    complaint = town.complaints()[-1]
    incident = town.incident_of(complaint.ref)
    assert complaint.citizen_id == town.ann.id and (incident.standing, incident.muted) == ("caller", False)
    assert town.ann.get(f"/complaints/{complaint.ref}").status_code == 200
    assert town.zed.get(f"/complaints/{complaint.ref}").status_code == 404
    assert complaint.reporter_name == "Ibu Rina"  # who called, not whose number it is
    assert not town.incident_of(ref_of(town.ann.file())).muted  # nor do the calls count against the account
    town.act(complaint.ref, "dismiss", town.hendra, reason="prank")
    assert town.read(lambda s: s.get_one(Citizen, town.ann.id).strikes) == 0  # anybody can say anybody's number


@pytest.mark.parametrize(
    ("category", "phone"), [("KDRT_PPA", "0812 0000 4471"), ("CURAS_BEGAL", "0814 0000 6693")], ids=["home", "blocked"]
)
def test_a_call_about_home_or_from_a_blocked_number_is_heard_and_shown_to_no_account(
    sqlite_town: Town, category: str, phone: str
) -> None:
    caller = {"source": "caller", "caller_name": "", "caller_phone": phone, "category": category}
    assert sqlite_town.hendra.post("/complaints", data={**REPORT, **caller}).status_code == 303
    (complaint,) = sqlite_town.complaints()
    assert complaint.citizen_id is None and complaint.caller_phone == "+62" + phone.replace(" ", "")[1:]


def test_lengths_are_what_the_browser_counts(sqlite_town: Town) -> None:
    words = "baris\r\n" * 570 + "akhir"  # with 500 more letters 4,495 as it is sent, 3,925 as it is counted
    for files in ({}, {"files": [("photo", ("a.jpg", jpeg(), "image/jpeg"))]}):
        ref = ref_of(sqlite_town.ann.post("/complaints", data={**REPORT, "description": words + "x" * 500}, **files))
        assert sqlite_town.complaints()[-1].words == "baris\n" * 570 + "akhir" + "x" * 500
    reply = sqlite_town.ann.post(f"/complaints/{ref}/reply", data={"words": "a\r\n" * 1999 + "ab"})
    assert reply.status_code == 303, reply.text
    assert sqlite_town.ann.file(description="x" * 4001).status_code == 422


@pytest.mark.parametrize("form", ["pages/complaint_new.html", "incidents/_new_form.html"])
def test_a_browser_lets_nobody_type_what_is_refused_for_its_length(form: str) -> None:
    fields = re.findall(r"<(?:input|textarea)[^>]*>", (HERE / "templates" / form).read_text())
    typed = {name[1]: int(most[1]) for one in fields if (name := NAME.search(one)) and (most := LENGTH.search(one))}
    links = {"place", "point"}  # longer than what is kept of them
    assert len(typed) >= 5 and {name for name, most in typed.items() if most > LONGEST[name]} <= links


def test_a_blocked_account_says_a_handful_and_more_once_it_is_asked(town: Town) -> None:
    ref, other = ref_of(town.ann.file()), ref_of(town.ann.file())
    town.act(ref, "claim", town.hendra)
    say = lambda to: town.ann.post(f"/complaints/{to}/reply", data={"words": "dengar"})  # noqa: E731
    assert {say(ref).status_code for _ in range(HANDFUL + 2)} == {303}
    town.write(lambda s: setattr(s.get_one(Citizen, town.ann.id), "blocked_at", now()) or age(s))
    assert [say(to).status_code for to in (ref, other) * 3] == [303] * HANDFUL + [429]
    late = say(other)
    assert "paling banyak 5 pesan sehari" in late.text and int(late.headers["retry-after"]) > 86_000
    town.act(ref, "ask", town.hendra, words="Di mana?")
    assert [say(ref).status_code for _ in range(HANDFUL + 1)] == [303] * HANDFUL + [429]
    assert town.bob.get("/complaints").status_code == 200


def age(session: Session) -> None:
    """What was said before it was blocked was said yesterday."""
    for event in session.exec(select(Event).where(Event.step == "reply")):
        event.at -= timedelta(days=1)


def test_only_an_officer_files_for_somebody_else(sqlite_town: Town) -> None:
    ref_of(sqlite_town.ann.file(source="caller", caller_name="Zed", caller_phone="081300005582"))
    complaint = sqlite_town.complaints()[0]
    assert (complaint.source, complaint.caller_name, complaint.citizen_id) == ("web", "", sqlite_town.ann.id)
    assert sqlite_town.dewi.file().status_code == 403


def test_officer_and_reporter_talk(town: Town) -> None:
    ref = ref_of(town.ann.file())
    town.act(ref, "claim", town.hendra)
    town.act(ref, "ask", town.hendra, words="Apakah Ibu aman sekarang?")
    page = town.ann.get(f"/complaints/{ref}").text
    assert "Apakah Ibu aman sekarang?" in page and "Sedang ditindaklanjuti" in page
    assert town.ann.post(f"/complaints/{ref}/reply", data={"words": "Sudah <b>aman</b>"}).status_code == 303
    assert "Sudah &lt;b&gt;aman&lt;/b&gt;" in town.ann.get(f"/complaints/{ref}").text
    assert (
        town.ann.post(f"/complaints/{ref}/reply", data={"words": "ya"}, headers={"HX-Request": "true"}).status_code
        == 204
    )
    empty = town.ann.post(f"/complaints/{ref}/reply", data={"words": "  "})
    assert empty.status_code == 422 and "Tulis pesannya." in empty.text


def test_not_over_opens_it_again_within_72_hours(sqlite_town: Town) -> None:
    town = sqlite_town
    ref = ref_of(town.ann.file())
    assert "Belum selesai?" not in town.ann.get(f"/complaints/{ref}").text
    town.act(ref, "dismiss", town.hendra, reason="empty")
    page = town.ann.get(f"/complaints/{ref}").text
    assert "Ditolak" in page and "Belum selesai?" in page
    wrong = town.ann.post(f"/complaints/{ref}/reopen", data={"reason": ""})
    assert wrong.status_code == 422 and "Tulis apa yang belum selesai." in wrong.text
    assert town.ann.post(f"/complaints/{ref}/reopen", data={"reason": "masih di sana"}).status_code == 303
    assert "Dibuka lagi" in town.ann.get(f"/complaints/{ref}").text
    town.act(ref, "dismiss", town.hendra, reason="empty")
    id = town.incident_of(ref).id
    town.write(lambda session: setattr(session.get_one(Incident, id), "closed_at", now() - timedelta(hours=73)))
    assert "Belum selesai?" not in town.ann.get(f"/complaints/{ref}").text
    assert town.ann.post(f"/complaints/{ref}/reopen", data={"reason": "lagi"}).status_code == 409


def test_the_list_holds_only_ones_own(sqlite_town: Town) -> None:
    town = sqlite_town
    hers, his = ref_of(town.ann.file()), ref_of(town.zed.file())
    for url in ("/", "/complaints"):
        page = town.ann.get(url).text
        assert f'id="complaint-{hers}"' in page and his not in page


def test_a_sensitive_complaint_does_not_tell_on_a_shared_phone(sqlite_town: Town) -> None:
    ref = ref_of(sqlite_town.ann.file(category="KDRT_PPA", place="Jl. Rahasia"))
    home = sqlite_town.ann.get("/").text
    assert f"Laporan {ref}" in home and "KDRT" not in home and "Jl. Rahasia" not in home
    assert "Keluar cepat" in sqlite_town.ann.get(f"/complaints/{ref}").text


def test_a_program_gets_json(sqlite_town: Town) -> None:
    json = {"accept": "application/json"}
    filed = sqlite_town.ann.post("/complaints", data=REPORT, headers=json)
    assert filed.status_code == 201 and filed.json()["status"] == "new"
    wrong = sqlite_town.ann.post("/complaints", data={**REPORT, "lat": "nan"}, headers=json)
    assert wrong.status_code == 422
    assert wrong.headers["content-type"] == "application/problem+json" and "lat" in wrong.json()["errors"]
    assert sqlite_town.anyone.post("/complaints", data=REPORT, headers=json).status_code == 401


def test_every_choosable_category_can_be_chosen(sqlite_town: Town) -> None:
    page = sqlite_town.anyone.get("/complaints/new").text
    assert page.count('name="category" value="') == 25 + 1  # and "Lainnya", which opens the rest
    assert 'value="PALSU"' not in page
    assert sqlite_town.ann.file(category="PALSU").status_code == 422


def test_the_language_is_switched_and_kept(sqlite_town: Town) -> None:
    town = sqlite_town
    assert town.ann.post("/language", data={"locale": "en", "next": "/complaints"}).headers["location"] == "/complaints"
    assert '<html lang="en"' in town.ann.get("/").text
    assert '<html lang="id"' in town.anyone.get("/").text
    away = town.anyone.post("/language", data={"locale": "id", "next": "//evil.example"})
    assert away.headers["location"] == "/"


def test_the_first_page_is_light(sqlite_town: Town) -> None:
    page = sqlite_town.anyone.get("/").text
    assert "leaflet" not in page and "console.css" not in page


def _settled(town: Town, count: int) -> list[str]:
    """States of the evidence once the media child has seen all of it."""

    def states() -> list[str]:
        return town.read(lambda session: list(session.exec(select(Evidence.state).order_by(Evidence.id))))

    wait_until(lambda: len(states()) == count and "waiting" not in states())
    return states()


def test_who_reads_it_is_said_truly_where_it_is_about_the_police(town: Town) -> None:
    """A browser that cannot tell what was chosen shows both."""
    form = text(town.ann.get("/complaints/new").text)
    assert "Anda dan petugas piket" in form and "Laporan tentang polisi: hanya Anda dan pengawas" in form
    assert re.findall(r'value="(\w+)"[^>]* data-restricted', town.ann.get("/complaints/new").text) == ["OKNUM"]
    ref = ref_of(town.ann.file(category="OKNUM"))
    page = town.ann.get(f"/complaints/{ref}").text
    assert "Pengawas sudah bisa membacanya." in page and "Petugas sudah bisa membacanya." not in page
    town.act(ref, "claim", town.sari)
    page = town.ann.get(f"/complaints/{ref}").text
    assert "Seorang pengawas sudah mengambil" in page and "Seorang petugas" not in page


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", page))


def test_what_was_refused_is_not_asked_how_the_help_was(sqlite_town: Town) -> None:
    refused, helped = ref_of(sqlite_town.ann.file()), ref_of(sqlite_town.ann.file())
    sqlite_town.act(refused, "dismiss", sqlite_town.hendra, reason="empty")
    sqlite_town.act(helped, "claim", sqlite_town.hendra)
    sqlite_town.act(helped, "resolve", sqlite_town.hendra, outcome="handled")
    assert 'id="rating"' not in sqlite_town.ann.get(f"/complaints/{refused}").text
    assert 'id="rating"' in sqlite_town.ann.get(f"/complaints/{helped}").text
