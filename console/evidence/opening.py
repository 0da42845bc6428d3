"""A file that a thread opens for us is closed also when whoever waited for it has gone meanwhile."""

import asyncio
from collections.abc import Callable
from typing import Any, BinaryIO


async def opened(open_file: Callable[..., Any], *given: Any) -> BinaryIO:
    """What `open_file(*given)` opens, in a thread: a disk may let one wait."""
    opening: asyncio.Future[BinaryIO] = asyncio.get_running_loop().run_in_executor(None, open_file, *given)
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        opening.add_done_callback(_close)
        raise


def _close(opening: "asyncio.Future[BinaryIO]") -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()
