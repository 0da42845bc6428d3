"""For the administrator: do messages and pushes reach people. Counts and reasons, never a number or a word."""

from typing import Any

from sqlmodel import Session
from starlette.responses import Response
from starlette.routing import Route

from console.door.viewer import require
from console.settings import LOG
from console.state import Request
from console.web.showing import shown
from models.command.calling import ALARM, CALL
from models.incidents.linking import LINK
from models.people.codes import CODE
from models.record.outbox import NEWS, PUSH, State, counts, recent_faults
from models.roles import Role

KINDS = (CODE, NEWS, PUSH, LINK, ALARM, CALL)


async def show(request: Request) -> Response:
    require(request, Role.ADMIN)
    settings = request.state.settings

    def load(session: Session) -> dict[str, Any]:
        return {
            "counts": counts(session), "kinds": KINDS, "states": list(State), "faults": recent_faults(session),
            "channel": settings.notify.partition("://")[0], "to_the_log": settings.notify == LOG, "mute": settings.mute,
            "budget": settings.messages_a_day,
        }  # fmt: skip

    return await shown(request, "pages/admin_messages.html", load)


routes = [Route("/admin/messages", show)]
