"""Sentences that one press says: whoever wrote one, each reader reads it in their own language. What was typed stays as it is."""

from functools import cache

from console.pages.words import LOCALES, say
from models.incidents.closing import TOLD
from models.incidents.talking import QUICK, URGES, WHERE


def retold(locale: str, words: str) -> str:
    """The same in this language, where it is such a sentence."""
    sentence = _sentences().get(words)
    return say(locale, sentence) if sentence else words


def in_every(sentence: str) -> set[str]:
    """One such sentence, as whoever pressed it may have sent it."""
    return {say(locale, sentence) for locale in LOCALES}


@cache
def _sentences() -> dict[str, str]:
    """As it may have been written, in any language: as the catalogue knows it."""
    known = (*URGES, WHERE, *(reply.words for reply in QUICK), *TOLD.values())
    return {said: sentence for sentence in known for said in in_every(sentence)}
