"""What words mean, decided: one place, several to choose from, or none that anybody could go to.

An answer is only sure where an officer may be sent to it unasked. Everything else comes back as a question.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile

from console.ground.atlas import Atlas
from console.ground.entries import Entry, Index, Name, Precision
from console.ground.matching import Match, Mention, everyday, mentions
from console.ground.names import COMMON, KINDS, NEAR_WORDS, core_of, spelled, words_of
from console.ground.points import HasPoint, Place, rough_distance_m

LONGEST_QUERY = 300
MOST = 12
SAME_M = 300  # two points of one name this near are one place
BEYOND_M = 2000  # people call a place after an area that ends this far before it
TWIN_M = 6000  # a desa of a kelurahan's name that begins where it ends; one that is farther is named, not asked
NEARER = 3  # so many times nearer to the device, and a name that two places share is settled


class Why(StrEnum):
    """Why nothing is sure."""

    SURE = ""
    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"
    LONG_STREET = "long_street"
    COMMON = "common"


@dataclass(frozen=True)
class Candidate:
    """A place that may be meant. `precision_m`: how far from the point it may be; `estimated`: to be said as such."""

    lat: float
    lon: float
    name: str
    kind: str
    kelurahan: str
    kecamatan: str
    regency: str
    outside: bool
    neighbour: str | None
    precision: Precision
    precision_m: int
    estimated: bool
    score: int = 100

    @property
    def label(self) -> str:
        parts = (self.name, self.kelurahan, self.kecamatan, self.regency)
        return ", ".join(dict.fromkeys(part for part in parts if part))


@dataclass(frozen=True)
class Answer:
    sure: Candidate | None
    candidates: tuple[Candidate, ...]
    why: Why
    street: str = ""


def answer(text: str, known: Index, ground: Atlas, near: HasPoint | None = None) -> Answer:
    """As if a street's name had two words, and as if it had one: what is sure, else what was found first."""
    read = [spelled(words_of(text[:LONGEST_QUERY]), street_words) for street_words in (2, 1)]
    words = read[0]
    found = [Decision(mentions(each, known), known, ground, near).answer() for each in read[: 1 + (read[0] != read[1])]]
    if meant := [each for each in found if each.sure] or [each for each in found if each.candidates]:
        return meant[0]
    told = [word for word in words if word.text not in NEAR_WORDS]
    vague = told and all(word.text in COMMON or word.text in KINDS or word.text in everyday() for word in told)
    return Answer(None, (), Why.COMMON if vague else Why.UNKNOWN)


class Decision:
    """The rules, from the finest to the widest; each answers or leaves it to the next."""

    def __init__(self, found: list[Mention], known: Index, ground: Atlas, near: HasPoint | None):
        self.known, self.ground, self.near = known, ground, near
        self.districts = [match.entry for mention in found for match in mention if match.entry.wide]
        within = [[match for match in mention if not match.besides or self._within(match.entry)] for mention in found]
        self.found = [mention for mention in within if mention]

    def answer(self) -> Answer:
        rules = (self._crossing, self._landmark, self._area, self._street, self._district)
        return next((found for rule in rules if (found := rule())), Answer(None, (), Why.UNKNOWN))

    def _crossing(self) -> Answer | None:
        """Two streets meet at one place."""
        streets = {match.entry.title for mention in self._of(lambda entry: entry.kind == "street") for match in mention}
        if len(streets) < 2:
            return None
        return self._settled([(entry, 100) for entry in self.known.crossings_of(frozenset(streets))])

    def _landmark(self) -> Answer | None:
        meant = self._of(lambda entry: not (entry.area or entry.wide or entry.kind == "street"))
        if not meant:
            return None
        best = max(match.rank for mention in meant for match in mention)
        matches = [match for mention in meant for match in mention if match.rank > best - 12]
        finest = min(_fineness(match.entry) for match in matches if match.rank > best - 3)
        matches = [match for match in matches if _fineness(match.entry) <= finest]
        agreeing = [match for match in matches if self._agrees(match.entry)]
        if agreeing:
            return self._settled([(match.entry, match.score) for match in agreeing])
        areas = [match for mention in self._areas() for match in mention]
        return self._several([*matches, *areas])

    def _area(self) -> Answer | None:
        meant = self._areas()
        if not meant:
            return None
        first = [match for match in meant[0] if self._within(match.entry)] if self.districts else meant[0]
        if not first:
            first = [match for match in meant[0] if self._agrees(match.entry)]
        if not first:
            return self._several(
                [match for mention in self.found for match in mention if match.entry.area or match.entry.wide]
            )
        streets = {
            place
            for mention in self._of(lambda entry: entry.kind == "street")
            for match in mention
            for place in match.entry.along
        }
        along = [match for match in first if match.entry.kelurahan in streets]
        chosen = along or first
        if all(match.entry.kind == "desa" for match in chosen) and self._same_name(meant[0], chosen):
            return None  # "Percut" is a desa and the kecamatan around it: the wider is claimed
        city = [match for match in chosen if match.entry.kind == "kelurahan"]
        twins = [match for match in chosen if match.entry.kind == "desa"]
        if len(city) == 1 and not any(rough_distance_m(city[0].entry, twin.entry) < TWIN_M for twin in twins):
            return self._sure(city[0], chosen)
        return self._settled([(match.entry, match.score) for match in chosen])

    def _same_name(self, mention: Mention, chosen: Sequence[Match]) -> bool:
        spans = {(match.start, match.end) for match in mention}
        same = (
            other for found in self.found for other in found if other.entry.wide and (other.start, other.end) in spans
        )
        return {match.entry.kecamatan for match in chosen} <= {other.entry.kecamatan for other in same}

    def _street(self) -> Answer | None:
        meant = self._of(lambda entry: entry.kind == "street")
        if not meant:
            return None
        match = meant[0][0]
        if not match.entry.long and not match.bare:
            return self._settled([(match.entry, match.score)])
        if match.bare and not match.entry.long:
            return None
        crossings = self.known.crossings_of(frozenset({match.entry.title}))
        along = [entry for entry in self.known.kelurahan if entry.kelurahan in match.entry.along]
        offered = [entry for entry in (*crossings, *along) if not self.districts or self._within(entry)]
        return Answer(
            None, self._shown([(entry, match.score) for entry in offered]), Why.LONG_STREET, match.entry.title
        )

    def _district(self) -> Answer | None:
        meant = self._of(lambda entry: entry.wide)
        return self._settled([(match.entry, match.score) for match in meant[0]]) if meant else None

    def _of(self, fits: Callable[[Entry], bool]) -> list[Mention]:
        kept = ([match for match in mention if fits(match.entry)] for mention in self.found)
        return [mention for mention in kept if mention]

    def _areas(self) -> list[Mention]:
        return self._of(lambda entry: entry.area)

    def _within(self, entry: Entry) -> bool:
        """Whether other words name the district that this finer place lies in."""
        return any(entry.kecamatan == district.kecamatan for district in self.districts)

    def _agrees(self, entry: Entry) -> bool:
        """Is it in, or about as near as people reckon to, every area that is named beside it?"""
        if self.districts and self._within(entry):
            return True
        areas = [mention for mention in self._areas() if not any(match.entry is entry for match in mention)]
        named = [[match.entry for match in mention] for mention in areas]
        named += [self.districts] if self.districts else []
        return all(any(self._near(entry, area) for area in mention) for mention in named)

    def _near(self, entry: Entry, area: Entry) -> bool:
        spot = self.ground.describe(entry.lat, entry.lon)
        if area.kecamatan == spot.kecamatan and area.kelurahan in ("", spot.kelurahan):
            return True
        return rough_distance_m(entry, area) < area.precision_m + BEYOND_M

    def _settled(self, found: list[tuple[Entry, float]]) -> Answer | None:
        """Sure where all that is meant is one place, or the device stands at one of them."""
        if not found:
            return None
        first = min(
            (entry for entry, _ in found),
            key=lambda entry: (entry.outside, _fineness(entry), entry.estimated, entry.precision_m),
        )
        if all(rough_distance_m(first, entry) < SAME_M for entry, _ in found):
            return Answer(sure := _candidate(first, found[0][1]), (sure,), Why.SURE)
        shown = self._shown(found)
        if self.near is not None and len(shown) > 1:
            nearest, other, *_ = (rough_distance_m(self.near, Place(one.lat, one.lon)) for one in shown)
            if nearest * NEARER < other:
                return Answer(shown[0], shown, Why.SURE)
        return Answer(None, shown, Why.AMBIGUOUS)

    def _sure(self, match: Match, others: Sequence[Match]) -> Answer:
        rest = [(other.entry, other.score) for other in others if other is not match]
        sure = _candidate(match.entry, match.score)
        return Answer(sure, (sure, *self._shown(rest)), Why.SURE)

    def _several(self, matches: Sequence[Match]) -> Answer:
        return Answer(None, self._shown([(match.entry, match.score) for match in matches]), Why.AMBIGUOUS)

    def _shown(self, found: Iterable[tuple[Entry, float]]) -> tuple[Candidate, ...]:
        """Ours first; within them the nearest to the device, where that is known."""
        unique = {entry.address: (entry, score) for entry, score in reversed(list(found))}
        near = self.near
        ranked = sorted(
            reversed(unique.values()),
            key=lambda one: (one[0].outside, rough_distance_m(near, one[0]) if near is not None else 0),
        )
        return tuple(_candidate(entry, score) for entry, score in ranked[:MOST])


def suggest(typed: str, known: Index, limit: int) -> tuple[Candidate, ...]:
    """Places whose name goes on like this: those inside the command first, and of a long street its crossings."""
    words = spelled(words_of(typed[:LONGEST_QUERY]), street_words=9)
    kinds = list(takewhile(lambda word: word.kind, words[:-1]))
    core, whole = core_of(words[len(kinds) :]), core_of(words)
    if len(whole) < 2:
        return ()
    street, said = words[0].sign == "street", {word.text for word in kinds}
    found: dict[str, tuple[tuple[bool, bool, str], Entry]] = {}
    for entry in known.entries:
        begins = [name for name in entry.names if _begins(name, core, whole, said)]
        if not begins or (street and entry.kind != "street"):
            continue
        rank = entry.outside, not any(name.core in (core, whole) for name in begins), entry.address
        for offered in known.crossings_of(frozenset({entry.title})) if entry.long else (entry,):
            found.setdefault(offered.address, (rank, offered))
    return tuple(_candidate(entry, 100) for _, entry in sorted(found.values(), key=lambda one: one[0])[:limit])


def labelled(label: str, known: Index) -> Candidate | None:
    """A place that was chosen from a list, by the label it stood there with."""
    entry = known.addresses.get(label)
    return _candidate(entry, 100) if entry else None


def _begins(name: Name, core: str, whole: str, said: set[str]) -> bool:
    """A bus stop has its name from what stands beside it: offered to whoever types "halte"."""
    if "halte" in name.kinds - said:
        return False
    return name.core.startswith(whole) or (name.core.startswith(core) and name.kinds >= said)


def _fineness(entry: Entry) -> int:
    return list(Precision).index(entry.precision)


def _candidate(entry: Entry, score: float) -> Candidate:
    return Candidate(
        entry.lat, entry.lon, entry.title or entry.kelurahan or entry.kecamatan, entry.kind, entry.kelurahan, entry.kecamatan,
        entry.regency, entry.outside, entry.neighbour, entry.precision, entry.precision_m, entry.estimated, round(score),
    )  # fmt: skip
