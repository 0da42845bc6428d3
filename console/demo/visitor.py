"""A visitor that is a program: signs in at the door everyone uses, sends forms, reads pages, listens to a screen.

visitor = Visitor("http://127.0.0.1:8000", "yusuf", "…")
answer = await visitor.post("/incidents/7/claim", {"version": 3})
async for cards in visitor.screen(): ...
"""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode, urlsplit

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

ANSWER_SECONDS = 20.0
BACK_SECONDS = 2.0  # before a screen comes back that was sent away

Cards = dict[int, dict[str, str]]


@dataclass(frozen=True)
class Answer:
    """`status` 0: nobody answered, and it is not known what was done."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""

    @property
    def well(self) -> bool:
        return 200 <= self.status < 400

    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True)
class File:
    name: str
    kind: str
    content: bytes


class Visitor:
    """One browser of one person. Never raises for an answer or for the lack of one."""

    def __init__(self, url: str, login: str = "", password: str = "", bearer: str = ""):
        self.url, self.login, self._password = url, login, password
        self._bearer, self._cookie = bearer, ""
        self.me = 0  # an officer's number, once a console was opened

    async def get(self, path: str) -> Answer:
        return await self._inside("GET", path, b"", {})

    async def post(self, path: str, sent: dict[str, Any], key: str = "") -> Answer:
        headers = {"content-type": "application/json", "accept": "application/json"}
        if key:
            headers["idempotency-key"] = key
        return await self._inside("POST", path, json.dumps(sent).encode(), headers)

    async def send_form(self, path: str, fields: dict[str, str], files: list[File]) -> Answer:
        """As a browser sends a form with files: multipart."""
        edge = secrets.token_hex(16)
        body = b""
        for name, value in fields.items():
            body += f'--{edge}\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for file in files:
            head = f'content-disposition: form-data; name="photo"; filename="{file.name}"\r\ncontent-type: {file.kind}'
            body += f"--{edge}\r\n{head}\r\n\r\n".encode() + file.content + b"\r\n"
        body += f"--{edge}--\r\n".encode()
        headers = {"content-type": f"multipart/form-data; boundary={edge}", "accept": "application/json"}
        return await self._inside("POST", path, body, headers)

    async def screen(self) -> AsyncIterator[Cards]:
        """The console's board, as far as this officer may see it: once in full, then at each change. Comes back for ever."""
        while True:
            page = await self.get("/console")
            if page.status == 200:
                board = Board()
                board.feed(page.text)
                self.me = board.me
                yield board.cards
                try:
                    async for _ in self._frames(board):
                        yield board.cards
                except (WebSocketException, OSError, TimeoutError):
                    pass  # sent away, or restarting: what was missed stands on the next page
            await asyncio.sleep(BACK_SECONDS)

    async def _frames(self, board: "Board") -> AsyncIterator[None]:
        asked = urlencode({"view": "console", "after": board.seq, "epoch": board.epoch})
        address = f"{self.url.replace('http', 'ws', 1)}/live?{asked}"
        headers = {"cookie": self._cookie}
        async with connect(address, origin=self.url, additional_headers=headers, proxy=None) as socket:  # type: ignore[arg-type]
            async for frame in socket:
                assert isinstance(frame, str)
                if not frame.startswith("{"):
                    board.feed(frame)
                    yield
                elif "refetch" in json.loads(frame):
                    return

    async def _inside(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Ask, and sign in first when the door says so, or give the password again when the screen is locked."""
        answer = await self._ask(method, path, body, headers)
        if answer.status == 423 and self._password:
            opened = await self._send("/unlock", {"password": self._password})
            return await self._ask(method, path, body, headers) if opened.well else opened
        turned_away = answer.status == 401 or answer.headers.get("location", "").startswith("/sign-in")
        if not turned_away or not self.login:
            return answer
        entered = await self._send("/sign-in", {"login": self.login, "password": self._password})
        if cookie := entered.headers.get("set-cookie", "").partition(";")[0]:
            self._cookie = cookie
            return await self._ask(method, path, body, headers)
        return entered

    async def _send(self, path: str, sent: dict[str, str]) -> Answer:
        kind = {"content-type": "application/json", "accept": "application/json"}
        return await self._ask("POST", path, json.dumps(sent).encode(), kind)

    async def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        given = dict(headers)
        if self._cookie:
            given["cookie"] = self._cookie
        if self._bearer:
            given["authorization"] = f"Bearer {self._bearer}"
        return await asyncio.to_thread(_ask, self.url, method, path, body, given)


class Board(HTMLParser):
    """Reads cards, and where the socket goes on from, out of a page or a frame."""

    def __init__(self) -> None:
        super().__init__()
        self.cards: Cards = {}
        self.seq, self.epoch, self.me = "0", "", 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attributes}
        id = has.get("id", "")
        if id == "board" and "data-seq" in has:
            self.seq, self.epoch = has["data-seq"], has.get("data-epoch", "")
        elif id == "console":
            self.me = int(has.get("data-me") or 0)
        elif tag == "li" and id.startswith("incident-"):
            number = int(id.removeprefix("incident-"))
            if "data-gone" in has:
                self.cards.pop(number, None)
            else:
                self.cards[number] = has


class Thread(HTMLParser):
    """Reads who said the last word out of a complaint's page."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0  # questions by officers
        self.waits = False  # the last word is theirs

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        kinds = (dict(attributes).get("class") or "").split()
        if "bubble" in kinds:
            self.waits = "bubble--us" not in kinds
            self.asked += self.waits


def _ask(url: str, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
    line = HTTPConnection(urlsplit(url).netloc, timeout=ANSWER_SECONDS)
    try:
        line.request(method, path, body or None, headers)
        response = line.getresponse()
        text = response.read().decode(errors="replace")
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, text)
    except (OSError, HTTPException) as error:
        return Answer(0, text=str(error))
    finally:
        line.close()
