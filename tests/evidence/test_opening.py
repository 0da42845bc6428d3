"""Whoever waits for a file and goes leaves none open."""

import asyncio
from pathlib import Path
from threading import Event
from typing import Any

from console.evidence.opening import opened


def test_a_file_that_nobody_waits_for_any_more_is_closed(tmp_path: Path) -> None:
    asked, go_on, files = Event(), Event(), list[Any]()

    def slowly() -> Any:
        asked.set()
        go_on.wait(60)
        files.append((tmp_path / "file").open("wb"))
        return files[0]

    async def leave() -> None:
        waiting = asyncio.ensure_future(opened(slowly))
        await asyncio.to_thread(asked.wait, 60)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        go_on.set()

    asyncio.run(leave())
    assert [file.closed for file in files] == [True]
