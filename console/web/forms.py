"""What people send, read and checked; and the two ways an act is answered."""

import json
import math
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationInfo, field_validator, model_validator
from starlette.responses import RedirectResponse, Response

from console.door.bodies import WORDS_BYTES
from console.ground.pasted import readable
from console.pages.decimals import decimal
from console.state import Request
from models.asked import Id as Id
from models.errors import N_, WrongValue

F = TypeVar("F", bound="Form")
DECIMALS = (float, float | None)


class Form(BaseModel):
    """Fields of a form or of JSON. Empty ones count as absent; unknown ones are ignored."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, given: Any) -> Any:
        """PostgreSQL keeps no NUL, and no half of a pair can be written as UTF-8: words must not be lost over it."""
        return {name: storable(value) for name, value in given.items()} if isinstance(given, dict) else given

    @field_validator("*", mode="before")
    @classmethod
    def _decimal(cls, given: Any, field: ValidationInfo) -> Any:
        """Indonesia writes 6,5: wherever a number with decimals is asked, the comma is its point."""
        asked = cls.model_fields[field.field_name or ""].annotation
        return decimal(given) if asked in DECIMALS and isinstance(given, str) else given


class Act(Form):
    """What every act may carry: the version its page showed, and a key against doing it twice."""

    version: Id | None = None
    idempotency_key: str | None = None


async def read(request: Request, form: type[F]) -> F:
    """The checked form. Raises ValidationError: a field holds what cannot be."""
    if request.headers.get("content-type", "").startswith("application/json"):
        return form.model_validate(await json_of(request))
    async with request.form(max_files=0, max_fields=200, max_part_size=WORDS_BYTES) as data:
        values: dict[str, Any] = {}
        for name, field in form.model_fields.items():
            given = [value for value in data.getlist(name) if value != ""]
            if given:
                values[name] = given if _many(field.annotation) else given[-1]
        return form.model_validate(values)


async def json_of(request: Request) -> dict[str, Any]:
    """The object that was sent. NaN is no number here, as it is none in JSON; too deep is no JSON of ours."""
    try:
        sent = json.loads(await request.body(), parse_constant=lambda word: math.nan)
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        raise WrongValue("", N_("Isi permintaan bukan JSON yang benar."))
    return sent


def known_id(typed: str) -> bool:
    """Can this be the number of a row? What a database cannot keep is none."""
    return typed.isdecimal() and typed.isascii() and len(typed) <= 9


def done(request: Request, to: str) -> Response:
    """204 to htmx: the socket shows it. 303 to a plain form."""
    if request.headers.get("hx-request") == "true" or request.headers.get("accept", "").startswith("application/json"):
        return Response(status_code=204)
    return RedirectResponse(to, 303)


Placed = Annotated[str, BeforeValidator(lambda typed: readable(typed) if isinstance(typed, str) else typed)]
"""Words of a place: of a map's link only its point is kept."""


def storable(value: Any) -> Any:
    if isinstance(value, list):
        return [storable(part) for part in value]
    if not isinstance(value, str):
        return value
    lines = value.replace("\r\n", "\n").replace("\r", "\n")  # a form sends two letters where its counter saw one
    return lines.replace("\x00", "").encode(errors="replace").decode()


def _many(annotation: Any) -> bool:
    return getattr(annotation, "__origin__", None) is list
