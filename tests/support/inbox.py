"""What a phone would hear while messages go to the log: the channel of development, listened to."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Queue

from httpx2 import Response

from tests.support.patience import PATIENCE_SECONDS
from tests.support.town import Visitor


@dataclass
class Inbox:
    messages: "Queue[str]" = field(default_factory=Queue)

    def next(self) -> str:
        return self.messages.get(timeout=PATIENCE_SECONDS)

    def code(self) -> str:
        """The six digits of the next message that holds a code."""
        while not (found := re.search(r"\b(\d{6})\b", self.next())):
            continue
        return found.group()


class Listening(logging.Handler):
    def __init__(self, inbox: Inbox):
        super().__init__()
        self.inbox = inbox

    def emit(self, record: logging.LogRecord) -> None:
        self.inbox.messages.put(record.getMessage())


@contextmanager
def listening() -> Iterator[Inbox]:
    handler, log = Listening(inbox := Inbox()), logging.getLogger("console.outbox.messages")
    log.addHandler(handler)
    yield inbox
    log.removeHandler(handler)


def prove(visitor: Visitor, inbox: Inbox, phone: str, **more: str) -> Response:
    """The number, then the code that came to it."""
    asked = visitor.post("/sign-in", data={"login": phone, **more})
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in/code"), asked.text[:3000]
    return visitor.post("/sign-in/code", data={"code": inbox.code()})


def sign_up(visitor: Visitor, inbox: Inbox, phone: str = "0812-7777-8888", **more: str) -> Response:
    """Number, code, name, and a password if there is to be one."""
    assert visitor.post("/sign-up", data={"phone": phone}).headers["location"] == "/sign-in/code"
    proved = visitor.post("/sign-in/code", data={"code": inbox.code()})
    assert proved.headers["location"] == "/sign-up/name", proved.text[:3000]
    return visitor.post("/sign-up/name", data={"name": "Rina", **more})
