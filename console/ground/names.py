"""Names of places as people type them, and the spelling in which both sides meet."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.utils import default_process

from models.city.seed.facts import load

# What people write for what the names say, everywhere; a city adds its own (words.json). Both sides go through this, so only consistency matters.
SPELLINGS = {
    "tj": "tanjung", "tg": "tanjung", "tjg": "tanjung", "kp": "kampung", "kampong": "kampung", "kebon": "kebun",
    "s": "sei", "sungai": "sei", "si": "sei", "pulau": "pulo", "masjid": "mesjid", "kuala": "kwala", "haji": "h",
    "psr": "pasar", "pajak": "pasar", "pjk": "pasar", "sp": "simpang", "simp": "simpang", "spg": "simpang",
    "persimpangan": "simpang", "perempatan": "simpang", "pertigaan": "simpang", "bundaran": "simpang", "mall": "plaza", "mal": "plaza", "igd": "rs", "rsu": "rs", "rsud": "rs", "rsup": "rs",
    "trm": "terminal", "sta": "stasiun", "lap": "lapangan", "univ": "universitas", "kampus": "universitas",
    "sman": "sma", "smpn": "smp", "smkn": "smk", "sdn": "sd", "komp": "komplek", "kompleks": "komplek", "perum": "perumahan",
    "pom": "spbu", "stadium": "stadion", "jend": "jenderal", "kapt": "kapten", "brigjend": "brigjen", "tengku": "teuku",
    "1": "i", "2": "ii", "3": "iii", "4": "iv", "5": "v", "6": "vi", "7": "vii", "satu": "i", "dua": "ii", "tiga": "iii",
    "empat": "iv", "lima": "v",
}  # fmt: skip
TOGETHER = {  # two words that are one
    ("rumah", "sakit"): "rs", ("fly", "over"): "flyover", ("jembatan", "layang"): "flyover", ("ring", "road"): "ringroad",
}  # fmt: skip
VILLAGE_WORDS, DISTRICT_WORDS, HAMLET_WORDS = {"kel", "kelurahan", "lurah"}, {"kec", "kecamatan"}, {"desa", "ds"}
STREET_WORDS = {"jl", "jln", "jalan", "gg", "gang", "lorong", "lr", "lrg"}
NUMBER_WORDS = {"no", "nomor", "km"}
NEAR_WORDS = {
    "depan", "dpn", "dekat", "dkt", "dket", "deket", "samping", "smping", "belakang", "blkg", "blakang", "seberang",
    "sebrang", "sebelah", "sblh", "di", "pas",
}  # fmt: skip
# What kind of place a word announces. It names none by itself.
KINDS = {
    "simpang": "crossing", "flyover": "crossing", "terminal": "terminal", "stasiun": "terminal",
    "pelabuhan": "terminal", "loket": "terminal", "halte": "stop", "pasar": "market", "swalayan": "market",
    "rs": "hospital", "klinik": "hospital", "puskesmas": "hospital", "mesjid": "worship",
    "gereja": "worship", "vihara": "worship", "universitas": "university", "sekolah": "school", "sma": "school",
    "smk": "school", "smp": "school", "sd": "school", "hotel": "hotel", "plaza": "mall", "taman": "park",
    "lapangan": "park", "tugu": "park", "stadion": "sport", "kantor": "office", "gedung": "office", "spbu": "fuel",
    "tol": "toll", "komplek": "housing", "perumahan": "housing", "polsek": "polsek", "danau": "park",
}  # fmt: skip
# Words that stand in many names: of these alone no place is meant, whatever it is called.
COMMON = {
    "raya", "besar", "kecil", "baru", "lama", "utara", "selatan", "timur", "barat", "tengah", "kota", "desa", "negeri", "umum",
    "pos", "pagi", "sore", "malam", "agung", "kereta", "api", "air", "mata", "jaya", "indah", "bersama", "bakti", "induk",
    "pusat", "jalan", "lampu", "merah", "masuk", "gerbang", "pintu", "rumah", "toko", "warung", "bank", "hijau", "ujung",
    "pembantu", "kampung", "sei", "h", "dr", "i", "ii", "iii", "iv", "v", "vi", "vii", "tol", "asia", "jawa", "industri", "saudara",
    "asrama", "perdana", "pelangi", "veteran",
}  # fmt: skip
TITLES = {
    "jenderal", "brigjen", "letjen", "mayjen", "letda", "kapten", "kolonel", "sultan", "teuku", "pangeran", "dr", "ir",
    "h", "kh", "ra", "prof",
}  # fmt: skip
NUMERAL = re.compile(r"[ivx]+")
GLUED = re.compile(r"(simpang|terminal|stasiun)([a-z]{3,})")
LANDMARKS = "places.json"


TOWARD_WORDS = {"arah", "menuju", "ke"}  # where somebody goes is not where they are
SIGNS = {"village": VILLAGE_WORDS, "district": DISTRICT_WORDS, "hamlet": HAMLET_WORDS, "toward": TOWARD_WORDS}


@dataclass(frozen=True)
class Word:
    """A word in our spelling. `piece` changes where a name cannot go on; `sign` is what was said before it: village,
    district, hamlet, street (its own name follows), number, toward, or nothing."""

    text: str
    piece: int
    sign: str = ""

    @property
    def kind(self) -> str:
        return KINDS.get(self.text, "")


def words_of(text: str) -> list[str]:
    """Words in lower case; commas and the like stay as a word of their own, for they end a name."""
    found = re.findall(r"[^\W\d_]+|\d+|[,;:()\n/]", text.casefold().replace("'", ""))
    words: list[str] = []
    for word in found:
        if words and (one := TOGETHER.get((words[-1], word))):
            words[-1] = one
        elif glued := GLUED.fullmatch(word):
            words += glued.groups()
        else:
            words.append(word)
    return words


def spelled(words: list[str], street_words: int = 2) -> list[Word]:
    """Our spelling of the words, without signs like "Kel." and "Jl.".

    `street_words`: how many after "Jl." are the street's own name, titles aside; no kelurahan is looked for in it.
    """
    said: list[Word] = []
    piece, sign, left = 0, "", 0
    spellings = SPELLINGS | load().words.spellings
    signs = {word: name for name, listed in SIGNS.items() for word in listed}
    for word, after in zip(words, [*words[1:], ""], strict=False):
        if word in signs:
            piece, sign, left = piece + 1, signs[word], 0
        elif word in STREET_WORDS and (word, after) != ("gang", "buntu"):
            piece, sign, left = piece + 1, "street", street_words
        elif word in NUMBER_WORDS:
            piece, sign, left = piece + 1, "number", 1
        elif not word.isalnum() or word in NEAR_WORDS:
            piece, sign, left = piece + 1, "", 0
        else:
            for part in spellings.get(word, word).split():
                if left and left < street_words and sign == "street" and part in KINDS:
                    piece, sign, left = piece + 1, "", 0  # "Jl. Katamso simpang …"
                said.append(Word(part, piece, sign))
            if left and word not in TITLES:
                left -= 1
                if not left:
                    piece, sign = piece + 1, ""
    return said


def spelled_name(text: str) -> str:
    return " ".join(word.text for word in named(text))


def named(text: str) -> list[Word]:
    return spelled([word for word in words_of(text) if word.isalnum()], street_words=9)


def core_of(words: Iterable[Word]) -> str:
    """What two spellings of one name share: no spaces, no titles before it."""
    texts = [word.text for word in words]
    while len(texts) > 1 and texts[0] in TITLES:
        texts = texts[1:]
    return "".join(texts)


def numbers_in(words: Iterable[Word]) -> tuple[str, ...]:
    """ "Pasar 3" is never Pasar 7, however alike they are written."""
    return tuple(word.text for word in words if word.text.isdigit() or NUMERAL.fullmatch(word.text))


def plain(name: str) -> str:
    """A name without case, accents of typing and double spaces."""
    return " ".join(default_process(name).split())
