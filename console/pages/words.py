"""The languages: Indonesian is the source, the catalogue holds the others."""

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from babel.support import NullTranslations, Translations
from markupsafe import Markup

from console.settings import HERE

LOCALES = ("id", "en")
UNITS = "km|m|%|dtk|mnt|menit|detik|sec|s|min|minutes|seconds|MB|MiB"
MEASURED = re.compile(rf"(\{{\w+\}}|%\(\w+\)s|\d) ({UNITS})(?!\w)")
SENTENCES = 5000  # more than any catalogue here holds
CATALOGUES = HERE / "console" / "locale"


@cache
def held(words: str) -> str:
    """A number and its unit stay on one line: "dalam {n} m"."""
    return MEASURED.sub("\\1\u00a0\\2", words)


class Held:
    """Whatever a catalogue says goes through `held`."""

    def ugettext(self, message: str) -> str:
        return held(super().ugettext(message))  # type: ignore[misc]

    def ungettext(self, one: str, many: str, n: int) -> str:
        return held(super().ungettext(one, many, n))  # type: ignore[misc]

    def pgettext(self, context: str, message: str) -> str:
        return held(super().pgettext(context, message))  # type: ignore[misc]


class Source(Held, NullTranslations):
    pass


class Catalogue(Held, Translations):
    pass


def load(locale: str) -> NullTranslations:
    """The catalogue of a language; the source language needs none."""
    return Source() if locale == "id" else Catalogue.load(CATALOGUES, [locale], "siaga")


WORDS = {locale: load(locale) for locale in LOCALES}


def worded(locale: str) -> Callable[..., str]:
    """`_` as templates have it: worded("en")("%(n)s personel", n=4)."""

    def _(message: str, **values: object) -> str:
        return WORDS[locale].ugettext(message) % values

    return _


def say(locale: str, sentence: object, values: dict[str, object] | None = None) -> str:
    """A sentence of the law in this language. A value that is itself a sentence is translated too."""
    translated = WORDS[locale].ugettext(str(sentence)) if sentence else ""
    return translated.format(**{name: _say(locale, value) for name, value in (values or {}).items()})


def _say(locale: str, value: object) -> object:
    if sentence := getattr(value, "sentence", None):
        return say(locale, sentence, getattr(value, "values", {}))
    return WORDS[locale].ugettext(value) if isinstance(value, str) and value else value


def worded_once(words: Any) -> Callable[..., Markup]:
    """`_` as `jinja2.ext.i18n` makes it, but each sentence is looked up and marked as safe once: a console says a thousand."""

    @lru_cache(maxsize=SENTENCES)
    def sentence(message: str) -> Markup:
        return Markup(words.ugettext(message))

    @lru_cache(maxsize=SENTENCES)
    def whole(message: str) -> Markup:
        return sentence(message) % {}

    def gettext(message: str, /, **values: object) -> Markup:
        return sentence(message) % values if values else whole(message)

    return gettext
