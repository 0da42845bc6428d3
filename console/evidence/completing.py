"""The last byte of an upload: from a part to a piece of evidence. Cut off anywhere, it can be done again."""

import asyncio
import logging
from typing import Any

from console.evidence.kinds import Kind, kind_of
from console.evidence.pieces import Busy
from console.evidence.store import Store
from console.writer import Writer
from models.errors import NotFound, TooMuch
from models.incidents.evidence import Transfer
from models.incidents.filing import Upload
from models.incidents.uploads import PHOTO_BYTES, end, finish, too_large, under_way
from models.viewer import Viewer

log = logging.getLogger(__name__)


async def arrive(store: Store, writer: Writer, by: Viewer, transfer: Transfer) -> None:
    """The file in the store, then the row that names it, then the part goes. The caller holds the part's turn.

    What is neither photo nor video is kept as what it was sent for: the media child then finds it unreadable,
    and the complaint says so. Raises Altered when it is not the file that was announced.
    """
    part = store.parts.path(transfer.id)
    declared = Kind.MP4 if transfer.declared.startswith("video/") else Kind.JPEG
    kind = kind_of(await asyncio.to_thread(store.head, part), transfer.declared) or declared
    if not kind.video and transfer.size > PHOTO_BYTES:
        await writer.run(end, by, transfer.id)
        store.parts.drop(transfer.id)
        raise too_large()
    received = await store.adopt(part, sha256=transfer.sha256, stays=True)
    upload = Upload("video" if kind.video else "photo", transfer.name, kind.value, received.size, received.sha256)
    await writer.run(finish, by, transfer.id, upload)
    store.parts.drop(transfer.id)


async def arrive_late(store: Store, read: Any, writer: Writer) -> int:
    """Those whose last byte came just before a crash; how many that were. Their sender need not come back."""
    count = 0
    for transfer, by in await read(under_way):
        if store.parts.offset(transfer.id) != transfer.size:
            continue
        try:
            async with store.parts.turn(transfer.id):
                await arrive(store, writer, by, transfer)
                count += 1
        except (Busy, NotFound, TooMuch):
            log.info("upload %s is another's, or is not taken", transfer.id)
        except Exception:
            log.exception("upload %s is here and could not be kept", transfer.id)
    return count
