"""Sharing: what a referral gives its partner of an incident. Decided here alone, by its tier and the category: the card, the
evidence, the history and a link show what this says, and nothing of who reported is ever in it."""

from dataclasses import dataclass

from models.city.category import RESTRICTED
from models.city.site import Point
from models.incidents.incident import Incident
from models.incidents.referral import FULL, PRESENCE, TIERS, Referral


@dataclass(frozen=True)
class Shared:
    """`kind`: what it is, its number, how grave and how far; `words`: those of its reporters, and evidence.

    `point`: where to drive. In a sensitive case the centre of the kelurahan (`centre`), and no landmark: who is hurt at
    home must not be found by a list. None where the tier tells no more than the kelurahan.
    """

    kind: bool
    words: bool
    landmark: str = ""
    doubt: str = ""
    point: Point | None = None
    centre: bool = False


def shared(incident: Incident, referral: Referral, most: str = FULL) -> Shared:
    """`most`: no more than this tier, whatever was referred."""
    tier = min(referral.tier, most, key=TIERS.index)
    if tier == PRESENCE:
        return Shared(kind=False, words=False)
    words = tier == FULL
    if incident.category.sensitive or incident.category_code == RESTRICTED:
        return Shared(True, words, point=_centre(incident), centre=True)
    return Shared(True, words, incident.landmark, incident.doubt, incident.point)


def _centre(incident: Incident) -> Point | None:
    """None while nobody knows where it is, and where no kelurahan is known."""
    if incident.point is None or incident.centre_lat is None or incident.centre_lon is None:
        return None
    return Point(incident.centre_lat, incident.centre_lon)
