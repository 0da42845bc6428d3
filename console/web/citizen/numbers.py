"""A guest's number: asked on the page of their complaint, proved there by a code, so that officers can call."""

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console.door.viewer import require
from console.errors import wants_json
from console.state import Request
from console.web.citizen.follow import again
from console.web.door import knock
from console.web.door.welcome import known_here, welcome
from console.web.forms import Form, read
from models.errors import TooOften, WrongValue
from models.incidents.filing import find_complaint
from models.people.phones import e164
from models.roles import Role


class Number(Form):
    phone: str = ""


async def number(request: Request) -> Response:
    """A code to it. Where this browser is remembered with that number, it is theirs at once."""
    viewer, ref = require(request, Role.GUEST), request.path_params["ref"]
    await request.state.read(find_complaint, viewer, ref)
    typed, page = await read(request, Number), f"/complaints/{ref}"
    try:
        phone = e164(typed.phone, "phone")
        if person := await known_here(request, phone):
            return await welcome(request, person, page)
        knocked = await knock.send(request, knock.reachable(phone, "phone"), page)
    except WrongValue as fault:
        return await again(request, viewer, ref, fault, phone=typed.phone)
    except TooOften as error:
        if wants_json(request):
            raise
        wait = WrongValue("phone", error.sentence, **error.values)
        response = await again(request, viewer, ref, wait, status=429, phone=typed.phone)
        response.headers["Retry-After"] = str(error.seconds)
        return response
    return knock.keep(request, RedirectResponse(page, 303), knocked)


routes = [Route("/complaints/{ref}/number", number, methods=["POST"])]
