"""The people of the demo: staff and citizens of Medan with made-up names, and passwords one can say aloud.

Those who are `known` stand in sign-ins.json and belong to whoever tries the demo. The others are played by the
drill; nobody can sign in as one of them, for their password is made from the demo's own secret key.
"""

import hmac
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sqlmodel import Session, select

from console.door.passwords import HASHER
from console.door.viewer import hash_of
from models.city.agency import Agency
from models.people.citizens import Citizen
from models.people.machines import Key
from models.people.officers import Officer
from models.people.phones import e164
from models.roles import Role
from models.viewer import Viewer

STAFF = (  # login, rank, name, role, known
    ("admin", "Ipda", "Sri Wahyuni", Role.ADMIN, True),
    ("ratna", "AKP", "Ratna Simanjuntak", Role.SUPERVISOR, True),
    ("arifin", "Iptu", "Arifin Harahap", Role.SUPERVISOR, True),
    ("hendra", "Aipda", "Hendra Siregar", Role.OFFICER, True),
    ("dewi", "Brigpol", "Dewi Lestari", Role.OFFICER, True),
    ("budi", "Bripka", "Budi Santoso", Role.OFFICER, True),
    ("yusuf", "Bripka", "Yusuf Nasution", Role.OFFICER, False),
    ("kevin", "Briptu", "Kevin Tanoto", Role.OFFICER, False),
    ("maruli", "Aiptu", "Maruli Simatupang", Role.OFFICER, False),
    ("suresh", "Briptu", "Suresh Pillai", Role.OFFICER, False),
    ("rizal", "Brigpol", "Tengku Rizal", Role.OFFICER, False),
)
LIAISONS = {
    "DAMKARMAT": ("damkarmat", "Piket Damkarmat"),
    "PEMPROVSU": ("pemprovsu", "Piket Pemprovsu"),
    "DPRD": ("dprd", "Sekretariat DPRD"),
    "BNPT": ("bnpt", "Piket BNPT"),
    "TOKOH_MASYARAKAT": ("tokoh", "Haji Syahrul Matondang"),
    "BPBD": ("bpbd", "Pusdalops BPBD"),
    "DISHUB": ("dishub", "Piket Dishub"),
    "SATPOL_PP": ("satpolpp", "Piket Satpol PP"),
    "BNN": ("bnn", "Piket BNN"),
    "AMBULANS_119": ("ambulans", "Operator 119"),
    "POLRES_BELAWAN": ("belawan", "Piket Polres Belawan"),
    "POLRESTA_DELI_SERDANG": ("deliserdang", "Piket Polresta Deli Serdang"),
}
CITIZENS = """
    Sari Amelia Lubis, Jonathan Wijaya, Meena Kumari, Rina Hutabarat, Dedi Kurniawan, Nurhayati Daulay, Tigor Manurung,
    Siti Aminah, Lina Wongso, Prakash Nair, Rosmaida Sinaga, Andika Pratama, Fitri Handayani, Josua Pardede,
    Cut Melati, Eka Putra Ginting, Yanti Br Sembiring, Hasan Basri, Melisa Chandra, Ravi Shankar, Togar Panjaitan,
    Wulan Sari, Ahmad Fauzi, Duma Riris Silaban, Bambang Sutrisno, Juliana Tarigan, Rudi Hartono Lim, Halimah Tusadiah,
    Marihot Situmorang, Nova Rambe, Syafrizal Tanjung, Agnes Nainggolan, Teguh Prasetyo, Lestari Ningsih, Irwan Pulungan,
    Vivian Halim, Anton Purba, Zubaidah Pane, Gunawan Sitepu, Devi Anggraini, Ramli Batubara, Christine Siahaan,
    Fahri Ramadhan, Maya Saragih, Poltak Gultom, Saraswati Devi, Ilham Rangkuti, Ester Simbolon
"""
KNOWN_CITIZENS = 3
DIALS = ("0812", "0813", "0821", "0852", "0853", "0811", "0878", "0857", "0896", "0822")
SAYINGS = """
    durian becak kopi ulos martabak lontong kesawan belawan merdeka polonia brastagi toba gundaling sipiso bika ambon
    andaliman tuak gulai rendang lemang sirup markisa salak kuini rambutan pancur meranti cemara kenari melati mawar
    kamboja teratai gambir cengkeh pala vanili lada serai selasih pandan
"""


@dataclass(frozen=True)
class SignIn:
    """A line of sign-ins.json; `known` or not. An intake key has no login: its password is the key."""

    role: Role
    login: str
    password: str = field(repr=False)
    name: str
    known: bool
    more: dict[str, Any] = field(default_factory=dict)

    def line(self) -> dict[str, str]:
        if self.role == Role.INTAKE:
            return {"role": self.role.value, "key": self.password}
        return {"role": self.role.value, "login": self.login, "password": self.password}


@dataclass(frozen=True)
class People:
    """Who is there, once they are stored: viewers by login, citizens in order."""

    viewers: dict[str, Viewer]
    citizens: list[Viewer]
    agencies: dict[str, int]


def sign_ins(seed: int, key: bytes) -> list[SignIn]:
    """Everyone's, the same for the same seed; of those who are not known, for the same key."""
    rng = Random(f"people {seed}")
    hidden = hmac.new(key, b"the demo's own people", "sha256").hexdigest()
    rows = [
        SignIn(role, login, _saying(rng) if known else hidden, name, known, {"rank": rank})
        for login, rank, name, role, known in STAFF
    ]
    for code, (login, name) in LIAISONS.items():
        rows.append(SignIn(Role.LIAISON, login, _saying(rng), name, True, {"agency": code}))
    names = [name.strip() for name in " ".join(CITIZENS.split()).split(",")]
    for n, name in enumerate(names):
        known = n < KNOWN_CITIZENS
        phone = f"{rng.choice(DIALS)}0000{rng.randrange(10)}{n:02}{rng.randrange(10)}"  # no such number is given out
        rows.append(SignIn(Role.CITIZEN, phone, _saying(rng) if known else hidden, name, known))
    secret = "demo-" + hmac.new(f"{seed}".encode(), b"intake", "sha256").hexdigest()[:32]
    rows.append(SignIn(Role.INTAKE, "", secret, "Aplikasi warga (contoh)", True))
    return rows


def hashes(rows: list[SignIn]) -> dict[str, str]:
    """password → argon2id. Those who are not known share one: hashing sixty would hold the start up by two seconds."""
    passwords = list({row.password for row in rows if row.role != Role.INTAKE})
    with ThreadPoolExecutor() as pool:
        return dict(zip(passwords, pool.map(HASHER.hash, passwords), strict=True))


def settle(session: Session, rows: list[SignIn], hashed: dict[str, str]) -> People:
    """Store them all."""
    agencies = {agency.code: agency.id or 0 for agency in session.exec(select(Agency))}
    officers: dict[str, Officer] = {}
    citizens: list[Citizen] = []
    for row in rows:
        if row.role == Role.INTAKE:
            session.add(Key(name=row.name, hash=hash_of(row.password)))
        elif row.role == Role.CITIZEN:
            citizens.append(Citizen(phone=e164(row.login), name=row.name, password=hashed[row.password]))
        else:
            agency = agencies.get(row.more.get("agency", ""))
            officers[row.login] = Officer(
                login=row.login,
                name=row.name,
                rank=row.more.get("rank", ""),
                role=row.role,
                password=hashed[row.password],
                agency_id=agency,
            )
    session.add_all([*officers.values(), *citizens])
    session.flush()
    viewers = {login: officer.viewer for login, officer in officers.items()}
    return People(viewers, [citizen.viewer for citizen in citizens], agencies)


def _saying(rng: Random) -> str:
    """Three words of Medan and a number: 22 bits do for a password that is printed on the screen."""
    return "-".join([*rng.sample(SAYINGS.split(), 3), str(rng.randrange(10, 100))])
