"""A screen for tests: it listens to /live as a browser does, and can be compared with a page loaded afresh.

board = Board.of(client.get("/console").text)
with screen(client, board, view="console", cookie=…) as andi:       # in process
with screen("ws://127.0.0.1:8000", board, view="console", cookie=…) as andi:
    file(client, by=ann)
    andi.until(lambda board: "incident-7" in board.cards)
    assert andi.board == Board.of(client.get("/console").text)
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from time import monotonic
from typing import Any, Protocol
from urllib.parse import urlencode

from starlette.testclient import TestClient
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.support.patience import PATIENCE_SECONDS

VOID = {"br", "hr", "img", "input", "link", "meta", "source", "rect", "circle", "use", "path", "line"}


@dataclass(frozen=True)
class Card:
    """An element with an id: its attributes, and what is inside as plain tokens."""

    id: str
    attributes: dict[str, str | None]
    inside: tuple[str, ...]

    def __getitem__(self, name: str) -> str | None:
        """`card["status"]` is its data-status."""
        return self.attributes[f"data-{name}"]

    @property
    def words(self) -> str:
        return " ".join(token for token in self.inside if not token.startswith("<"))

    @property
    def seq(self) -> int:
        return int(self.attributes.get("data-seq") or 0)


@dataclass
class Board:
    """The cards of a page by id, and the small lists beside them; equal when they show the same."""

    cards: dict[str, Card] = field(default_factory=dict)
    sides: dict[str, list[Card]] = field(default_factory=dict)
    seq: int = field(default=0, compare=False)
    epoch: str = field(default="", compare=False)
    gone: dict[str, int] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, html: str) -> "Board":
        """What a whole page holds in #board and the lists beside it."""
        page = _Elements()
        page.feed(html)
        board = cls()
        for list_id, attributes, children in page.lists:
            if list_id == "board":
                board.cards = {card.id: card for card in children}
                board.seq, board.epoch = int(attributes.get("data-seq") or 0), attributes.get("data-epoch") or ""
            else:
                board.sides[f"#{list_id}"] = [_without_seq(card) for card in children]
        return board

    def apply(self, html: str) -> None:
        """What a message changes, as htmx and static/js/place.js would."""
        message = _Elements()
        message.feed(html)
        assert message.partials, f"nothing in a message would be shown: {html[:200]}"
        for target, swap, cards in message.partials:
            if target != "#board":
                assert swap == "innerMorph"
                if target in self.sides:  # a partial without a target is dropped in silence
                    self.sides[target] = [_without_seq(card) for card in cards]
                continue
            assert swap == "place"
            for card in cards:
                self._place(card)

    def _place(self, card: Card) -> None:
        old, gone = self.cards.get(card.id), self.gone.get(card.id, -1)
        if card.seq < max(old.seq if old else -1, gone) or (not old and card.seq <= gone):
            return
        if "data-gone" in card.attributes:
            self.gone[card.id] = card.seq  # what left is remembered: old news does not bring it back
            self.cards.pop(card.id, None)
        else:
            self.cards[card.id] = card


class Line(Protocol):
    """How a screen hears: returns the next text, or raises Closed."""

    def __call__(self, timeout: float) -> str: ...


class Closed(Exception):
    """The server closed the socket."""

    def __init__(self, code: int) -> None:
        super().__init__(f"closed with {code}")
        self.code = code


class TestScreen:
    """One open socket and the board it keeps."""

    __test__ = False

    def __init__(self, line: Line, board: Board) -> None:
        self.board = board
        self.heard: list[str] = []  # every message as it came
        self.beats: list[dict[str, Any]] = []
        self.refetches = 0
        self._line = line

    @property
    def cards(self) -> dict[str, Card]:
        return self.board.cards

    def next(self, timeout: float = PATIENCE_SECONDS) -> str:
        """The next message that is not a heartbeat, already applied."""
        end = monotonic() + timeout  # heartbeats must not keep a vain hope alive
        while True:
            text = self._line(max(0.0, end - monotonic()))
            self.heard.append(text)
            if not text.startswith("{"):
                self.board.apply(text)
                return text
            said = json.loads(text)
            if "beat" in said:
                self.beats.append(said["beat"])
                continue
            self.refetches += "refetch" in said
            return text

    def until(self, true: Callable[[Board], object], timeout: float = PATIENCE_SECONDS) -> None:
        """Listen until this holds of the board."""
        end = monotonic() + timeout
        while not true(self.board):
            self.next(max(0.0, end - monotonic()))

    def closed(self, timeout: float = PATIENCE_SECONDS) -> int:
        """Listen until the server closes; the code."""
        end = monotonic() + timeout
        try:
            while True:
                self.next(max(0.0, end - monotonic()))
        except Closed as closed:
            return closed.code

    def said(self, word: str) -> bool:
        """Was this ever heard, in whatever message?"""
        return any(word in text for text in self.heard)


@contextmanager
def screen(
    server: TestClient | str, board: Board | None = None, *, view: str = "console", cookie: str = "", **query: Any
) -> Iterator[TestScreen]:
    """Open /live where `board` left off. `server`: a TestClient, or ws://host:port of a real one.

    `cookie`: "siaga=…"; a TestClient brings its own.
    """
    board = board or Board()
    path = "/live?" + urlencode({"view": view, "after": board.seq, "epoch": board.epoch} | query)
    if isinstance(server, str):
        origin = server.replace("ws", "http", 1)
        headers = {"Cookie": cookie} if cookie else {}
        with connect(
            server + path, origin=origin, additional_headers=headers, proxy=None, max_size=None, ping_interval=None,
            max_queue=None,  # what nobody reads any more keeps no goodbye from coming through, which costs ten seconds
        ) as line:  # type: ignore[arg-type]  # fmt: skip

            def hear(timeout: float) -> str:
                try:
                    return str(line.recv(timeout))
                except ConnectionClosed as end:
                    raise Closed(end.rcvd.code if end.rcvd else 1006) from end

            yield TestScreen(hear, board)
        return
    headers = {"origin": str(server.base_url).rstrip("/")} | ({"cookie": cookie} if cookie else {})
    with server.websocket_connect(path, headers=headers) as session:

        def listen(timeout: float) -> str:
            coming = session.portal.start_task_soon(session._send_rx.receive)
            try:
                said = coming.result(timeout)
            except TimeoutError:
                coming.cancel()  # else the app under test could not end
                raise
            if said["type"] == "websocket.close":
                raise Closed(said.get("code", 1000))
            return str(said["text"])

        yield TestScreen(listen, board)


class _Elements(HTMLParser):
    """Collects the elements with an id that stand in #board, in a list beside it or in an hx-partial."""

    LISTS = ("board", "stations", "duty", "shiftline", "beyond", "handing")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lists: list[tuple[str, dict[str, str | None], list[Card]]] = []
        self.partials: list[tuple[str, str, list[Card]]] = []
        self._into: list[Card] | None = None
        self._container = ""
        self._container_depth = 0
        self._depth = 0
        self._card: tuple[dict[str, str | None], list[str], int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if self._into is None:
            if tag == "hx-partial":
                self._into = []
                self.partials.append((attributes.get("hx-target") or "", attributes.get("hx-swap") or "", self._into))
            elif attributes.get("id") in self.LISTS:
                self._into = []
                self.lists.append((attributes["id"] or "", attributes, self._into))
            self._container, self._container_depth = tag, self._depth
        elif self._card is None:
            assert "id" in attributes, f"<{tag}> in a list has no id"
            self._card = (attributes, [], self._depth)
        else:
            shown = " ".join(f'{name}="{value}"' for name, value in sorted(attributes.items()))
            self._card[1].append(f"<{tag} {shown}>")
        if tag not in VOID:
            self._depth += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        self._depth -= 1
        if self._card and self._depth == self._card[2]:
            attributes, inside, _ = self._card
            assert self._into is not None
            if attributes.get("class") != "part":  # a head between two parts of a list, counted by the page
                self._into.append(Card(attributes["id"] or "", attributes, tuple(inside)))
            self._card = None
        elif self._card:
            self._card[1].append(f"</{tag}>")
        elif self._into is not None and tag == self._container and self._depth == self._container_depth:
            self._into = None

    def handle_data(self, data: str) -> None:
        if self._card and (words := " ".join(data.split())):
            self._card[1].append(words)


def _without_seq(card: Card) -> Card:
    """A row beside the board is compared by what it shows, not by when it was last drawn."""
    return Card(card.id, {name: value for name, value in card.attributes.items() if name != "data-seq"}, card.inside)
