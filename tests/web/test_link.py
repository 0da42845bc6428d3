"""What an officer reads of a partner where nobody signs in, and whoever answers it too late."""

import re

from console.door.viewer import hash_of
from models.incidents.incident import Incident
from models.incidents.linking import answer_by_link
from tests.outbox.test_link import SHOWN, bpbd, lines, linked_to, referred
from tests.support.asking import Asker
from tests.support.house import Running
from tests.support.serving import Cast

OFFERED = ("/consult", "/extend", "Perpanjang 12 jam", "Tulis ke ")


def referrals(cast: Cast, server: Running, incident: Incident) -> str:
    page = Asker(server, cast.cookies["hendra"], part=True).get(f"/incidents/{incident.id}").text
    (part,) = re.findall(r'<ul class="group referrals".*?</ul>', page, re.S)
    return re.sub(r"\s+", " ", str(part))


def test_the_panel_says_who_sees_it_and_offers_the_telephone_not_a_field(cast: Cast, server: Running) -> None:
    incident = referred(cast, agency=bpbd(cast))  # no number on record
    told = referrals(cast, server, incident)
    assert "hubungi lewat telepon<" in told and "kejadian ini tidak terlihat di sana" in told
    assert not [one for one in (*OFFERED, "melihat kejadian ini") if one in told]
    incident = referred(cast)
    secret = linked_to(cast, incident)
    told = referrals(cast, server, incident)
    assert "siapa pun yang memegang tautan melihat kejadian ini sampai dijawab" in told
    assert f"hubungi lewat telepon: {SHOWN}" in told and not [one for one in OFFERED if one in told]
    cast.run(answer_by_link, hash_of(secret), "accept", "dua mobil")
    told = referrals(cast, server, incident)
    assert "dua mobil" in told and "kejadian ini tidak terlihat di sana" in told
    assert f"hubungi lewat telepon: {SHOWN}" in told and "melihat kejadian ini" not in told
    assert not [one for one in OFFERED if one in told]
    signed_in = referrals(cast, server, referred(cast, agency=cast.damkar.agency_id))
    assert all(one in signed_in for one in (*OFFERED, "melihat kejadian ini sampai")) and "telepon" not in signed_in


def test_after_it_was_closed_nobody_there_is_said_to_write_a_last_note(cast: Cast, server: Running) -> None:
    incident = referred(cast)
    cast.run(answer_by_link, hash_of(linked_to(cast, incident)), "accept", "")
    cast.take(incident, "resolve", cast.hendra, outcome="handled")
    told = referrals(cast, server, incident)
    assert "ditutup" in told and "catatan akhir" not in told


def test_an_answer_that_came_after_the_end_is_said_not_to_be_kept(cast: Cast, server: Running) -> None:
    incident = referred(cast)
    secret = linked_to(cast, incident)
    cast.take(incident, "resolve", cast.hendra, outcome="handled")
    stranger, lost = Asker(server), "Jawaban yang baru Anda kirim tidak tersimpan."
    assert lost not in stranger.get(f"/r/{secret}").text
    sent = stranger.post(f"/r/{secret}", data={"answer": "accept", "note": "dua mobil"})
    page = stranger.get(sent.headers["location"])
    assert (sent.status_code, page.status_code) == (303, 410)
    assert lost in page.text and "Tautan ini sudah berakhir." in page.text and "kenari" not in page.text
    assert lines(cast, incident, ("accept",)) == []
    english = stranger.get(sent.headers["location"], headers={"accept-language": "en"}).text
    assert "The answer you just sent was not kept." in english
