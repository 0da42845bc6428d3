"""The shifts of the demo's evening: a regu of sixty-five near the end of its twelve hours, the next one being called, what
they drive, and what the one has written down for the other.

All of them are made up; their NRP begin with zeros, as nobody's does.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle, islice
from random import Random

from sqlmodel import Session

from models.administration.stations import stations
from models.city.seed.facts import load
from models.city.station import Station
from models.city.unit import Kind, UnitState
from models.command.apel import Planned, last_of, muster, open_shift
from models.command.handover import Noted, open_incidents
from models.command.handover_steps import note_case
from models.command.members import Enrolled, Function, add_member
from models.command.shifts import Pattern, State, roll
from models.command.units import add_unit, report_unit
from models.viewer import Viewer

ON_SHIFT = 65
TERM, LEFT = timedelta(hours=12), timedelta(minutes=20)  # of a shift; and until the handover
CALLED, NOTED = timedelta(minutes=8), timedelta(minutes=6)  # before now: the next apel, and the notes
UNCALLED = 8  # of the next regu, at the end of its roll
REGUS = ("B", "C")  # the one on duty, and the one that follows
DESKS = ("ratna", "hendra", "dewi", "budi")  # serve at a desk of the headquarters, and have a sign-in
MISSING = {  # by their place on the roll: how they are, and what is said of it
    6: (State.SICK, "surat dokter"), 11: (State.DETACHED, "Polda"), 19: (State.LATE, "ban bocor"),
    23: (State.DETACHED, "Brimob"), 34: (State.LEAVE, "nikah"), 47: (State.SICK, "belum surat"),
    58: (State.DETACHED, "pengamanan stadion"),
}  # fmt: skip
AT_HEAD = (
    Function.SAMAPTA, Function.SAMAPTA, Function.SAMAPTA, Function.SAMAPTA, Function.LANTAS, Function.LANTAS,
    Function.LANTAS, Function.RESKRIM, Function.RESKRIM, Function.INTELKAM, Function.PROPAM, Function.BINMAS,
    Function.SAMAPTA,
)  # fmt: skip
AT_POSTS = (Function.SAMAPTA, Function.SAMAPTA, Function.RESKRIM, Function.LANTAS, Function.INTELKAM, Function.BINMAS)
RANKS = ("Bripda", "Bripda", "Briptu", "Briptu", "Bripka", "Brigpol", "Aipda", "Aiptu")
FIRST = [
    "Andi",
    "Bayu",
    "Citra",
    "Darwin",
    "Eko",
    "Fajar",
    "Ganda",
    "Hotman",
    "Ilham",
    "Jefri",
    "Karmila",
    "Lamhot",
    "Markus",
    "Nabila",
    "Okto",
    "Parlin",
    "Rahmat",
    "Salmiah",
    "Togu",
    "Umar",
    "Vina",
    "Wahyu",
    "Yanti",
    "Zulham",
    "Poltak",
    "Rizky",
    "Sahat",
    "Tasya",
]
LAST = [
    "Siregar",
    "Harahap",
    "Sitorus",
    "Lubis",
    "Ginting",
    "Tarigan",
    "Nasution",
    "Simbolon",
    "Purba",
    "Daulay",
    "Manurung",
    "Sembiring",
    "Hutapea",
    "Tanjung",
    "Batubara",
    "Pohan",
    "Rangkuti",
    "Saragih",
]
NOTES = {  # by category: what happened, and what may happen
    "KEBAKARAN": Noted("Damkar di lokasi, api dilokalisir.", "Titik api bisa menyala lagi; warga menolak pindah."),
    "CURAS_BEGAL": Noted("Personel menyisir sekitar lokasi.", "Pelaku bisa muncul lagi di jalan yang sama."),
    "TAWURAN": Noted("Dua kelompok sudah dipisah.", "Bisa berkumpul lagi sesudah pergantian jaga."),
    "LAKA": Noted("Korban sudah di rumah sakit.", "Macet bila kendaraan belum diderek."),
    "CURANMOR": Noted("Ciri motor sudah disebar ke pos.", "Bisa lewat pos berikutnya."),
}
UNITS = (  # callsign, kind, seats, at the headquarters
    ("PRC 01", Kind.CAR, 5), ("PRC 02", Kind.CAR, 5), ("Lantas 11", Kind.CAR, 4), ("Lantas 21", Kind.MOTORCYCLE, 2),
    ("Lantas 22", Kind.MOTORCYCLE, 2), ("Raimas 1", Kind.TRUCK, 20),
)  # fmt: skip
BROKEN = "Lantas 22"


def began(start: datetime) -> datetime:
    """Of the shift that is on duty: its handover is twenty minutes away."""
    return start + LEFT - TERM


def hold_apel(session: Session, viewers: Mapping[str, Viewer], starts: datetime) -> None:
    """Everybody is entered, the regu on duty is called, some are missing; every station has something to drive."""
    posts, by = stations(session), viewers["ratna"]
    head = next(post for post in posts if post.code == load().headquarters.code)
    others = [post for post in posts if post is not head]
    first, *_ = [_enrol(session, viewers, regu, head, others) for regu in REGUS]
    shift = open_shift(session, by, Planned(REGUS[0], Pattern.OWN, starts, first[0], first, starts + TERM))
    for n, duty in enumerate(roll(session, shift)):
        state, note = MISSING.get(n, (State.PRESENT, ""))
        muster(session, by, duty.id, state, note)
    for callsign, kind, seats in UNITS:
        unit = add_unit(session, by, callsign, kind, seats, head.id)
        if callsign == BROKEN:
            report_unit(session, by, unit.id, UnitState.BROKEN, "kopling")
    for post in others:
        add_unit(session, by, f"{post.name.split()[-1]} 05", Kind.CAR, 4, post.id)


def call_next(session: Session, viewers: Mapping[str, Viewer], starts: datetime) -> None:
    """The apel of the next regu is under way: the last on its roll nobody has called yet."""
    by, who = viewers["arifin"], last_of(session, REGUS[1])
    shift = open_shift(session, by, Planned(REGUS[1], Pattern.OWN, starts, who[0], who, starts + TERM))
    for duty in roll(session, shift)[:-UNCALLED]:
        muster(session, by, duty.id, State.PRESENT)


def write_notes(session: Session, viewers: Mapping[str, Viewer]) -> None:
    """For the next regu, of every open case of a kind that there are words for."""
    for incident in open_incidents(session):
        if said := NOTES.get(incident.category_code):
            goes_on = incident.officer.title if incident.officer else ""
            note_case(session, viewers["ratna"], incident.id or 0, replace(said, goes_on=goes_on))


def _enrol(
    session: Session, viewers: Mapping[str, Viewer], regu: str, head: Station, others: list[Station]
) -> list[int]:
    """Ids of the members of one regu: those at desks first, then the headquarters', then every station's share."""
    rng, admin = Random(f"regu {regu}"), viewers["admin"]
    places = [(head.id, function) for function in AT_HEAD]
    functions = cycle(AT_POSTS)
    places += [(post.id, next(functions)) for post in islice(cycle(others), ON_SHIFT - len(DESKS) - len(places))]
    ids = []
    for n, said in enumerate([*_at_desks(viewers, regu, head, rng), *_in_field(places, rng)]):
        nrp = f"0000{REGUS.index(regu) + 1}{n:03}"
        rank, name, station, function, at_desk, officer = said
        ids.append(
            add_member(session, admin, Enrolled(nrp, rank, name, station, function, regu, at_desk, "", officer)).id
        )
    return ids


Said = tuple[str, str, int, Function, bool, int | None]


def _at_desks(viewers: Mapping[str, Viewer], regu: str, head: Station, rng: Random) -> Iterator[Said]:
    for login in DESKS:
        rank, _, name = viewers[login].name.partition(" ")
        if regu == REGUS[0]:
            yield rank, name, head.id, Function.SPKT, True, viewers[login].id
        elif login == DESKS[0]:
            rank, _, name = viewers["arifin"].name.partition(" ")
            yield rank, name, head.id, Function.SPKT, True, viewers["arifin"].id
        else:
            yield rank, _name(rng), head.id, Function.SPKT, True, None


def _in_field(places: list[tuple[int, Function]], rng: Random) -> Iterator[Said]:
    for station, function in places:
        yield rng.choice(RANKS), _name(rng), station, function, False, None


def _name(rng: Random) -> str:
    return f"{rng.choice(FIRST)} {rng.choice(LAST)}"
