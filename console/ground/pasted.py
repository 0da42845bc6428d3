"""A point that somebody pasted among their words: degrees in every spelling people use, a Plus code, a link of a map.

    3.5301, 98.7250 · 3,5301 98,7250 · 3°31'48"N 98°43'30"E · 3°31'48" LU, 98°43'30" BT · geo:3.53,98.72 · 6MMWGPJG+22

A link that carries no coordinates (maps.app.goo.gl) stays words: nothing here opens what strangers send.
"""

import re
from collections.abc import Callable, Iterator
from itertools import chain
from urllib.parse import unquote_plus

from console.ground.points import HasPoint, Place, WrongPlace, valid_point

SIDES = {"n": 1, "lu": 1, "u": 1, "s": -1, "ls": -1, "e": 1, "bt": 1, "t": 1, "w": -1, "bb": -1, "b": -1}
EASTWARD = {"e", "bt", "t", "w", "bb", "b"}
SIDE = r"(?:lu|ls|bt|bb|[nsew])\b"
DEGREE, MINUTE, SECOND = r"[°º˚]|\bderajat\b", r"['’′‘`]|\bmenit\b", r"[\"”″“]|''|\bdetik\b"
NUMBER = r"\d{1,3}(?:[.,]\d+)?"
ANGLE = re.compile(
    rf"(?P<before>{SIDE})?\s*(?P<sign>-?)(?P<degrees>{NUMBER})\s*(?:{DEGREE})"
    rf"(?:\s*(?P<minutes>{NUMBER})\s*(?:{MINUTE}))?(?:\s*(?P<seconds>{NUMBER})\s*(?:{SECOND}))?\s*(?P<after>{SIDE})?",
    re.IGNORECASE,
)
# Four decimals are eleven metres, and no price.
PAIRS = [
    re.compile(
        rf"(?<![\d.,-])(-?\d{{1,3}}{mark}\d{{4,}})\s*({SIDE})?[\s,;/|]+(?:(?:lon|lng|long|longitude|bujur)\s*[:=]?\s*)?"
        rf"(-?\d{{1,3}}{mark}\d{{4,}})(?!\d)\s*({SIDE})?",
        re.IGNORECASE,
    )
    for mark in (r"\.", ",")
]
ALONE = re.compile(r"[\s(]*(-?\d{1,3}[.,]\d{2,})[\s,;]+(-?\d{1,3}[.,]\d{2,})[\s)]*")  # nothing else stands there
PLAIN = r"(-?\d{1,3}(?:\.\d+)?)"
PINS = [
    re.compile(rf"!3d{PLAIN}!4d{PLAIN}"),
    re.compile(rf"[?&](?:q|query|ll|sll|center|daddr|destination|mlat)=(?:loc:)?\s*{PLAIN}\s*,\s*{PLAIN}"),
    re.compile(rf"[?&]mlat={PLAIN}&mlon={PLAIN}"),
    re.compile(rf"/maps/(?:search|place|dir/[^/]*)/{PLAIN}\s*,\s*{PLAIN}"),
]
VIEWS = [re.compile(rf"@{PLAIN},{PLAIN}"), re.compile(rf"#map=\d+/{PLAIN}/{PLAIN}")]  # where the map was looked at
GEO = re.compile(rf"\bgeo:\s*{PLAIN}\s*,\s*{PLAIN}", re.IGNORECASE)
URL = re.compile(r"https?://\S+|\b(?:www\.|maps\.|goo\.gl/)\S+", re.IGNORECASE)
SHORT_LINK = re.compile(
    r"\b(?:maps\.app\.goo\.gl|goo\.gl/maps|app\.goo\.gl|g\.co/kgs|maps\.google\.com/\?cid)\S*", re.IGNORECASE
)
LETTERS = "23456789CFGHJMPQRVWX"
CODE = re.compile(rf"(?<!\w)([{LETTERS}]{{8}}|[{LETTERS}]{{4}})\+([{LETTERS}]{{2,5}})(?!\w)", re.IGNORECASE)


def point_in(words: str, near: HasPoint | None = None) -> Place | None:
    """The first point these words carry, None when they carry none. `near`: what a short Plus code is short for.

    Raises WrongPlace for a point that cannot be: swapped, or of another country.
    """
    readers: tuple[Callable[[str], Iterator[Place]], ...] = (
        _linked,
        _angles,
        _decimals,
        lambda text: _codes(text, near),
    )
    if (at := next(chain.from_iterable(read(words) for read in readers), None)) is None:
        return None
    return valid_point(round(at.lat, 6), round(at.lon, 6))


def point_of(field: str, words: str, near: HasPoint | None = None) -> Place | None:
    """The same, and what is wrong with it is said beside the field it was pasted into."""
    try:
        return point_in(words, near)
    except WrongPlace as wrong:
        raise WrongPlace(field, wrong.reason) from wrong


def short_link_in(words: str) -> bool:
    """Whether a link stands there whose point nobody sees without opening it."""
    return bool(SHORT_LINK.search(words))


def readable(words: str) -> str:
    """A link that carries a point gives way to it: longer than a card, and nobody can say it over the radio."""

    def said(link: re.Match[str]) -> str:
        at = next(_linked(link[0]), None)
        return f"{at.lat:.6f}, {at.lon:.6f}" if at else link[0]

    return URL.sub(said, words)


def without_links(words: str) -> str:
    """What the letters of a link spell is no place."""
    return URL.sub(" ", words)


def _linked(words: str) -> Iterator[Place]:
    for found in GEO.finditer(words):
        yield Place(float(found[1]), float(found[2]))
    for link in URL.findall(words):
        link = unquote_plus(link)
        yield from _matched(PINS, link)
        yield from _angles(link)
        yield from _matched(VIEWS, link)


def _matched(forms: list[re.Pattern[str]], link: str) -> Iterator[Place]:
    return (Place(float(found[1]), float(found[2])) for form in forms if (found := form.search(link)))


def _angles(words: str) -> Iterator[Place]:
    """Degrees with their sign, minutes and seconds where they are given. LU and BT say which is which; else the first is
    the latitude."""
    found = [(_degrees(each), (each["before"] or each["after"] or "").lower()) for each in ANGLE.finditer(words)]
    for (one, side), (other, across) in zip(found[::2], found[1::2], strict=False):
        yield Place(other, one) if side in EASTWARD and across not in EASTWARD else Place(one, other)


def _degrees(found: re.Match[str]) -> float:
    parts = (float((found[name] or "0").replace(",", ".")) for name in ("degrees", "minutes", "seconds"))
    whole = sum(part / unit for part, unit in zip(parts, (1, 60, 3600), strict=True))
    side = SIDES.get((found["before"] or found["after"] or "").lower(), 1)
    return -whole if found["sign"] or side < 0 else whole


def _decimals(words: str) -> Iterator[Place]:
    if alone := ALONE.fullmatch(words):
        yield Place(float(alone[1].replace(",", ".")), float(alone[2].replace(",", ".")))
    for form in PAIRS:
        for lat, side, lon, across in form.findall(without_links(words)):
            signs = (SIDES.get(each.lower(), 1) for each in (side, across))
            one, other = (float(each.replace(",", ".")) * sign for each, sign in zip((lat, lon), signs, strict=True))
            yield (
                Place(other, one) if side.lower() in EASTWARD and across.lower() not in EASTWARD else Place(one, other)
            )


def _codes(words: str, near: HasPoint | None) -> Iterator[Place]:
    """Open Location Code: pairs of a latitude's and a longitude's letter, each of a twentieth; then a grid of 5 by 4."""
    for head, tail in CODE.findall(words):
        letters = f"{head}{tail}".upper()
        if len(head) == 8:
            yield _decoded(letters)
        elif near is not None and not head.isdigit():
            yield min((_decoded(f"{region}{letters}") for region in _regions(near)),
                      key=lambda at: abs(at.lat - near.lat) + abs(at.lon - near.lon))  # fmt: skip


def _decoded(letters: str) -> Place:
    """The middle of the square."""
    south, west, high, wide = -90.0, -180.0, 400.0, 400.0
    for north, east in zip(letters[:10:2], letters[1:10:2], strict=True):
        high, wide = high / 20, wide / 20
        south, west = south + LETTERS.index(north) * high, west + LETTERS.index(east) * wide
    for letter in letters[10:]:
        high, wide = high / 5, wide / 4
        row, column = divmod(LETTERS.index(letter), 4)
        south, west = south + row * high, west + column * wide
    return Place(south + high / 2, west + wide / 2)


def _regions(near: HasPoint) -> Iterator[str]:
    """The four letters that a short code leaves out: those of the square degree here and of those around."""
    for lat in (near.lat - 1, near.lat, near.lat + 1):
        for lon in (near.lon - 1, near.lon, near.lon + 1):
            north, east = lat + 90, lon + 180
            yield "".join(LETTERS[int(n)] for n in (north // 20, east // 20, north % 20, east % 20))
