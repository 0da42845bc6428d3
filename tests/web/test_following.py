"""Following over HTTP: Respons Cepat, the timeline, what is unread, the rating, and who saw a complaint."""

import re
from typing import Any

import pytest
from sqlmodel import Session, select

from console.ground.points import distance_m
from models.city.agency import Agency
from models.city.station import Station
from models.incidents.closing import TOLD
from models.incidents.complaint import Complaint
from models.incidents.evidence import Evidence
from models.incidents.incident import Incident
from models.incidents.rating import Rating
from models.incidents.talking import URGES
from models.people.officers import Officer
from models.record.event import Event, note_look
from models.roles import Role
from tests.support.house import wait_until
from tests.support.law import PLACES
from tests.support.town import HASHED, REPORT, Town, jpeg, ref_of

HELD = {"category": "DARURAT_NYAWA", "held": "yes", "idempotency_key": "a press of this phone alone, 32 letters"}
AT = {"lat": "3.5796", "lon": "98.6585", "accuracy": "18", "precision": "device"}
HX = {"HX-Request": "true"}


def send(town: Town, ref: str, *sent: tuple[str, int], step: str = "dispatch") -> None:
    """Personnel from stations by their code."""
    pairs = town.read(
        lambda session: [(session.exec(select(Station.id).where(Station.code == code)).one(), n) for code, n in sent]
    )
    town.act(ref, step, town.hendra, sent=pairs, metres=distance_m, reason="perlu")


def stations(town: Town) -> list[tuple[str, str]]:
    return town.read(lambda session: list(session.exec(select(Station.code, Station.name).order_by(Station.id))))


def text_of(town: Town, ref: str) -> str:
    return town.ann.get(f"/complaints/{ref}").text


# Respons Cepat


def toggles(page: str) -> dict[str, str]:
    """The quick words, and which of them are pressed."""
    return dict(re.findall(r'name="words" value="([^"]+)" aria-pressed="(\w+)"', page))


def test_a_press_files_at_once_and_the_page_asks_for_words(town: Town) -> None:
    answer = town.ann.post("/complaints", data={**HELD, **AT}, headers=HX)
    assert answer.status_code == 204
    ref = answer.headers["hx-redirect"].removeprefix("/complaints/")
    incident = town.incident_of(ref)
    assert (incident.category_code, incident.priority, incident.kelurahan) == ("DARURAT_NYAWA", 1, "Babura")
    page = text_of(town, ref)
    assert "Apa yang terjadi?" in page and "Lokasi Anda terkirim" in page
    assert toggles(page) == dict.fromkeys(URGES, "false")
    town.ann.post(f"/complaints/{ref}/reply", data={"words": "Ada yang luka"}, headers=HX)
    page = text_of(town, ref)  # whoever hides may be hurt, too: all stay, and what was said says when
    assert toggles(page) == dict.fromkeys(URGES, "false") | {"Ada yang luka": "true"}
    assert re.search(r"Ada yang luka<small>terkirim \d\d:\d\d</small>", page)
    town.ann.post(f"/complaints/{ref}/reply", data={"words": "Mereka di dapur"}, headers=HX)
    assert len(toggles(text_of(town, ref))) == len(URGES)  # words do not end it
    town.act(ref, "claim", town.hendra)
    town.act(ref, "resolve", town.hendra, outcome="handled")
    assert toggles(text_of(town, ref)) == {}


def test_a_press_is_filed_once_however_often_it_is_sent(sqlite_town: Town) -> None:
    for _ in range(3):
        assert sqlite_town.ann.post("/complaints", data={**HELD, **AT}, headers=HX).status_code == 204
    assert len(sqlite_town.complaints()) == 1


@pytest.mark.parametrize("point", [{}, {"lat": "nan", "lon": "98"}, {"lat": "0", "lon": "0"},
                                   {"lat": "-6.2", "lon": "106.8", "accuracy": "25000", "precision": "device"}])  # fmt: skip
def test_a_press_without_a_point_is_filed_and_asks_where(sqlite_town: Town, point: dict[str, str]) -> None:
    ref = ref_of(sqlite_town.ann.post("/complaints", data=HELD | point))
    incident = sqlite_town.incident_of(ref)
    assert (incident.precision, incident.point, incident.kelurahan, incident.station_id) == ("none", None, "", None)
    assert "Petugas belum tahu lokasinya." in text_of(sqlite_town, ref)


def test_only_a_press_goes_without_a_place(sqlite_town: Town) -> None:
    form = {name: value for name, value in HELD.items() if name != "held"}
    assert sqlite_town.ann.post("/complaints", data=form).status_code == 422
    assert sqlite_town.ann.post("/complaints", data=HELD | {"category": "LAKA"}).status_code == 422


@pytest.mark.parametrize(
    "point", [{"lat": "51.5", "lon": "-0.1"}, {"lat": "5.41", "lon": "100.33"}, {"lat": "-6.2", "lon": "106.8"}]
)
@pytest.mark.parametrize("how", [{"precision": "device", "accuracy": "12"}, {"precision": "pin"}])
def test_from_another_country_or_island_nothing_is_filed_and_110_is_named(
    sqlite_town: Town, point: dict[str, str], how: dict[str, str]
) -> None:
    for form in (HELD, REPORT):
        answer = sqlite_town.ann.post("/complaints", data=form | point | how)
        assert answer.status_code == 422 and "elepon 110" in answer.text, form
    assert sqlite_town.complaints() == []


def test_outside_the_area_amber_stands_before_all_and_no_step_is_promised(sqlite_town: Town) -> None:
    """Whom to call comes first; nothing green, and of six steps none that never comes."""
    for place, neighbour in (
        ({"lat": "3.7838", "lon": "98.6853"}, "Polres Pelabuhan Belawan"),
        ({"lat": "3.6", "lon": "98.48"}, "Polres Binjai"),
    ):
        ref = ref_of(sqlite_town.ann.post("/complaints", data=REPORT | place))
        page = sqlite_town.ann.get(f"/complaints/{ref}").text
        assert "tel:110" in page[page.index('class="far"') : page.index('id="stage"')]
        assert neighbour in page and 'class="receipt"' not in page and 'class="ahead"' not in page
        assert "tidak mengirim polisi ke sana" in page
    unknown = sqlite_town.ann.post("/complaints", data=REPORT | {"lat": "3.64", "lon": "98.885"})  # an airport beyond
    page = sqlite_town.ann.get(f"/complaints/{ref_of(unknown)}").text
    assert 'class="far"' in page and "Wilayahnya" not in page
    ours = sqlite_town.ann.get(f"/complaints/{ref_of(sqlite_town.ann.file())}").text
    assert 'class="receipt"' in ours and 'class="ahead"' in ours and 'class="far"' not in ours


def test_outside_the_area_a_press_names_the_neighbour_and_110(sqlite_town: Town) -> None:
    belawan = {"lat": "3.7838", "lon": "98.6853", "precision": "device"}
    ref = ref_of(sqlite_town.ann.post("/complaints", data=HELD | belawan))
    page = text_of(sqlite_town, ref)
    assert "Telepon 110 sekarang" in page and str(sqlite_town.incident_of(ref).neighbour) in page


def test_the_blocked_see_110_in_place_of_the_button(sqlite_town: Town) -> None:
    page = sqlite_town.bob.get("/").text
    assert 'id="fast"' not in page and page.count("tel:110") == 2
    assert sqlite_town.bob.post("/complaints", data=HELD, headers=HX).status_code == 403


def test_mode_senyap_tells_nothing_of_what_is_asked_or_lies_elsewhere(sqlite_town: Town) -> None:
    town = sqlite_town
    elsewhere = ref_of(town.ann.file(lat="3.6", lon="98.48"))
    doubtful = ref_of(town.ann.file(place="Kelurahan Rengas Pulau"))
    town.ann.post("/quiet", data={"quiet": "yes"})
    for ref in (elsewhere, doubtful):
        page = text_of(town, ref)
        sight = page[page.index("<main") : page.index('id="calm-all"')]
        told = re.sub(r"<[^>]+>", " ", sight)
        assert "Kabar:" in told and not re.search("polisi|petugas|wilayah|kejadian|laporan", told, re.I), told
    assert "Tidak bisa diurus dari sini. Tekan Telepon di atas." in text_of(town, elsewhere)


def test_a_call_for_help_stands_in_every_list_as_a_report(sqlite_town: Town) -> None:
    ref = sqlite_town.ann.post("/complaints", data={**HELD, **AT}, headers=HX).headers["hx-redirect"].split("/")[-1]
    for url in ("/", "/complaints"):
        page = sqlite_town.ann.get(url).text
        assert f"Laporan {ref}" in page and "Jiwa terancam" not in page.split('id="board"')[1], url


def test_mode_senyap_has_another_name_and_a_way_out(sqlite_town: Town) -> None:
    town = sqlite_town
    ref = ref_of(town.ann.file())
    assert town.ann.post("/quiet", data={"quiet": "yes", "next": "//evil.example"}).headers["location"] == "/"
    for url in ("/", "/complaints/new", f"/complaints/{ref}"):
        page = town.ann.get(url).text
        assert "<title>Catatan</title>" in page and 'data-quiet="yes"' in page, url
        assert "data-leave" in page and "tel:110" in page, url
    town.ann.post("/quiet", data={"quiet": "no"})
    assert "<title>Siaga</title>" in town.ann.get("/").text


# The timeline


def test_what_is_asked_on_the_way_takes_nobody_a_step_back(sqlite_town: Town) -> None:
    town = sqlite_town
    ref = ref_of(town.ann.file())

    def steps() -> str:
        return text_of(town, ref).partition('class="line"')[2].partition("</ol>")[0]

    town.act(ref, "claim", town.hendra)
    send(town, ref, (stations(town)[0][0], 2))
    town.act(ref, "ask", town.hendra, words="Masih di sana?")
    assert "Petugas menuju lokasi" in steps() and "Sedang ditindaklanjuti" not in steps()
    town.act(ref, "recall", town.hendra, reason="Salah alamat")
    assert "Sedang ditindaklanjuti" in steps()


def test_the_timeline_says_who_set_out_from_where(town: Town) -> None:
    ref = ref_of(town.ann.file())
    (first, a), (second, b) = stations(town)[:2]
    town.act(ref, "claim", town.hendra)
    send(town, ref, (first, 3))
    send(town, ref, (second, 2), step="reinforce")
    page = text_of(town, ref)
    assert f"3 personel dari {a} menuju lokasi" in page
    assert f"2 personel menyusul dari {b}" in page
    town.act(ref, "arrive", town.hendra, dispatch=1)
    town.act(ref, "arrive", town.hendra, dispatch=2)
    page = text_of(town, ref)
    assert "3 personel tiba" in page and "2 personel tiba" in page and "Bantuan tiba" in page
    assert page.count('aria-current="step"') == 1
    town.act(ref, "recall", town.hendra, reason="rahasia dapur")
    page = text_of(town, ref)
    assert "Petugas dipanggil kembali" in page and "rahasia dapur" not in page


def test_a_referral_is_followed_to_its_answer(sqlite_town: Town) -> None:
    town = sqlite_town
    ref = ref_of(town.ann.file())
    agency = town.read(lambda session: session.exec(select(Agency).where(Agency.code == "DAMKARMAT")).one())
    liaison = Officer(login="damkar", name="Piket", role=Role.LIAISON, password=HASHED, agency_id=agency.id)
    town.write(lambda session: session.add(liaison))
    town.act(ref, "claim", town.hendra)
    town.act(ref, "refer", town.hendra, agency=agency.id, tier="summary")
    assert f"Diteruskan ke {agency.name}" in text_of(town, ref) and "diterima <time" not in text_of(town, ref)
    id = town.incident_of(ref).id

    def accept(session: Session) -> None:
        by = session.exec(select(Officer).where(Officer.login == "damkar")).one().viewer
        session.get_one(Incident, id).take("accept", by)

    town.write(accept)
    assert "diterima <time" in text_of(town, ref)


# Unread


def test_a_message_is_new_until_its_reader_has_read_it(town: Town) -> None:
    ref = ref_of(town.ann.file())
    town.act(ref, "claim", town.hendra)
    town.act(ref, "ask", town.hendra, words="Aman?")
    town.act(ref, "ask", town.hendra, words="Di mana?")
    assert "2 baru" in town.ann.get("/").text and "2 baru" in town.ann.get("/complaints").text
    assert text_of(town, ref).count("data-new") == 2
    first, last = (int(seq) for seq in re.findall(r'id="line-(\d+)"', text_of(town, ref)))
    assert "2 baru" in town.ann.get("/").text  # what was fetched is not read
    town.ann.post(f"/complaints/{ref}/read", data={"seq": first})
    assert "1 baru" in town.ann.get("/").text and text_of(town, ref).count("data-new") == 1
    town.ann.post(f"/complaints/{ref}/read", data={"seq": 2**31 - 1})  # no further than what was said
    assert town.complaints()[-1].read_seq == last
    assert "baru<" not in town.ann.get("/").text and "data-new" not in text_of(town, ref)
    reads = town.read(lambda s: s.exec(select(Event.step).where(Event.step == "read")).all())
    assert list(reads) == ["read", "read"]  # once each, and officers see it
    town.act(ref, "ask", town.hendra, words="Masih?")
    assert "1 baru" in town.ann.get("/").text


# What was done


def test_whoever_closes_it_tells_its_reporters_in_a_sentence(town: Town) -> None:
    hers, his = ref_of(town.ann.file()), ref_of(town.zed.file())
    town.act(his, "merge", town.hendra, into=town.incident_of(hers).id)
    town.act(hers, "claim", town.hendra)
    town.act(hers, "resolve", town.hendra, outcome="arrested", note="dua pelaku", told=" Motor Anda <ketemu>. ")
    for page in (town.ann.get(f"/complaints/{hers}").text, town.zed.get(f"/complaints/{his}").text):
        assert (
            "Pelaku diamankan.</b> Motor Anda &lt;ketemu&gt;." in page and "<small>Motor Anda &lt;ketemu&gt;." in page
        )
        assert "dua pelaku" not in page
    panel = town.hendra.get(f"/incidents/{town.incident_of(hers).id}", headers=HX).text
    assert "menyelesaikan: dua pelaku. Kepada pelapor: Motor Anda &lt;ketemu&gt;." in panel
    town.ann.post(f"/complaints/{hers}/reopen", data={"reason": "belum"})
    assert "ketemu" not in text_of(town, hers)  # nor at the next closing, by whoever has nothing to say
    town.act(hers, "dismiss", town.hendra, reason="empty")
    page = text_of(town, hers)
    assert "ketemu" not in page and "Laporan ini tidak ditindaklanjuti." in page
    assert town.hendra.post(f"/incidents/{town.incident_of(hers).id}/reopen", data={"reason": "x"}).status_code == 303
    long = town.hendra.post(
        f"/incidents/{town.incident_of(hers).id}/dismiss", data={"reason": "empty", "told": "x" * 301}
    )
    assert long.status_code == 422


def test_mode_senyap_folds_away_what_was_done(sqlite_town: Town) -> None:
    town = sqlite_town
    ref = ref_of(town.ann.file())
    town.act(ref, "claim", town.hendra)
    town.act(ref, "resolve", town.hendra, outcome="arrested", told="Suami Anda kami amankan.")
    town.ann.post("/quiet", data={"quiet": "yes"})
    page = text_of(town, ref)
    assert page.count("Suami") == 1 and page.index('id="calm-all"') < page.index("Suami")
    assert "Suami" not in town.ann.get("/").text + town.ann.get("/complaints").text


def test_what_one_press_says_is_read_in_the_language_of_whoever_reads_it(sqlite_town: Town) -> None:
    """Written by an officer whose console is English, for a reporter whose phone is not; and the other way round."""
    town = sqlite_town
    ref = ref_of(town.ann.file())
    (dinda,) = town.let_in(Officer(login="dinda", name="Dinda", role=Role.OFFICER, password=HASHED, locale="en"))
    id = town.incident_of(ref).id
    town.act(ref, "claim", dinda)
    panel = dinda.get(f"/incidents/{id}", headers=HX).text
    asked = re.findall(r'name="words" value="([^"]+)"', panel)
    assert "Are you safe now?" in asked
    for words in (*asked, "What colour?"):
        dinda.post(f"/incidents/{id}/ask", data={"words": words}, headers=HX)
    town.ann.post(f"/complaints/{ref}/reply", data={"words": "Someone is hurt"}, headers=HX)
    offered = re.search(r'value="handled"\s+data-told="([^"]+)"', panel)
    assert offered
    town.act(ref, "resolve", dinda, outcome="handled", told=offered[1])
    page = text_of(town, ref)
    for words in ("Apakah Anda aman sekarang?", "Bagaimana ciri pelaku?", "What colour?", TOLD["handled"]):
        assert words in page, words
    assert not [words for words in asked if words in page]
    assert "Ada yang luka" in town.hendra.get(f"/incidents/{id}", headers=HX).text


# The rating


def test_a_closing_is_rated_once_and_officers_read_it(town: Town) -> None:
    ref = ref_of(town.ann.file())
    url = f"/complaints/{ref}"
    assert "Bagaimana bantuan petugas?" not in text_of(town, ref)
    assert town.ann.post(f"{url}/rate", data={"stars": "4"}).status_code == 409  # it is open
    town.act(ref, "claim", town.hendra)
    town.act(ref, "resolve", town.hendra, outcome="handled")
    assert "Bagaimana bantuan petugas?" in text_of(town, ref)
    for wrong in ("", "0", "6"):
        answer = town.ann.post(f"{url}/rate", data={"stars": wrong, "note": "cepat sekali"})
        assert answer.status_code == 422 and "Pilih satu sampai lima bintang." in answer.text
        assert "cepat sekali" in answer.text
    long = town.ann.post(f"{url}/rate", data={"stars": "4", "note": "x" * 1001})
    assert long.status_code == 422 and 'id="fault-note"' in long.text and "Paling banyak 1000 huruf." in long.text
    assert town.zed.post(f"{url}/rate", data={"stars": "1"}).status_code == 404
    assert town.ann.post(f"{url}/rate", data={"stars": "4", "note": "cepat <sekali>"}).status_code == 303
    page = text_of(town, ref)
    assert "Penilaian Anda: Baik" in page and "cepat &lt;sekali&gt;" in page
    assert town.ann.post(f"{url}/rate", data={"stars": "1"}).status_code == 409
    panel = town.hendra.get(f"/incidents/{town.incident_of(ref).id}", headers=HX).text
    assert "memberi nilai 4 dari 5: cepat &lt;sekali&gt;" in panel
    town.ann.post(f"{url}/reopen", data={"reason": "masih"})
    town.act(ref, "dismiss", town.hendra, reason="empty")
    assert town.ann.post(f"{url}/rate", data={"stars": "1"}).status_code == 303  # a closing of its own
    assert town.read(lambda session: sorted(session.exec(select(Rating.stars)).all())) == [1, 4]


def test_reporters_of_one_incident_rate_each_for_themselves(sqlite_town: Town) -> None:
    town = sqlite_town
    hers, his = ref_of(town.ann.file()), ref_of(town.zed.file())
    town.act(his, "merge", town.hendra, into=town.incident_of(hers).id)
    town.act(hers, "claim", town.hendra)
    town.act(hers, "resolve", town.hendra, outcome="handled")
    town.ann.post(f"/complaints/{hers}/rate", data={"stars": "5", "note": "kata Ann"})
    assert "kata Ann" not in town.zed.get(f"/complaints/{his}").text
    assert town.zed.post(f"/complaints/{his}/rate", data={"stars": "2"}).status_code == 303


# Who saw it


def test_every_look_is_told_by_role_and_never_by_name(town: Town) -> None:
    ref = ref_of(town.ann.post("/complaints", data=_report(), files={"photo": ("a.jpg", jpeg(), "image/jpeg")}))
    assert "Belum ada yang membuka" in text_of(town, ref)
    town.act(ref, "claim", town.hendra)
    town.write(_look, ref, town.sari.id)
    page = text_of(town, ref)
    saw = page[page.index('id="who-saw"') :]
    assert "<b>Petugas piket</b> mengambil laporan Anda" in saw
    assert "<b>Pengawas</b> membuka nama dan nomor Anda" in saw
    assert "Hendra" not in page and "Sari" not in page


def test_a_partner_who_opens_a_picture_is_told_of_by_its_agency(sqlite_town: Town) -> None:
    town = sqlite_town
    ref = ref_of(town.ann.post("/complaints", data=_report(), files={"photo": ("a.jpg", jpeg(), "image/jpeg")}))
    agency = town.read(lambda session: session.exec(select(Agency).where(Agency.code == "DAMKARMAT")).one())
    (piket,) = town.let_in(
        Officer(login="damkar", name="Piket Malam", role=Role.LIAISON, password=HASHED, agency_id=agency.id)
    )
    town.act(ref, "claim", town.hendra)
    town.act(ref, "refer", town.hendra, agency=agency.id, tier="full")
    key = town.read(lambda session: session.exec(select(Evidence.key)).one())
    wait_until(lambda: piket.get(f"/evidence/{key}/view").status_code == 200)
    page = text_of(town, ref)
    assert f"<b>{agency.name}</b> membuka foto atau video" in page and "Piket Malam" not in page


def test_who_saw_anothers_complaint_is_nobodys_business(sqlite_town: Town) -> None:
    town = sqlite_town
    hers, his = ref_of(town.ann.file()), ref_of(town.zed.file())
    town.act(his, "merge", town.hendra, into=town.incident_of(hers).id)
    town.write(_look, his, town.sari.id)
    assert "membuka nama" not in text_of(town, hers)
    assert "membuka nama" in town.zed.get(f"/complaints/{his}").text


def _report() -> dict[str, str]:
    return {"category": "LAKA", "description": "Tabrakan", "place": "Jl. Iskandar Muda", **AT}


def _look(session: Session, ref: str, by: Any) -> None:
    complaint = session.exec(select(Complaint).where(Complaint.ref == ref)).one()
    viewer = session.get_one(Officer, by).viewer
    note_look(session, "identity", viewer, incident_id=complaint.incident_id, complaint_id=complaint.id)


def test_a_reporter_reads_how_many_are_there_and_how_many_are_still_coming(town: Town) -> None:
    ref = ref_of(town.ann.file())
    town.act(ref, "claim", town.hendra)
    send(town, ref, (stations(town)[0][0], 4), (stations(town)[1][0], 3))
    assert "7 personel" in town.ann.get("/complaints").text
    town.act(ref, "arrive", town.hendra, dispatch=1)
    assert "4 personel di lokasi, 3 masih di jalan" in town.ann.get("/complaints").text
    assert "3 personel lagi masih di jalan." in text_of(town, ref)
    town.act(ref, "arrive", town.hendra, dispatch=2)
    assert "7 personel di lokasi</span>" in town.ann.get("/complaints").text
    assert "lagi masih di jalan" not in text_of(town, ref)


# Where it is


def test_where_it_is_goes_as_a_step_with_or_without_a_script(sqlite_town: Town) -> None:
    town, nowhere = sqlite_town, {"lat": "", "lon": "", "accuracy": "", "precision": ""}
    ref = ref_of(town.ann.file(**nowhere, place="xqzt wvk"))
    page = text_of(town, ref)
    assert "Petugas belum tahu lokasinya." in page and "<q>xqzt wvk</q>" in page
    for _ in range(2):  # a retry is once
        sent = {"lat": "3.5796", "lon": "98.6585", "accuracy": "250", "idempotency_key": "k1"}
        assert town.ann.post(f"/complaints/{ref}/locate", data=sent, headers=HX).status_code == 204
    assert (town.incident_of(ref).precision, town.incident_of(ref).kelurahan) == ("device", "Babura")
    page = text_of(town, ref)
    assert "±250" in page and "Itu kurang teliti. Tulis juga patokannya." in page and "Saya sudah pindah" in page
    assert town.ann.post(f"/complaints/{ref}/locate", data={"place": "Kelurahan Kesawan"}).status_code == 303
    assert (town.incident_of(ref).precision, town.incident_of(ref).kelurahan) == ("area", "Kesawan")


def test_a_place_that_cannot_be_is_named_beside_its_field(sqlite_town: Town) -> None:
    ref = ref_of(sqlite_town.ann.file())
    for sent, says in (
        ({}, "tulis tempatnya"),
        ({"lat": "51.5", "lon": "-0.1"}, "Titik ini di luar Indonesia. Bila mendesak, telepon 110."),
    ):
        answer = sqlite_town.ann.post(f"/complaints/{ref}/locate", data=sent)
        assert answer.status_code == 422 and says in answer.text
    assert sqlite_town.incident_of(ref).kelurahan == "Babura"


def test_an_officers_point_stands_and_the_reporter_is_told_so(sqlite_town: Town) -> None:
    ref = ref_of(sqlite_town.ann.file())
    sqlite_town.act(ref, "claim", sqlite_town.hendra)
    site = PLACES.site(3.592, 98.668, precision="pin", landmark="")
    sqlite_town.act(ref, "relocate", sqlite_town.hendra, site=site, reason="dari foto")
    sent = {"lat": "3.5796", "lon": "98.6585", "accuracy": "9"}
    assert sqlite_town.ann.post(f"/complaints/{ref}/locate", data=sent).status_code == 303
    assert "Titik di peta tetap seperti yang mereka tandai." in text_of(sqlite_town, ref)
    assert sqlite_town.incident_of(ref).kelurahan == "Petisah Tengah"


def test_advice_is_the_command_s_and_none_where_it_would_hurt(sqlite_town: Town) -> None:
    town = sqlite_town
    robbed, hides = ref_of(town.ann.file()), ref_of(town.zed.file(category="KDRT_PPA"))
    for ref in (robbed, hides):
        town.act(ref, "claim", town.hendra)
        id = town.incident_of(ref).id
        assert town.hendra.post(f"/incidents/{id}/dispatch", data={"personnel": "2"}, headers=HX).status_code == 204
    assert "Tunggu di tempat terang dan ramai." in text_of(town, robbed)
    assert "terang dan ramai" not in town.zed.get(f"/complaints/{hides}").text
    kind = {
        "label_id": "Curas",
        "label_en": "Robbery",
        "tile": "Begal",
        "tile_en": "Robbed",
        "priority": 1,
        "personnel": 4,
    }
    said = {
        **kind,
        "choosable": "true",
        "advice_id": "Masuk ke toko terdekat.",
        "advice_en": "Go into the nearest shop.",
    }
    assert town.dewi.post("/admin/categories/CURAS_BEGAL", data=said, headers=HX).status_code == 204
    page = text_of(town, robbed)
    assert "Masuk ke toko terdekat." in page and "terang dan ramai" not in page and "<span>Begal," in page
    town.ann.post("/language", data={"locale": "en"})
    assert "Go into the nearest shop." in text_of(town, robbed) and "<span>Robbed," in text_of(town, robbed)
    town.act(robbed, "resolve", town.hendra, outcome="handled")
    assert "Go into the nearest shop." not in text_of(town, robbed)


# Said again where it counts


def test_ones_own_words_of_the_place_stay_and_stand_first(sqlite_town: Town) -> None:
    town = sqlite_town
    ref = ref_of(town.ann.file(place="Sei Mati, Medan Maimun", lat="", lon=""))
    assert "Sei Mati, Medan Maimun, Sei Mati" not in text_of(town, ref)
    own = "Jl. Brigjen Katamso, dekat masjid raya"
    ref = ref_of(town.ann.file(category="CURAT", lat="", lon="", place=own + ", Kelurahan Mesjid"))
    page = text_of(town, ref)
    assert f"<b>{own}, Kelurahan Mesjid</b>" in page
    town.ann.post(f"/complaints/{ref}/locate", data={"place": "belakang ruko, Kelurahan Mesjid"})
    assert "belakang ruko, Kelurahan Mesjid" in text_of(town, ref)


def test_opened_again_it_says_so_with_the_words_on_phone_card_and_panel(town: Town) -> None:
    ref = ref_of(town.ann.file())
    town.act(ref, "claim", town.hendra)
    town.act(ref, "resolve", town.hendra, outcome="handled")
    words = "Masih ada satu orang di kebun belakang"
    assert "Dibuka lagi" not in town.hendra.get("/console").text
    town.ann.post(f"/complaints/{ref}/reopen", data={"reason": words})
    page = text_of(town, ref)
    assert words in page and 'id="receipt"' not in page
    board, id = town.hendra.get("/console").text, town.incident_of(ref).id
    assert '<span class="card-again">Dibuka lagi</span>' in board
    panel = town.hendra.get(f"/incidents/{id}").text
    head = panel[panel.index('class="inc-head"') : panel.index("</header>", panel.index('class="inc-head"'))]
    assert "Dibuka lagi oleh pelapor" in head and words in head
    town.act(ref, "claim", town.hendra)
    assert words in town.hendra.get(f"/incidents/{id}").text


@pytest.mark.parametrize("locale", ["id", "en"])
def test_who_hides_is_not_called_and_the_number_says_so(sqlite_town: Town, locale: str) -> None:
    town = sqlite_town
    ref = ref_of(town.ann.file(category="DARURAT_NYAWA"))
    id = town.incident_of(ref).id
    assert "reporter-hush" not in town.hendra.get(f"/incidents/{id}").text
    for words in ("Jangan telepon", "Saya sembunyi") if locale == "id" else ("Do not call me", "I am hiding"):
        town.ann.post(f"/complaints/{ref}/reply", data={"words": words})
    panel = town.hendra.get(f"/incidents/{id}").text
    head = panel[panel.index('class="inc-head"') : panel.index("</header>", panel.index('class="inc-head"'))]
    number = panel[panel.index('class="reporter"') : panel.index("</p>", panel.index('class="reporter"'))]
    for part in (head, number):
        assert "Jangan telepon" in part and "Saya sembunyi" in part
    shown = town.hendra.post(f"/incidents/{id}/identity", headers={"hx-request": "true"}).text
    assert "Jangan telepon" in shown  # beside the whole number too


# Mode senyap stands with the account


def test_mode_senyap_follows_the_account_and_the_console_says_not_to_phone(town: Town) -> None:
    town.ann.post("/quiet", data={"quiet": "yes"})
    ref = ref_of(town.ann.file())
    assert town.incident_of(ref).quiet
    town.ann.cookies.pop("quiet")  # another phone of hers
    assert 'data-quiet="yes"' in town.ann.get("/").text
    id = town.incident_of(ref).id
    panel = town.hendra.get(f"/incidents/{id}", headers=HX).text
    assert panel.count("Mode senyap: jangan telepon") == 2  # in the head, and beside the number
    board = town.hendra.get("/console").text
    assert "Mode senyap: jangan telepon" in board[board.index(f'id="incident-{id}"') :]
    town.ann.post("/quiet", data={"quiet": "no"})
    assert not town.incident_of(ref).quiet and 'data-quiet="no"' in town.ann.get("/").text
