"""The laporan harian in words, line by line: the page and the PDF both say these and nothing else."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from console.pages.figured import Bit, Figured
from console.pages.times import clock, exact, lasting, stamp
from console.pages.words import worded
from models.command.highlights import Highlight
from models.command.turns import Mustered
from models.reading.measures import Figures, Pace, Row, T
from models.reading.periods import BEGINS, Period
from models.time import zone_word


@dataclass(frozen=True)
class Cell:
    """`figure`: stands at the end of its column; `mark`: the sign of a priority; `unseen`: a head for those who listen.

    `bar`: how long, of all there is room for, and where the day before stood.
    """

    words: str = ""
    figure: bool = False
    strong: bool = False
    mark: int = 0
    bar: tuple[float, float] | None = None
    unseen: bool = False


class Table(NamedTuple):
    name: str
    note: str
    heads: list[Cell]
    rows: list[list[Cell]]
    total: list[Cell]


class Five(NamedTuple):
    step: str
    n: int
    words: str


class Hour(NamedTuple):
    """`height`: of the highest."""

    at: str
    n: int
    height: float


class Delay(NamedTuple):
    priority: int
    at: str
    what: str
    step: str
    by: str
    why: str


@dataclass(frozen=True)
class Sheet:
    """Empty words and lists are left out; `counted_at`: when its figures were counted."""

    locale: str
    on: str
    counted_at: datetime
    command: str
    desk: str
    what: str
    name: str
    day: str
    unfinished: str
    five: list[Five]
    standing: str
    stood: str
    stood_by: str
    stood_out: list[str]
    kinds: Table
    paces: Table
    posts: Table
    hours_name: str
    hours: list[Hour]
    late_name: str
    late_note: str
    late: list[Delay]
    never_late: str
    facts: list[tuple[str, list[Bit]]]
    how: str
    signs: tuple[str, str]
    record: str
    record_words: str
    seal: str
    counted: str


def sheet(
    locale: str, command: str, of: Period, told: Figures, shifts: list[Mustered], highlight: Highlight | None
) -> Sheet:
    _, figured, now, before = worded(locale), Figured(locale), told.now, told.before
    late = _("%(n)s, sebelumnya %(before)s", n=len(now.late), before=len(before.late))
    return Sheet(
        locale=locale,
        on=of.on,
        counted_at=now.counted_at,
        command=command.upper(),
        desk=_("Pusat komando"),
        what=_("Pengaduan masyarakat, bukan Laporan Polisi"),
        name=_("Laporan harian"),
        day=f"{figured.title(of)} {zone_word(now.counted_at)}",
        unfinished=""
        if of.over
        else _("belum selesai, dihitung %(at)s; dibandingkan sampai jam yang sama", at=exact(now.counted_at)),
        five=_five(figured, told),
        standing=_standing(locale, of, told),
        stood=_("Menonjol") if highlight else "",
        stood_by=_("ditulis %(who)s, %(at)s", who=highlight.officer.title, at=stamp(locale, highlight.at))
        if highlight
        else "",
        stood_out=highlight.words.splitlines() if highlight else [],
        kinds=_kinds(figured, told),
        paces=_paces(locale, told),
        posts=_posts(figured, told),
        hours_name=_("Jam diterima"),
        hours=_hours(told.hours),
        late_name=_("Lewat target"),
        late_note=late if now.late else "",
        late=_late(figured, told),
        never_late="" if now.late else _("Tidak ada yang lewat target."),
        facts=_facts(figured, told, shifts),
        how=figured.how(),
        signs=(_("Mengetahui"), _("nama, pangkat, NRP")),
        record=f"{told.first_event}–{told.last_event}" if told.seal else "",
        record_words=_("Catatan") if told.seal else _("Tidak ada catatan pada hari ini"),
        seal=told.seal,
        counted=_("dihitung %(at)s", at=f"{stamp(locale, now.counted_at)} {zone_word(now.counted_at)}"),
    )


def _five(figured: Figured, told: Figures) -> list[Five]:
    _, five = worded(figured.locale), []
    median = _("median")
    for step, before in told.changes:
        if step.name == "file":
            words = _("%(n)s dari %(before)s", n=figured.change(step.count - before), before=before)
        elif step.name == "dispatch":
            words = _("%(n)s personel", n=told.now.personnel)
        else:
            words = f"{median} {lasting(step.span.median)}, P90 {lasting(step.span.p90)}"
        five.append(Five(figured.step(step.name), step.count, words))
    return five


def _standing(locale: str, of: Period, told: Figures) -> str:
    """Whether anything came at all, and what stayed open from day to day."""
    _, now = worded(locale), told.now
    none = "" if now.filed else _("Tidak ada laporan yang diterima.")
    stand = [_("%(n)s terbuka dari sebelumnya", n=now.open_before)]
    if now.open_after is not None:
        stand.append(_("%(n)s terbuka pukul %(at)s", n=now.open_after, at=clock(of.ends)))
    return f"{none} {', '.join(stand)}.".lstrip()


def _kinds(figured: Figured, told: Figures) -> Table:
    _ = worded(figured.locale)
    heads = [
        Cell(_("Jenis")),
        Cell(_("Bagian"), unseen=True),
        Cell("n", figure=True),
        Cell(_("beda"), figure=True),
        Cell("%", figure=True),
    ]
    most = max([1, *(max(row.count, row.before) for row in told.categories)])
    rows = [
        [
            Cell(row.of.short(figured.locale)),
            Cell(bar=(row.count / most, row.before / most)),
            *_counts(figured, row),
            Cell(figured.percent(row.percent), figure=True),
        ]
        for row in told.categories
    ]
    change = figured.change(told.now.filed - told.before.filed)
    total = [
        Cell(_("Jumlah"), strong=True),
        Cell(),
        Cell(str(told.now.filed), figure=True, strong=True),
        Cell(change, figure=True, strong=True),
        Cell(),
    ]
    return Table(_("Jenis"), _("garis = sebelumnya"), heads, rows, total)


def _counts(figured: Figured, row: Row[T]) -> list[Cell]:
    return [Cell(str(row.count), figure=True), Cell(figured.change(row.change), figure=True)]


def _paces(locale: str, told: Figures) -> Table:
    _ = worded(locale)
    heads = [
        Cell(_("Langkah"), unseen=True),
        Cell(_("Prioritas"), unseen=True),
        Cell(_("median"), figure=True),
        Cell("P90", figure=True),
        Cell(_("target"), figure=True),
        Cell("n", figure=True),
        Cell(_("lewat"), figure=True),
    ]
    steps = (_("Diterima → diambil"), told.now.claims), (_("Diterima → tiba"), told.now.arrivals)
    rows = [
        [Cell("" if nth else step), *_pace(pace)]
        for step, paces in steps
        for nth, pace in enumerate(pace for pace in paces if pace.target)
    ]
    return Table(_("Waktu"), _("▲ P90 lewat target"), heads, rows, [])


def _pace(pace: Pace) -> list[Cell]:
    return [
        Cell(mark=pace.priority),
        Cell(lasting(pace.span.median), figure=True, strong=True),
        Cell(f"{lasting(pace.span.p90)}{' ▲' if pace.over else ''}", figure=True, strong=pace.over),
        Cell(lasting(pace.target), figure=True),
        Cell(str(pace.span.of), figure=True),
        Cell(str(pace.late or "–"), figure=True),
    ]


def _posts(figured: Figured, told: Figures) -> Table:
    _ = worded(figured.locale)
    heads = [
        Cell(_("Polsek")),
        Cell("n", figure=True),
        Cell(_("beda"), figure=True),
        Cell(_("tiba"), figure=True),
    ]
    rows = [
        [
            Cell(row.of.name.replace("Polsek ", "")),
            *_counts(figured, row),
            Cell(lasting(row.arrive.median), figure=True),
        ]
        for row in told.stations
    ]
    return Table(_("Per polsek"), _("tiba: median P1–P2"), heads, rows, [])


def _hours(counts: list[int]) -> list[Hour]:
    peak = max([1, *counts])
    return [Hour(f"{(BEGINS.hour + nth) % 24:02}", n, n / peak) for nth, n in enumerate(counts)]


def _late(figured: Figured, told: Figures) -> list[Delay]:
    _ = worded(figured.locale)
    return [
        Delay(
            late.incident.priority,
            clock(late.round.begun),
            f"{late.incident.category.short(figured.locale)}, {figured.place(late.incident)}",
            figured.late_step(late),
            lasting(late.by, True),
            late.round.why or _("belum ditulis"),
        )
        for late in told.now.late
    ]


def _facts(figured: Figured, told: Figures, shifts: list[Mustered]) -> list[tuple[str, list[Bit]]]:
    _, now, before = worded(figured.locale), told.now, told.before
    pranks, forwarded = (_("sebelumnya %(n)s", n=n) for n in (before.pranks, before.forwarded))
    blocked = _("%(n)s akun diblokir", n=now.blocked)
    decided = _(
        "%(same)s sama, %(more)s lebih, %(fewer)s kurang dari %(all)s",
        same=now.decided.same, more=now.decided.more, fewer=now.decided.fewer, all=now.decided.of,
    )  # fmt: skip
    return [
        (_("Kekuatan"), figured.strength(shifts, now)),
        (_("Palsu"), [Bit(str(now.pranks), f" {pranks}, {blocked}", "")]),
        (_("Dilimpahkan"), [Bit(str(now.forwarded), f" {forwarded}", "")]),
        (_("Nilai pelapor"), [Bit(figured.decimal(now.stars), f" n {now.ratings}", "")]),
        (_("Saran dan keputusan"), [Bit("", decided, "")]),
    ]
