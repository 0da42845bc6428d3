"""One name, one thing: a second one that reads the same is refused beside its field."""

from typing import Any

import pytest
from sqlmodel import Session

from models.administration.categories import change_category
from models.administration.partners import add_agency, close_agency, rename_agency, reopen_agency
from models.administration.stations import close_station, open_station, rename_station, reopen_station
from models.city.category import Category
from models.command.walls import adjust, let_in, pair, unpair, wait
from models.errors import WrongMoment, WrongValue
from tests.support.law import Law

SAME = ("Pos Baru", "pos  baru", "POSBARU", "Pos\u00a0Baru")


def refused(field: str, act: Any, *given: Any) -> None:
    with pytest.raises(WrongValue) as error:
        act(*given)
    assert error.value.field == field and "sudah dipakai" in error.value.sentence


def opened(law: Law, code: str, name: str) -> Any:
    given = {"code": code, "name": name, "lat": 3.6, "lon": 98.7, "away_km": 0.4}
    return law.run(lambda session: open_station(session, law.dewi, **given))


@pytest.mark.parametrize("same", SAME)
def test_two_open_stations_have_two_names(law: Law, same: str) -> None:
    first, second = opened(law, "BARU", "Pos Baru"), opened(law, "LAMA", "Pos Lama")
    refused("name", opened, law, "LAGI", same)
    refused("name", law.run, rename_station, law.dewi, second.id, same)
    law.run(rename_station, law.dewi, first.id, "POS BARU")  # its own name, written otherwise
    law.run(close_station, law.dewi, first.id)
    law.run(rename_station, law.dewi, second.id, same)
    with pytest.raises(WrongMoment):
        law.run(reopen_station, law.dewi, first.id)


def test_two_open_partners_have_two_names(law: Law) -> None:
    first, second = (law.run(add_agency, law.dewi, code, f"Posko {code}") for code in ("SAR", "PMI2"))
    refused("name", law.run, add_agency, law.dewi, "LAGI", "posko  sar")
    refused("name", law.run, rename_agency, law.dewi, second.id, "POSKO SAR")
    law.run(close_agency, law.dewi, first.id)
    law.run(rename_agency, law.dewi, second.id, "Posko SAR")
    with pytest.raises(WrongMoment):
        law.run(reopen_agency, law.dewi, first.id)


def test_two_walls_that_hang_have_two_names(law: Law) -> None:
    first = law.run(pair, law.sari, law.run(wait, "a").code, "Aula", 6, 1.157)
    code = law.run(wait, "b").code
    refused("name", law.run, pair, law.sari, code, "aula", 6, 1.157)
    second = law.run(pair, law.sari, code, "Lobi", 6, 1.157)
    law.run(let_in, "a", "hash")
    refused("name", law.run, adjust, law.sari, second.id, " AULA ", 6, 1.157)
    law.run(adjust, law.sari, first.id, "aula", 8, 1.157)
    law.run(unpair, law.sari, first.id)
    assert law.run(adjust, law.sari, second.id, "Aula", 6, 1.157).name == "Aula"


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("label_id", {"label_id": "{label_id}"}), ("label_en", {"label_en": "{label_en}"}),
        ("short_id", {"short_id": "{short}"}), ("label_id", {"label_id": "{short}"}),
    ],
)  # fmt: skip
def test_two_kinds_have_two_names_whole_and_short(law: Law, field: str, given: dict[str, str]) -> None:
    other = law.read(lambda session: session.get_one(Category, "CURAS_BEGAL"))
    named = {
        name: words.format(label_id=other.label_id, label_en=other.label_en, short=other.short()).upper()
        for name, words in given.items()
    }

    def change(session: Session) -> None:
        kind = session.get_one(Category, "CURANMOR")
        own = {
            name: getattr(kind, name) for name in ("label_id", "label_en", "short_en", "tile", "priority", "choosable")
        }
        change_category(session, law.dewi, "CURANMOR", personnel=5, **{**own, **named})

    refused(field, law.run, change)
