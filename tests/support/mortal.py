"""A server that dies by kill -9 and comes back behind the same address, while browsers look at it."""

from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.support.serving import Cast, Child, child


class Mortal:
    def __init__(self, cast: Cast, folder: Path, redis_url: str):
        self._start = lambda port: child(cast, folder, redis_url, port)
        self._life = ExitStack()
        self.child: Child = self._life.enter_context(self._start(0))

    def dies(self, *screens: Page) -> None:
        """And every screen finds it again by itself."""
        port = self.child.port
        self.child.kill()
        for screen in screens:
            expect(screen.locator("#lamp")).not_to_have_attribute("data-is", "well")
        self.end()
        self.child = self._life.enter_context(self._start(port))
        for screen in screens:
            expect(screen.locator("#lamp")).to_have_attribute("data-is", "well")

    def end(self) -> None:
        self._life.close()
