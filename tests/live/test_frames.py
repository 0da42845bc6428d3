"""Shared frames lean on the inside of a pinned uvicorn: here is what they lean on."""

import inspect

import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import CLIENT, OPEN, SERVER, Protocol

from console.server.guard import GuardedProtocol
from console.server.shared_frames import SharedFrameProtocol, text_frame


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65535, 65536, 200_000])
def test_a_frame_is_read_by_a_real_parser(size: int) -> None:
    reader = Protocol(CLIENT, state=OPEN, max_size=None)
    text = "é" * (size // 2) + "x" * (size % 2)
    reader.receive_data(text_frame(text.encode()))
    (frame,) = reader.events_received()
    assert isinstance(frame, Frame)
    assert (frame.opcode, frame.fin, bytes(frame.data).decode()) == (Opcode.TEXT, True, text)


def test_a_frame_is_what_uvicorn_would_have_sent() -> None:
    writer = Protocol(SERVER, state=OPEN)
    writer.send_text(b"Sidorejo")
    assert b"".join(writer.data_to_send()) == text_frame(b"Sidorejo")


def test_uvicorn_is_the_one_that_was_read() -> None:
    assert uvicorn.__version__ == "0.54.0", (
        "read websockets_sansio_impl.py and httptools_impl.py again, then move this pin"
    )


@pytest.mark.parametrize(
    "name",
    [
        "connection_made",
        "connection_lost",
        "pause_writing",
        "resume_writing",
        "run_asgi",
        "shutdown",
        "stop_keepalive",
    ],
)
def test_the_websocket_methods_we_extend_or_call_exist(name: str) -> None:
    theirs, ours = getattr(WebSocketsSansIOProtocol, name), getattr(SharedFrameProtocol, name)
    assert inspect.signature(theirs).parameters.keys() == inspect.signature(ours).parameters.keys()


@pytest.mark.parametrize(
    "name",
    [
        "connection_made",
        "connection_lost",
        "data_received",
        "handle_websocket_upgrade",
        "on_message_begin",
        "on_headers_complete",
        "on_body",
        "on_message_complete",
        "_should_upgrade",
    ],
)
def test_the_http_methods_we_extend_or_call_exist(name: str) -> None:
    theirs, ours = getattr(HttpToolsProtocol, name), getattr(GuardedProtocol, name)
    assert inspect.signature(theirs).parameters.keys() == inspect.signature(ours).parameters.keys()


def test_the_websocket_state_we_read_exists() -> None:
    source = inspect.getsource(WebSocketsSansIOProtocol.__init__)
    for name in (
        "self.transport",
        "self.conn",
        "self.queue",
        "self.loop",
        "self.handshake_complete",
        "self.close_sent",
    ):
        assert f"{name}:" in source or f"{name} =" in source
    assert '"extensions": {' in inspect.getsource(WebSocketsSansIOProtocol.handle_connect)
