"""Messages to phone numbers: codes, and news for who has no push. They wait in the outbox and leave by one channel.

SIAGA_NOTIFY names it. `log`, for development: the message is a line of the server's log; a real server makes none
then, since whoever reads its log would read people's codes. Anything else is an
apprise URL in which {phone} stands for the number: `twilio://SID:TOKEN@FROM/{phone}`, or the command's own
gateway, `jsons://gateway.example/sms?:to={phone}`.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from sqlmodel import Session

from console.door.sealing import unseal
from console.pages.words import say
from console.server.trouble import Trouble
from console.settings import LOG, Settings
from console.writer import NotStored, OutcomeUnknown, Writer
from models.errors import N_
from models.people.codes import CODE, LIFE
from models.people.phones import masked
from models.record.outbox import NEWS, Parcel, due, failed, later, lease, sent

KINDS = (CODE, NEWS)  # what somebody waits for comes first
CODE_WORDS = N_(
    "{code} adalah kode masuk Siaga, berlaku 5 menit. Jangan berikan kepada siapa pun, juga tidak kepada petugas."
)
LOOK_SECONDS = 1.0
TIMEOUT_SECONDS = 8  # of one message, connecting and answering together; well within a lease
SENDERS = 4  # threads
BATCH = SENDERS  # the time of one that had to wait for a thread would run, too
CODE_PAUSE = timedelta(seconds=5)  # a code is worth nothing in half a minute's time

log = logging.getLogger(__name__)
Channel = Callable[[str, str], bool]  # (number, words) → did it take it


class Notifier:
    def __init__(self, settings: Settings, read: Any, writer: Writer, channel: Channel | None = None):
        self._settings, self._read, self._writer = settings, read, writer
        self._channel = channel or (None if settings.mute else _channel(settings.notify))
        self._wake = asyncio.Event()

    def soon(self) -> None:
        """Something waits: look now, not in a second."""
        self._wake.set()

    async def run(self) -> None:
        """Until cancelled. A round that fails is loud, and the next one comes all the same."""
        pool, trouble = ThreadPoolExecutor(SENDERS, "notify"), Trouble(log, "messages leave again")
        try:
            while True:
                try:
                    while await self._round(pool):
                        pass
                    trouble.ends()
                except (NotStored, OutcomeUnknown) as error:
                    trouble.begins(error, "messages could not be noted: %s", error, trace=False)
                except Exception as error:
                    trouble.begins(error, "a round of messages failed")
                await self._rest()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    async def _rest(self) -> None:
        # Not wait_for: in Python 3.11 it forgets a cancellation that comes with what it waits for, and we would never end.
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await self._wake.wait()
        self._wake.clear()

    async def _round(self, pool: ThreadPoolExecutor) -> int:
        """One batch of the first kind that waits: a code never stands behind a thousand news."""
        for kind in KINDS:
            if count := await self._deliver(kind, pool):
                return count
        return 0

    async def _deliver(self, kind: str, pool: ThreadPoolExecutor) -> int:
        """Send one batch of what is due; says how many that was."""
        if not await self._read(due, kind):
            return 0
        taken: list[Parcel] = await self._writer.run(lease, kind, BATCH)
        faults = await asyncio.gather(*(self._attempt(parcel, pool) for parcel in taken))
        await self._writer.run(_note, list(zip(taken, faults, strict=True)))
        return len(taken)

    async def _attempt(self, parcel: Parcel, pool: ThreadPoolExecutor) -> str:
        """Why it did not go, in a word; empty when it did. The thread of one that hangs is given up."""
        if self._channel is None:
            return "mute"
        if (words := self._words(parcel)) is None:
            return "void"
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                taken = await asyncio.get_running_loop().run_in_executor(pool, self._channel, parcel.to, words)
            return "" if taken else "refused"
        except TimeoutError:
            return "timeout"
        except Exception as error:
            # What the library says may hold the number, which is whose message it is.
            log.warning("message %s could not be made: %s", parcel.id, type(error).__name__)
            return "unsendable"

    def _words(self, parcel: Parcel) -> str | None:
        """The message; None when there is nothing to say any more."""
        locale = parcel.payload.get("locale", "id")
        if parcel.kind == NEWS:
            return f"Siaga: {say(locale, parcel.payload['text'])}. {self._settings.origin}/complaints"
        sealed = unseal(self._settings.key, parcel.payload.get("sealed", ""), int(LIFE.total_seconds()))
        if sealed is None:
            return None
        # The last line lets a phone's browser take the code from the message into the page of this very site.
        host = urlsplit(self._settings.origin).hostname or ""
        return f"{say(locale, CODE_WORDS, {'code': sealed['code']})}\n\n@{host} #{sealed['code']}"


def _note(session: Session, went: list[tuple[Parcel, str]]) -> None:
    for parcel, fault in went:
        if not fault:
            sent(session, parcel)
        elif fault in ("void", "mute"):
            failed(session, parcel, fault)
        else:
            later(session, parcel, fault, CODE_PAUSE if parcel.kind == CODE else None)


def _channel(notify: str) -> Channel:
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
