"""HTTP clients that cost little: whole requests as bytes, over connections that stay open."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.bench.report import percentile

Request = Callable[[int], bytes]  # its number → its bytes


@dataclass
class Calls:
    """What was answered: milliseconds each, and how often each status."""

    seconds: float = 0.0
    ms: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        return len(self.ms) / self.seconds

    def p(self, share: float) -> float:
        return percentile(self.ms, share)

    def note(self, status: int, ms: float) -> None:
        self.ms.append(ms)
        self.statuses[status] = self.statuses.get(status, 0) + 1


class Line:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, port: int) -> "Line":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """(status, body)."""
        self._writer.write(request)
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        _, _, after = head.partition(b"content-length:")
        body = await self._reader.readexactly(int(after.split(b"\r\n")[0])) if after else b""
        return int(head[9:12]), body

    def close(self) -> None:
        self._writer.transport.abort()


async def hammer(port: int, request: Request, connections: int, seconds: float) -> Calls:
    """Each connection asks again as soon as it is answered."""
    lines = [await Line.open(port) for _ in range(connections)]
    calls, number = Calls(), 0
    start = time.perf_counter()

    async def work(line: Line) -> None:
        nonlocal number
        while (at := time.perf_counter()) - start < seconds:
            number += 1
            status, _ = await line.ask(request(number))
            calls.note(status, (time.perf_counter() - at) * 1000)

    await asyncio.gather(*(work(line) for line in lines))
    calls.seconds = time.perf_counter() - start
    for line in lines:
        line.close()
    return calls


async def pace(port: int, request: Request, rate: float, seconds: float, connections: int = 20) -> Calls:
    """So many a second whether answered or not; each counts from the moment it was due."""
    lines: asyncio.Queue[Line] = asyncio.Queue()
    for _ in range(connections):
        lines.put_nowait(await Line.open(port))
    calls, start = Calls(), time.perf_counter()

    async def call(number: int) -> None:
        due = start + number / rate
        await asyncio.sleep(due - time.perf_counter())
        line = await lines.get()
        status, _ = await line.ask(request(number))
        lines.put_nowait(line)
        calls.note(status, (time.perf_counter() - due) * 1000)

    await asyncio.gather(*(call(number) for number in range(int(rate * seconds))))
    calls.seconds = time.perf_counter() - start
    while not lines.empty():
        lines.get_nowait().close()
    return calls


def get(path: str, cookie: str, **headers: str) -> bytes:
    more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nHost: siaga\r\nCookie: {cookie}\r\n{more}\r\n".encode()
