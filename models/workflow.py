"""Every step an incident can take, one row each: from, to, who may, how its reporter hears of it, whose sight of it ends,
and what the diary says. The only table: whoever wants to know any of it reads the row.

A police chief could check this page. The row decides who and when; what a step changes
stands beside the thing it changes, in a function of the same name.
"""

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from enum import Flag, StrEnum, auto
from typing import Any

from models.errors import N_


class Status(StrEnum):
    NEW = "new"
    CLAIMED = "claimed"
    DISPATCHED = "dispatched"
    ON_SCENE = "on_scene"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"
    MERGED = "merged"


class Who(StrEnum):
    ANYONE = "citizen, officer for a caller, intake key"
    OFFICER = "officer"  # any officer or supervisor
    HOLDER = "holder"  # the officer who claimed it
    TAKER = "taker"  # any officer while it is new, else the holder
    HOLDER_OR_SUPERVISOR = "holder or supervisor"
    SUPERVISOR = "supervisor"
    REPORTER = "reporter"
    REOPENER = "reporter, supervisor, or the officer who closed it, for a while"
    LIAISON = "liaison"
    CLOCK = "clock"


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
RESOLVED, DISMISSED, MERGED = Status.RESOLVED, Status.DISMISSED, Status.MERGED
OPEN = (NEW, CLAIMED, DISPATCHED, ON_SCENE)
HELD = (CLAIMED, DISPATCHED, ON_SCENE)
OUT = (DISPATCHED, ON_SCENE)
ANY = tuple(Status)
NOT, QUIETLY, URGENTLY, BY_PHONE = Hears.NOT, Hears.QUIETLY, Hears.URGENTLY, Hears.BY_PHONE


@dataclass(frozen=True)
class Row:
    """What the record tells of."""

    name: str
    _: KW_ONLY
    says: str = ""  # in the diary; without it, the diary leaves it out
    kinds: Mapping[str, str] = field(default_factory=dict)  # what it says instead, of some kinds of it
    hears: Hears = NOT
    ends: Sight = Sight.NOBODY
    eyes: bool = False  # somebody takes it in hand: the reporter reads who saw their complaint
    own_words: bool = False  # what it notes is what the reporter wrote, and goes with their account


@dataclass(frozen=True)
class Step(Row):
    """What somebody may do."""

    start: tuple[Status, ...]
    end: Status | None  # None: the status stays
    who: Who
    carries: tuple[str, ...] = ()


STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step("file", (), NEW, Who.ANYONE, ("category", "words", "place"), hears=QUIETLY,
             says=N_("{who} melaporkan"),
             kinds={
                 "caller": N_("{who} mencatat laporan penelepon"),
                 "walk_in": N_("{who} mencatat laporan orang yang datang"),
                 "intake": N_("Masuk dari aplikasi lain"),
             }),
        Step("claim", (NEW,), CLAIMED, Who.OFFICER, hears=URGENTLY | BY_PHONE, eyes=True,
             says=N_("{who} mengambil")),
        Step("assign", (NEW,), CLAIMED, Who.SUPERVISOR, ("officer", "reason"), hears=URGENTLY | BY_PHONE, eyes=True,
             says=N_("{who} memberikannya ke {officer}: {reason}")),
        Step("acknowledge", OPEN, None, Who.OFFICER,
             says=N_("{who} sudah mengetahuinya")),
        Step("release", (CLAIMED,), NEW, Who.HOLDER_OR_SUPERVISOR, ("reason",),
             says=N_("{who} melepas: {reason}")),
        Step("lapse", HELD, None, Who.CLOCK,
             says=N_("Konsol pemegang terputus"),
             kinds={"account": N_("Akun pemegang ditutup atau berubah: siapa pun boleh mengambilnya")}),
        Step("renew", HELD, None, Who.CLOCK,
             says=N_("Konsol pemegang tersambung lagi")),
        Step("reclaim", HELD, None, Who.OFFICER, eyes=True,
             says=N_("{who} mengambil dari konsol yang terputus")),
        Step("take_over", HELD, None, Who.SUPERVISOR, ("reason",), eyes=True,
             says=N_("{who} mengambil alih: {reason}")),
        Step("reassign", HELD, None, Who.SUPERVISOR, ("reason", "officer"), eyes=True,
             says=N_("{who} mengalihkannya ke {officer}: {reason}")),
        Step("dispatch", (CLAIMED,), DISPATCHED, Who.HOLDER, ("personnel", "station", "modifier", "reason"), hears=URGENTLY | BY_PHONE,
             says=N_("{who} mengirim {personnel} personel: {stations}")),
        Step("reinforce", OUT, None, Who.HOLDER, ("personnel", "station", "reason"),
             says=N_("{who} menambah {personnel} personel: {stations}")),
        Step("arrive", OUT, ON_SCENE, Who.HOLDER, ("dispatch",), hears=URGENTLY,
             says=N_("{who} mencatat {personnel} personel tiba di TKP")),
        Step("clear", OUT, None, Who.HOLDER, ("dispatch",),
             says=N_("{who} mencatat personel kembali")),
        Step("recall", OUT, CLAIMED, Who.HOLDER, ("reason",),
             says=N_("{who} menarik personel: {reason}")),
        Step("resolve", HELD, RESOLVED, Who.HOLDER, ("outcome", "note"), hears=QUIETLY | BY_PHONE, ends=Sight.PARTNERS,
             says=N_("{who} menyelesaikan: {note}")),
        Step("dismiss", OPEN, DISMISSED, Who.TAKER, ("reason", "note"), hears=QUIETLY | BY_PHONE, ends=Sight.PARTNERS,
             says=N_("{who} menolak: {note}")),
        Step("merge", (NEW, CLAIMED), MERGED, Who.TAKER, ("into",), eyes=True,  # taken with the same press
             says=N_("{who} menggabungkannya ke {number}"),
             kinds={
                 "absorbed": N_("{who} menggabungkan {number} ke sini"),
                 "gathered": N_("{who} menggabungkan {n} kejadian di sini"),
                 "claimed": N_("{who} mengambil dan menggabungkan {n} kejadian di sini"),
             }),
        Step("unmerge", (MERGED,), None, Who.OFFICER,
             says=N_("{who} memisahkannya dari {number}"),
             kinds={"released": N_("{who} memisahkan {number} dari sini")}),
        Step("refer", OPEN, None, Who.HOLDER, ("agency", "tier", "note", "reason"), hears=QUIETLY,
             says=N_("{who} merujuk ke {name}: {reason}")),
        Step("accept", OPEN, None, Who.LIAISON, ("note",), hears=QUIETLY,
             says=N_("{name} menerima rujukan")),
        Step("decline", OPEN, None, Who.LIAISON, ("note",), hears=QUIETLY, ends=Sight.DECLINER,
             says=N_("{name} menolak rujukan: {note}")),
        Step("finish", (*OPEN, RESOLVED, DISMISSED), None, Who.LIAISON, ("note",), hears=QUIETLY, ends=Sight.FINISHER,
             says=N_("{name} menyelesaikan: {note}")),
        Step("ask", ANY, None, Who.OFFICER, ("words", "complaint", "everyone"), hears=QUIETLY | BY_PHONE,
             says=N_("{who} menulis ke pelapor: {words}"),
             kinds={
                 "everyone": N_("{who} menulis ke {n} pelapor: {words}"),
                 "page": N_("{who} menulis ke pelapor, tanpa pemberitahuan: {words}"),
                 "call": N_("{who} menulis, tetapi pelapor tanpa akun tidak dapat membacanya: {words}"),
             }),
        Step("reply", ANY, None, Who.REPORTER, ("words", "complaint"), own_words=True,
             says=N_("{who} membalas: {words}")),
        Step("note", ANY, None, Who.OFFICER, ("words",),
             says=N_("{who} mencatat: {words}")),
        Step("reprioritise", OPEN, None, Who.HOLDER_OR_SUPERVISOR, ("priority", "reason"),
             says=N_("{who} mengubah prioritas: {reason}")),
        Step("relocate", OPEN, None, Who.HOLDER_OR_SUPERVISOR, ("lat", "lon", "landmark", "reason"),
             says=N_("{who} memindahkan lokasi: {reason}")),
        Step("recategorise", OPEN, None, Who.HOLDER_OR_SUPERVISOR, ("category", "reason"), ends=Sight.RESTRICTED,
             says=N_("{who} mengubah jenis: {reason}"),
             kinds={
                 "raised": N_("{who} mengubah jenis: {reason}. Prioritas naik ke P{raised}"),
                 "away": N_("{who} mengubah jenis: {reason}. Pemegang melepasnya, untuk pengawas"),
                 "away_raised": N_("{who} mengubah jenis: {reason}. Prioritas naik ke P{raised}. Pemegang melepasnya, untuk pengawas"),
             }),
        Step("reopen", (RESOLVED, DISMISSED), NEW, Who.REOPENER, ("reason",), hears=QUIETLY, own_words=True,
             says=N_("{who} membuka lagi: {reason}")),
        Step("preserve", ANY, None, Who.SUPERVISOR, ("reason",),
             says=N_("{who} menangguhkan pemusnahan: {reason}")),
        Step("unpreserve", ANY, None, Who.SUPERVISOR, ("reason",),
             says=N_("{who} mencabut penangguhan pemusnahan: {reason}")),
        Step("undo", ANY, None, Who.OFFICER, ("step",),
             says=N_("{who} membatalkan langkahnya"),
             kinds={
                 "claim": N_("{who} membatalkan pengambilan"),
                 "dispatch": N_("{who} membatalkan pengiriman {personnel} personel"),
                 "reinforce": N_("{who} membatalkan tambahan {personnel} personel"),
                 "arrive": N_("{who} membatalkan kedatangan di TKP"),
                 "clear": N_("{who} membatalkan kembalinya personel"),
                 "resolve": N_("{who} membatalkan penyelesaian"),
                 "dismiss": N_("{who} membatalkan penolakan"),
                 "merge": N_("{who} membatalkan penggabungan: {number}"),
             }),
        Step("rate", (RESOLVED, DISMISSED), None, Who.REPORTER, ("stars", "words", "complaint"), own_words=True,
             says=N_("{who} memberi nilai {stars} dari 5: {words}")),
        Step("escalate", OPEN, None, Who.CLOCK,
             says=N_("Lewat target")),
    )
}  # fmt: skip

# What the record tells of an incident besides, and is nobody's step.
BESIDES: dict[str, Row] = {
    row.name: row
    for row in (
        Row("attach", says=N_("{who} menambah bukti")),
        Row("develop", says=N_("Bukti diperiksa"),
             kinds={"unreadable": N_("Bukti tidak terbaca")}),
        Row("unrefer", ends=Sight.PARTNERS,
             says=N_("{who} mengakhiri rujukan ke {name}: {note}")),
        Row("sweep", says=N_("Bukti dimusnahkan: masa simpannya lewat")),
        Row("read", says=N_("{who} membaca pesan")),
        Row("erase", says=N_("Pelapor menghapus akunnya")),
        Row("look",
             kinds={
                 "identity": N_("{who} membuka identitas pelapor"),
                 "evidence": N_("{who} membuka bukti"),
                 "phone": N_("{who} mencarinya lewat nomor telepon"),
             }),
        Row("let_go", hears=QUIETLY),
        Row("upload"),
        Row("like"),
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
