"""What the command of the demo has told everybody lately; made up, like all of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.command.bulletin import Draft, Kind

HOUR, DAY = 3600, 86_400


@dataclass(frozen=True)
class Notice:
    """`ago`: seconds since it was written. `starts`, `lasts`: seconds from then; None: at once, until withdrawn."""

    ago: float
    by: str
    kind: Kind
    title: str
    words: str
    district: str = ""
    pinned: bool = False
    starts: float = 0
    lasts: float | None = None

    def draft(self, at: datetime) -> Draft:
        since = at + timedelta(seconds=self.starts)
        until = since + timedelta(seconds=self.lasts) if self.lasts else None
        return Draft(self.title, self.words, self.kind, self.district, self.pinned, since, until)


NOTICES = (
    Notice(
        6 * DAY, "arifin", Kind.ACTIVITY, "Patroli malam di 21 kecamatan",
        "Sejak pekan ini patroli malam berkeliling di semua kecamatan, pukul 22.00 sampai 05.00. "
        "Melihat yang mencurigakan? Lapor lewat aplikasi ini, atau telepon 110 bila ada bahaya.",
    ),
    Notice(
        2 * DAY, "ratna", Kind.NEWS, "Layanan SKCK pindah ke gedung sebelah",
        "Selama perbaikan gedung, loket SKCK ada di gedung sebelah, lantai satu. "
        "Buka Senin sampai Jumat pukul 08.00 sampai 15.00, Sabtu sampai 11.00. Bawa KTP dan kartu keluarga.",
    ),
    Notice(
        5 * HOUR, "ratna", Kind.WARNING, "Air Sungai Deli naik",
        "Hujan di hulu sejak siang. Warga di tepi sungai diminta menyimpan surat penting di tempat tinggi "
        "dan menyiapkan diri untuk mengungsi. Perlu bantuan? Tekan Respons Cepat, atau telepon 110.",
        district="Medan Maimun", pinned=True, lasts=2 * DAY,
    ),
    Notice(
        3 * HOUR, "arifin", Kind.ACTIVITY, "Minggu pagi: Jalan Balai Kota ditutup",
        "Hari bebas kendaraan, pukul 06.00 sampai 10.00. Lewat Jalan Putri Hijau atau Jalan Raden Saleh.",
        starts=DAY, lasts=3 * DAY,
    ),
)  # fmt: skip
