"""The sitemap of what people reach by HTTP: the routes of every resource, put together."""

from starlette.routing import BaseRoute

from console.web import intake
from console.web.admin import categories, keys, partners, people, stations
from console.web.citizen import account, complaints, home, numbers, push, ratings, suggesting, uploads, worker
from console.web.door import first, joining, lock, sign_in
from console.web.staff import (
    agency,
    briefs,
    bulletins,
    console,
    deputies,
    duty,
    evidence,
    exercise,
    factors,
    figures,
    finding,
    handing,
    handover,
    incidents,
    journal,
    link,
    looking,
    me,
    members,
    messages,
    operator,
    replay,
    retention,
    shift,
    strikes,
    walls,
)


def routes() -> list[BaseRoute]:
    resources = (
        home, bulletins, sign_in, lock, me, factors, account, first, complaints, suggesting, numbers, push, worker, intake,
        uploads, evidence, console, deputies, finding, incidents, joining, journal, handing, handover, walls, duty, briefs, exercise, shift, figures, replay,
        strikes, ratings, looking, agency, link, people, stations, partners, categories, keys, members, retention, messages, operator,
    )  # fmt: skip
    return [route for resource in resources for route in resource.routes]
