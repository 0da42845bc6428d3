"""Every step an incident can take, one row each: from, to, who may, how its reporter hears of it, whose sight of it ends,
and what the diary says. The only table: whoever wants to know any of it reads the row.

A police chief could check this page. The row decides who and when; what a step changes
stands beside the thing it changes, in a function of the same name.
"""

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from enum import Flag, StrEnum, auto
from typing import Any

from models.asked import Asked, asked_of
from models.errors import N_
from models.roles import DUTY, REPORTERS, Role


class Status(StrEnum):
    NEW = "new"
    CLAIMED = "claimed"
    DISPATCHED = "dispatched"
    ON_SCENE = "on_scene"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"
    FORWARDED = "forwarded"  # to the command on whose ground it is
    MERGED = "merged"


class Who(StrEnum):
    ANYONE = "citizen, guest by Respons Cepat, officer for a caller, intake key"
    OFFICER = "any officer"  # or supervisor
    HOLDER = "holder"  # who claimed it, or was given it
    TAKER = "any officer while it is new, else the holder"
    HOLDER_OR_SUPERVISOR = "holder or supervisor"
    SUPERVISOR = "supervisor"
    REPORTER = "reporter"
    REOPENER = "reporter, supervisor, or the officer who closed it, for a while"
    LIAISON = "the partner's liaison"
    EITHER = "any officer, or the partner's liaison"
    CLOCK = "the clock"


ROLES: dict[Who, tuple[Role, ...]] = {
    Who.ANYONE: (),  # filing makes an incident, it is never a step of one
    Who.OFFICER: DUTY,
    Who.HOLDER: DUTY,
    Who.TAKER: DUTY,
    Who.HOLDER_OR_SUPERVISOR: DUTY,
    Who.SUPERVISOR: (Role.SUPERVISOR,),
    Who.REPORTER: REPORTERS,
    Who.REOPENER: (*REPORTERS, *DUTY),
    Who.LIAISON: (Role.LIAISON,),
    Who.EITHER: (*DUTY, Role.LIAISON),
    Who.CLOCK: (Role.CLOCK,),
}


class Hears(Flag):
    """How the reporter hears of it: by a notification, quiet or urgent (the next step makes it old), and, who gets none,
    by a message to their phone."""

    NOT = 0
    QUIETLY = auto()
    URGENTLY = auto()
    BY_PHONE = auto()


class Sight(StrEnum):
    """Whose sight of the incident it ends."""

    NOBODY = "nobody"
    DECLINER = "the partner who declines"
    FINISHER = "the partner who finishes"
    PARTNERS = "partners"
    RESTRICTED = "partners, officers and walls, when it is about officers"


NEW, CLAIMED, DISPATCHED, ON_SCENE = Status.NEW, Status.CLAIMED, Status.DISPATCHED, Status.ON_SCENE
RESOLVED, DISMISSED, FORWARDED, MERGED = Status.RESOLVED, Status.DISMISSED, Status.FORWARDED, Status.MERGED
CLOSED = (RESOLVED, DISMISSED, FORWARDED)
OPEN = (NEW, CLAIMED, DISPATCHED, ON_SCENE)
HELD = (CLAIMED, DISPATCHED, ON_SCENE)
OUT = (DISPATCHED, ON_SCENE)
ANY = tuple(Status)
NOT, QUIETLY, URGENTLY, BY_PHONE = Hears.NOT, Hears.QUIETLY, Hears.URGENTLY, Hears.BY_PHONE


@dataclass(frozen=True)
class Menu:
    """How officers find it among the steps, and what its dialog says: the menu's word, its sign (templates/_icons.html) and
    the letter that presses it there. `title`: of the dialog and its button, where they say less; `key`: presses it on the panel."""

    words: str
    sign: str
    letter: str
    _: KW_ONLY
    title: str = ""
    says: str = ""
    key: str = ""


@dataclass(frozen=True)
class Row:
    """What the record tells of."""

    name: str
    _: KW_ONLY
    says: str = ""  # in the diary; without it, the diary leaves it out
    kinds: Mapping[str, str] = field(default_factory=dict)  # what it says instead, of some kinds of it
    hears: Hears = NOT
    ends: Sight = Sight.NOBODY
    moves: bool = False  # it may be elsewhere, or of another priority: walls that show a part may lose it
    eyes: bool = False  # somebody takes it in hand: the reporter reads who saw their complaint
    own_words: bool = False  # what it notes is what the reporter wrote, and goes with their account
    calm: bool = False  # nothing new in it for the supervisor: what they noticed or shelved stays so (shelving.py)


@dataclass(frozen=True)
class Step(Row):
    """What somebody may do."""

    start: tuple[Status, ...]
    end: Status | None  # None: the status stays
    who: Who
    _: KW_ONLY
    gives: bool = False  # to somebody else, who has to say that they know
    takes: bool = False  # from whoever holds it, who has to say that they know, when it was somebody else
    anyhow: bool = False  # whatever has happened to it meanwhile: words go to the incident they were said to
    but: str = ""  # what from, to and who cannot say, for whoever reads this page; the effect decides it
    menu: Menu | None = None  # among what may be done about an incident; without it, it has a place of its own there

    @property
    def carries(self) -> tuple[Asked, ...]:
        """What whoever takes it says with it: the signature of its effect."""
        return asked_of(EFFECTS[self.name]) if self.name in EFFECTS else ()


STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step("file", (), NEW, Who.ANYONE, hears=QUIETLY,
             says=N_("{who} melaporkan"),
             kinds={
                 "caller": N_("{who} mencatat laporan penelepon"),
                 "walk_in": N_("{who} mencatat laporan orang yang datang"),
                 "intake": N_("Masuk dari aplikasi lain"),
             }),
        Step("claim", (NEW,), CLAIMED, Who.OFFICER, hears=URGENTLY | BY_PHONE, eyes=True,
             says=N_("{who} mengambil")),
        Step("acknowledge", OPEN, None, Who.OFFICER, calm=True,
             but="who was given it, or lost it, says that they know",
             says=N_("{who} sudah mengetahuinya")),
        Step("lapse", HELD, None, Who.CLOCK,
             but="the holder's console is silent",
             says=N_("Konsol pemegang terputus"),
             kinds={"account": N_("Akun pemegang ditutup atau berubah: siapa pun boleh mengambilnya")}),
        Step("renew", HELD, None, Who.CLOCK, calm=True,
             but="it is back",
             says=N_("Konsol pemegang tersambung lagi")),
        Step("reclaim", HELD, None, Who.OFFICER, eyes=True, takes=True,
             but="while lapsed",
             says=N_("{who} mengambil dari konsol yang terputus")),
        Step("dispatch", (CLAIMED,), DISPATCHED, Who.HOLDER, hears=URGENTLY | BY_PHONE,
             but="more than are free: with a reason",
             says=N_("{who} mengirim {personnel} personel: {stations}"),
             kinds={"over": N_("{who} mengirim {personnel} personel, melebihi yang bebas: {stations}. Alasan: {reason}")}),
        Step("reinforce", OUT, None, Who.HOLDER,
             but="more than are free: with a reason",
             says=N_("{who} menambah {personnel} personel: {stations}"),
             kinds={"over": N_("{who} menambah {personnel} personel, melebihi yang bebas: {stations}. Alasan: {reason}")},
             menu=Menu(N_("Tambah personel"), "people", "p")),
        Step("arrive", OUT, ON_SCENE, Who.HOLDER, hears=URGENTLY,
             but="the first arrival puts it on scene; without a number, all that are on their way arrive",
             says=N_("{who} mencatat {personnel} personel tiba di TKP")),
        Step("clear", OUT, None, Who.HOLDER,
             says=N_("{who} mencatat personel kembali")),
        Step("recall", OUT, CLAIMED, Who.HOLDER,
             says=N_("{who} menarik personel: {reason}"),
             menu=Menu(N_("Tarik personel"), "undo", "k",
                       says=N_("Semua personel kembali ke pos, kejadian kembali ke Ditangani."))),
        Step("assign", (NEW,), CLAIMED, Who.SUPERVISOR, hears=URGENTLY | BY_PHONE, eyes=True, gives=True,
             but="to an officer who may see it; to one who is not at the desk only when asked twice",
             says=N_("{who} memberikannya ke {officer}: {reason}"),
             kinds={"absent": N_("{who} memberikannya ke {officer}, yang tidak di meja: {reason}")},
             menu=Menu(N_("Berikan kepada petugas"), "swap", "g", title=N_("Berikan"),
                       says=N_("Kejadian diambil atas namanya."))),
        Step("release", (CLAIMED,), NEW, Who.HOLDER_OR_SUPERVISOR, takes=True,
             but="without a reason within 20 s",
             says=N_("{who} melepas: {reason}"),
             menu=Menu(N_("Lepas"), "back", "h",
                       says=N_("Kejadian kembali menunggu dan berbunyi lagi."))),
        Step("reassign", HELD, None, Who.SUPERVISOR, eyes=True, gives=True, takes=True,
             but="to an officer who may see it; to one who is not at the desk only when asked twice",
             says=N_("{who} mengalihkannya ke {officer}: {reason}"),
             kinds={"absent": N_("{who} mengalihkannya ke {officer}, yang tidak di meja: {reason}")},
             menu=Menu(N_("Alihkan ke petugas lain"), "swap", "a", title=N_("Alihkan"))),
        Step("hand_back", HELD, None, Who.HOLDER, gives=True,
             but="given, and not acknowledged yet; to the supervisor who gave it",
             says=N_("{who} tidak bisa menanganinya, kembali ke {officer}: {reason}")),
        Step("take_over", HELD, None, Who.SUPERVISOR, eyes=True, takes=True,
             says=N_("{who} mengambil alih: {reason}"),
             menu=Menu(N_("Ambil alih"), "swap", "w")),
        Step("resolve", HELD, RESOLVED, Who.HOLDER, hears=QUIETLY | BY_PHONE, ends=Sight.PARTNERS,
             says=N_("{who} menyelesaikan: {note}"),
             kinds={
                 "told": N_("{who} menyelesaikan. Kepada pelapor: {told}"),
                 "noted_told": N_("{who} menyelesaikan: {note}. Kepada pelapor: {told}"),
             },
             menu=Menu(N_("Selesaikan"), "check", "e", key="e",
                       says=N_("Personel tercatat kembali ke pos. Pelapor yang punya akun membaca hasil dan kalimat untuknya, bukan catatannya."))),
        Step("refer", OPEN, None, Who.HOLDER, hears=QUIETLY,
             but="about officers: by a supervisor, with a reason; all of it to another than its category's own: only when asked twice",
             says=N_("{who} merujuk ke {name}: {reason}"),
             menu=Menu(N_("Rujuk ke instansi"), "share", "r", title=N_("Rujuk"),
                       says=N_("Instansi melihat tingkat yang Anda pilih, 12 jam sejak kabar terakhir; tanpa akun di sana, hanya lewat tautan sampai dijawab. Pelapor melihat bahwa laporannya dirujuk. Dalam 20 detik, sebelum dijawab, Z mengakhirinya lagi: yang sudah dibaca tetap terbaca."))),
        Step("link", OPEN, None, Who.HOLDER_OR_SUPERVISOR,
             but="while the referral waits for its answer; to a partner with a number and nobody who signs in, never about officers",
             says=N_("{who} meminta tautan dikirim ke {name}, {to}")),
        Step("accept", OPEN, None, Who.LIAISON, hears=QUIETLY,
             says=N_("{name} menerima rujukan"),
             kinds={"link": N_("Dijawab lewat tautan, tidak diketahui oleh siapa: {name} menerima rujukan: {note}")}),
        Step("decline", OPEN, None, Who.LIAISON, hears=QUIETLY, ends=Sight.DECLINER,
             says=N_("{name} menolak rujukan: {note}"),
             kinds={"link": N_("Dijawab lewat tautan, tidak diketahui oleh siapa: {name} menolak rujukan: {note}")}),
        Step("finish", (*OPEN, *CLOSED), None, Who.LIAISON, hears=QUIETLY, ends=Sight.FINISHER,
             but="also once we have closed it",
             says=N_("{name} menyelesaikan: {note}")),
        Step("extend", OPEN, None, Who.HOLDER_OR_SUPERVISOR, anyhow=True,
             but="what lasts, where somebody signs in: the partner sees it for 12 hours from now",
             says=N_("{who} memperpanjang rujukan ke {name} 12 jam")),
        Step("consult", OPEN, None, Who.OFFICER, anyhow=True,
             but="while the referral lasts, to a partner where somebody signs in",
             says=N_("{who} menulis ke {name}: {words}")),
        Step("respond", OPEN, None, Who.LIAISON, anyhow=True,
             but="while the referral lasts",
             says=N_("{name} menulis: {words}")),
        Step("heed", (*OPEN, *CLOSED), None, Who.EITHER, anyhow=True,
             but="what the other side wrote",
             says=N_("{who} membaca pesan {name}"),
             kinds={"partner": N_("{name} membaca pesan petugas")}),
        Step("merge", (NEW, CLAIMED), MERGED, Who.TAKER, eyes=True,
             but="on the one that stays, `source` names each that comes, and `claim` takes it with the same press",
             says=N_("{who} menggabungkannya ke {number}"),
             kinds={
                 "absorbed": N_("{who} menggabungkan {number} ke sini"),
                 "gathered": N_("{who} menggabungkan {n} kejadian di sini"),
                 "claimed": N_("{who} mengambil dan menggabungkan {n} kejadian di sini"),
             },
             menu=Menu(N_("Gabungkan"), "link", "m")),
        Step("unmerge", (MERGED,), None, Who.OFFICER,
             but="back to what it was before",
             says=N_("{who} memisahkannya dari {number}"),
             kinds={"released": N_("{who} memisahkan {number} dari sini")},
             menu=Menu(N_("Pisahkan lagi"), "link", "u")),
        Step("reprioritise", OPEN, None, Who.HOLDER_OR_SUPERVISOR, moves=True,
             says=N_("{who} mengubah prioritas: {reason}"),
             menu=Menu(N_("Ubah prioritas"), "flag", "i")),
        Step("recategorise", OPEN, None, Who.HOLDER_OR_SUPERVISOR, ends=Sight.RESTRICTED, moves=True,
             but="what turns out to be about officers leaves a holder who may not see it, and is new again",
             says=N_("{who} mengubah jenis: {reason}"),
             kinds={
                 "raised": N_("{who} mengubah jenis: {reason}. Prioritas naik ke P{raised}"),
                 "away": N_("{who} mengubah jenis: {reason}. Pemegang melepasnya, untuk pengawas"),
                 "away_raised": N_("{who} mengubah jenis: {reason}. Prioritas naik ke P{raised}. Pemegang melepasnya, untuk pengawas"),
             },
             menu=Menu(N_("Ubah jenis"), "doc", "j",
                       says=N_("Jenis yang lebih gawat menaikkan prioritas; turun hanya lewat Ubah prioritas. Bila tentang petugas, kejadian menjadi baru lagi dan hanya untuk pengawas: petugas melepasnya, personel ditarik, rujukan berakhir."))),
        Step("relocate", OPEN, None, Who.HOLDER_OR_SUPERVISOR, moves=True,
             says=N_("{who} memindahkan lokasi: {reason}"),
             menu=Menu(N_("Pindahkan lokasi"), "pin", "o",
                       says=N_("Tunjuk titik di peta, atau isi koordinatnya."))),
        Step("locate", OPEN, None, Who.REPORTER, own_words=True, moves=True,
             but="moves the pin until an officer corrected it; afterwards it is told, and the officer's point stands",
             says=N_("{who} mengirim lokasi: {words}"),
             kinds={
                 "kept": N_("{who} mengirim lokasi, titik di peta tetap: {words}"),
                 "unknown": N_("{who} menulis tempat yang tidak ada di peta: {words}"),
                 "here": N_("{who} memastikan titiknya, bukan {words}"),
                 "unsure": N_("{who} tidak tahu tempat mana yang dimaksud: {words}"),
             }),
        Step("dismiss", OPEN, DISMISSED, Who.TAKER, hears=QUIETLY | BY_PHONE, ends=Sight.PARTNERS,
             says=N_("{who} menolak: {note}"),
             kinds={
                 "told": N_("{who} menolak. Kepada pelapor: {told}"),
                 "noted_told": N_("{who} menolak: {note}. Kepada pelapor: {told}"),
             },
             menu=Menu(N_("Tolak laporan"), "x", "t",
                       says=N_("Pelapor yang punya akun membaca alasan dan kalimat untuknya, bukan catatannya."))),
        Step("forward", OPEN, FORWARDED, Who.TAKER, hears=QUIETLY | BY_PHONE, ends=Sight.PARTNERS,
             but="to the command on whose ground it is; to any other, or about officers, with a reason",
             says=N_("{who} melimpahkan ke {name}: {reason}"),
             menu=Menu(N_("Limpahkan ke komando tetangga"), "share", "f", key="F", title=N_("Limpahkan"),
                       says=N_("Sampaikan dulu lewat telepon atau radio: Siaga tidak mengirim apa pun ke sana. Kejadian ditutup di sini, personel tercatat kembali ke pos. Pelapor yang punya akun membaca ke mana, dan nomornya kalau tercatat."))),
        Step("reopen", CLOSED, NEW, Who.REOPENER, hears=QUIETLY, own_words=True,
             but="the reporter within 72 hours, whoever closed it within 10 minutes",
             says=N_("{who} membuka lagi: {reason}"),
             menu=Menu(N_("Buka lagi"), "undo", "b",
                       says=N_("Kejadian menunggu lagi. Pelapor yang punya akun melihatnya."))),
        Step("rate", (RESOLVED, DISMISSED), None, Who.REPORTER, own_words=True,
             but="once for each closing",
             says=N_("{who} memberi nilai {stars} dari 5: {words}")),
        Step("ask", ANY, None, Who.OFFICER, anyhow=True, hears=QUIETLY | BY_PHONE,
             but="of one `complaint`, or of `everyone` under it",
             says=N_("{who} menulis ke pelapor: {words}"),
             kinds={
                 "everyone": N_("{who} menulis ke {n} pelapor: {words}"),
                 "page": N_("{who} menulis ke pelapor, tanpa pemberitahuan: {words}"),
                 "call": N_("{who} menulis, tetapi pelapor tanpa akun tidak dapat membacanya: {words}"),
             }),
        Step("reply", ANY, None, Who.REPORTER, anyhow=True, own_words=True,
             says=N_("{who} membalas: {words}")),
        Step("hear_out", CLOSED, None, Who.OFFICER, anyhow=True, calm=True,
             but="what the reporter wrote once it was closed",
             says=N_("{who} membaca kata pelapor sesudah ditutup")),
        Step("note", ANY, None, Who.OFFICER, anyhow=True,
             says=N_("{who} mencatat: {words}")),
        Step("explain", ANY, None, Who.HOLDER_OR_SUPERVISOR, anyhow=True, calm=True,
             but="why a target passed, for the figures; the newest reason of a round counts",
             says=N_("{who} menulis mengapa lewat target: {reason}"),
             menu=Menu(N_("Sebab lewat target"), "late", "l",
                       says=N_("Satu kalimat pendek, misalnya: macet Jl. Iskandar Muda. Dibaca di Angka dan di laporan harian."))),
        Step("preserve", ANY, None, Who.SUPERVISOR, calm=True,
             but="no period and no erasure touches what is preserved",
             says=N_("{who} menangguhkan pemusnahan: {reason}"),
             menu=Menu(N_("Tangguhkan pemusnahan"), "lock", "y",
                       says=N_("Kejadian ini disimpan dengan semua laporan, bukti, dan jejak siapa yang melihatnya, juga setelah masa simpannya lewat, sampai pengawas mencabutnya."))),
        Step("unpreserve", ANY, None, Who.SUPERVISOR, calm=True,
             says=N_("{who} mencabut penangguhan pemusnahan: {reason}"),
             menu=Menu(N_("Cabut penangguhan pemusnahan"), "lock", "n", title=N_("Cabut penangguhan"),
                       says=N_("Masa simpan berlaku lagi: yang sudah lewat dimusnahkan pada malam berikutnya."))),
        Step("notice", OPEN, None, Who.SUPERVISOR, calm=True,
             but="it comes back with the next rung, and with anything new",
             says=N_("{who} melihatnya di meja Pawas")),
        Step("shelve", OPEN, None, Who.SUPERVISOR, calm=True,
             but="likewise, and when its 15, 30 or 60 minutes are over",
             says=N_("{who} meredamnya {minutes} menit di meja Pawas: {note}")),
        Step("undo", ANY, None, Who.OFFICER, anyhow=True,
             but="as it stood; whoever took the step, within 20 s, if nothing newer changed it",
             says=N_("{who} membatalkan langkahnya"),
             kinds={
                 "claim": N_("{who} membatalkan pengambilan"),
                 "dispatch": N_("{who} membatalkan pengiriman {personnel} personel"),
                 "reinforce": N_("{who} membatalkan tambahan {personnel} personel"),
                 "arrive": N_("{who} membatalkan kedatangan di TKP"),
                 "clear": N_("{who} membatalkan kembalinya personel"),
                 "refer": N_("{who} membatalkan rujukan ke {name}"),
                 "resolve": N_("{who} membatalkan penyelesaian"),
                 "dismiss": N_("{who} membatalkan penolakan"),
                 "forward": N_("{who} membatalkan pelimpahan"),
                 "merge": N_("{who} membatalkan penggabungan: {number}"),
             }),
        Step("stand_down", OPEN, RESOLVED, Who.CLOCK, ends=Sight.PARTNERS,
             but="of an exercise that is over",
             says=N_("Latihan selesai: kejadian latihan ditutup")),
        Step("escalate", OPEN, None, Who.CLOCK,
             but="once for each target that passes",
             says=N_("Lewat target")),
    )
}  # fmt: skip

# What the record tells of an incident besides, and is nobody's step.
BESIDES: dict[str, Row] = {
    row.name: row
    for row in (
        Row("alert", says=N_("Meja Pawas dibunyikan"),
             kinds={
                 "desk_failed": N_("Meja Pawas dibunyikan, tetapi kosong"),
                 "lead": N_("Pesan ke {to} terkirim: belum ada yang mengambil"),
                 "lead_written": N_("Pesan ke {to} terkirim: kata pelapor belum dibaca"),
                 "lead_failed": N_("Pesan ke Pawas gagal, {why}: {to}"),
                 "lead_unknown": N_("Pesan ke {to} mungkin sampai: jawabannya tidak tercatat"),
                 "push": N_("Notifikasi ke {to} diterima layanan push: belum ada yang mengambil"),
                 "push_written": N_("Notifikasi ke {to} diterima layanan push: kata pelapor belum dibaca"),
                 "push_failed": N_("Notifikasi ke {to} gagal, {why}"),
                 "push_unknown": N_("Notifikasi ke {to} mungkin sampai: jawabannya tidak tercatat"),
                 "command": N_("Pesan ke piket komando terkirim: belum ada yang mengambil"),
                 "command_written": N_("Pesan ke piket komando terkirim: kata pelapor belum dibaca"),
                 "command_failed": N_("Pesan ke piket komando gagal, {why}"),
                 "command_unknown": N_("Pesan ke piket komando mungkin sampai: jawabannya tidak tercatat"),
             }),
        Row("linked", says=N_("Tautan terkirim ke {name}, {to}"),
             kinds={"failed": N_("Tautan ke {name}, {to} gagal, {why}")}),
        Row("attach", says=N_("{who} menambah bukti")),
        Row("develop", calm=True, says=N_("Bukti diperiksa"),
             kinds={"unreadable": N_("Bukti tidak terbaca")}),
        Row("unrefer", ends=Sight.PARTNERS,
             says=N_("{who} mengakhiri rujukan ke {name}: {note}"),
             kinds={
                 "silent": N_("Rujukan ke {name} berakhir: 12 jam tanpa kabar"),
                 "unwritten": N_("Rujukan ke {name} berakhir: 24 jam tanpa catatan akhir"),
                 "slip": N_("Rujukan ke {name} berakhir, mungkin sudah dibaca"),
             }),
        Row("sweep", calm=True, says=N_("Bukti dimusnahkan: masa simpannya lewat")),
        Row("prove",
             says=N_("{who} membuktikan nomor HP-nya")),
        Row("hush", says=N_("{who} masuk Mode senyap: jangan telepon, tidak ada pesan ke HP-nya"),
             kinds={"left": N_("{who} keluar dari Mode senyap")}),
        Row("read", calm=True, says=N_("{who} membaca pesan")),
        Row("erase", says=N_("Pelapor menghapus akunnya")),
        Row("look", calm=True,
             kinds={
                 "identity": N_("{who} membuka identitas pelapor"),
                 "evidence": N_("{who} membuka bukti"),
                 "phone": N_("{who} mencarinya lewat nomor telepon"),
             }),
        Row("let_go", hears=QUIETLY),
        Row("upload", calm=True),
        Row("like", calm=True),
    )
}  # fmt: skip
ROWS: dict[str, Row] = {**BESIDES, **STEPS}

Effect = Callable[..., dict[str, Any] | None]
EFFECTS: dict[str, Effect] = {}


Afterwards = Callable[..., dict[str, Any] | None]
AFTERWARDS: list[Afterwards] = []


def afterwards(function: Afterwards) -> Afterwards:
    """Marks what follows any step, before it is noted: f(incident, by, step, before), with the values of before it.

    What it returns is noted with the step.
    """
    AFTERWARDS.append(function)
    return function


def effect(function: Effect) -> Effect:
    """Marks what the step of the same name changes: f(incident, by, **given) → what to note.

    None means that it is so already: a plain yes, and nothing is recorded.
    """
    EFFECTS[function.__name__] = function
    return function
