"""A plain form that was refused comes back as it was sent: what was typed in it, what is wrong beside its field.

htmx puts a refusal into the form it came from. Without a script the answer is a page: the one that holds the form.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import wraps
from html import escape, unescape

from pydantic import ValidationError
from starlette.responses import HTMLResponse, Response

from console.door.viewer import locale_of
from console.errors import fields_of, sentence_of, status_of, wants_json
from console.pages.render import asks_for_part
from console.state import Request
from models.errors import WrongMoment, WrongValue

Handler = Callable[[Request], Awaitable[Response]]
Typed = Mapping[str, Sequence[str]]

INSIDE = r"""(?:[^>"']|"[^"]*"|'[^']*')*"""  # of a tag
FIELD = re.compile(rf"<(input|select|textarea)\b({INSIDE})>(?:(.*?)</\1>)?", re.S)
OPTION = re.compile(rf"<option\b({INSIDE})>([^<]*)")
WRONG = re.compile(r'<p class="wrong" role="alert"></p>')
UNTOUCHED = ("password", "file", "submit")  # a password is never sent back


def keeping(act: Handler, page: Handler, at: str) -> Handler:
    """The act; when a plain form is refused, the page at `at`, whose form it is, with all that was typed."""

    @wraps(act)
    async def kept(request: Request) -> Response:
        try:
            return await act(request)
        except (WrongValue, WrongMoment, ValidationError) as error:
            if (
                wants_json(request)
                or asks_for_part(request)
                or request.headers.get("content-type", "").endswith("json")
            ):
                raise
            back, locale = at.format(**request.path_params), locale_of(request)
            shown = await page(Request({**request.scope, "method": "GET", "path": back, "raw_path": back.encode()}))
            form = await request.form()
            typed = {name: [word for word in form.getlist(name) if isinstance(word, str)] for name in form}
            faults, sentence = fields_of(error, locale), sentence_of(error, locale)
            viewer = request.scope["viewer"]

            def left(faults: Mapping[str, str]) -> str:
                shown = {"fields": faults, "sentence": sentence, "asks": "", "no": back}
                said: str = request.state.pages.render("_error.html", viewer.audience, **shown)
                return said

            html = refilled(bytes(shown.body).decode(), request.scope["path"], typed, faults, left)
            if html is None:  # the page has no such form any more
                raise
            return HTMLResponse(html, status_of(error))

    return kept


def refilled(
    page: str, action: str, typed: Typed, faults: Mapping[str, str], left: Callable[[Mapping[str, str]], str]
) -> str | None:
    """The page with its form of this action filled in anew. `left`: says the faults that no field there can hold."""
    found = re.search(rf'<form\b{INSIDE}\baction="{re.escape(escape(action))}"{INSIDE}>(.*?)</form>', page, re.S)
    if found is None:
        return None
    beside: set[str] = set()
    inside = FIELD.sub(lambda field: _field(field, typed, faults, beside), found[1])
    rest = {name: words for name, words in faults.items() if name not in beside}
    if rest or not faults:
        wrong = f'<div class="wrong" role="alert">{left(rest)}</div>'
        inside = WRONG.sub(lambda _: wrong, inside, count=1) if WRONG.search(inside) else inside + wrong
    return _opened(page[: found.start(1)]) + inside + page[found.end(1) :]


def _field(field: re.Match[str], typed: Typed, faults: Mapping[str, str], beside: set[str]) -> str:
    tag, inside, words = field[1], field[2], field[3]
    name, kind = _value(inside, "name"), _value(inside, "type") or "text"
    if not name or kind in UNTOUCHED:
        return field[0]
    given = typed.get(name, [""])
    if kind in ("radio", "checkbox"):
        inside = _marked(inside, "checked", _value(inside, "value") in given)
    elif tag == "select":
        words = OPTION.sub(lambda option: _option(option, given), words)
    elif tag == "textarea":
        words = escape(given[-1])
    elif kind != "hidden" or name in typed:
        inside = re.sub(r'\svalue="[^"]*"', "", inside) + f' value="{escape(given[-1])}"'
    said = ""
    if name in faults and name not in beside and kind not in ("hidden", "radio"):
        inside += f' aria-invalid="true" aria-describedby="fault-{name}"' + ("" if beside else " autofocus")
        said = f'<span class="fault fault--beside" id="fault-{name}">{escape(faults[name])}</span>'
        beside.add(name)
    return f"<{tag}{inside}>" + (f"{words}</{tag}>" if words is not None else "") + said


def _option(option: re.Match[str], given: Sequence[str]) -> str:
    value = _value(option[1], "value")
    text = unescape(option[2]).strip() if value is None else value
    return f"<option{_marked(option[1], 'selected', text in given)}>{option[2]}"


def _marked(inside: str, mark: str, on: bool) -> str:
    return re.sub(rf"\s{mark}\b", "", inside) + (f" {mark}" if on else "")


def _value(inside: str, name: str) -> str | None:
    found = re.search(rf'\s{name}="([^"]*)"', inside)
    return unescape(found[1]) if found else None


def _opened(before: str) -> str:
    """A dialog or a fold that holds the form stands open: nothing else shows what is wrong in it."""
    for tag in ("dialog", "details"):
        start = before.rfind(f"<{tag} ")
        if start >= 0 and f"</{tag}>" not in before[start:]:
            before = f"{before[:start]}<{tag} open {before[start + len(tag) + 2 :]}"
    return before
