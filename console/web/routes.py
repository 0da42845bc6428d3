"""The sitemap of what people reach by HTTP: the routes of every resource, put together."""

from starlette.routing import BaseRoute

from console.web import (
    account,
    admin,
    agency,
    bulletins,
    complaints,
    console,
    duty,
    evidence,
    finding,
    first,
    handing,
    home,
    incidents,
    intake,
    joining,
    lock,
    looking,
    me,
    messages,
    operator,
    push,
    ratings,
    retention,
    sign_in,
    strikes,
    uploads,
    walls,
    worker,
)


def routes() -> list[BaseRoute]:
    resources = (
        home, bulletins, sign_in, lock, me, account, first, complaints, push, worker, intake, uploads, evidence, console, finding, incidents, joining, handing, walls, duty,
        strikes, ratings, looking, agency, admin, retention, messages, operator,
    )  # fmt: skip
    return [route for resource in resources for route in resource.routes]
