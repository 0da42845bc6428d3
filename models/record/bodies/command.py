"""What the command is made of: stations, categories, keys, periods, walls, and what it tells everybody."""

from models.record.bodies.body import Body, Value


class _OfStation(Body):
    station: int


class OpenStation(_OfStation):
    code: str
    name: str
    lat: float
    lon: float
    strength: int | None


class RenameStation(_OfStation):
    was: str
    name: str


class MoveStation(_OfStation):
    was: tuple[float, float]
    lat: float
    lon: float


class Strength(_OfStation):
    was: int | None
    strength: int
    reason: str


class CloseStation(_OfStation):
    name: str


class ReopenStation(_OfStation):
    name: str


class CountAgain(_OfStation):
    """What was stated of a station counts no more: the apel's number does."""

    was: int | None
    strength: int | None


class SetLeast(_OfStation):
    was: int | None
    least: int | None


class ChangeCategory(Body):
    """What changed alone."""

    category: str
    was: dict[str, Value] = {}
    label_id: str | None = None
    label_en: str | None = None
    short_id: str | None = None
    short_en: str | None = None
    tile: str | None = None
    tile_en: str | None = None
    advice_id: str | None = None
    advice_en: str | None = None
    priority: int | None = None
    personnel: int | None = None
    choosable: bool | None = None


class AddCategory(ChangeCategory):
    sensitive: bool


class ChangeModifier(Body):
    modifier: str
    was: dict[str, Value] = {}
    label_id: str | None = None
    label_en: str | None = None
    personnel: int | None = None
    active: bool | None = None


class AddModifier(ChangeModifier): ...


class ChangeTarget(Body):
    priority: int
    was: dict[str, Value] = {}
    claim_s: int | None = None
    arrive_s: int | None = None


class MakeKey(Body):
    key: int
    name: str


class RevokeKey(MakeKey): ...


class SetPeriod(Body):
    kind: str
    category: str
    was: int | None
    days: int | None


class Unpair(Body):
    wall: int
    name: str


class PutAway(Unpair): ...


class Pair(Unpair):
    distance_m: float
    px_per_mm: float
    view: str = ""
    mapless: bool = False


class Adjust(Pair): ...


class Withdraw(Body):
    bulletin: int
    title: str


class Publish(Withdraw):
    words: str
    kind: str
    district: str
    pinned: bool
    picture: str | None
    alt: str
    since: str | None
    until: str | None


class Rewrite(Publish): ...
