"""HTML: the only caller of Jinja2. One environment a language, all from the same templates."""

from contextlib import suppress
from functools import partial
from importlib.metadata import version
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from console.door.cookies import cookie
from console.door.viewer import desk_of, first_page, insider, is_quiet, locale_of, somebody
from console.door.whose import mark_of, marked, seal_of
from console.evidence.picking import PICKING
from console.ground.pasted import short_link_in
from console.pages import breaks, times
from console.pages import keyboard as keys
from console.pages.breaks import Breaks
from console.pages.figured import Figured
from console.pages.plain import Plain, plain
from console.pages.retold import retold
from console.pages.statics import asset
from console.pages.words import LOCALES, WORDS, worded_once
from console.settings import HERE
from models.city.worded import ground_first, words_first
from models.incidents.handing import known_by
from models.incidents.ranking import gravity
from models.people.phones import dialled
from models.reading.desk import desk_place
from models.reading.wall import need
from models.roles import RIGHTS
from models.time import now, zone, zone_word
from models.viewer import PROOF_LASTS, Audience
from models.workflow import STEPS

TEMPLATES = HERE / "templates"


class Compiled(FileSystemBytecodeCache):
    """A template is compiled once, for every language, and kept where Python keeps this module.

    Words are looked up when it is rendered. What it was made by counts as much as what it was made from.
    """

    def __init__(self, folder: Path):
        with suppress(OSError):  # a tree that is not ours to write in: each start compiles anew
            folder.mkdir(exist_ok=True)
        super().__init__(str(folder), "%s.jinja")
        self.made_by = Path(breaks.__file__).read_text() + version("jinja2")
        self._code: dict[str, tuple[str, CodeType]] = {}

    def get_source_checksum(self, source: str) -> str:
        return super().get_source_checksum(source + self.made_by)

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._code.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code
        else:
            try:
                super().load_bytecode(bucket)
            except Exception:  # not a file of ours, or half of one
                bucket.reset()
            self._remember(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._remember(bucket)
        with suppress(OSError):
            super().dump_bytecode(bucket)

    def _remember(self, bucket: Bucket) -> None:
        if bucket.code:
            self._code[bucket.key] = bucket.checksum, bucket.code


COMPILED = Compiled(Path(__file__).with_name("__pycache__"))


def is_part(template: str) -> bool:
    return template.rpartition("/")[2].startswith("_")


def asks_for_part(request: Request[Any]) -> bool:
    return request.headers.get("hx-request") == "true"


class Pages:
    """Renders templates for an audience. `shown`: what every page may name (command, program, demo …).

    `messages_leave`: a message to a number is sent, and not only written into the log. `codes_come`: whoever proves a
    number has a way to its code, in the demo on the page itself.
    """

    def __init__(self, command: str = "", **shown: Any):
        self.command = command
        nameless = shown | {"command": ""}
        shown["command"] = command
        self._environments = {locale: self._environment(locale, shown, WORDS[locale]) for locale in LOCALES}
        self._plain = {locale: self._environment(locale, nameless, Plain(locale, WORDS[locale])) for locale in LOCALES}

    def render(self, template: str, audience: Audience | None, /, **data: Any) -> str:
        locale = audience.locale if audience else "id"
        return self._environments[locale].get_template(template).render(locale=locale, audience=audience, **data)

    def page(self, request: Request[Any], template: str, status: int = 200, **data: Any) -> Response:
        """A whole page or a part of one, for whoever asks, in their language.

        A part is for htmx, which puts it where it belongs. Whoever else asks gets a page round it: an address
        that is typed, opened in a tab or submitted without a script never ends on a bare fragment.
        """
        if is_part(template) and not asks_for_part(request):
            data["part"], template = template, "pages/part.html"
        viewer, locale, quiet = somebody(request), locale_of(request), is_quiet(request)
        environment = (self._plain if quiet else self._environments)[locale]
        if quiet:  # what the law said, ready to be shown
            data |= {name: _plainly(locale, data[name]) for name in ("sentence", "fields", "errors") if name in data}
        html = environment.get_template(template).render(
            locale=locale,
            audience=viewer and viewer.audience,
            viewer=viewer,
            request=request,
            quiet=quiet,
            # Written before the door, and still there: its page's cookie goes when it is sent (console/web/citizen/drafts.py).
            unsent=insider(request) is None and bool(cookie(request, "draft")),
            whose=(whose := mark_of(request, insider(request))),
            **data,
        )
        return HTMLResponse(marked(html, whose), status)

    def _environment(self, locale: str, shown: dict[str, Any], words: Any) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n", Breaks],
            auto_reload=False,
            bytecode_cache=COMPILED,
        )
        environment.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
        environment.globals["gettext"] = environment.globals["_"] = worded_once(words)
        environment.filters["retold"] = partial(retold, locale)
        environment.filters["dialled"] = dialled
        environment.filters["plainly"] = partial(plain, locale) if isinstance(words, Plain) else str
        environment.globals.update(
            {"messages_leave": True, "codes_come": True} | shown,
            law=STEPS,
            need=need,
            desk_place=desk_place,
            gravity=gravity,
            known_by=known_by,
            say=words.ugettext,  # what the law says: its words stand in models/
            now=now,
            rights=RIGHTS,
            proof_lasts=PROOF_LASTS,
            picking=PICKING,
            asset=asset,
            desk_of=desk_of,
            first_page=first_page,
            seal_of=seal_of,
            keys={"places": keys.told(words.ugettext), "ticks": keys.TICKS, "letters": keys.LETTERS},
            clock=times.clock,
            exact=times.exact,
            day=partial(times.day, locale),
            stamp=partial(times.stamp, locale),
            day_of=partial(times.day_of, locale),
            month_of=partial(times.month_of, locale),
            lasting=times.lasting,
            figured=Figured(locale),
            zone=lambda: zone().key,
            zone_word=lambda: zone_word(now()),
            closed_link=short_link_in,
            words_first=words_first,
            ground_first=ground_first,
            iso=lambda at: at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else "",
        )
        return environment


def _plainly(locale: str, said: Any) -> Any:
    """A sentence, or sentences by their fields."""
    return {field: plain(locale, one) for field, one in said.items()} if isinstance(said, dict) else plain(locale, said)
