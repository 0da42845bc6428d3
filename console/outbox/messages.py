"""Messages: the channel to phone numbers, for codes, and for news to who has no push.

SIAGA_NOTIFY names its gateway. `log`, for development: the message is a line of the server's log; a real server makes none
then, since whoever reads its log would read people's codes. Anything else is an
apprise URL in which {phone} stands for the number: `twilio://SID:TOKEN@FROM/{phone}`, or the command's own
gateway, `jsons://gateway.example/sms?:to={phone}`.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from sqlmodel import Session

from console.door.sealing import unseal
from console.outbox.sender import Outcome
from console.pages.words import say
from console.settings import LOG, Settings
from models.command.calling import ALARM, CALL, WRITTEN, Rung, reaches, told
from models.errors import N_
from models.incidents.linking import LINK, line_of, note_link
from models.people.citizens import hushed
from models.people.codes import CODE, LIFE
from models.people.phones import as_phone, masked
from models.record.outbox import NEWS, PUSH, UNKNOWN, Parcel
from models.time import local, now, zone_word

CODE_WORDS = N_(
    "{code} adalah kode masuk Siaga, berlaku 5 menit. Jangan berikan kepada siapa pun, juga tidak kepada petugas."
)

# What each kind of the outbox says to a reporter in Mode senyap, by a sentence that anybody's list could send; None: nothing.
PLAINLY: dict[str, str | None] = {
    CODE: N_("{code} adalah kode Anda, berlaku 5 menit. Jangan berikan kepada siapa pun."),
    NEWS: None,
    PUSH: None,
}
NO_REPORTERS = (ALARM, CALL, LINK)  # they go to officers and partners alone

LINK_WORDS = N_("Siaga: polisi merujuk sebuah kejadian kepada Anda. Jangan teruskan. Baca, lalu jawab sekali: {link}")

DEAF = N_("Tidak ada konsol yang mendengar sejak {at}.")
WAITS_EXERCISE = N_("LATIHAN. Kejadian latihan P{priority} menunggu {span}, belum ada yang mengambil.")
WAITS = N_("Kejadian P{priority} menunggu {span}, belum ada yang mengambil.")
WRITTEN_EXERCISE = N_("LATIHAN. Pelapor latihan menulis sesudah kejadiannya ditutup, {span} belum dibaca.")
WRITTEN_WORDS = N_("Pelapor menulis sesudah kejadiannya ditutup, {span} belum dibaca.")

UNTAKEN = {
    "shift": N_("Jaga yang selesai {at} belum diambil alih."),
    "handover": N_("Masih ada kejadian serah terima {at} yang belum diterima."),
}

log = logging.getLogger(__name__)
Gateway = Callable[[str, str], bool]  # (number, words) → did it take it


class Message:
    """To phone numbers, by the operator's gateway."""

    name = "messages"
    kinds: tuple[str, ...] = (ALARM, CODE, LINK, NEWS)

    def __init__(self, settings: Settings):
        self._settings = settings
        self._gateway = None if settings.mute else _gateway(settings.notify)

    def address(self, session: Session, parcel: Parcel) -> str | None:
        """Of an alarm by now it may be somebody's: then nobody is woken. A link may be answered, or over."""
        if parcel.kind == LINK:
            line = line_of(session, parcel)
            return line and str((unseal(self._settings.key, line, None) or {}).get("phone", ""))
        if parcel.kind == NEWS and hushed(session, parcel.to):
            return None  # tried before they went into Mode senyap
        if parcel.kind != ALARM:
            return parcel.to
        if (reached := reaches(session, int(parcel.to), parcel.fault == UNKNOWN)) is None:
            return None
        rung, sealed = reached
        if rung is Rung.COMMAND:
            return as_phone(self._settings.duty_phone) or ""
        said = unseal(self._settings.key, sealed, None)
        return str(said["phone"]) if said else ""

    def ended(self, session: Session, parcel: Parcel, fault: str) -> None:
        if parcel.kind == ALARM:
            told(session, int(parcel.to), fault)
        if parcel.kind == LINK:
            note_link(session, parcel.to, fault)

    def gone(self, session: Session, parcel: Parcel) -> None:
        """No gateway says so of a number."""

    def send(self, parcel: Parcel, address: str) -> Outcome:
        if not address:
            return Outcome("failed", "nobody")
        if self._gateway is None:
            return Outcome("failed", "mute")
        if (words := self._words(parcel)) is None:
            return Outcome("failed", "void")
        return Outcome("sent") if self._gateway(address, words) else Outcome("later", "refused")

    def _words(self, parcel: Parcel) -> str | None:
        """The message; None when there is nothing to say any more."""
        locale = parcel.payload.get("locale", "id")
        if parcel.kind == ALARM:
            words = _alarm_words(locale, parcel.payload)
            return f"{'' if parcel.payload.get('exercise') else 'Siaga: '}{words} {self._settings.origin}/duty"
        if parcel.kind == NEWS:
            return f"Siaga: {say(locale, parcel.payload['text'])}. {self._settings.origin}/complaints"
        if parcel.kind == LINK:
            said = unseal(self._settings.key, parcel.payload.get("sealed", ""), None)
            return say(locale, LINK_WORDS, {"link": f"{self._settings.origin}/r/{said['secret']}"}) if said else None
        sealed = unseal(self._settings.key, parcel.payload.get("sealed", ""), int(LIFE.total_seconds()))
        if sealed is None:
            return None
        if parcel.payload.get("quiet"):
            return say(locale, PLAINLY[CODE] or "", {"code": sealed["code"]})  # our host would name us
        # The last line lets a phone's browser take the code from the message into the page of this very site.
        host = urlsplit(self._settings.origin).hostname or ""
        return f"{say(locale, CODE_WORDS, {'code': sealed['code']})}\n\n@{host} #{sealed['code']}"


def _alarm_words(locale: str, about: dict[str, Any]) -> str:
    """What waits and for how long; never what it is, nor where. Or that nobody listens."""
    since = datetime.fromisoformat(about["since"])
    if about["kind"] == "deaf":
        return say(locale, DEAF, {"at": f"{local(since):%H:%M:%S} {zone_word(since)}"})
    if about["kind"] in UNTAKEN:
        return say(locale, UNTAKEN[about["kind"]], {"at": f"{local(since):%H:%M} {zone_word(since)}"})
    waited = (now() - since).total_seconds()
    values = {"priority": about["priority"], "span": f"{waited // 60:.0f}:{waited % 60:02.0f}"}
    real, drill = (WRITTEN_WORDS, WRITTEN_EXERCISE) if about["kind"] == WRITTEN else (WAITS, WAITS_EXERCISE)
    return say(locale, drill if about.get("exercise") else real, values)


def _gateway(notify: str) -> Gateway:
    if notify == LOG:
        return _to_the_log

    def send(phone: str, words: str) -> bool:
        from apprise import Apprise  # only who sends pays for it

        # Its own log names numbers and gateways' answers; ours says that one failed, and /admin/messages how many.
        logging.getLogger("apprise").setLevel(logging.CRITICAL)
        line = Apprise()
        return bool(line.add(notify.replace("{phone}", quote(phone)))) and bool(line.notify(body=words))

    return send


def _to_the_log(phone: str, words: str) -> bool:
    log.warning("to %s: %s", masked(phone), words.replace("\n", " "))
    return True
