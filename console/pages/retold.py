"""Sentences that one press says: whoever wrote one, each reader reads it in their own language. What was typed stays as it is."""

from functools import cache

from console.pages.words import LOCALES, say
from models.incidents.closing import TOLD
from models.incidents.talking import HUSHED, QUICK, URGES, WHERE, Line


def retold(locale: str, words: str) -> str:
    """The same in this language, where it is such a sentence."""
    sentence = _sentences().get(words)
    return say(locale, sentence) if sentence else words


def not_to_call(threads: dict[int, list[Line]]) -> dict[int, list[Line]]:
    """Of each complaint what its reporter pressed that forbids to call them, when they did so first."""
    return {id: list(_hushed(lines).values()) for id, lines in threads.items()}


def _hushed(lines: list[Line]) -> dict[str, Line]:
    said = [(retold("id", line.words), line) for line in reversed(lines) if not line.ours]
    return {words: line for words, line in said if words in HUSHED}


def in_every(sentence: str) -> set[str]:
    """One such sentence, as whoever pressed it may have sent it."""
    return {say(locale, sentence) for locale in LOCALES}


@cache
def _sentences() -> dict[str, str]:
    """As it may have been written, in any language: as the catalogue knows it."""
    known = (*URGES, WHERE, *(reply.words for reply in QUICK), *TOLD.values())
    return {said: sentence for sentence in known for said in in_every(sentence)}
