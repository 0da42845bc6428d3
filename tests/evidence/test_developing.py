"""Developing: a file that is lost holds up no other."""

import asyncio
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from console.bell import Bell
from console.evidence.developing import Developer
from console.evidence.store import Store
from models.incidents.evidence import Evidence
from models.incidents.filing import MOST_EVIDENCE, Upload
from tests.evidence.test_media import keep
from tests.support.law import Law
from tests.support.town import jpeg


@pytest.fixture
def law(database_url: str) -> Iterator[Law]:
    law = Law(database_url)
    yield law
    law.close()


def upload(sha256: str, size: int = 1) -> Upload:
    return Upload("photo", "foto.jpg", "image/jpeg", size, sha256)


def states(session: Session) -> list[str]:
    return list(session.exec(select(Evidence.state).order_by(col(Evidence.id))))


def test_thirty_lost_files_keep_no_new_one_waiting(law: Law, tmp_path: Path) -> None:
    """A database that was restored without its evidence."""
    store = Store(tmp_path)
    lost = [hashlib.sha256(bytes([n])).hexdigest() for n in range(3 * MOST_EVIDENCE)]
    for first in range(0, len(lost), MOST_EVIDENCE):
        law.file(uploads=[upload(one) for one in lost[first : first + MOST_EVIDENCE]])
    received = keep(store, jpeg())
    law.file(uploads=[upload(received.sha256, received.size)])

    async def read(function: object, *arguments: object) -> object:
        return law.read(function, *arguments)  # type: ignore[arg-type]

    async def until_ready() -> None:
        bell = Bell()
        developer = Developer(store, read, law.writer, bell)
        running = asyncio.create_task(developer.run())
        async with asyncio.timeout(30):
            while law.read(states)[-1] != "ready":
                bell.ring()
                await asyncio.sleep(0.02)
        running.cancel()

    asyncio.run(until_ready())
    assert law.read(states) == ["waiting"] * len(lost) + ["ready"]
