"""Puts a city's facts into an empty database: categories, targets, stations, agencies."""

from sqlmodel import Session, select

from models.city.agency import Agency
from models.city.category import Category, Modifier, Target
from models.city.seed.facts import load
from models.city.station import Station


def plant(session: Session) -> None:
    """Once: what an administrator has changed since is left alone. How many are on shift is for nobody to plant."""
    if session.exec(select(Category.code)).first():
        return
    facts = load()
    for position, category in enumerate(facts.categories):
        session.add(
            Category(
                code=category.code,
                label_id=category.label_id,
                label_en=category.label_en,
                short_id=category.short_id,
                short_en=category.short_en,
                tile=category.tile,
                tile_en=category.tile_en,
                advice_id=category.advice_id,
                advice_en=category.advice_en,
                priority=category.priority,
                personnel=category.personnel,
                choosable=category.choosable,
                sensitive=category.sensitive,
                lead_unit=category.lead_unit,
                partner=category.partner,
                position=position,
            )
        )
    for target in facts.priorities:
        session.add(
            Target(
                priority=target.priority,
                label_id=target.label_id,
                label_en=target.label_en,
                claim_s=target.claim_s,
                arrive_s=target.arrive_s,
            )
        )
    for position, modifier in enumerate(facts.modifiers):
        session.add(
            Modifier(
                code=modifier.code,
                label_id=modifier.label_id,
                label_en=modifier.label_en,
                personnel=modifier.personnel,
                position=position,
            )
        )
    for station in (facts.headquarters, *facts.stations):
        session.add(Station(code=station.code, name=station.name, lat=station.lat, lon=station.lon, approximate=True))
    for agency in facts.agencies:
        session.add(Agency(code=agency.code, name=agency.name, kind=agency.kind))
