"""Keys of an existing app's back end."""

from starlette.responses import Response
from starlette.routing import Route

from console.door.viewer import new_secret, require, require_proof
from console.state import Request
from console.web.admin.page import Name, once, page
from console.web.forms import done, read
from console.web.staff.keeping import keeping
from models.administration import keys as law
from models.roles import Role


async def keys(request: Request) -> Response:
    return await page(request, "pages/admin_keys.html", lambda session: {"keys": law.keys(session)})


async def make_key(request: Request) -> Response:
    viewer, form = require_proof(request, Role.ADMIN), await read(request, Name)
    secret, hash = new_secret()
    key = await request.state.writer.run(law.make_key, viewer, form.name, hash)
    return await once(request, "key", secret, key.name)


async def revoke_key(request: Request) -> Response:
    await request.state.writer.run(law.revoke_key, require(request, Role.ADMIN), request.path_params["id"])
    return done(request, "/admin/keys")


routes = [
    Route("/admin/keys", keys),
    Route("/admin/keys", keeping(make_key, keys, "/admin/keys"), methods=["POST"]),
    Route("/admin/keys/{id:int}/revoke", keeping(revoke_key, keys, "/admin/keys"), methods=["POST"]),
]
