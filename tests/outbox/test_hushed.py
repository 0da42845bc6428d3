"""What leaves the house for a reporter in Mode senyap: a code in neutral words, and nothing else."""

import pytest
from sqlmodel import Session, select

from console.door.sealing import seal
from console.outbox.messages import NO_REPORTERS, PLAINLY, Message
from console.outbox.push import Push
from console.settings import Settings
from models.incidents.complaint import Complaint
from models.incidents.hushing import hush
from models.incidents.telling import QUESTION, inform
from models.people.browsers import subscribe
from models.people.citizens import Citizen
from models.people.codes import send_code
from models.record.outbox import LEASE, NEWS, Parcel, put
from models.workflow import ROWS
from tests.support.law import KEY, Law
from tests.web.test_plain import TELLS

HEARD = [name for name, row in ROWS.items() if row.hears]
OURS = "https://siaga.polrestabes-medan.example"


def parcels(law: Law) -> list[Parcel]:
    return list(law.read(lambda session: session.exec(select(Parcel)).all()))


def phone_of(law: Law) -> str:
    return str(law.read(lambda session: session.get_one(Citizen, law.ann.id).phone))


def words_of(law: Law, parcel: Parcel) -> str | None:
    return Message(Settings(secret_key=KEY.decode(), public_url=OURS, notify="log"))._words(parcel)


def test_each_kind_of_the_outbox_says_what_it_does_in_the_mode() -> None:
    assert {*Message.kinds, *Push.kinds} == PLAINLY.keys() | {*NO_REPORTERS}
    for locale_words in filter(None, PLAINLY.values()):
        assert not TELLS.search(locale_words)


@pytest.mark.parametrize("locale", ["id", "en"])
@pytest.mark.parametrize("asked", ["of the account", "on its page", ""])
def test_a_code_names_nobody_where_the_account_or_the_page_is_quiet(law: Law, locale: str, asked: str) -> None:
    if asked == "of the account":
        law.run(hush, law.ann, True)
    given = {"sealed": seal(KEY, {"code": "314159"}), "locale": locale, "quiet": asked == "on its page"}
    law.run(send_code, phone_of(law), "phone", "hash", given, 10)
    words = words_of(law, parcels(law)[0]) or ""
    assert "314159" in words
    named = bool(TELLS.search(words)) or "medan" in words.lower()
    assert named == (not asked), words


def test_no_step_that_anybody_hears_of_tells_them_anything(law: Law) -> None:
    incident = law.file()
    law.run(hush, law.ann, True)
    for browsers in (False, True):  # a message, or a push
        if browsers:
            law.run(lambda s: subscribe(s, law.ann, "https://fcm.googleapis.com/x", "p", "a") and None)
        for step in HEARD:
            law.run(lambda s, step=step: inform(s, step, law.hendra, incident.id))  # type: ignore[misc]
    assert len(HEARD) > 5 and parcels(law) == []


def test_what_was_tried_before_is_not_tried_again(law: Law) -> None:
    incident = law.file()
    law.run(hush, law.ann, True)

    def tried(session: Session) -> None:
        ref = session.exec(select(Complaint.ref).where(Complaint.incident_id == incident.id)).one()
        put(session, NEWS, session.get_one(Citizen, law.ann.id).phone, {"ref": ref, "text": QUESTION}, life=LEASE)

    law.run(tried)
    channel = Message(Settings(secret_key=KEY.decode(), public_url=OURS, notify="log"))
    assert law.read(lambda s: channel.address(s, s.exec(select(Parcel)).one())) is None
    law.run(hush, law.ann, False)
    assert law.read(lambda s: channel.address(s, s.exec(select(Parcel)).one()))
