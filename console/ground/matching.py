"""What stretches of a text resemble which names: a place is meant only where more than common words agree."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process

from console.ground.entries import Entry, Index, Name
from console.ground.names import COMMON, KINDS, Word, core_of, named, numbers_in
from models.city.seed.facts import Words, load

LONGEST_NAME = 5  # words
# How much of a name must be met, of 100, by its letters: in a short word one wrong letter is another word.
GOOD = ((4, 100.0), (6, 90.0), (9, 85.0), (99, 82.0))
CLEAR = 90.0  # below, the first letter has to be the same
ALIKE = 1.0  # ranks nearer than this are the same: a name and the alias of another place are both offered


@dataclass(frozen=True)
class Match:
    """`bare`: a street named without "Jl."; `besides`: a name that is an ordinary word, among other words."""

    entry: Entry
    name: Name
    score: float
    start: int
    end: int
    bonus: float
    bare: bool = False
    besides: bool = False

    @property
    def rank(self) -> float:
        """Long names first, if well met: "helvetia tengha" is Helvetia Tengah, but "belawan" is not Belawan I."""
        return self.score + 9 * min(self.end - self.start, self.name.length) + self.bonus

    def overlaps(self, other: "Match") -> bool:
        return self.start < other.end and other.start < self.end


Mention = list[Match]  # what one stretch of the words may mean, likeliest first


def mentions(words: Sequence[Word], known: Index) -> list[Mention]:
    """Stretches that name something, none over another: the better match has the words."""
    found: list[Mention] = []
    for match in sorted(matches(words, known), key=lambda match: (-match.rank, match.start)):
        rival = next((mention for mention in found if mention[0].overlaps(match)), None)
        if rival is None:
            found.append([match])
        elif rival[0].rank - match.rank < ALIKE and all(match.entry is not other.entry for other in rival):
            rival.append(match)
    return found


def matches(words: Sequence[Word], known: Index) -> Iterator[Match]:
    """Every name that some stretch of the words resembles."""
    cores = list(known.cores)
    alone = core_of(word for word in words if word.sign != "street")
    for start, first in enumerate(words):
        if first.sign == "number":
            continue
        kinds = _said_before(words, start)
        for end in range(start + 1, min(start + LONGEST_NAME, len(words)) + 1):
            if words[end - 1].piece != first.piece:
                break
            core, numbers = core_of(words[start:end]), numbers_in(words[start:end])
            for found, score, _ in process.extract(core, cores, scorer=fuzz.ratio, score_cutoff=GOOD[-1][1], limit=8):
                if not _met(found, core, score, exact=all(_common(word) for word in words[start:end])):
                    continue
                for name, entry in known.cores[found]:
                    if numbers and numbers != name.numbers:
                        continue
                    inner = start > 0 and words[start - 1].piece == first.piece
                    bonus = _bonus(entry, name, first.sign, kinds, score, inner=inner, known=known)
                    bare = entry.kind == "street" and first.sign != "street" and "simpang" not in kinds
                    if bonus is None or (bare and not _speaks(name, known)):
                        continue
                    called = start > 0 and words[start - 1].text == "kampung"
                    besides = (
                        found in everyday() and alone != core and first.sign != "village" and not (called or name.kinds)
                    )
                    yield Match(entry, name, score, start, end, bonus - 6 * bare, bare, besides)


def _said_before(words: Sequence[Word], start: int) -> frozenset[str]:
    """The words before that announce a kind of place: "halte simpang" …"""
    kinds = set()
    for word in reversed(words[:start]):
        if word.piece != words[start].piece or not word.kind:
            break
        kinds.add(word.text)
    return frozenset(kinds)


def _common(word: Word) -> bool:
    return bool(word.kind) or word.text in COMMON


def _met(name: str, core: str, score: float, *, exact: bool) -> bool:
    if exact:
        return score == 100
    least = next(least for letters, least in GOOD if len(name) <= letters)
    return score >= least and (score >= CLEAR or name[0] == core[0])


def _bonus(
    entry: Entry, name: Name, sign: str, said: frozenset[str], score: float, *, inner: bool, known: Index
) -> float | None:
    """What the words before a name add; None when it cannot be meant. `inner`: within a longer piece."""
    if sign == "street":
        return 6.0 if entry.kind == "street" and not inner else None
    if sign in SIGNED:
        return SIGNED[sign].get(entry.kind)
    if name.core in _words().never_alone:
        return None
    if name.kinds and not said and name.length > 1 and not name.common and not name.kinds & NAMED_AFTER:
        return None if name.core in known.shared or score < CLEAR else 1.0
    if name.kinds:
        strict = name.common or len(name.core) <= 3
        return None if not name.kinds <= said or (strict and score < 95) else 8.0
    if entry.area or entry.wide:
        own = name is entry.names[0]  # its name, not an alias that another place may bear
        return {"kelurahan": 2.0, "desa": 1.8}.get(entry.kind, 1.5) + (0.5 if own else 0.0)
    if name.common or (said and entry.kind not in {KINDS[word] for word in said} and entry.kind != "street"):
        return None
    return 4.0


NAMED_AFTER = {"halte", "simpang", "flyover", "puskesmas"}  # what stands there has its name from something else
SIGNED: dict[str, dict[str, float]] = {
    "village": {"kelurahan": 12.0, "desa": 4.0},
    "district": {"kecamatan": 12.0},
    "hamlet": {"desa": 12.0, "kecamatan": 6.0, "kelurahan": 4.0},
    "toward": {},
}


def _speaks(name: Name, known: Index) -> bool:
    """A street's name that means it also without "Jl.": two words, or one that is nothing else."""
    if name.length >= 2:
        return not name.common
    return len(name.core) >= 5 and name.core not in COMMON | everyday() | known.areas


def everyday() -> frozenset[str]:
    return _everyday(_words().everyday)


@cache
def _everyday(listed: frozenset[str]) -> frozenset[str]:
    return frozenset(core_of(named(name)) for name in listed)


def _words() -> Words:
    return load().words
