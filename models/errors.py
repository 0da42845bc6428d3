"""The ways the law says no.

Each carries a sentence that a person may read, in Indonesian as the catalogue's key, and the
values it names; `console/errors.py` gives each class its HTTP status and its translation.
"""

MOST_WORDS = 4000  # letters of anything that somebody writes


def N_(sentence: str) -> str:
    """Marks a sentence for the catalogue; it is translated where its reader is known."""
    return sentence


class Refusal(Exception):
    """What was asked was not done, and nothing was stored."""

    def __init__(self, sentence: str, **values: object):
        super().__init__(sentence.format(**values))
        self.sentence = sentence
        self.values = values


class NotFound(Refusal):
    """There is no such thing, or it is not yours to see: the two look alike on purpose."""

    def __init__(self, sentence: str = N_("Tidak ditemukan."), **values: object):
        super().__init__(sentence, **values)


class NotAllowed(Refusal):
    """Your role has no such step."""

    def __init__(self, sentence: str = N_("Peran Anda tidak memiliki langkah ini."), **values: object):
        super().__init__(sentence, **values)


class Blocked(NotAllowed):
    """This account may not file any more."""


class WrongMoment(Refusal):
    """Not now: the incident has moved on. Names who has it, when somebody does."""


class NotYours(WrongMoment):
    """Somebody else holds it."""


class Outdated(WrongMoment):
    """The page that asked was older than the incident."""


class WrongValue(Refusal):
    """A field holds what cannot be: the sentence belongs beside the field."""

    def __init__(self, field: str, sentence: str, **values: object):
        super().__init__(sentence, **values)
        self.field = field


class TooMuch(Refusal):
    """More than is taken: a file too large, one file too many, too many bytes for one day."""


class TooOften(Refusal):
    """Come back in so many seconds."""

    def __init__(
        self, seconds: int, sentence: str = N_("Terlalu sering. Coba lagi dalam {seconds} detik."), **values: object
    ):
        super().__init__(sentence, seconds=seconds, **values)
        self.seconds = seconds


class Unsure(WrongValue):
    """Asked before it is done: the same again, with `sure`."""

    def __init__(self, sentence: str, **values: object):
        super().__init__("sure", sentence, **values)


class KeyReused(WrongValue):
    """An idempotency key came back with another body."""

    def __init__(self) -> None:
        super().__init__("idempotency_key", N_("Kunci ini sudah dipakai untuk isi yang lain."))


def need(words: str, field: str = "reason", sentence: str = N_("Tulis alasannya.")) -> str:
    """The words without blanks around them; refuses when none are left, or too many."""
    if not words.strip():
        raise WrongValue(field, sentence)
    return bounded(words.strip(), field)


def bounded(words: str, field: str, most: int = MOST_WORDS) -> str:
    """The words; refuses when they are more than anybody reads."""
    if len(words) > most:
        raise WrongValue(field, N_("Paling banyak {most} huruf."), most=most)
    return words
