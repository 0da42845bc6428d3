"""A real Chromium for benches, which notes when things are heard and painted."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.bench.report import say
from tests.browser.chromium import MISSING, find

# Before any script of the page: when a frame arrives, and when what changed on the board is on the screen.
# After the animation frame comes the painting, and a message of our own waits behind that.
WATCH = """
(() => {
  const seen = window.__seen = { heard: [], painted: {} };
  const wall = () => performance.timeOrigin + performance.now();
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...given) { super(...given); this.addEventListener("message", () => seen.heard.push(wall())); }
  };
  const painted = (ids) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { for (const id of ids) seen.painted[id] ??= wall(); };
    port2.postMessage(null);
  });
  document.addEventListener("DOMContentLoaded", () => {
    const board = document.querySelector("#board");
    board && new MutationObserver((changes) => {
      const ids = changes.flatMap((change) => [...change.addedNodes]).map((node) => node.id).filter(Boolean);
      ids.length && painted(ids);
    }).observe(board, { childList: true });
  });
})();
"""


@contextmanager
def browser() -> Iterator[Any]:
    """Playwright's browser; None, loudly, where there is no Chromium."""
    from playwright.sync_api import sync_playwright

    chromium = find()
    if chromium is None:
        say(MISSING)
        yield None
        return
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium.path, args=list(chromium.arguments), env=os.environ | chromium.environment
        )
        yield launched
        launched.close()


@contextmanager
def console(launched: Any, port: int, cookie: str) -> Iterator[Any]:
    """The console, open and listening."""
    context = launched.new_context(viewport={"width": 1440, "height": 900}, locale="id")
    name, _, value = cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": f"http://127.0.0.1:{port}"}])
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(f"http://127.0.0.1:{port}/console", wait_until="load")
    yield page
    context.close()
