"""What is asked about a place: which of several, or whether here or where the words say. Filed first, asked after."""

from collections.abc import Sequence
from dataclasses import dataclass

from console.ground.places import Candidate, Places, Why, distance_m
from models.city.site import Site
from models.incidents.incident import Incident

FAR_M = 1000  # nearer than this, a place at the edge of the next kelurahan is the same place


@dataclass(frozen=True)
class Question:
    """`candidates` to press, those inside the command first. `street`: it is a long one; `here`: the name of where the
    point is, when the words name somewhere else, `apart_m` away."""

    candidates: tuple[Candidate, ...]
    street: str = ""
    here: str = ""
    apart_m: float = 0.0

    @property
    def name(self) -> str:
        """The one name that all of them bear."""
        names = {one.name for one in self.candidates}
        return names.pop() if len(names) == 1 else ""


def meant(places: Places, words: str, near: Site | Incident) -> Candidate | None:
    """What words mean that came with a point; of two places of one name the nearer."""
    return places.labelled(words) or places.answer(words, near.point).sure if words else None


def doubt_of(places: Places, site: Site, words: str) -> str:
    """The place that the words name, where the point lies in another kelurahan and not just beyond its border."""
    named = meant(places, words, site)
    if named is None or site.point is None:
        return ""
    same = named.kelurahan == site.kelurahan if named.kelurahan else named.kecamatan == site.kecamatan
    apart = distance_m(site.point, named)
    off = (site.accuracy_m or 0) + named.precision_m
    return "" if same or apart <= max(FAR_M, off) else named.kelurahan or named.name


def question(places: Places, site: Site | Incident, words: str) -> Question | None:
    """What to ask of a complaint that stands at this site, None when nothing is open."""
    if site.point is None:
        answer = places.answer(words)
        asks = answer.why in (Why.AMBIGUOUS, Why.LONG_STREET)
        return Question(ours_first(answer.candidates), answer.street) if asks and answer.candidates else None
    other = meant(places, words, site) if site.doubt else None
    if other is None:
        return None
    return Question((other,), here=site.kelurahan or site.kecamatan, apart_m=distance_m(site.point, other))


def ours_first(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    return tuple(sorted(candidates, key=lambda one: one.outside))
