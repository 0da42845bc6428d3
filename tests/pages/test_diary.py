"""The diary speaks as one would: who did what, in whole sentences, and nothing that did not happen."""

import re
from datetime import timedelta

import pytest
from sqlmodel import Session

from console.pages.diary import diary
from models.incidents.incident import Incident
from models.viewer import CLOCK, Viewer
from models.workflow import ROWS
from tests.support.law import Law

WORDS = {row.name: row.says for row in ROWS.values() if row.says}
WORDS |= {f"{row.name}:{kind}": words for row in ROWS.values() for kind, words in row.kinds.items()}
SYSTEM = {  # what nobody did, or somebody named otherwise
    "file:intake", "develop", "develop:unreadable", "lapse", "lapse:account", "renew", "accept", "decline", "finish",
    "respond", "heed:partner", "stand_down", "unrefer:silent", "unrefer:unwritten", "unrefer:slip", "linked", "linked:failed", "accept:link", "decline:link",
    "escalate", "sweep", "erase", "alert", "alert:desk_failed", "alert:lead", "alert:lead_failed",
    "alert:lead_unknown", "alert:lead_written", "alert:push_written", "alert:command_written", "alert:push", "alert:push_failed", "alert:push_unknown", "alert:command", "alert:command_failed", "alert:command_unknown",
}  # fmt: skip


def read(law: Law, incident: Incident, viewer: Viewer, locale: str = "id") -> list[str]:
    looks = Viewer(viewer.role, viewer.id, locale)

    def entries(session: Session) -> list[str]:
        return [entry.words for entry in diary(session, session.get_one(Incident, incident.id), looks)]

    return law.read(entries)


def test_every_sentence_says_who() -> None:
    assert {kind for kind, words in WORDS.items() if "{who}" not in words} == SYSTEM


def test_it_says_who_did_what_and_you_for_whoever_reads(law: Law) -> None:
    incident = law.take(law.file(), "claim", law.hendra)
    law.send(incident, law.hendra, (None, 4))
    law.take(incident, "undo", law.hendra, step="dispatch")
    law.take(incident, "reassign", law.sari, officer=law.ratna.id, reason="beban")
    assert read(law, incident, law.hendra) == [
        "AKP Sari Ginting mengalihkannya ke Ipda Ratna Simanjuntak, yang tidak di meja: beban",
        "Anda membatalkan pengiriman 4 personel",
        "Anda mengirim 4 personel: Polsek Medan Baru 4",
        "Anda mengambil",
        "Pelapor melaporkan",
    ]
    assert read(law, incident, law.ratna)[3] == "Aipda Hendra Siregar mengambil"
    assert read(law, incident, law.ratna, "en")[-2:] == ["Aipda Hendra Siregar claimed it", "The reporter reported it"]


def test_what_is_late_is_late_and_nobody_is_said_to_be_told(law: Law) -> None:
    incident = law.file()
    law.run(lambda session: setattr(session.get_one(Incident, incident.id), "due_at", incident.filed_at))
    law.run(lambda session: session.get_one(Incident, incident.id).take("escalate", CLOCK))
    assert read(law, incident, law.hendra)[0] == "Lewat target"
    assert not re.search("diberi tahu", " ".join(WORDS.values()))


def test_both_sides_of_a_merge_read_right(law: Law) -> None:
    one, other = law.file(), law.file(law.zed)
    law.take(other, "merge", law.hendra, into=one.id)
    assert read(law, other, law.hendra)[0] == f"Anda menggabungkannya ke {one.number}"
    assert read(law, one, law.hendra)[0] == f"Anda menggabungkan {other.number} ke sini"


@pytest.mark.parametrize(("step", "body"), [("note", {"words": "{who} {0} 100%"}), ("ask", {"words": "{}"})])
def test_words_with_braces_stand_as_they_were_written(law: Law, step: str, body: dict[str, str]) -> None:
    incident = law.take(law.file(), "claim", law.hendra)
    law.take(incident, step, law.hendra, **body)
    assert body["words"] in read(law, incident, law.hendra)[0]


def test_a_graver_kind_raises_the_priority_and_a_lesser_one_leaves_it(law: Law) -> None:
    incident = law.take(law.file(category="BARANG_HILANG"), "claim", law.hendra)
    assert incident.priority == 4
    fire = law.take(incident, "recategorise", law.hendra, category="KEBAKARAN", reason="ada api")
    assert fire.priority == 1 and fire.due_at == fire.opened_at + timedelta(minutes=10)
    assert read(law, incident, law.hendra)[0] == "Anda mengubah jenis: ada api. Prioritas naik ke P1"
    assert read(law, incident, law.hendra, "en")[0] == "You changed the category: ada api. Priority raised to P1"
    lost = law.take(incident, "recategorise", law.hendra, category="BARANG_HILANG", reason="bukan")
    assert lost.priority == 1
    assert read(law, incident, law.hendra)[0] == "Anda mengubah jenis: bukan"
    law.take(incident, "reprioritise", law.hendra, priority=4, reason="reda")
    law.take(incident, "recategorise", law.hendra, category="OKNUM", reason="anggota")
    said = "Anda mengubah jenis: anggota. Prioritas naik ke P3. Pemegang melepasnya, untuk pengawas"
    assert law.incident(incident.id).priority == 3 and read(law, incident, law.hendra)[0] == said


def test_why_more_went_than_were_free_stands_with_who_sent_them_and_only_then(law: Law) -> None:
    incident = law.take(law.file(), "claim", law.hendra)
    law.send(incident, law.hendra, (None, 66), reason="bantuan Brimob")
    assert read(law, incident, law.sari)[0].endswith("Alasan: bantuan Brimob")
    assert "mengirim 66 personel, melebihi yang bebas" in read(law, incident, law.sari)[0]
    law.take(incident, "recall", law.hendra, reason="cukup")
    law.send(incident, law.hendra, (None, 2), reason="tidak ditanya")
    assert read(law, incident, law.sari)[0].startswith("Aipda Hendra Siregar mengirim 2 personel: ")
