"""What somebody of the staff chooses for themselves."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.viewer import require
from console.web.forms import Form, done, read
from console.web.home import inside
from models.people import STAFF, choose_keys


class Keys(Form):
    keys: str = ""
    next: str = "/"


async def keys(request: Request) -> Response:
    """Single keys as they are, with Alt, or not at all (WCAG 2.1.4): it follows the person, not the browser."""
    viewer, form = require(request, *STAFF), await read(request, Keys)
    await request.state.writer.run(choose_keys, viewer, form.keys)
    return done(request, inside(form.next))


routes = [Route("/me/keys", keys, methods=["POST"])]
