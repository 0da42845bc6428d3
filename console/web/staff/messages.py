"""For the administrator: do messages and pushes reach people. Counts and reasons, never a number or a word."""

from typing import Any

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.door.viewer import require
from console.settings import LOG
from models.people.codes import CODE
from models.record.outbox import NEWS, PUSH, State, counts, recent_faults
from models.viewer import Role

KINDS = (CODE, NEWS, PUSH)


async def show(request: Request) -> Response:
    require(request, Role.ADMIN)
    settings = request.state.settings

    def render(session: Session) -> Response:
        shown: dict[str, Any] = {
            "counts": counts(session), "kinds": KINDS, "states": list(State), "faults": recent_faults(session),
            "channel": settings.notify.partition("://")[0], "to_the_log": settings.notify == LOG, "mute": settings.mute,
            "budget": settings.messages_a_day,
        }  # fmt: skip
        response: Response = request.state.pages.page(request, "pages/admin_messages.html", **shown)
        return response

    answer: Response = await request.state.read(render)
    return answer


routes = [Route("/admin/messages", show)]
