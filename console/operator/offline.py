"""A writer without a server: for the command line, and for the demo before it serves."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from console.ground.city import settle
from console.server.keyring import hold
from console.settings import Settings
from console.writer import Writer
from models.city.seed.plant import plant
from models.record.database import writing_engine


@contextmanager
def office(settings: Settings) -> Iterator[Writer]:
    """Everything there and up to date. Beside a running server it takes turns with it; the server sees what
    changed at its next look, within a second, for nobody rings."""
    settle(settings)
    hold(settings)
    chatter = logging.getLogger("console.writer")
    level = chatter.level
    chatter.setLevel(logging.ERROR)  # who waits here waits for the command itself
    writer = Writer(writing_engine(settings.database), settings.key, lambda rings: None)
    try:
        writer.submit(plant).result()
        yield writer
    finally:
        writer.close()
        chatter.setLevel(level)
