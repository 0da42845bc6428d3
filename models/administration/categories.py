"""Categories, signs and targets: what can happen, how many it takes, and how fast it must be answered."""

from typing import Any

from sqlmodel import Session

from models.acts import act
from models.administration.entered import LONGEST, coded, named
from models.city.category import RESTRICTED, URGENT, Category, Modifier, Target, categories, modifiers
from models.city.names import unused
from models.errors import N_, NotFound, WrongValue
from models.record.event import record
from models.viewer import Viewer

SHORT = 24  # letters of a name on a card or a tag
PERSONNEL_MOST = 200  # base of a category
ADVICE = 200  # letters: one or two sentences, read in fear
SECONDS_MOST = 7 * 86400  # a target beyond a week is none


@act
def add_category(
    session: Session, by: Viewer, code: str, *,
    label_id: str, label_en: str, tile: str, priority: int, personnel: int,
    short_id: str = "", short_en: str = "", tile_en: str = "", advice_id: str = "", advice_en: str = "",
    sensitive: bool = False,
) -> Category:  # fmt: skip
    """It stands last. Whether it is `sensitive` is said once: who may learn the names of those who filed hangs on it."""
    code = coded(code)
    if session.get(Category, code):
        raise WrongValue("code", N_("Kode ini sudah dipakai."))
    known = categories(session, choosable=False)
    after = _category(
        label_id=label_id, label_en=label_en, tile=tile, priority=priority, personnel=personnel, choosable=True,
        short_id=short_id, short_en=short_en, tile_en=tile_en, advice_id=advice_id, advice_en=advice_en,
    )  # fmt: skip
    _tell_apart(known, None, after)
    position = max((one.position for one in known), default=-1) + 1
    category = Category(code=code, sensitive=sensitive, position=position, proposed=False, **after)
    session.add(category)
    record(session, "add_category", by, category=code, sensitive=sensitive, **after)
    return category


@act
def change_category(
    session: Session, by: Viewer, code: str, *,
    label_id: str, label_en: str, tile: str, priority: int, personnel: int, choosable: bool,
    short_id: str = "", short_en: str = "", tile_en: str = "", advice_id: str = "", advice_en: str = "",
) -> Category:  # fmt: skip
    """For what is filed from now on; open incidents keep their priority. Not `choosable`: closed, for nobody to choose
    anew, and what was filed under it stays so."""
    category = session.get(Category, code)
    if category is None:
        raise NotFound()
    after = _category(
        label_id=label_id, label_en=label_en, tile=tile, priority=priority, personnel=personnel, choosable=choosable,
        short_id=short_id, short_en=short_en, tile_en=tile_en, advice_id=advice_id, advice_en=advice_en,
    )  # fmt: skip
    if code == RESTRICTED and not choosable:
        raise WrongValue("choosable", N_("Pengaduan terhadap anggota selalu dapat dipilih."))
    if code == URGENT and not choosable:
        raise WrongValue("choosable", N_("Jenis yang dikirim Respons Cepat selalu dapat dipilih."))
    _tell_apart([one for one in categories(session, choosable=False) if one.code != code], category, after)
    was = {name: getattr(category, name) for name, value in after.items() if getattr(category, name) != value}
    if was or category.proposed:  # to leave the seed's number as it is, is to set it too
        category.proposed = False
        record(session, "change_category", by, category=code, was=was, **{name: after[name] for name in was})
        for name in was:
            setattr(category, name, after[name])
    return category


def _category(
    label_id: str,
    label_en: str,
    short_id: str,
    short_en: str,
    tile: str,
    tile_en: str,
    advice_id: str,
    advice_en: str,
    priority: int,
    personnel: int,
    choosable: bool,
) -> dict[str, Any]:
    """What an administrator says of a kind, as it is kept."""
    if priority not in (1, 2, 3, 4):
        raise WrongValue("priority", N_("Pilih prioritas."))
    return {
        "label_id": named(label_id, "label_id"),
        "label_en": named(label_en, "label_en"),
        "short_id": short_id.strip()[:SHORT],
        "short_en": short_en.strip()[:SHORT],
        "tile": named(tile, "tile"),
        "tile_en": tile_en.strip()[:LONGEST],
        "advice_id": advice_id.strip()[:ADVICE],
        "advice_en": advice_en.strip()[:ADVICE],
        "priority": priority,
        "personnel": _personnel(personnel),
        "choosable": choosable,
    }


def _tell_apart(others: list[Category], category: Category | None, after: dict[str, Any]) -> None:
    """No two kinds may have the same name, whole or short, in either language. What stays as it is is not asked."""
    for locale in ("id", "en"):
        label, short = after[f"label_{locale}"], after[f"short_{locale}"]
        if category is None or label != category.label(locale):
            unused(label, (other.label(locale) for other in others), f"label_{locale}")
        if category is None or (short or label) != category.short(locale):
            unused(
                short or label, (other.short(locale) for other in others), f"{'short' if short else 'label'}_{locale}"
            )


@act
def add_modifier(
    session: Session, by: Viewer, code: str, *, label_id: str, label_en: str, personnel: int
) -> Modifier:  # fmt: skip
    """It is ticked last."""
    code = coded(code).lower()
    if session.get(Modifier, code):
        raise WrongValue("code", N_("Kode ini sudah dipakai."))
    known = modifiers(session, closed=True)
    after = _modifier(known, None, label_id=label_id, label_en=label_en, personnel=personnel, active=True)
    modifier = Modifier(code=code, position=max((one.position for one in known), default=-1) + 1, **after)
    session.add(modifier)
    record(session, "add_modifier", by, modifier=code, **after)
    return modifier


@act
def change_modifier(
    session: Session, by: Viewer, code: str, *, label_id: str, label_en: str, personnel: int, active: bool
) -> Modifier:
    """For what is sent from now on. Not `active`: closed, ticked no more; what was sent for it stays told."""
    modifier = session.get(Modifier, code)
    if modifier is None:
        raise NotFound()
    others = [one for one in modifiers(session, closed=True) if one.code != code]
    after = _modifier(others, modifier, label_id=label_id, label_en=label_en, personnel=personnel, active=active)
    was = {name: getattr(modifier, name) for name, value in after.items() if getattr(modifier, name) != value}
    if was:
        record(session, "change_modifier", by, modifier=code, was=was, **{name: after[name] for name in was})
        for name in was:
            setattr(modifier, name, after[name])
    return modifier


def _modifier(
    others: list[Modifier], modifier: Modifier | None, label_id: str, label_en: str, personnel: int, active: bool
) -> dict[str, Any]:
    after = {"label_id": named(label_id, "label_id"), "label_en": named(label_en, "label_en")}
    for field, label in after.items():
        if modifier is None or label != getattr(modifier, field):
            unused(label, (getattr(other, field) for other in others), field)
    return {**after, "personnel": _personnel(personnel), "active": active}


def _personnel(number: int) -> int:
    if not 0 <= number <= PERSONNEL_MOST:
        raise WrongValue("personnel", N_("Antara {least} dan {most}."), least=0, most=PERSONNEL_MOST)
    return number


@act
def change_target(session: Session, by: Viewer, priority: int, *, claim_s: int, arrive_s: int | None) -> Target:
    """In seconds after filing; None: this step has no target. For the next step of each incident on."""
    target = session.get(Target, priority)
    if target is None:
        raise NotFound()
    given = {"claim_s": claim_s, "arrive_s": arrive_s}
    for name, seconds in given.items():
        if seconds is not None and not 10 <= seconds <= SECONDS_MOST:
            raise WrongValue(name, N_("Antara {least} dan {most}."), least=10, most=SECONDS_MOST)
    if arrive_s is not None and arrive_s < claim_s:
        raise WrongValue("arrive_s", N_("Target tiba tidak boleh sebelum target ambil."))
    was = {name: getattr(target, name) for name, value in given.items() if getattr(target, name) != value}
    if was or target.proposed:
        target.proposed = False
        record(session, "change_target", by, priority=priority, was=was, **{name: given[name] for name in was})
        for name in was:
            setattr(target, name, given[name])
    return target
