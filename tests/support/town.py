"""The whole app with people in it, each with cookies of their own: what tests of the citizen's doors start from."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from httpx2 import Response
from PIL import Image
from sqlmodel import Session, select
from starlette.testclient import TestClient

from console.app import create_app
from console.door import limits as patience
from console.door.passwords import HASHER
from console.door.viewer import new_secret
from console.evidence.children import Children
from console.settings import Settings
from console.web.staff import incidents
from models.city.seed.plant import plant
from models.command.audit import audit
from models.incidents.complaint import Complaint
from models.incidents.incident import Incident
from models.people.citizens import Citizen
from models.people.machines import Key
from models.people.officers import Officer
from models.people.sessions import sign_in
from models.roles import Role
from models.time import now
from tests.support.law import written
from tests.support.patience import PATIENCE_SECONDS
from tests.support.settled import settled

PASSWORD = "kata sandi Ann"
TOKEN = "of-the-one-who-reads-metrics"
OPERATOR = {"authorization": f"Bearer {TOKEN}"}
BABURA = {"lat": "3.5796", "lon": "98.6585", "accuracy": "18", "precision": "device"}
REPORT = {
    "category": "CURAS_BEGAL",
    "description": "Dua orang naik matic hitam",
    "place": "Jl. Iskandar Muda",
    **BABURA,
}


@dataclass
class Visitor:
    """A browser: it keeps its cookies and follows nothing by itself."""

    client: TestClient
    cookies: dict[str, str] = field(default_factory=dict)
    id: int | None = None

    def get(self, url: str, **more: Any) -> Response:
        return self._ask("GET", url, **more)

    def post(self, url: str, **more: Any) -> Response:
        return self._ask("POST", url, **more)

    def file(self, **changed: Any) -> Response:
        return self.post("/complaints", data={**REPORT, **changed})

    def _ask(self, method: str, url: str, **more: Any) -> Response:
        headers = {
            "cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            **more.pop("headers", {}),
        }
        answer = self.client.request(method, url, headers=headers, **more)
        for name, value in answer.cookies.items():
            self.cookies[name] = value
        for gone in (line for line in answer.headers.get_list("set-cookie") if "Max-Age=0" in line):
            self.cookies.pop(gone.partition("=")[0], None)
        self.client.cookies.clear()
        return answer


class Town:
    """ann and zed report, hendra and sari answer, bob is blocked, anyone has no account."""

    def __init__(self, client: TestClient):
        self.client = client
        self.writer, self._read = client.app_state["writer"], client.app_state["read"]
        self.anyone = Visitor(client)
        self.ann, self.zed, self.bob, self.hendra, self.sari, self.dewi = self.let_in(
            Citizen(phone="+6281200004471", name="Ann Siregar", password=HASHED),
            Citizen(phone="+6281300005582", name="Zed Hutabarat", password=HASHED),
            Citizen(phone="+6281400006693", name="Bob Purba", password=HASHED, blocked_at=now(), strikes=3),
            Officer(login="hendra", name="Hendra Siregar", role=Role.OFFICER, password=HASHED),
            Officer(login="sari", name="Sari Ginting", role=Role.SUPERVISOR, password=HASHED),
            Officer(login="dewi", name="Dewi Lubis", role=Role.ADMIN, password=HASHED),
        )

    def write(self, function: Any, *arguments: Any) -> Any:
        return self.writer.submit(function, *arguments).result(PATIENCE_SECONDS)

    def read(self, function: Any, *arguments: Any) -> Any:
        assert self.client.portal
        return self.client.portal.call(self._read, function, *arguments)

    def audited(self) -> list[str]:
        """What the audit finds, but for accounts that tests block by hand: bob was, without three pranks."""
        found = self.read(audit, [self.client.app_state["settings"].key])
        return [said for said in found if not said.startswith("Account ")]

    def complaints(self) -> list[Complaint]:
        return self.read(lambda session: list(session.exec(select(Complaint).order_by(Complaint.id))))

    def incident_of(self, ref: str) -> Incident:
        return self.read(
            lambda s: s.get_one(Incident, s.exec(select(Complaint.incident_id).where(Complaint.ref == ref)).one())
        )

    def act(self, ref: str, step: str, by: Visitor, **given: Any) -> None:
        """An officer takes a step on the incident of this complaint."""
        id = self.incident_of(ref).id

        def take(session: Session) -> None:
            sure = {"sure": True} if step == "refer" else {}
            session.get_one(Incident, id).take(step, session.get_one(Officer, by.id).viewer, **sure | given)

        self.write(take)

    def key(self) -> str:
        secret, hash = new_secret()
        self.write(lambda session: session.add(Key(name="app", hash=hash)))
        return secret

    def let_in(self, *people: Citizen | Officer) -> list[Visitor]:
        """Each in a browser of their own, signed in; all in one write, since hundreds of tests begin with it."""
        keys = [new_secret() for _ in people]

        def add(session: Session) -> list[int]:
            session.add_all(people)
            session.flush()
            for person, (_, hash) in zip(people, keys, strict=True):
                sign_in(session, person, hash)
            return [int(person.id or 0) for person in people]

        ids = self.write(add)
        return [Visitor(self.client, {"siaga": secret}, id) for (secret, _), id in zip(keys, ids, strict=True)]


HASHED = HASHER.hash(PASSWORD)


@contextmanager
def town_of(folder: Path, database_url: str, redis_url: str, **more: Any) -> Iterator[Town]:
    settings = Settings(data_dir=folder, database_url=database_url, redis_url=redis_url, metrics_token=TOKEN, **more)
    if "seed" not in more:  # of another city the app plants its own
        settled(database_url, "planted", lambda: written(database_url, planted))
    # A pause outlasts the slowest machine.
    with (
        patch.object(patience, "FIRST_WAIT_S", 600),
        patch.object(incidents, "LOOK_WAIT_SECONDS", PATIENCE_SECONDS),
        patch.object(Children, "try_walls", untried),
        TestClient(create_app(settings), base_url="http://127.0.0.1:8000", follow_redirects=False) as client,
    ):
        yield Town(client)


async def untried(_: Children) -> None:
    """Each start of the app starts a child as well, a quarter of its work: tests/evidence/test_children.py asks for it."""


def planted(session: Session) -> dict[str, Any]:
    plant(session)
    return {}


def ref_of(answer: Response) -> str:
    """Of the follow page that a filing leads to."""
    assert answer.status_code == 303, answer.text[:500]
    return answer.headers["location"].removeprefix("/complaints/")


def jpeg(colour: str = "red") -> bytes:
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(picture, "JPEG")
    return picture.getvalue()
