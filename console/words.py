"""The languages: Indonesian is the source, the catalogue holds the others."""

from babel.support import NullTranslations, Translations

from console.settings import HERE

LOCALES = ("id", "en")
CATALOGUES = HERE / "console" / "locale"


def load(locale: str) -> NullTranslations:
    """The catalogue of a language; the source language needs none."""
    return NullTranslations() if locale == "id" else Translations.load(CATALOGUES, [locale], "siaga")


WORDS = {locale: load(locale) for locale in LOCALES}


def say(locale: str, sentence: object, values: dict[str, object] | None = None) -> str:
    """A sentence of the law in this language. A value that is itself a sentence is translated too."""
    translated = WORDS[locale].ugettext(str(sentence)) if sentence else ""
    return translated.format(**{name: _say(locale, value) for name, value in (values or {}).items()})


def _say(locale: str, value: object) -> object:
    if sentence := getattr(value, "sentence", None):
        return say(locale, sentence, getattr(value, "values", {}))
    return WORDS[locale].ugettext(value) if isinstance(value, str) and value else value
