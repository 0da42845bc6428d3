"""/live?view=…&after=SEQ&epoch=E: the WebSocket of every screen. It shows; all it hears is what consoles answer to alarms."""

import asyncio
from dataclasses import replace

from starlette.responses import PlainTextResponse
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from console.door.viewer import first_page, locale_of, same_site, somebody
from console.live.hub import Hub
from console.live.receipts import Allowance, read, sound_of
from console.live.screens import SIGN_IN, STAY_AWAY, QueuedScreen, Screen, SharedScreen, shared_protocol
from console.server.metrics import refused
from models.roles import RIGHTS

SPOKEN_LIMIT = 20  # messages that a socket which should say nothing (else) may send
RETRY_SECONDS = 30


async def live(socket: WebSocket) -> None:
    """Refuse, or join the hub until either side closes."""
    hub: Hub = socket.state.hub
    # A browser sends the cookie along to any site's socket, and always names the site.
    if not same_site(socket, default=False):
        refused("CrossSite", 403)
        await socket.send_denial_response(PlainTextResponse("cross-site request", 403))
        return
    viewer = somebody(socket)
    if viewer is None:
        await _lead_to_the_door(hub, socket)
        return
    if not hub.greets(viewer.session):
        await _ask_to_wait(socket)
        return
    view = socket.query_params.get("view", "")
    after, epoch = _left_off(socket)
    # A code can only be told over an open socket; before it the browser hears 1006, and comes back for ever.
    await socket.accept()
    if first_page(viewer):  # the door leads on to what comes before their desk
        await socket.close(SIGN_IN)
    elif view not in RIGHTS[viewer.role].views:
        await socket.close(STAY_AWAY)
    else:
        audience = replace(viewer.audience, locale=locale_of(socket))
        protocol = shared_protocol(socket)
        if protocol:
            shared = SharedScreen(protocol, viewer, audience, view)
            await _stay(hub, shared, socket, after, epoch)
        else:
            queued = QueuedScreen(socket, viewer, audience, view)
            async with asyncio.TaskGroup() as tasks:
                sending = tasks.create_task(queued.work())
                await _stay(hub, queued, socket, after, epoch)
                sending.cancel()


async def _lead_to_the_door(hub: Hub, socket: WebSocket) -> None:
    if not hub.meets_stranger():
        await _ask_to_wait(socket)
        return
    protocol = shared_protocol(socket)
    stays = protocol is not None and not protocol.disconnected
    if protocol and stays:
        protocol.on_gone = hub.stranger_left
    try:
        await socket.accept()
        await socket.close(SIGN_IN)
    finally:
        if not stays:
            hub.stranger_left()


async def _ask_to_wait(socket: WebSocket) -> None:
    refused("TooManyHandshakes", 429)
    wait = {"Retry-After": str(RETRY_SECONDS)}
    await socket.send_denial_response(PlainTextResponse("too many connections", 429, wait))


async def _stay(hub: Hub, screen: Screen, socket: WebSocket, after: int, epoch: str) -> None:
    hub.join(screen, after, epoch)
    spoken, answers = 0, Allowance(asyncio.get_running_loop().time)
    try:
        while (message := await socket.receive())["type"] != "websocket.disconnect":
            text = (message.get("text") or "") if screen.viewer.on_duty else ""
            said, sounds = read(text), sound_of(text)
            if (said or sounds is not None) and answers.spend():
                if sounds is not None:
                    hub.sounds(screen, sounds)
                hub.receipts.hear(screen.viewer, said)
                continue
            spoken += 1
            if spoken > SPOKEN_LIMIT:
                screen.send_away(STAY_AWAY)
    finally:
        hub.leave(screen)


def _left_off(socket: WebSocket) -> tuple[int, str]:
    """Which event the page was made at, and in which epoch; nonsense is an epoch that never was."""
    after = socket.query_params.get("after", "")
    if not (after.isascii() and after.isdigit() and len(after) < 19):
        return 0, ""
    return int(after), socket.query_params.get("epoch", "")


routes = [WebSocketRoute("/live", live)]
