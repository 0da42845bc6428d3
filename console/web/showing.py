"""How every page is answered: read over one unchanging snapshot and rendered there, in a reader's thread, never on the loop."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlmodel import Session
from starlette.responses import Response

from console.state import Request


def nothing(_: Session) -> Mapping[str, Any]:
    return {}


async def shown(
    request: Request,
    template: str,
    load: Callable[[Session], Mapping[str, Any]] = nothing,
    status: int = 200,
    **known: Any,
) -> Response:
    """A page, or a part of one. `load(session)`: what it reads; `known`: what is known already."""

    def render(session: Session) -> Response:
        return request.state.pages.page(request, template, status, **known, **load(session))

    return await request.state.read(render)
