"""A gateway for messages of our own: what an operator's SMS service is, small enough to look into."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue

from tests.support.patience import PATIENCE_SECONDS


@dataclass
class Gateway:
    """`answers`: what it says to the next messages; then 200. `hold`: it takes one and says nothing until set.
    `answered`: the statuses that went out whole."""

    port: int = 0
    heard: "Queue[dict[str, str]]" = field(default_factory=Queue)
    answered: "Queue[int]" = field(default_factory=Queue)
    answers: list[int] = field(default_factory=list)
    hold: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self.port}/sms?:to={{phone}}&rto=1&cto=1"

    def next(self) -> dict[str, str]:
        return self.heard.get(timeout=PATIENCE_SECONDS)


@contextmanager
def gateway() -> Iterator[Gateway]:
    here = Gateway()
    here.hold.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["content-length"])))
            here.heard.put(said)
            here.hold.wait(20)
            status = here.answers.pop(0) if here.answers else 200
            with suppress(ConnectionError):  # of whoever died meanwhile
                self.send_response(status)
                self.end_headers()
                here.answered.put(status)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield here
    here.hold.set()
    server.shutdown()
    thread.join(10)
    server.server_close()
