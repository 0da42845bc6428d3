"""The law with people in it, over a real database and the real writer: what most tests start from."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlmodel import Session, col, select

import models.tables  # noqa: F401
from console.ground.places import Places
from console.ground.points import distance_m
from console.writer import Writer
from models.city.agency import Agency
from models.city.seed.facts import load
from models.city.seed.plant import plant
from models.city.site import Site
from models.city.station import Station
from models.incidents.complaint import Complaint
from models.incidents.filing import Filing, file
from models.incidents.incident import Incident
from models.incidents.sight import find
from models.incidents.strikes import PENDING, Strike
from models.people.citizens import Citizen
from models.people.officers import Officer
from models.record.database import reading_engine, writing_engine
from models.roles import Role
from models.time import now
from models.viewer import Viewer
from tests.support.patience import PATIENCE_SECONDS
from tests.support.settled import settled

KEY = b"a test's own key"
PLACES = Places()
BABURA = (3.5796, 98.6585)
PHONES = {"Ann Siregar": "+6281200004471", "Zed Hutabarat": "+6281300005582"}
APART, ACROSS = 0.0045, 7  # half a kilometre: what is filed without a place is not taken for one thing


@dataclass
class Law:
    """`run` takes one function through the writer; `rings` is what it rang."""

    url: str
    rings: list[dict[str, Any]] = field(default_factory=list)
    _filed: int = 0
    ann: Viewer = field(init=False)
    zed: Viewer = field(init=False)
    hendra: Viewer = field(init=False)
    ratna: Viewer = field(init=False)
    sari: Viewer = field(init=False)
    dewi: Viewer = field(init=False)
    damkar: Viewer = field(init=False)
    bnpt: Viewer = field(init=False)

    def __post_init__(self) -> None:
        self._people = settled(self.url, "people", partial(written, self.url, people))
        self.writing = writing_engine(self.url)
        self.writer = Writer(self.writing, KEY, self.rings.extend)
        self.reading = reading_engine(self.url)
        self.run(self._settle)

    def _settle(self, session: Session) -> None:
        """All of them at once: thousands of tests begin here, and each write of its own costs one of them 6 ms."""
        vars(self).update(self._people or people(session))

    def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return self.writer.submit(function, *arguments).result(PATIENCE_SECONDS)

    def read(self, function: Callable[..., Any], *arguments: Any) -> Any:
        with Session(self.reading, expire_on_commit=False) as session:
            return function(session, *arguments)

    def file(self, by: Viewer | None = None, category: str = "CURAS_BEGAL", **more: Any) -> Incident:
        """An incident with one complaint, near Babura and apart from the one before; or `nowhere`."""
        landmark = more.pop("landmark", "depan minimarket")
        lat, lon = more.pop("at", None) or self._apart()
        placed = PLACES.site(lat, lon, precision="pin", landmark=landmark)
        site = Site.unknown(landmark) if more.pop("nowhere", False) else placed
        who = by or self.ann
        if more.get("exercise") and who.role == Role.CITIZEN:  # no reporter practises: an app says so of one
            more |= {"source": "intake", "caller_phone": PHONES[who.name]}
            who = Viewer(Role.INTAKE)
        filing = Filing(category=category, words=more.pop("words", "Dua orang naik matic hitam"), site=site, **more)

        def act(session: Session) -> Incident:
            complaint: Complaint = file(session, who, filing)
            assert complaint.incident
            return complaint.incident

        return self.run(act)

    def take(self, incident: Incident | int, step: str, by: Viewer, /, **given: Any) -> Incident:
        id = incident if isinstance(incident, int) else incident.id
        if step in ("assign", "reassign", "refer"):
            given = {
                "sure": True
            } | given  # nobody sits anywhere, and all goes to whom a test says, unless it is about that

        def act(session: Session) -> Incident:
            return find(session, by, id or 0).take(step, by, **given)

        return self.run(act)

    def send(self, incident: Incident | int, by: Viewer, *sent: tuple[int | None, int], **given: Any) -> Incident:
        return self.take(incident, "dispatch", by, sent=list(sent) or [(None, 4)], metres=distance_m, **given)

    def incident(self, id: int | None) -> Incident:
        return self.read(lambda session: session.get_one(Incident, id))

    def _apart(self) -> tuple[float, float]:
        row, column = divmod(self._filed, ACROSS)
        self._filed += 1
        return BABURA[0] + APART * (row % ACROSS), BABURA[1] + APART * column

    def close(self) -> None:
        self.writer.close()
        self.reading.dispose()


@contextmanager
def law_of(url: str) -> Iterator[Law]:
    law = Law(url)
    yield law
    law.close()


def written(url: str, function: Callable[[Session], Any]) -> Any:
    """By a writer that goes again."""
    writer = Writer(writing_engine(url), KEY, lambda rings: None)
    try:
        return writer.submit(function).result(PATIENCE_SECONDS)
    finally:
        writer.close()


def people(session: Session) -> dict[str, Viewer]:
    """The city, its stations mustered, and who lives and serves there, by name."""
    plant(session)
    mustered(session)
    names = ("ann", "zed", "hendra", "ratna", "sari", "dewi", "damkar", "bnpt")
    return dict(zip(names, citizens(session) + officers(session), strict=True))


def mustered(session: Session) -> None:
    """Somebody stated how many are on shift: 65 in all, most of them at the headquarters. Without an event."""
    for station in session.exec(select(Station)):
        station.strength = 13 if station.code == load().headquarters.code else 4
        station.stated_at, station.stated_by = now(), "AKP Sari Ginting"


def citizens(session: Session) -> list[Viewer]:
    rows = [Citizen(phone=phone, name=name, password="-") for name, phone in PHONES.items()]
    session.add_all(rows)
    session.flush()
    return [row.viewer for row in rows]


def officers(session: Session) -> list[Viewer]:
    fire, terror = (session.exec(_agency(code)).one() for code in ("DAMKARMAT", "BNPT"))
    rows = [
        Officer(login="hendra", name="Hendra Siregar", rank="Aipda", role=Role.OFFICER, password="-"),
        Officer(login="ratna", name="Ratna Simanjuntak", rank="Ipda", role=Role.OFFICER, password="-"),
        Officer(login="sari", name="Sari Ginting", rank="AKP", role=Role.SUPERVISOR, password="-"),
        Officer(login="dewi", name="Dewi Lubis", role=Role.ADMIN, password="-"),
        Officer(login="damkar", name="Piket Damkar", role=Role.LIAISON, password="-", agency_id=fire.id),
        Officer(login="bnpt", name="Piket BNPT", role=Role.LIAISON, password="-", agency_id=terror.id),
    ]
    session.add_all(rows)
    session.flush()
    return [row.viewer for row in rows]


def waiting(session: Session) -> list[Strike]:
    """Strikes that wait for a second officer, oldest first."""
    return list(session.exec(select(Strike).where(Strike.state == PENDING).order_by(col(Strike.at))))


def _agency(code: str) -> Any:
    return select(Agency).where(Agency.code == code)
