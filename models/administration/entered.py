"""What any form of an administrator says: a code, a name, and which row it was read from."""

import re
from typing import TypeVar

from models.city.agency import Agency
from models.city.station import Station
from models.errors import N_, NotFound, Outdated, WrongValue, need
from models.people.officers import Officer

LONGEST = 80  # letters of a name
T = TypeVar("T", Officer, Station, Agency)
CHANGED_MEANWHILE = N_("Data ini baru saja diubah orang lain. Muat ulang, lalu coba lagi.")


def coded(code: str) -> str:
    code = code.strip().upper()
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9_-]{1,19}", code):
        raise WrongValue("code", N_("Kode: 2 sampai 20 huruf besar, angka atau garis."))
    return code


def named(name: str, field: str = "name") -> str:
    name = need(name, field, N_("Wajib diisi."))
    if len(name) > LONGEST:
        raise WrongValue(field, N_("Paling banyak {most} huruf."), most=LONGEST)
    return name


def found(row: T | None, version: int | None) -> T:
    if row is None:
        raise NotFound()
    if version is not None and version != row.version:
        raise Outdated(CHANGED_MEANWHILE)
    return row
