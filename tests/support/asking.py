"""Somebody who asks a running server one thing at a time and leaves no connection behind."""

from dataclasses import dataclass
from typing import Any

from httpx2 import Response

from tests.support.house import Running
from tests.support.serving import browser


@dataclass(frozen=True)
class Asker:
    """`cookie`: "siaga=…", or nothing. `part`: asks as htmx does."""

    server: Running
    cookie: str = ""
    part: bool = False

    def get(self, url: str, **more: Any) -> Response:
        return self._ask("GET", url, **more)

    def post(self, url: str, **more: Any) -> Response:
        return self._ask("POST", url, **more)

    def _ask(self, method: str, url: str, **more: Any) -> Response:
        headers = {"HX-Request": "true"} if self.part else {}
        with browser(self.server, self.cookie, **headers) as client:
            return client.request(method, url, **more)
