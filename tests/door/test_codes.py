"""Six digits to a phone: by them people come in, and nobody learns from the door whose number has an account."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from console.web.door.knock import code_hash, phone_hash
from models.errors import TooOften
from models.people.citizens import Citizen
from models.people.codes import HOURLY, TRIES, Answer, Code, check_code, forget_codes, send_code
from models.people.phones import e164
from models.record.event import Event
from models.record.outbox import Parcel
from tests.support.inbox import Inbox, prove, sign_up
from tests.support.law import KEY, Law
from tests.support.town import PASSWORD, REPORT, Town, Visitor, jpeg

ANN, NEW = "+6281200004471", "+6281277778888"


def send(law: Law, code: str = "111111", phone: str = ANN, budget: int = 100) -> None:
    law.run(send_code, phone, phone_hash(KEY, phone), code_hash(KEY, phone, code), {"sealed": ""}, budget)


def check(law: Law, code: str, phone: str = ANN) -> tuple[Answer, int]:
    verdict = law.run(check_code, phone, phone_hash(KEY, phone), code_hash(KEY, phone, code))
    return verdict.answer, verdict.left


def pass_by(law: Law, phone: str = ANN, **span: float) -> None:
    """So much time passes for the codes of this number."""

    def age(session: Session) -> None:
        row, by = session.get_one(Code, phone_hash(KEY, phone)), timedelta(**span)
        row.sent_at, row.until, row.hour_at = row.sent_at - by, row.until - by, row.hour_at - by
        row.failed_at = row.failed_at and row.failed_at - by

    law.run(age)


# The law


def test_a_code_is_right_once_and_for_five_minutes(law: Law) -> None:
    send(law, "111111")
    assert check(law, "111111") == (Answer.RIGHT, 0)
    assert check(law, "111111") == (Answer.OLD, 0)
    pass_by(law, seconds=61)
    send(law, "222222")
    assert check(law, "222222", NEW) == (Answer.OLD, 0)  # of another number
    pass_by(law, minutes=5)
    assert check(law, "222222") == (Answer.OLD, 0)


def test_of_many_who_bring_one_code_at_once_one_is_let_in(law: Law) -> None:
    send(law, "111111")
    hashes = phone_hash(KEY, ANN), code_hash(KEY, ANN, "111111")
    jobs = [law.writer.submit(check_code, ANN, *hashes) for _ in range(20)]
    answers = [job.result(20).answer for job in jobs]
    assert answers.count(Answer.RIGHT) == 1 and set(answers) == {Answer.RIGHT, Answer.OLD}


def test_a_new_code_makes_the_one_before_void(law: Law) -> None:
    send(law, "111111")
    pass_by(law, seconds=61)
    send(law, "222222")
    assert check(law, "111111") == (Answer.WRONG, TRIES - 1)
    assert check(law, "222222") == (Answer.RIGHT, 0)


def test_five_wrong_ones_and_the_right_one_comes_too_late(law: Law) -> None:
    send(law, "111111")
    assert [check(law, "000000") for _ in range(TRIES)] == [
        *((Answer.WRONG, left) for left in (4, 3, 2, 1)),
        (Answer.SPENT, 0),
    ]
    pass_by(law, seconds=2)
    assert check(law, "111111") == (Answer.SPENT, 0)


def test_failures_count_across_codes_and_each_makes_the_pause_longer(law: Law) -> None:
    pauses = []
    for _ in range(4):
        send(law, "111111")
        for _ in range(TRIES):
            answer, left = check(law, "000000")
            if answer == Answer.WAIT:
                pauses.append(left)
                pass_by(law, seconds=left)
                check(law, "000000")
        pass_by(law, hours=1)
    assert pauses == sorted(pauses) and pauses[-1] > 100
    send(law, "111111")
    assert check(law, "111111") == (Answer.RIGHT, 0)  # then all is forgotten
    pass_by(law, seconds=61)
    send(law, "222222")
    assert check(law, "000000") == (Answer.WRONG, TRIES - 1)


def test_a_minute_between_codes_and_five_within_the_hour(law: Law) -> None:
    for n in range(HOURLY):
        send(law)
        with pytest.raises(TooOften) as error:
            send(law)
        assert 50 < error.value.seconds <= 61
        if n < HOURLY - 1:
            pass_by(law, seconds=61)
    pass_by(law, seconds=61)
    with pytest.raises(TooOften) as error:
        send(law)
    assert error.value.seconds > 3000
    send(law, phone=NEW)  # others go on
    pass_by(law, hours=1)
    send(law)


def test_the_day_has_a_budget_of_messages(law: Law) -> None:
    for n in range(3):
        send(law, phone=f"+628120000447{n}", budget=3)
    with pytest.raises(TooOften, match="sudah habis"):
        send(law, phone=NEW, budget=3)


def test_nothing_that_is_kept_holds_a_code_or_the_number_of_a_stranger(law: Law) -> None:
    send(law, "314159", NEW)
    check(law, "271828", NEW)
    rows = law.read(lambda session: [str(row) for row in session.exec(text("SELECT * FROM code"))])
    events = law.read(lambda session: [str((row.step, row.body)) for row in session.exec(select(Event))])
    assert len(rows) == 1 and "send_code" in events[-1]
    for told in (*rows, *events):
        assert "314159" not in told and "271828" not in told and NEW not in told


def test_codes_of_yesterday_are_forgotten(law: Law) -> None:
    send(law)
    pass_by(law, hours=25)
    send(law, phone=NEW)
    law.run(forget_codes)
    assert len(law.read(lambda session: session.exec(select(Code)).all())) == 1


# The door


def test_number_code_name_and_in(town: Town, inbox: Inbox) -> None:
    rina = town.anyone
    assert sign_up(rina, inbox).headers["location"] == "/"
    assert "Rina" in rina.get("/").text and "knock" not in rina.cookies
    citizen = town.read(lambda session: session.exec(select(Citizen).where(Citizen.name == "Rina")).one())
    assert (citizen.phone, citizen.password) == (NEW, "")
    other = Visitor(town.client)
    town.write(lambda session: setattr(session.exec(select(Code)).one(), "hash", ""))
    town.write(lambda s: _age(s, 61))
    assert prove(other, inbox, "0812 7777 8888").headers["location"] == "/"
    assert "Rina" in other.get("/").text
    # Without a password no password fits, not even none.
    assert Visitor(town.client).post("/sign-in", data={"login": NEW, "password": "-"}).status_code == 422


def timeless(said: Any) -> Any:
    """Without the server's second, which goes on between two visits."""
    return re.sub(r'data-now="[^"]*"', "", said) if isinstance(said, str) else said


def test_a_known_and_an_unknown_number_look_the_same_until_the_code_is_right(sqlite_town: Town, inbox: Inbox) -> None:
    told = []
    for phone in ("0812 0000 4471", "0812 9999 4471"):
        visitor = Visitor(sqlite_town.client)
        asked = visitor.post("/sign-in", data={"login": phone})
        page = visitor.get("/sign-in/code").text
        wrong = visitor.post("/sign-in/code", data={"code": "000000" if inbox.code() != "000000" else "111111"})
        soon = visitor.post("/sign-in/code/again")
        told.append((
            asked.status_code, asked.headers["location"], page.replace("0812 •••• 4471", ""),
            wrong.status_code, wrong.text, soon.status_code,
        ))  # fmt: skip
    told = [tuple(timeless(part) for part in one) for one in told]
    assert told[0] == told[1] and "•••• 4471" in told[0][4] and "Sisa 4 kali" in told[0][4]


def test_what_is_wrong_stands_beside_its_field(sqlite_town: Town, inbox: Inbox) -> None:
    visitor = sqlite_town.anyone
    for url, field, number, says in (
        ("/sign-in", "login", "0812", "Nomor ini tidak lengkap"),
        ("/sign-in", "login", "", "Ini bukan nomor telepon."),
        ("/sign-up", "phone", "not a number", "Ini bukan nomor telepon."),
        ("/sign-up", "phone", "110", "Nomor ini tidak lengkap"),
    ):
        answer = visitor.post(url, data={field: number})
        assert answer.status_code == 422 and says in answer.text and f'id="fault-{field}"' in answer.text
    staff = visitor.post("/sign-in", data={"login": "hendra"})
    assert staff.status_code == 422 and "Tulis kata sandi" in staff.text and 'id="fault-password"' in staff.text
    assert visitor.post("/sign-in", data={"login": "0812 7777 8888"}).status_code == 303
    code = inbox.code()
    soon = visitor.post("/sign-in", data={"login": "0812 7777 8888"})
    assert soon.status_code == 429 and "Tunggu" in soon.text and 'id="fault-login"' in soon.text
    assert 50 < int(soon.headers["retry-after"]) <= 61
    again = visitor.post("/sign-in/code/again")
    assert again.status_code == 429 and 'id="fault-code"' in again.text
    sqlite_town.write(lambda s: _age(s, 61))
    assert "again" in visitor.post("/sign-in/code/again").headers["location"]
    assert "Kode baru sudah dikirim" in visitor.get("/sign-in/code?again").text
    newer = inbox.code()
    if newer != code:
        assert "Kode salah" in visitor.post("/sign-in/code", data={"code": code}).text
    spaced = visitor.post("/sign-in/code", data={"code": f"{newer[:3]} {newer[3:]}"})
    assert spaced.headers["location"] == "/sign-up/name"
    nameless = visitor.post("/sign-up/name", data={"name": "", "password": "short"})
    assert nameless.status_code == 422 and "Tulis nama Anda." in nameless.text and "Paling sedikit 8" in nameless.text


@pytest.mark.parametrize(
    "typed",
    [
        "0812 7777 8888", "0812-7777-8888", "(0812) 7777.8888", "+62 812 7777 8888", "6281277778888", "+62 0812 7777 8888",
        "812 7777 8888", "٠٨١٢٧٧٧٧٨٨٨٨", "０８１２７７７７８８８８", "tel:+6281277778888", "\u200b0812\u00a07777\u20118888",
    ],
)  # fmt: skip
def test_one_number_however_it_is_typed(typed: str) -> None:
    assert e164(typed) == NEW


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("061 4567890", "tidak dapat menerima kode"),  # a house
        ("0809 1234567", "tidak dapat menerima kode"),  # a dear line
        ("0800 1234567", "tidak dapat menerima kode"),
        ("+979 1 2345 6789", "tidak dapat menerima kode"),
        ("+881 6 1234 5678", "tidak dapat menerima kode"),  # a satellite
        ("+882 13 300655", "tidak dapat menerima kode"),
        ("0812 7777 8888 1234", "tidak lengkap"),
        ("0812 7777 8888 1234 5678", "bukan nomor"),
        ("²³¹ ½ ⅷ", "bukan nomor"),
        ("0812' OR 1=1", "bukan nomor"),
    ],
)
def test_a_code_goes_where_it_can_be_read_and_nowhere_dear(sqlite_town: Town, number: str, says: str) -> None:
    answer = sqlite_town.anyone.post("/sign-up", data={"phone": number})
    assert answer.status_code == 422 and says in answer.text and 'id="fault-phone"' in answer.text
    assert sqlite_town.read(lambda session: session.exec(select(Parcel)).all()) == []


def test_a_phone_from_abroad_is_welcome(sqlite_town: Town) -> None:
    assert sqlite_town.anyone.post("/sign-up", data={"phone": "+44 7911 123456"}).status_code == 303


def test_without_messages_left_people_still_file_and_passwords_open(
    sqlite_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town, settings = sqlite_town, sqlite_town.client.app_state["settings"]
    monkeypatch.setitem(town.client.app_state, "settings", settings.model_copy(update={"messages_a_day": 0}))
    refused = town.anyone.post("/sign-in", data={"login": NEW})
    assert refused.status_code == 429 and "sudah habis" in refused.text and "tel:110" in refused.text
    assert town.ann.file().status_code == 303
    assert town.anyone.post("/sign-in", data={"login": ANN, "password": PASSWORD}).status_code == 303


def test_a_code_for_one_number_opens_no_other(sqlite_town: Town, inbox: Inbox) -> None:
    """Nor does the seal of another browser's knock."""
    eve, mallory = sqlite_town.anyone, Visitor(sqlite_town.client)
    eve.post("/sign-in", data={"login": NEW})
    code = inbox.code()
    mallory.post("/sign-in", data={"login": ANN})
    anns = inbox.code()
    if anns != code:
        assert mallory.post("/sign-in/code", data={"code": code}).status_code == 422
    proved = eve.post("/sign-in/code", data={"code": code})
    assert proved.headers["location"] == "/sign-up/name"
    taken = eve.post("/sign-up/name", data={"name": "Eve", "phone": ANN})  # a field that nobody asked for
    assert taken.headers["location"] == "/"
    found = sqlite_town.read(lambda s: s.exec(select(Citizen.phone).where(Citizen.name == "Eve")).all())
    assert list(found) == [NEW]


def test_a_number_proved_twice_at_once_is_one_account(sqlite_town: Town, inbox: Inbox) -> None:
    first = sqlite_town.anyone
    first.post("/sign-up", data={"phone": NEW})
    first.post("/sign-in/code", data={"code": inbox.code()})
    second = Visitor(sqlite_town.client, dict(first.cookies))
    assert first.post("/sign-up/name", data={"name": "Rina"}).headers["location"] == "/"
    late = second.post("/sign-up/name", data={"name": "Eve"})
    assert late.status_code == 422 and "sudah terdaftar" in late.text and "siaga" not in second.cookies


def test_nobody_takes_a_step_of_the_way_out_of_turn(sqlite_town: Town, inbox: Inbox) -> None:
    visitor = sqlite_town.anyone
    assert visitor.get("/sign-in/code").headers["location"] == "/sign-in"
    assert visitor.post("/sign-in/code", data={"code": "123456"}).headers["location"] == "/sign-in"
    assert visitor.post("/sign-up/name", data={"name": "Eve"}).headers["location"] == "/sign-up"
    visitor.post("/sign-up", data={"phone": NEW})
    inbox.code()
    assert visitor.post("/sign-up/name", data={"name": "Eve"}).headers["location"] == "/sign-up"  # unproved
    visitor.cookies["knock"] = visitor.cookies["knock"][:-4] + "AAA="
    assert visitor.get("/sign-in/code").headers["location"] == "/sign-in"
    assert sqlite_town.read(lambda s: len(s.exec(select(Citizen)).all())) == 3


def test_guessing_a_code_never_locks_the_owners_password(sqlite_town: Town, inbox: Inbox) -> None:
    eve = sqlite_town.anyone
    eve.post("/sign-in", data={"login": ANN})
    right = inbox.code()
    wrong = "000000" if right != "000000" else "111111"
    answers = [eve.post("/sign-in/code", data={"code": wrong}) for _ in range(TRIES)]
    assert "Sudah lima kali salah" in answers[-1].text
    sqlite_town.write(lambda s: setattr(s.exec(select(Code)).one(), "failed", 30))
    late = eve.post("/sign-in/code", data={"code": right})
    assert late.status_code == 429 and "Tunggu" in late.text
    owner = Visitor(sqlite_town.client).post("/sign-in", data={"login": ANN, "password": PASSWORD})
    assert owner.status_code == 303


def test_ten_thousand_guesses_at_once_are_still_five(sqlite_town: Town, inbox: Inbox) -> None:
    """Each guess is counted by the one writer: no crowd of requests gets more of them."""
    key = sqlite_town.client.app_state["settings"].key
    sqlite_town.anyone.post("/sign-in", data={"login": ANN})
    right = inbox.code()
    guesses = [f"{n:06d}" for n in range(400) if f"{n:06d}" != right]
    jobs = [
        sqlite_town.writer.submit(check_code, ANN, phone_hash(key, ANN), code_hash(key, ANN, guess))
        for guess in guesses
    ]
    answers = [job.result(20).answer for job in jobs]
    assert answers.count(Answer.WRONG) == TRIES - 1 and answers.count(Answer.SPENT) >= 1
    assert set(answers) <= {Answer.WRONG, Answer.SPENT, Answer.WAIT}
    assert Answer.RIGHT not in answers


def test_the_outbox_holds_a_code_sealed_and_then_not_at_all(sqlite_town: Town, inbox: Inbox) -> None:
    sqlite_town.anyone.post("/sign-in", data={"login": NEW})
    code = inbox.code()
    (parcel,) = sqlite_town.read(lambda s: s.exec(select(Parcel).where(Parcel.kind == "code")).all())
    assert code not in str(parcel.payload)


def test_a_draft_is_filed_after_the_name(sqlite_town: Town, inbox: Inbox) -> None:
    rina, files = sqlite_town.anyone, [("photo", ("a.jpg", jpeg(), "image/jpeg"))]
    rina.post("/complaints", data={**REPORT, "idempotency_key": "k"}, files=files)
    assert "Belum terkirim" in rina.get("/sign-up").text
    filed = sign_up(rina, inbox)
    (complaint,) = sqlite_town.complaints()
    assert filed.headers["location"] == f"/complaints/{complaint.ref}"


def test_the_demo_shows_the_code_on_the_page_and_nobody_else_does(
    sqlite_town: Town, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqlite_town.anyone.post("/sign-in", data={"login": NEW})
    assert "DEMO" not in sqlite_town.anyone.get("/sign-in/code").text
    settings = sqlite_town.client.app_state["settings"]
    monkeypatch.setitem(sqlite_town.client.app_state, "settings", settings.model_copy(update={"demo": True}))
    visitor = Visitor(sqlite_town.client)
    inbox.code()
    visitor.post("/sign-in", data={"login": ANN})
    assert f'<b class="code-shown">{inbox.code()}</b>' in visitor.get("/sign-in/code").text


def _age(session: Session, seconds: int) -> None:
    for row in session.exec(select(Code)):
        by = timedelta(seconds=seconds)
        row.sent_at, row.until = row.sent_at - by, row.until
