"""Cookies, each set, read and dropped here: over TLS all are __Host-, so that no sibling host and no plain page can plant one."""

from typing import Any, Literal

from starlette.requests import HTTPConnection
from starlette.responses import Response

# The browser a reporter came in with, or pressed Respons Cepat on: it names nobody, and nothing opens with it.
DEVICE, DEVICE_SECONDS = "device", 400 * 86400  # as long as browsers keep any cookie


def named(connection: HTTPConnection[Any], name: str) -> str:
    """As the browser keeps it."""
    return f"__Host-{name}" if connection.state.settings.secure else name


def cookie(connection: HTTPConnection[Any], name: str) -> str:
    """What this browser brought; '' for none."""
    return connection.cookies.get(named(connection, name), "")


def set_cookie(
    connection: HTTPConnection[Any],
    response: Response,
    name: str,
    value: str,
    seconds: int | None = None,
    samesite: Literal["lax", "strict"] = "lax",
) -> None:
    """`seconds` None: until the browser closes. No script of ours reads one."""
    response.set_cookie(
        named(connection, name), value, max_age=seconds, path="/", httponly=True, samesite=samesite,
        secure=connection.state.settings.secure,
    )  # fmt: skip


def drop_cookie(connection: HTTPConnection[Any], response: Response, name: str) -> None:
    """With all that it was set with: a browser drops no __Host- cookie on the word of a lesser one."""
    set_cookie(connection, response, name, "", 0)
