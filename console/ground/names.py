"""Names of places as people type them, and the spelling in which both sides meet."""

import re
from dataclasses import dataclass

from rapidfuzz.utils import default_process

from models.city.seed.facts import load

# What people write for what the names say, everywhere; a city adds its own (words.json). Both sides go through this, so only consistency matters.
SPELLINGS = {
    "tj": "tanjung", "tg": "tanjung", "tjg": "tanjung", "kp": "kampung", "kampong": "kampung",
    "s": "sei", "sungai": "sei", "si": "sei", "pulau": "pulo", "masjid": "mesjid",
    "psr": "pasar", "sp": "simpang", "simp": "simpang", "kuala": "kwala", "haji": "h",
    "1": "i", "2": "ii", "3": "iii", "4": "iv", "satu": "i", "dua": "ii", "tiga": "iii", "empat": "iv",
}  # fmt: skip
VILLAGE_WORDS, DISTRICT_WORDS = {"kel", "kelurahan", "lurah"}, {"kec", "kecamatan"}
STREET_WORDS = {"jl", "jln", "jalan", "gg", "gang", "lorong", "lr", "komplek", "komp", "perumahan"}
NEAR_WORDS = {"depan", "dekat", "samping", "belakang", "seberang", "arah", "desa"}
LANDMARKS = "places.json"


@dataclass(frozen=True)
class Mark:
    """What stands before a word: which piece of the text, after which sign, inside a street's name or not."""

    segment: int
    sign: str
    street: bool


def words_of(text: str) -> list[str]:
    """Words in lower case; commas and the like stay as a word of their own, for they end a name."""
    return re.findall(r"[^\W\d_]+|\d+|[,;:()\n/]", text.casefold().replace("'", ""))


def spelled(words: list[str], street_words: int = 2) -> tuple[list[str], list[Mark]]:
    """Our spelling of the words, without signs like "Kel.", each with what was said about it.

    `street_words`: how many after "Jl." are the street's own name, in which no kelurahan is looked for.
    """
    said: list[str] = []
    marks: list[Mark] = []
    segment, sign, street_left = 0, "", 0
    spellings = SPELLINGS | load().words.spellings
    for word, after in zip(words, [*words[1:], ""], strict=False):
        if word in VILLAGE_WORDS or word in DISTRICT_WORDS:
            segment, sign, street_left = segment + 1, "village" if word in VILLAGE_WORDS else "district", 0
        elif (word in STREET_WORDS and (word, after) != ("gang", "buntu")) or word == "no":
            segment, sign, street_left = segment + 1, "", 1 if word == "no" else street_words
        elif not word.isalnum() or word in NEAR_WORDS:
            segment, sign, street_left = segment + 1, "", 0
        else:
            for part in spellings.get(word, word).split():
                said.append(part)
                marks.append(Mark(segment, sign, street_left > 0))
            if street_left:
                street_left -= 1
                segment += 0 if street_left else 1
    return said, marks


def spelled_name(text: str) -> str:
    return " ".join(spelled([word for word in words_of(text) if word.isalnum()])[0])


def plain(name: str) -> str:
    """A name without case, accents of typing and double spaces."""
    return " ".join(default_process(name).split())
