"""A partner's desk: exactly what was referred, at its tier, while it lasts; and never who reported."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from console.evidence.store import Store
from console.live.fragments import card
from console.pages.render import Pages
from console.web.staff.agency import desk
from models.city.agency import Agency
from models.errors import NotFound
from models.incidents.evidence import Evidence
from models.incidents.incident import Incident
from models.incidents.referral import TIERS, Referral
from models.incidents.sight import WHOLE, find
from models.people.citizens import Citizen
from models.reading.board import find_evidence
from models.record.event import Look
from models.viewer import Viewer
from tests.support.asking import Asker
from tests.support.house import Running
from tests.support.law import Law
from tests.support.screen import Board, screen
from tests.support.serving import Cast
from tests.support.town import jpeg

REPORTER = ("Ann Siregar", "81200004471", "4471")
RANK = re.compile(r'data-rank=\\?"\d+')  # a time in milliseconds: any four digits may be in it
TOLD = {"presence": (), "summary": ("kenari-patokan", "number"), "full": ("kenari-patokan", "kenari-kata")}


def refer(law: Law, tier: str, incident: Incident | None = None, code: str = "DAMKARMAT", **more: Any) -> Incident:
    """An incident, claimed and referred to the fire brigade."""
    words = {"words": "kenari-kata dua orang", "landmark": "kenari-patokan"}
    incident = incident or law.take(law.file(law.ann, "KEBAKARAN", **words), "claim", law.hendra)
    agency = law.read(lambda session: session.exec(select(Agency.id).where(Agency.code == code)).one())
    return law.take(incident, "refer", law.hendra, agency=agency, tier=tier, **more)


def attach(law: Law, incident: Incident, **more: Any) -> str:
    """The key of a picture of its first complaint."""

    def add(session: Session) -> str:
        complaint = session.get_one(Incident, incident.id).complaints[0]
        picture: dict[str, Any] = {
            "kind": "photo",
            "mime": "image/jpeg",
            "size": 1,
            "sha256": "0" * 64,
            "state": "ready",
        }
        evidence = Evidence(complaint_id=complaint.id, **(picture | more))
        session.add(evidence)
        session.flush()
        return evidence.key

    return law.run(add)


# The law


@pytest.mark.parametrize("tier", TIERS)
def test_evidence_is_for_a_liaison_with_a_lasting_full_referral_alone(law: Law, tier: str) -> None:
    incident = refer(law, tier)
    key = attach(law, incident)

    def may(viewer: Viewer) -> bool:
        try:
            return law.read(find_evidence, viewer, key) is not None
        except NotFound:
            return False

    assert may(law.hendra) and may(law.ann) and not may(law.zed) and not may(law.bnpt) and not may(law.dewi)
    assert may(law.damkar) == (tier == "full")
    law.take(incident, "accept", law.damkar)
    assert may(law.damkar) == (tier == "full")
    law.take(incident, "finish", law.damkar, note="padam")
    assert not may(law.damkar)


def test_a_liaison_whose_number_is_the_reporters_sees_no_more_for_it(law: Law) -> None:
    """Ids of citizens and of the staff meet: the role decides whose a complaint is."""

    def same(session: Session) -> Viewer:
        twin = Citizen(id=law.damkar.id, phone="+628990000001", name="X", password="-")
        session.add(twin)
        session.flush()
        return twin.viewer

    twin = law.run(same)
    incident = refer(law, "summary", law.take(law.file(twin, "KEBAKARAN"), "claim", law.hendra))
    with pytest.raises(NotFound):
        law.read(find_evidence, law.damkar, attach(law, incident))


# Over HTTP


@pytest.mark.parametrize(
    ("who", "status"),
    [("ann", 403), ("hendra", 403), ("sari", 403), ("dewi", 403), ("damkar", 200), ("wall", 403), ("nobody", 303)],
)
def test_the_page_is_for_liaisons(cast: Cast, server: Running, who: str, status: int) -> None:
    assert Asker(server, cast.cookies.get(who, "")).get("/agency").status_code == status


@pytest.mark.parametrize("tier", TIERS)
def test_a_tier_tells_what_it_says_and_never_the_reporter(cast: Cast, server: Running, tier: str) -> None:
    """In the page and in every byte of the socket; what is not referred stays silent."""
    before = refer(cast, tier)
    damkar = Asker(server, cast.cookies["damkar"])
    page = damkar.get("/agency").text
    with screen(server.ws, Board.of(page), view="agency", cookie=damkar.cookie) as desk:
        cast.take(cast.file(words="tidak-dirujuk", category="CURANMOR"), "claim", cast.hendra)
        cast.take(before, "note", cast.hendra, words="catatan-petugas")
        mark = refer(cast, tier)  # the sentinel
        desk.until(lambda board: f"incident-{mark.id}" in board.cards)
        heard = "".join(desk.heard)
        for said in (page, heard):
            for word in TOLD[tier]:
                assert before.number[:5] in said if word == "number" else word in said, word
            for word in {"kenari-patokan", "kenari-kata"} - set(TOLD[tier]):
                assert word not in said, word
            for canary in (*REPORTER, "tidak-dirujuk", "catatan-petugas", "Hendra", "data-officer", "data-lat"):
                assert canary not in RANK.sub("", said), canary
        assert desk.board.cards == Board.of(damkar.get("/agency").text).cards


def test_presence_tells_neither_what_it_is_nor_how_urgent(cast: Cast, server: Running) -> None:
    incident = refer(cast, "presence")
    card = Board.of(Asker(server, cast.cookies["damkar"]).get("/agency").text).cards[f"incident-{incident.id}"]
    assert "Babura" in card.words and "Kebakaran" not in card.words and incident.number not in card.words
    assert not {"data-status", "data-priority", "data-category", "data-lat"} & set(card.attributes)
    slight = refer(cast, "presence", cast.take(cast.file(category="KERIBUTAN"), "claim", cast.hendra))
    cards = Board.of(Asker(server, cast.cookies["damkar"]).get("/agency").text).cards
    first, second = (cards[f"incident-{one.id}"]["rank"] for one in (incident, slight))
    assert len(first) == len(second) and first[0] == second[0] and first < second, "only when it was asked counts"


def test_a_partner_accepts_and_finishes_and_it_leaves_the_desk(cast: Cast, server: Running) -> None:
    incident = refer(cast, "summary")
    damkar, bnpt = Asker(server, cast.cookies["damkar"], part=True), Asker(server, cast.cookies["bnpt"], part=True)
    assert bnpt.post(f"/incidents/{incident.id}/accept").status_code == 404
    with screen(server.ws, Board.of(damkar.get("/agency").text), view="agency", cookie=damkar.cookie) as desk:
        assert damkar.post(f"/incidents/{incident.id}/accept").status_code == 204
        desk.until(lambda board: board.cards[f"incident-{incident.id}"]["state"] == "accepted")
        assert damkar.post(f"/incidents/{incident.id}/finish").status_code == 422
        assert damkar.post(f"/incidents/{incident.id}/finish", data={"note": "api padam"}).status_code == 204
        desk.until(lambda board: f"incident-{incident.id}" not in board.cards)
    assert f"incident-{incident.id}" not in damkar.get("/agency").text


def test_a_refusal_needs_its_reason(cast: Cast, server: Running) -> None:
    incident, damkar = refer(cast, "summary"), Asker(server, cast.cookies["damkar"], part=True)
    answer = damkar.post(f"/incidents/{incident.id}/decline")
    assert answer.status_code == 422 and "Tulis alasan menolak rujukan." in answer.text
    assert damkar.post(f"/incidents/{incident.id}/decline", data={"note": "bukan api"}).status_code == 204
    assert damkar.post(f"/incidents/{incident.id}/accept").status_code == 404, "it is referred no longer"


def test_a_partners_look_at_evidence_is_noted_and_the_original_stays_with_the_police(
    cast: Cast, server: Running, tmp_path: Path
) -> None:
    incident = refer(cast, "full")
    store, sha256 = Store(tmp_path), "a" * 64
    key = attach(cast, incident, sha256=sha256)
    for size in ("veil", "thumb", "view"):
        path = store.derived(sha256, size)  # type: ignore[arg-type]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(jpeg())
    damkar, bnpt = Asker(server, cast.cookies["damkar"]), Asker(server, cast.cookies["bnpt"])
    assert f"/evidence/{key}/view" in damkar.get("/agency").text
    assert [damkar.get(f"/evidence/{key}/{what}").status_code for what in ("thumb", "view", "original")] == [
        200,
        200,
        404,
    ]
    assert bnpt.get(f"/evidence/{key}/view").status_code == 404
    looks = cast.read(lambda session: session.exec(select(Look)).all())
    assert [(look.what, look.by_role, look.by_id) for look in looks] == [("evidence", "liaison", cast.damkar.id)]


# After we have closed it, and when it was not over


def sees(law: Law, incident: Incident) -> bool:
    try:
        return law.read(find, law.damkar, incident.id) is not None
    except NotFound:
        return False


def test_a_partner_at_work_writes_its_last_note_after_we_have_closed(law: Law) -> None:
    incident = refer(law, "full")
    key = attach(law, incident)
    law.take(incident, "accept", law.damkar)
    law.take(incident, "resolve", law.hendra, outcome="handled")
    assert sees(law, incident) and law.read(find_evidence, law.damkar, key)
    law.take(incident, "finish", law.damkar, note="padam 02.10")
    assert not sees(law, incident)
    with pytest.raises(NotFound):
        law.read(find_evidence, law.damkar, key)


def test_what_was_only_asked_ends_with_the_incident(law: Law) -> None:
    incident = refer(law, "full")
    law.take(incident, "resolve", law.hendra, outcome="handled")
    assert not sees(law, incident)


@pytest.mark.parametrize("answered", ["asked", "accepted", "finished"])
def test_what_is_opened_again_is_found_again_by_who_had_not_finished(law: Law, answered: str) -> None:
    incident = refer(law, "summary")
    if answered != "asked":
        law.take(incident, "accept", law.damkar)
    law.take(incident, "resolve", law.hendra, outcome="handled")
    if answered == "finished":
        law.take(incident, "finish", law.damkar, note="padam")
    before = law.read(lambda session: session.get_one(Incident, incident.id).referrals[0].asked_at)
    law.take(incident, "reopen", law.sari, reason="api menyala lagi")
    state, asked_at = law.read(
        lambda session: next((r.state, r.asked_at) for r in session.get_one(Incident, incident.id).referrals)
    )
    assert state == answered and (asked_at > before) == (answered == "asked")
    assert sees(law, incident) == (answered != "finished")


@pytest.mark.parametrize("answered", ["asked", "accepted", "closed"])
@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("category", ["KEBAKARAN", "KDRT_PPA", "OKNUM"])
def test_what_each_tier_shares_is_that_and_no_more(law: Law, category: str, tier: str, answered: str) -> None:
    """Of a sensitive case the kelurahan's centre alone: by a canary in every field that could tell more."""
    holder = law.sari if category == "OKNUM" else law.hendra
    filed = law.file(law.ann, category, landmark="kenari-patokan", words="kenari-kata")
    incident = law.take(filed, "claim", holder)
    about = {"reason": "diminta Propam"} if category == "OKNUM" else {}
    fire = law.damkar.agency_id
    law.take(incident, "refer", holder, agency=fire, tier=tier, note="kenari-catatan", **about)
    if answered != "asked":
        law.take(incident, "accept", law.damkar)
    if answered == "closed" and category != "OKNUM":
        law.take(incident, "resolve", holder, outcome="handled")
    row, said = law.incident(incident.id), shown(law, pages(), incident)
    exact, centre = (f"{lat:.5f},{lon:.5f}" for lat, lon in ((row.lat, row.lon), (row.centre_lat, row.centre_lon)))
    assert exact != centre
    told, sensitive = tier != "presence", category != "KEBAKARAN"
    for word, may in {
        "kenari-catatan": True,
        "Babura": True,
        row.number: told,
        "kenari-patokan": told and not sensitive,
        exact: told and not sensitive,
        centre: told and sensitive,
        "kenari-kata": tier == "full",
        **dict.fromkeys((*REPORTER, "Ann Siregar"), False),
    }.items():
        assert (word in RANK.sub("", said)) == may, (word, said)
    for link in re.findall(r'href="((?:geo|https):[^"]*)"', said):
        assert set(re.findall(r"-?\d+\.\d{3,}", link)) == set((centre if sensitive else exact).split(",")), link
    assert said.count('href="geo:') == told and said.count("route=") == told
    if answered == "closed" and category != "OKNUM":
        assert "Polisi menutup" in said and "masuk sampai ditutup" in said and "data-filed" not in said


def test_of_one_about_officers_nothing_is_left(law: Law) -> None:
    incident = refer(law, "full")
    law.take(incident, "accept", law.damkar)
    law.take(incident, "recategorise", law.hendra, category="OKNUM", reason="tentang anggota")
    law.take(law.take(incident, "claim", law.sari), "resolve", law.sari, outcome="handled")
    assert not sees(law, incident)


def test_what_they_write_stands_with_the_two_of_them_alone(cast: Cast, server: Running) -> None:
    """On the desk of the one partner and the officers' panel: in no byte of another's, nor of the reporter's."""
    incident = refer(cast, "full")
    cast.take(incident, "refer", cast.hendra, agency=cast.bnpt.agency_id, tier="full")
    who = {name: Asker(server, cast.cookies[name], part=name != "ann") for name in ("damkar", "bnpt", "ann", "hendra")}
    ref = cast.read(lambda session: session.get_one(Incident, incident.id).complaints[0].ref)
    board = Board.of(who["bnpt"].get("/agency").text)
    reporters = Board.of(who["ann"].get("/complaints").text)
    with (
        screen(server.ws, board, view="agency", cookie=who["bnpt"].cookie) as other,
        screen(server.ws, reporters, view="citizen", cookie=who["ann"].cookie) as own,
    ):
        damkar, hendra = who["damkar"], who["hendra"]
        assert damkar.post(f"/incidents/{incident.id}/respond", data={"words": "kenari-mitra"}).status_code == 204
        assert hendra.post(f"/incidents/{incident.id}/consult", data={"words": "kenari-polisi"}).status_code == 204
        for step in ("respond", "heed", "finish"):
            assert who["ann"].post(f"/incidents/{incident.id}/{step}", data={"words": "x"}).status_code == 403
        cast.take(incident, "ask", cast.hendra, words="penanda-pelapor")  # the sentinels
        later = cast.take(incident, "consult", cast.hendra, words="penanda-lain", referral=second(cast, incident))
        other.until(lambda board: int(board.cards[f"incident-{incident.id}"]["seq"]) >= later.seq)
        own.until(lambda board: int(board.cards[f"complaint-{ref}"]["seq"]) >= later.seq)
        heard = "".join((*other.heard, *own.heard))
    shows = {
        "damkar": damkar.get("/agency").text,
        "hendra": hendra.get(f"/incidents/{incident.id}").text,
        "bnpt": who["bnpt"].get("/agency").text + who["bnpt"].get("/agency/history").text + heard,
        "ann": who["ann"].get(f"/complaints/{ref}").text + who["ann"].get("/account/export").text,
    }
    for word in ("kenari-mitra", "kenari-polisi"):
        assert {name for name, said in shows.items() if word in said} == {"damkar", "hendra"}, word
    assert "penanda-lain" in shows["bnpt"] and "Hendra" not in shows["damkar"]


def second(law: Law, incident: Incident) -> int:
    return int(law.read(lambda session: session.get_one(Incident, incident.id).referrals[1].id))


def test_the_history_tells_kinds_and_times_and_nobodys_words(cast: Cast, server: Running) -> None:
    told, hidden, ours = refer(cast, "full", note="kenari-catatan"), refer(cast, "presence"), refer(cast, "full")
    women = refer(cast, "summary", claimed(cast, "KDRT_PPA"))
    cast.take(told, "accept", cast.damkar, note="kenari-jawab")
    cast.take(told, "finish", cast.damkar, note="kenari-akhir")
    cast.take(hidden, "decline", cast.damkar, note="kenari-tolak")
    cast.take(ours, "recategorise", cast.hendra, category="OKNUM", reason="tentang anggota")
    page = Asker(server, cast.cookies["damkar"]).get("/agency/history").text
    rows = [" ".join(re.sub("<[^>]*>", " ", row).split()) for row in re.findall(r"<tr>(.*?)</tr>", page, re.S)[1:]]
    assert len(rows) == 4 and "30 hari" in page
    assert women.number in rows[0] and women.kelurahan in rows[0] and "menunggu jawaban" in rows[0]
    assert (
        ours.kelurahan not in rows[1]
        and ours.number not in page
        and "berakhir" in rows[1]
        and "Ada kejadian" in rows[1]
    )
    assert "Ada kejadian" in rows[2] and hidden.number not in page and "ditolak instansi Anda" in rows[2]
    assert "Kebakaran" in rows[3] and "diselesaikan instansi Anda" in rows[3]
    assert "kenari" not in page and "Petugas" not in page and "oknum" not in page.lower()
    assert Asker(server, cast.cookies["bnpt"]).get("/agency/history").text.count("<tr>") == 0
    old = timedelta(days=31)
    cast.run(lambda session: [setattr(row, "asked_at", row.asked_at - old) for row in session.exec(select(Referral))])
    assert "<tr>" not in Asker(server, cast.cookies["damkar"]).get("/agency/history").text


def test_nothing_of_it_is_offered_to_go_further(cast: Cast, server: Running) -> None:
    incident = refer(cast, "full")
    attach(cast, incident)
    page = Asker(server, cast.cookies["damkar"]).get("/agency").text
    assert "Jangan teruskan, foto, atau cetak" in page
    assert not re.search(r"\bdownload\b|/original|data-print|navigator\.share|clipboard|whatsapp|mailto:", page)
    assert [link for link in re.findall(r'href="(https?:[^"]*)"', page) if "openstreetmap" not in link] == []


def test_what_waits_for_an_answer_stands_first(law: Law) -> None:
    done, quiet, late, grave = (refer(law, "summary", claimed(law, kind)) for kind in ("KEBAKARAN", "CURANMOR") * 2)
    hidden = refer(law, "presence", claimed(law, "CURANMOR"))
    urgent = refer(law, "summary", claimed(law, "KEBAKARAN"))
    for one in (done, late):
        law.take(one, "accept", law.damkar)
    law.take(done, "resolve", law.hendra, outcome="handled")
    rows = law.read(lambda session: [(one.id, card.state) for one, card, *_ in desk(session, law.damkar)["referred"]])
    assert [id for id, _ in rows] == [one.id for one in (hidden, urgent, quiet, grave, late, done)]
    ranks = [
        int(rank)
        for rank in re.findall(r'data-rank="(\d+)"', "".join(shown(law, pages(), law.incident(id)) for id, _ in rows))
    ]
    assert ranks == sorted(ranks)


def claimed(law: Law, category: str) -> Incident:
    return law.take(law.file(law.ann, category), "claim", law.hendra)


def pages() -> Pages:
    return Pages()


def shown(law: Law, templates: Pages, incident: Incident) -> str:
    def read(session: Session) -> str:
        row = session.exec(select(Incident).where(Incident.id == incident.id).options(*WHOLE)).one()
        return "".join(card(row, law.damkar.audience, templates.render))

    return law.read(read)
