"""A roster: members as a table, pasted or from a spreadsheet. It is taken whole or not at all, and shown before it is."""

import csv
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from io import StringIO
from typing import Any

from sqlmodel import Session, col, select

from models.acts import act
from models.city.names import read_as
from models.city.station import Station, short_names
from models.command.members import Enrolled, Member, add_member, change_member, checked
from models.errors import N_, Refusal, WrongValue
from models.people.phones import e164
from models.record.event import Event, coming
from models.viewer import Viewer

COLUMNS = {
    "nrp": ("NRP",),
    "rank": ("Pangkat", "Rank"),
    "name": ("Nama", "Name"),
    "station": ("Pos", "Polsek", "Kesatuan", "Station"),
    "function": ("Fungsi", "Function"),
    "regu": ("Regu",),
    "phone": ("HP", "Telepon", "Phone"),
    "post": ("Tugas", "Post"),
}
NEEDED = ("nrp", "rank", "name", "station", "function")
POSTS = {"": False, "lapangan": False, "field": False, "meja": True, "konsol": True, "desk": True}
MOST = 1000  # lines: the whole of a command
Seal = Callable[[str], str]  # a phone number as it is kept
NEW, CHANGED, SAME = "new", "changed", "same"


@dataclass(frozen=True)
class Line:
    """`number`: in the table as it was sent, its heading is 1. `does`: what importing it will do."""

    number: int
    said: Enrolled
    station: str
    does: str


@dataclass(frozen=True)
class Fault:
    number: int
    refusal: Refusal


@dataclass(frozen=True)
class Roster:
    lines: list[Line]
    faults: list[Fault]


def read_roster(session: Session, text: str, seal: Seal) -> Roster:
    """What it says and what would become of it. Whatever is wrong is told with its line, all of it at once."""
    table = _table(text)
    faults, lines = list[Fault](), list[Line]()
    seen: dict[tuple[str, str], int] = {}
    try:
        columns = _columns(table)
        places = _places(session)
    except WrongValue as refusal:
        return Roster([], [Fault(1, refusal)])
    known = {member.nrp: member for member in session.exec(select(Member))}
    for number, cells in table[1:]:
        try:
            line = _line(session, number, _cells(cells, columns), places, known, seal)
            for kind, word in (("nrp", line.said.nrp), ("name", read_as(line.said.name))):
                _once(kind, seen.setdefault((kind, word), number), number)
            lines.append(line)
        except WrongValue as refusal:
            faults.append(Fault(number, refusal))
    if not lines and not faults:
        faults = [Fault(1, WrongValue("roster", N_("Tidak ada baris di bawah judulnya.")))]
    return Roster(lines, faults)


@dataclass(frozen=True)
class Imported:
    """The numbers of its events, from `first` to before `end`; and how many lines changed nothing."""

    first: int
    end: int
    same: int


@act
def import_members(session: Session, by: Viewer, text: str, seal: Seal) -> Imported:
    """All of it. Nothing is, where anything is wrong."""
    roster = read_roster(session, text, seal)
    if roster.faults:
        raise WrongValue("roster", N_("{n} baris salah, tidak ada yang diimpor."), n=len(roster.faults))
    known = {member.nrp: member for member in session.exec(select(Member))}
    first = coming(session)
    for line in roster.lines:
        member = known.get(line.said.nrp)
        if member is None:
            add_member(session, by, line.said)
        elif line.does == CHANGED:
            change_member(session, by, member.id, line.said)
    return Imported(first, coming(session), sum(line.does == SAME for line in roster.lines))


def done_by(session: Session, by: Viewer, imported: Imported) -> dict[int, str]:
    """What their import did to whom, by the member's id: NEW or CHANGED. Whoever is not named is as before."""
    steps = {"add_member": NEW, "change_member": CHANGED}
    within = col(Event.seq).between(imported.first, min(imported.end, imported.first + MOST) - 1)
    told = select(Event).where(within, Event.by_id == by.id, Event.by_role == by.role, col(Event.step).in_(steps))
    return {int(event.body["member"]): steps[event.step] for event in session.exec(told) if event.body}


def _table(text: str) -> list[tuple[int, list[str]]]:
    """Lines that say something, with their numbers; the heading tells what stands between the cells."""
    heading = text.lstrip("\ufeff\r\n ").partition("\n")[0]
    between = max(";\t,", key=heading.count)
    rows = csv.reader(StringIO(text.lstrip("\ufeff"), newline=""), delimiter=between)
    try:
        table = [(rows.line_num, [cell.strip() for cell in row]) for row in rows if any(map(str.strip, row))]
    except csv.Error:
        return []
    return table


def _columns(table: list[tuple[int, list[str]]]) -> list[str]:
    if not table:
        raise WrongValue("roster", N_("Tempelkan tabelnya, dengan judul kolom di baris pertama."))
    if len(table) > MOST + 1:
        raise WrongValue("roster", N_("Paling banyak {most} baris sekali impor."), most=MOST)
    meant = {read_as(word): name for name, words in COLUMNS.items() for word in words}
    found = list[str]()
    for word in table[0][1]:
        name = meant.get(read_as(word))
        if name is None:
            raise WrongValue(
                "roster", N_("Kolom {word} tidak dikenal. Kolom: {columns}."), word=word or "–", columns=_all()
            )
        if name in found:
            raise WrongValue("roster", N_("Kolom {word} ada dua kali."), word=word)
        found.append(name)
    if missing := [COLUMNS[name][0] for name in NEEDED if name not in found]:
        raise WrongValue("roster", N_("Kolom {words} tidak ada."), words=", ".join(missing))
    return found


def _all() -> str:
    return ", ".join(words[0] for words in COLUMNS.values())


def _cells(cells: list[str], columns: list[str]) -> dict[str, str]:
    if len(cells) > len(columns) and any(cells[len(columns) :]):
        raise WrongValue("roster", N_("Ada {n} sel, judulnya {m}."), n=len(cells), m=len(columns))
    return dict.fromkeys(COLUMNS, "") | dict(zip(columns, cells, strict=False))


def _places(session: Session) -> dict[str, Station]:
    """Every way to write a station: its code, its name, and as it is said over the radio."""
    stations = list(session.exec(select(Station).where(Station.active)))
    shorts = short_names(stations)
    return {read_as(word): one for one in stations for word in (one.code, one.name, shorts[one.id])}


def _line(
    session: Session,
    number: int,
    said: dict[str, str],
    places: dict[str, Station],
    known: dict[str, Member],
    seal: Seal,
) -> Line:
    station = places.get(read_as(said["station"]))
    if station is None:
        raise WrongValue("station", N_("Pos {typed} tidak dikenal."), typed=said["station"] or "–")
    if (at_desk := POSTS.get(said["post"].casefold())) is None:
        raise WrongValue("post", N_("Tugas adalah lapangan atau meja, bukan {typed}."), typed=said["post"])
    phone = seal(e164(said["phone"])) if said["phone"] else ""
    given = Enrolled(
        said["nrp"], said["rank"], said["name"], station.id, said["function"], said["regu"], at_desk, phone
    )  # fmt: skip
    nrp = "".join(said["nrp"].split()).replace(".", "")
    member = known.get(nrp)
    if member:  # what a roster does not tell of stays
        given = replace(given, officer_id=member.officer_id, phone=phone or member.phone)
    kept = checked(session, given, member)
    if member and not member.active:
        raise WrongValue("nrp", N_("{name} tidak aktif lagi. Aktifkan dulu."), name=member.title)
    return Line(number, kept, station.name, _does(kept, member, bool(phone)))


def _does(said: Enrolled, member: Member | None, phone: bool) -> str:
    if member is None:
        return NEW
    now_is: dict[str, Any] = {name: getattr(member, name) for name in asdict(said)}
    return CHANGED if phone or now_is != asdict(said) else SAME


def _once(kind: str, first: int, number: int) -> None:
    if first == number:
        return
    if kind == "nrp":
        raise WrongValue("nrp", N_("NRP ini sudah ada di baris {first}."), first=first)
    raise WrongValue(
        "name", N_("Nama ini sudah ada di baris {first}. Yang senama dimasukkan lewat formulir."), first=first
    )
