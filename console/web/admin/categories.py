"""Categories, what is ticked with them, and how fast each priority must be answered."""

from typing import Any

from sqlmodel import Session, col, select
from starlette.responses import Response
from starlette.routing import Route

from console.door.viewer import require
from console.state import Request
from console.web.admin.page import page
from console.web.forms import Act, done, read
from console.web.staff.keeping import keeping
from models.administration import categories as law
from models.city.category import Category, Modifier, Target, categories, modifiers
from models.errors import NotFound
from models.roles import Role


class Named(Act):
    """What is counted with: how it is called, and how many it takes."""

    label_id: str = ""
    label_en: str = ""
    personnel: int


class Worded(Named):
    short_id: str = ""
    short_en: str = ""
    tile: str = ""
    tile_en: str = ""
    advice_id: str = ""
    advice_en: str = ""
    priority: int


class Kind(Worded):
    choosable: bool = False


class NewKind(Worded):
    code: str = ""
    sensitive: bool = False


class Sign(Named):
    active: bool = False


class NewSign(Named):
    code: str = ""


class Goal(Act):
    claim_s: int
    arrive_s: int | None = None


async def kinds(request: Request) -> Response:
    return await page(request, "pages/admin_categories.html", _kinds)


async def kind(request: Request) -> Response:
    code = request.path_params["code"]
    return await page(request, "admin/_category.html", lambda session: {"category": _one(session, Category, code)})


async def add_category(request: Request) -> Response:
    return await _in_the_catalogue(request, NewKind, law.add_category)


async def change_category(request: Request) -> Response:
    return await _in_the_catalogue(request, Kind, law.change_category, request.path_params["code"])


async def sign(request: Request) -> Response:
    code = request.path_params["code"]
    return await page(request, "admin/_modifier.html", lambda session: {"modifier": _one(session, Modifier, code)})


async def add_modifier(request: Request) -> Response:
    return await _in_the_catalogue(request, NewSign, law.add_modifier)


async def change_modifier(request: Request) -> Response:
    return await _in_the_catalogue(request, Sign, law.change_modifier, request.path_params["code"])


async def goal(request: Request) -> Response:
    priority = request.path_params["priority"]
    return await page(request, "admin/_target.html", lambda session: {"target": _one(session, Target, priority)})


async def change_target(request: Request) -> Response:
    return await _in_the_catalogue(request, Goal, law.change_target, request.path_params["priority"])


async def _in_the_catalogue(request: Request, kind: type[Act], act: Any, *named: Any) -> Response:
    """What the form says, to `act` of the law; `named` is the row that is there already."""
    viewer, form = require(request, Role.ADMIN), await read(request, kind)
    given = form.model_dump(exclude={"version", "idempotency_key"})
    await request.state.writer.run(lambda session: act(session, viewer, *named, **given))
    return done(request, "/admin/categories")


def _kinds(session: Session) -> dict[str, Any]:
    targets = session.exec(select(Target).order_by(col(Target.priority))).all()
    return {
        "categories": categories(session, choosable=False),
        "modifiers": modifiers(session, closed=True),
        "targets": targets,
    }


def _one(session: Session, table: type[Any], key: Any) -> Any:
    if (row := session.get(table, key)) is None:
        raise NotFound()
    return row


routes = [
    Route("/admin/categories", kinds),
    Route("/admin/categories", keeping(add_category, kinds, "/admin/categories"), methods=["POST"]),
    Route("/admin/categories/{code}", kind),
    Route("/admin/categories/{code}", keeping(change_category, kind, "/admin/categories/{code}"), methods=["POST"]),
    Route("/admin/modifiers", keeping(add_modifier, kinds, "/admin/categories"), methods=["POST"]),
    Route("/admin/modifiers/{code}", sign),
    Route("/admin/modifiers/{code}", keeping(change_modifier, sign, "/admin/modifiers/{code}"), methods=["POST"]),
    Route("/admin/targets/{priority:int}", goal),
    Route("/admin/targets/{priority:int}", keeping(change_target, goal, "/admin/targets/{priority}"), methods=["POST"]),
]
