"""Figures in words: what numbers, steps and places are called in one language, by pages and on paper."""

from typing import NamedTuple

from console.pages.times import clock, day_of, month_of
from console.pages.words import worded
from models.command.turns import Mustered, Turn
from models.incidents.incident import Incident
from models.reading.measures import Late, Numbers
from models.reading.periods import Period


class Bit(NamedTuple):
    """What stands large, what follows it, and what stands small beneath."""

    large: str
    words: str
    small: str


class Figured:
    def __init__(self, locale: str):
        self.locale = locale
        self._ = worded(locale)

    def title(self, of: Period | Turn) -> str:
        if isinstance(of, Period) and of.kind == "month":
            return month_of(self.locale, of.first)
        begins, ends = (f"{day_of(self.locale, at)} {clock(at)}" for at in (of.begins, of.ends))
        regu = self._("Regu %(name)s", name=of.shift.regu) if isinstance(of, Turn) and of.shift else ""
        return " · ".join(filter(None, [regu, f"{begins} – {ends}"]))

    def change(self, n: int) -> str:
        return minus(f"{n:+d}") if n else "0"

    def percent(self, n: int | None) -> str:
        if n is None:
            return "–"
        return f"{minus(f'{n:+d}')}\u00a0%" if n else "0"

    def decimal(self, value: float | None) -> str:
        return "–" if value is None else f"{value:.1f}".replace(".", self._(","))

    def step(self, name: str) -> str:
        return {
            "file": self._("Diterima"),
            "claim": self._("Diambil"),
            "dispatch": self._("Dikirim"),
            "arrive": self._("Tiba"),
            "close": self._("Ditutup"),
        }[name]

    def since(self, name: str) -> str:
        return {"file": self._("dari diterima"), "claim": self._("dari diambil"), "": ""}[name]

    def place(self, incident: Incident) -> str:
        return incident.kelurahan or incident.neighbour or self._("lokasi belum diketahui")

    def late_step(self, late: Late) -> str:
        if late.step == "taken":
            return self._("belum diambil") if late.waits else self._("ambil")
        return self._("belum tiba") if late.waits else self._("tiba")

    def strength(self, shifts: list[Mustered], numbers: Numbers) -> list[Bit]:
        """What each apel found, and when fewest were free."""
        here, uncalled = self._("hadir"), self._("belum apel")
        bits = [Bit(str(one.sums.present), f"/{one.sums.total} {here}", self._regu(one)) for one in shifts]
        bits = bits or [Bit("–", f" {uncalled}", "")]
        if numbers.fewest:
            free, at = numbers.fewest
            fewest = self._("paling sedikit %(n)s bebas, %(at)s", n=minus(str(free)), at=clock(at))
            bits.append(Bit("", "", fewest))
        return bits

    def _regu(self, one: Mustered) -> str:
        uncalled = self._("%(n)s belum dipanggil", n=one.sums.uncalled) if one.sums.uncalled else ""
        why = (f"{self._(state.word)} {n}" for state, n in one.sums.why.items() if n)
        return ", ".join(filter(None, [self._("Regu %(name)s", name=one.shift.regu), uncalled, *why]))

    def how(self) -> str:
        return self._(
            "Tanpa latihan dan gabungan; dibuka lagi = putaran baru; diambil sampai ditutup: dari yang diterima; "
            "P90 peringkat terdekat; n di bawah 5 tidak dihitung."
        )


def minus(number: str) -> str:
    """With the sign of its own, which is as wide as a plus."""
    return number.replace("-", "−")
