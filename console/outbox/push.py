"""Web Push: the channel to browsers, through their push services.

An endpoint is a URL that somebody's browser gave us, and so a way to make this server call whatever it
names: only known push services over https are called, and none of them can send us on to another.
"""

import asyncio
import base64
import hashlib
import json
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlmodel import Session

from console.outbox.sender import Outcome
from console.server.key_file import write_once
from console.settings import LOOPBACK, Settings
from console.writer import Writer
from models.command.calling import CALL, Telling, reaches_browser, told
from models.incidents.telling import reader
from models.people.browsers import all_gone, gone
from models.people.called import call_nobody, never_call
from models.record.outbox import PUSH, UNKNOWN, Parcel
from models.time import now

if TYPE_CHECKING:
    from requests import Response
    from requests import Session as Line

KEY_FILE = "vapid.pem"
HOSTS = (
    "fcm.googleapis.com", "updates.push.services.mozilla.com", "*.push.services.mozilla.com", "web.push.apple.com",
    "*.notify.windows.com",
)  # fmt: skip
PLAIN, HOST = re.compile(r"[!-\[\]-~]+"), re.compile(r"[a-z0-9.-]+")  # no blank and no backslash; no %2f either
TIMEOUT_SECONDS = 5  # of each step of a call; the sender gives the whole a little longer
TOO_OFTEN = 429
VOID = (400, 401, 403, 404, 410)  # nobody there, or not for this key: the same again would get the same answer


def allowed(endpoint: str, more_hosts: Sequence[str] = ()) -> bool:
    """May this server call it? https on its usual port at a known push service; loopback only when a setting names it."""
    try:
        url = urlsplit(endpoint)
        host, port = url.hostname or "", url.port
    except ValueError:
        return False
    if url.username is not None or not PLAIN.fullmatch(endpoint) or not HOST.fullmatch(host):
        return False  # other readers of URLs may see another host in these
    if host in LOOPBACK:
        return host in more_hosts and url.scheme in ("http", "https")
    return url.scheme == "https" and port in (None, 443) and any(_matches(host, one) for one in (*HOSTS, *more_hosts))


def key_of(data_dir: Path) -> ec.EllipticCurvePrivateKey:
    """The key that browsers know this server by, made at the first start: with another one every subscription is void."""
    path = data_dir / KEY_FILE
    if not path.exists():
        made = ec.generate_private_key(ec.SECP256R1())
        pem = made.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        write_once(path, pem)
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


async def opened(settings: Settings, writer: Writer) -> "Push":
    """The channel. With a key that is new, whatever was subscribed with the one before is void."""
    if not (settings.data_dir / KEY_FILE).exists():
        await writer.run(all_gone)
        await writer.run(call_nobody)
    return await asyncio.to_thread(Push, settings)


@dataclass(frozen=True)
class Address:
    """Where a push goes, and the keys of the browser there."""

    endpoint: str
    p256dh: str
    auth: str


class Push:
    """To browsers, through their push services."""

    name = "pushes"
    kinds: tuple[str, ...] = (CALL, PUSH)

    def __init__(self, settings: Settings):
        self._more_hosts = settings.push_hosts_named
        self._key = key_of(settings.data_dir)
        host = urlsplit(settings.origin).hostname or ""
        self._contact = f"https://{host}" if settings.secure and "." in host else "mailto:siaga@localhost"
        self._lines = threading.local()

    @property
    def public_key(self) -> str:
        """As a browser wants it: the uncompressed point, base64url."""
        point = self._key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return _url_safe(point)

    def may_call(self, endpoint: str) -> bool:
        return allowed(endpoint, self._more_hosts)

    def address(self, session: Session, parcel: Parcel) -> Address | None:
        """By now the browser may be another reporter's, or its number be given to another one; of the staff, nobody's."""
        if parcel.kind == CALL:
            called = reaches_browser(session, int(parcel.to), parcel.fault == UNKNOWN)
            return Address(called.endpoint, called.p256dh, called.auth) if called else None
        browser = reader(session, int(parcel.to), parcel.payload["ref"])
        return Address(browser.endpoint, browser.p256dh, browser.auth) if browser else None

    def gone(self, session: Session, parcel: Parcel) -> None:
        if parcel.kind == CALL:
            never_call(session, session.get_one(Telling, int(parcel.to)).browser_id)
        else:
            gone(session, int(parcel.to))

    def ended(self, session: Session, parcel: Parcel, fault: str) -> None:
        """That a reporter was told stands in no diary; that one of the staff was called does."""
        if parcel.kind == CALL:
            told(session, int(parcel.to), fault)

    def send(self, parcel: Parcel, address: Address) -> Outcome:
        if not self.may_call(address.endpoint):
            return Outcome("failed", "host")
        from py_vapid import Vapid  # only who pushes pays for these: half a second and 40 MiB
        from pywebpush import WebPushException, webpush
        from requests import RequestException

        about = {"endpoint": address.endpoint, "keys": {"p256dh": address.p256dh, "auth": address.auth}}
        headers: dict[str, Any] = {
            "Urgency": "high" if parcel.urgent else "normal",
            "Topic": topic(address.auth, parcel.topic),
        }
        seconds = max(0, int((parcel.until - now()).total_seconds()))
        try:
            webpush(
                about, json.dumps(parcel.payload), Vapid(self._key), {"sub": self._contact}, ttl=seconds,
                headers=headers, timeout=TIMEOUT_SECONDS, requests_session=self._line(),
            )  # fmt: skip
        except WebPushException as error:
            return judged(error.response)
        except RequestException as error:
            return Outcome("later", type(error).__name__)
        return Outcome("sent")

    def _line(self) -> "Line":
        """A connection of this thread's own, kept open between pushes."""
        if not hasattr(self._lines, "line"):
            self._lines.line = _unled()
        line: Line = self._lines.line
        return line


def judged(response: "Response | None") -> Outcome:
    """What an answer means that is not the usual 201."""
    if response is None:
        return Outcome("failed", "unsendable")
    status = response.status_code
    if status < 300:
        return Outcome("sent")
    if status in VOID:
        return Outcome("gone", str(status))
    if status == TOO_OFTEN or status >= 500:
        return Outcome("later", str(status), _pause(response.headers.get("Retry-After", "")))
    return Outcome("failed", str(status))


def topic(auth: str, ref: str) -> str:
    """Of several that wait at the push service the newest is kept. It reads this: the reference must not be in it."""
    return _url_safe(hashlib.sha256(f"{auth} {ref}".encode()).digest()[:18])


def _unled() -> "Line":
    """A session that goes where it is sent and nowhere else."""
    import requests

    class Unled(requests.Session):
        def get_redirect_target(self, resp: "Response") -> None:
            return None

    line = Unled()
    line.auth = _as_it_is  # else a .netrc of this machine would overwrite the signature
    return line


def _as_it_is(request: Any) -> Any:
    return request


def _pause(said: str) -> timedelta | None:
    """Retry-After: seconds or a date. None when it says nothing that can be read."""
    try:
        until = now() + timedelta(seconds=int(said)) if said.isdigit() else parsedate_to_datetime(said)
    except (ValueError, OverflowError):
        return None
    return max(_aware(until) - now(), timedelta(seconds=1))


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _matches(host: str, pattern: str) -> bool:
    return host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern


def _url_safe(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
