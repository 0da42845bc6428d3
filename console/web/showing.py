"""How every page is answered: read over one unchanging snapshot and rendered there, in a reader's thread, never on the loop."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlmodel import Session
from starlette.responses import Response

from console.door.viewer import somebody
from console.pages.render import asks_for_part, is_part
from console.state import Request
from models.incidents.exercise import practice
from models.roles import Role


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
        said = {"practice": practice(session)} if _is_framed(request, template) else {}
        return request.state.pages.page(request, template, status, **known, **said | dict(load(session)))

    return await request.state.read(render)


def _is_framed(request: Request, template: str) -> bool:
    """Is it a whole page of the staff, or a wall? Those say when an exercise runs."""
    viewer = somebody(request)
    here = viewer is not None and (viewer.on_duty or viewer.role in (Role.ADMIN, Role.WALL))
    return here and not (is_part(template) and asks_for_part(request))
