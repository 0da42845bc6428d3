"""Names that people tell things apart by: over the radio and on a map two that sound the same are one."""

import unicodedata
from collections.abc import Iterable

from models.errors import N_, WrongMoment, WrongValue


def unused(name: str, others: Iterable[str], field: str = "name") -> str:
    """The name, unless another one reads the same: letters' case and blanks make no difference."""
    if read_as(name) in map(read_as, others):
        raise WrongValue(field, N_("Nama ini sudah dipakai. Pilih nama lain."))
    return name


def still_unused(name: str, others: Iterable[str]) -> None:
    """The same for what comes back and cannot be named anew on the way."""
    if read_as(name) in map(read_as, others):
        raise WrongMoment(N_("Nama {name} kini dipakai yang lain. Ganti dulu nama yang lain itu."), name=name)


def read_as(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()
