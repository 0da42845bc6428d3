"""Every key of the staff's screens, once: what it does, in words, and where it acts.

The list behind `?` is drawn from here, the letters on the screen are printed from here, and a test
reads here that on one page a letter means one thing.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from models.errors import N_
from models.workflow import STEPS


@dataclass(frozen=True)
class Key:
    """`key` is what a press means (static/js/keys.js): a letter, a capital with Shift, a sign, or a name as browsers say it.

    `writes`: it leads to a field. What is pressed next are words, even when the field was not to be had. `leads`: it leads to
    a list, whose letters and digits are pressed next; where it was not to be had, they do nothing.
    """

    key: str
    words: str
    shown: str = ""
    writes: bool = False
    leads: bool = False
    elsewhere: str = ""  # pages on which it is not that

    @property
    def printed(self) -> str:
        if self.shown:
            return self.shown
        return f"⇧{self.key}" if len(self.key) == 1 and self.key.isupper() else self.key.upper()


@dataclass(frozen=True)
class Place:
    """Where keys act together. `over`: it stands before the page, whose keys then wait. `page`: whose list names them, which
    says what a press means there, or several; "": every page's that has a list."""

    name: str
    words: str
    keys: tuple[Key, ...]
    over: bool = False
    page: str = "console"

    def on(self, page: str) -> bool:
        return not self.page or page in self.page.split()


PLACES = (
    Place(
        "screen",
        N_("Setiap layar"),
        (Key("l", N_("kunci layar"), elsewhere="shift"), Key("?", N_("daftar ini"))),
        page="",
    ),
    Place(
        "page",
        N_("Antrean"),
        (
            Key("j", N_("berikutnya"), "J ↓"),
            Key("k", N_("sebelumnya"), "K ↑"),
            Key("c", N_("ambil yang dipilih bila menunggu, kalau tidak yang teratas menunggu")),
            Key("n", N_("laporan baru dari penelepon"), writes=True),
            Key("/", N_("cari; Enter membuka"), writes=True),
            Key("s", N_("diamkan 60 detik")),
            Key("z", N_("urungkan, 20 detik")),
            Key("h", N_("buka kejadian yang baru dikabarkan")),
            Key("*", N_("paskan peta")),
            Key("Escape", N_("tutup, kembali ke atas antrean"), "Esc"),
            Key("Home", N_("atas antrean; End bawahnya, PgUp dan PgDn selayar")),
        ),
    ),
    Place(
        "panel",
        N_("Kejadian yang dibuka"),
        (
            Key("d", N_("kirim personel")),
            Key("1", N_("jumlah personel; dua angka berturut-turut satu bilangan"), "1–99"),
            Key("f", N_("pilih polsek, atau personel yang sudah dikirim"), leads=True),
            Key("t", N_("tiba di TKP")),
            Key("e", N_("selesai")),
            Key("r", N_("balas pelapor"), writes=True),
            Key("R", N_("satu jawaban ke semua pelapor"), writes=True),
            Key("q", N_("balasan cepat, lalu angkanya"), leads=True),
            Key("o", N_("catatan petugas"), writes=True),
            Key("m", N_("bandingkan dan gabungkan")),
            Key("v", N_("lihat bukti")),
            Key("F", N_("limpahkan ke komando tetangga")),
            Key("y", N_("tanya lokasi, bila belum diketahui")),
            Key("Y", N_("tandai lokasinya di peta")),
            Key(".", N_("langkah lain, lalu hurufnya"), leads=True),
        ),
    ),
    Place(
        "tick",
        N_("Yang menambah personel"),
        (
            Key("b", N_("bersenjata")),
            Key("u", N_("ada korban luka")),
            Key("g", N_("massa lebih dari 10 orang")),
            Key("p", N_("kendaraan terlibat")),
            Key("i", N_("api")),
            Key("a", N_("ada anak-anak")),
            Key("w", N_("malam")),
        ),
    ),
    Place(
        "handed",
        N_("Yang berpindah tangan"),
        (
            Key("Enter", N_("saya tangani; yang diambil dari Anda: dilihat"), "↵"),
            Key("q", N_("tidak bisa, dengan alasan: kembali ke pemberinya"), writes=True),
        ),
        over=True,
        page="console duty",
    ),
    Place(
        "desk",
        N_("Meja Pawas"),
        (
            Key("j", N_("berikutnya"), "J ↓"),
            Key("k", N_("sebelumnya"), "K ↑"),
            Key("a", N_("beri atau alihkan"), writes=True),
            Key("d", N_("dilihat: berdiri paling akhir, tidak berbunyi")),
            Key("s", N_("redam 15, 30 atau 60 menit, dengan catatan"), writes=True),
            Key("c", N_("ambil sendiri")),
            Key("v", N_("buka di konsol")),
            Key("h", N_("serah terima")),
            Key("r", N_("jurnal")),
        ),
        over=True,
        page="duty",
    ),
    Place(
        "merge",
        N_("Laporan yang dibandingkan"),
        (
            Key(" ", N_("ikut atau tidak"), "␣"),
            Key("A", N_("semua ikut, atau tidak satu pun")),
            Key("v", N_("foto laporan yang ditunjuk; tercatat")),
            Key("Enter", N_("gabungkan yang dicentang"), "Enter"),
        ),
        over=True,
    ),
    Place(
        "apel",
        N_("Apel"),
        (
            Key("h", N_("hadir")),
            Key("s", N_("sakit")),
            Key("i", N_("izin")),
            Key("b", N_("BKO")),
            Key("t", N_("terlambat")),
            Key("d", N_("sidang")),
            Key("l", N_("lepas dinas")),
            Key("j", N_("berikutnya"), "J ↓"),
            Key("k", N_("sebelumnya"), "K ↑"),
            Key("H", N_("sisa kelompok hadir")),
            Key("o", N_("keterangan"), writes=True),
            Key("p", N_("cetak")),
        ),
        over=True,
        page="shift",
    ),
    Place(
        "handover",
        N_("Serah terima"),
        (
            Key("j", N_("berikutnya"), "J ↓"),
            Key("k", N_("sebelumnya"), "K ↑"),
            Key("t", N_("terima")),
            Key("T", N_("terima sisanya")),
            Key("q", N_("kembalikan dengan pertanyaan"), writes=True),
            Key("r", N_("jawab pertanyaan"), writes=True),
            Key("o", N_("tulis yang terjadi dan yang mungkin terjadi"), writes=True),
            Key("v", N_("lihat kejadian")),
            Key("p", N_("cetak")),
        ),
        over=True,
        page="handover",
    ),
    Place(
        "figures",
        N_("Angka"),
        (
            Key("ArrowLeft", N_("sebelumnya"), "←"),
            Key("ArrowRight", N_("berikutnya"), "→"),
            Key("c", N_("tabel CSV")),
            Key("p", N_("laporan harian")),
        ),
        over=True,
        page="figures",
    ),
    Place(
        "replay",
        N_("Putar ulang"),
        (
            Key(" ", N_("putar atau henti"), "⎵"),
            Key("ArrowRight", N_("peristiwa berikutnya; dengan ⇧ satu menit"), "→"),
            Key("ArrowLeft", N_("peristiwa sebelumnya; dengan ⇧ satu menit"), "←"),
            Key("Home", N_("awal jam"), "Home"),
            Key("End", N_("akhir jam"), "End"),
            Key("1", N_("kecepatan"), "1–5"),
            Key("b", N_("penanda di sini"), writes=True),
        ),
        over=True,
        page="replay",
    ),
    Place(
        "evidence",
        N_("Bukti yang dibuka"),
        (
            Key("ArrowRight", N_("berikutnya"), "→"),
            Key("ArrowLeft", N_("sebelumnya"), "←"),
            Key("+", N_("perbesar; panah menggeser"), "+"),
            Key("-", N_("perkecil"), "−"),
            Key("Home", N_("utuh"), "Home"),
            Key("x", N_("putar seperempat")),
            Key(" ", N_("putar atau jeda video"), "⎵"),
            Key("v", N_("tutup bukti; juga Esc")),
        ),
        over=True,
    ),
)

TICKS = {
    "armed": "b", "injured": "u", "crowd": "g", "vehicle": "p", "fire": "i", "children": "a", "night": "w",
}  # fmt: skip

# In the menu of every other step, once it is open. Where the page has a key for the same step, it is that.
LETTERS = {step.name: step.menu.letter for step in STEPS.values() if step.menu} | {"page": "x"}


def told(say: Callable[[str], str]) -> list[Place]:
    """The list in somebody's language."""

    def words(place: Place) -> Place:
        keys = tuple(replace(key, words=say(key.words)) for key in place.keys)
        return replace(place, words=say(place.words), keys=keys)

    return [words(place) for place in PLACES]
