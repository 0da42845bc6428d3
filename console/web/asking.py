"""The form of a step, made of what its effect asks: the same of a dialog and of JSON."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from pydantic import create_model

from console.door.sealing import seal
from console.door.viewer import new_secret
from console.ground.pasted import point_of
from console.ground.points import Fault, Place, WrongPlace, distance_m
from console.state import Request
from console.web.forms import Act, Id, Placed
from models.asked import brought_to
from models.city.seed.facts import load
from models.errors import N_, WrongValue
from models.incidents.linking import Secret
from models.workflow import EFFECTS, STEPS

# What is sent of a field that is more than one value, by its kind; and what the law is given of it.
PARTS: dict[str, dict[str, Any]] = {
    "posts": {"personnel": (list[int], ...), "station": (list[Id], [])},
    "place": {
        "point": (Placed, ""),
        "lat": (float | None, None),
        "lon": (float | None, None),
        "landmark": (str, ""),
        "label": (str, ""),
    },
}
BROUGHT: dict[str, Callable[[Request], Any]] = {
    "metres": lambda request: distance_m,
    "border": lambda request: request.state.places.command_away_m,
    "secret": lambda request: partial(fresh_secret, request.state.settings.key),
}


@cache
def form_of(step: str) -> type[Act]:
    fields: dict[str, Any] = {}
    for field in STEPS[step].carries:
        if field.kind == "ticks":
            fields[field.name] = (list[str], [])
        elif field.kind in PARTS:
            fields |= PARTS[field.kind]
        else:
            fields[field.name] = (field.type | None, None)
    return create_model(step, __base__=Act, **fields)


def given_of(request: Request, step: str, form: Act) -> dict[str, Any]:
    """What the law wants to know, from what the form said. What it did not say, the law knows by itself, or refuses."""
    given: dict[str, Any] = (
        {name: BROUGHT[name](request) for name in brought_to(EFFECTS[step])} if step in EFFECTS else {}
    )
    for field in STEPS[step].carries:
        value = MADE[field.kind](request, form) if field.kind in MADE else getattr(form, field.name)
        if value is not None:
            given[field.name] = value
    return given


def fresh_secret(key: bytes) -> Secret:
    secret, hash = new_secret()
    return Secret(hash, seal(key, {"secret": secret}))


def _posts(request: Request, form: Any) -> list[tuple[int | None, int]]:
    if form.station and len(form.station) != len(form.personnel):
        raise WrongValue("station", N_("Setiap jumlah personel perlu polseknya."))
    return list(zip(form.station or [None] * len(form.personnel), form.personnel, strict=True))


def _place(request: Request, form: Any) -> Any:
    """A place chosen by its label; a point that was pasted, pointed at on the map, or as a program sends it."""
    if chosen := request.state.places.labelled(form.label):
        return request.state.places.site_of(chosen, form.landmark)
    city = load().city
    at = point_of("point", form.point, Place(city.lat, city.lon)) if form.point else None
    if at is None and (form.point or form.lat is None or form.lon is None):
        raise WrongPlace("point", Fault.NAN)
    lat, lon = (at.lat, at.lon) if at else (form.lat, form.lon)
    request.state.places.reach(lat, lon)
    return request.state.places.site(lat, lon, precision="pin", landmark=form.landmark)


MADE: dict[str, Callable[[Request, Any], Any]] = {"posts": _posts, "place": _place}
