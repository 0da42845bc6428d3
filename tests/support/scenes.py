"""The scenes that docs/access.md names: what each asks about, made anew by the law itself."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from console.evidence.store import Store
from models.city.agency import Agency
from models.command.bulletin import Draft as Bulletin
from models.command.bulletin import publish, withdraw
from models.command.units import add_unit
from models.incidents.closing import commands
from models.incidents.complaint import Complaint
from models.incidents.dispatch import Dispatch
from models.incidents.evidence import Evidence
from models.incidents.incident import Incident
from models.incidents.referral import ACCEPTED, CLOSED, Referral
from models.incidents.strikes import BLOCKS_AT, Strike, appeal, confirm
from models.incidents.uploads import begin
from models.people.citizens import Citizen
from models.people.devices import note_device
from models.time import now
from models.viewer import Viewer
from tests.support.rosters import enrol
from tests.support.serving import Cast
from tests.support.town import jpeg


@dataclass
class Scenes:
    """Makes what a row asks about, anew whenever somebody has changed it."""

    cast: Cast
    store: Store
    sha256: str = "0" * 64

    def __post_init__(self) -> None:
        for path in (
            self.store.path(self.sha256),
            *(self.store.derived(self.sha256, d) for d in ("view", "thumb", "veil")),
            self.store.film(self.sha256),
        ):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(jpeg())

    def make(self, scene: str) -> dict[str, Any]:
        cast = self.cast
        if scene in ("shown", "coming", "withdrawn"):
            return {"id": cast.run(self._bulletin, scene)}
        if scene == "member":
            return {"id": enrol(cast, cast.dewi)[0]}
        if scene == "unit":
            return {"id": cast.run(add_unit, cast.sari, f"PRC {len(cast.rings)}", "R4", 4, 1).id}
        if scene == "device":
            return {"id": cast.run(note_device, "a browser of her own", cast.ann.id, "").id}
        if scene in ("third", "third_oknum", "asked"):
            return self._struck(scene)
        category = {"oknum_new": "OKNUM", "women": "KDRT_PPA"}.get(scene, "CURAS_BEGAL")
        own = {"bobs": self._bobs, "guests": cast.press}
        incident = own[scene]() if scene in own else cast.file(cast.ann, category)
        into = cast.file(cast.zed)
        chief = cast.sari if category == "OKNUM" else cast.hendra
        if scene not in ("", "oknum_new", *own):
            cast.take(incident, "claim", chief)
        if scene == "oknum":
            cast.take(incident, "recategorise", cast.hendra, category="OKNUM", reason="tentang anggota")
        if scene == "dispatched":
            cast.send(incident, cast.hendra, (None, 1))
        if scene in ("resolved", "closed"):
            cast.take(incident, "resolve", cast.hendra, outcome="handled")
        if scene == "merged":
            cast.take(incident, "merge", cast.hendra, into=into.id)
        return cast.run(self._finish, incident.id, scene) | {"into": into.id, "ratna": cast.ratna.id}

    def _bulletin(self, session: Session, scene: str) -> int:
        since = now() + timedelta(days=1) if scene == "coming" else None
        said = Bulletin("Patroli malam", "Sabtu ini", "kegiatan", since=since, picture=self.sha256, alt="Mobil patroli")
        row = publish(session, self.cast.sari, said)
        if scene == "withdrawn":
            withdraw(session, self.cast.sari, row.id)
        return row.id

    def _bobs(self) -> Incident:
        """Filed before his account was blocked."""

        def block(session: Session, at: datetime | None) -> None:
            session.get_one(Citizen, self.cast.bob.id).blocked_at = at

        self.cast.run(block, None)
        incident = self.cast.file(self.cast.bob)
        self.cast.run(block, now())
        return incident

    def _struck(self, scene: str) -> dict[str, Any]:
        """Somebody's third prank; `asked`: it was confirmed, and they have appealed."""
        cast = self.cast
        category, striker = ("OKNUM", cast.sari) if scene == "third_oknum" else ("CURAS_BEGAL", cast.hendra)
        somebody = cast.run(_newcomer)
        for _ in range(BLOCKS_AT):
            cast.take(cast.file(somebody, category), "dismiss", striker, reason="prank")
        third = cast.read(lambda session: session.exec(select(Strike.id).order_by(col(Strike.id).desc())).first())
        if scene != "asked":
            return {"id": third}
        cast.run(confirm, cast.ratna, third)
        return {"id": cast.run(appeal, somebody, "tolong").id, "citizen": somebody.id}

    def _finish(self, session: Session, id: int, scene: str) -> dict[str, Any]:
        incident = session.get_one(Incident, id)
        incident.stale = scene == "stale"
        agency = session.get_one(Agency, self.cast.damkar.agency_id)
        answer = {"accepted": ACCEPTED, "closed": CLOSED, "ended": "declined"}.get(scene, "asked")
        tier = "full" if scene == "full" else "summary"
        row = Referral(incident_id=id, agency_id=agency.id, tier=tier, state=answer, asked_at=now(), finished_at=now())
        row.stay()
        session.add(row)
        complaint = session.exec(select(Complaint).where(Complaint.home_id == id)).one()
        evidence = Evidence(
            complaint_id=complaint.id, kind="photo", mime="image/jpeg", size=1, sha256=self.sha256, state="ready"
        )
        session.add(evidence)
        unreferred = session.exec(select(Agency.id).where(Agency.id != agency.id)).first()
        dispatch = session.exec(select(Dispatch.id).where(Dispatch.incident_id == id)).first()
        reporter = {"bobs": self.cast.bob, "guests": replace(self.cast.guest, complaint_id=complaint.id)}.get(
            scene, self.cast.ann
        )
        upload = begin(session, reporter, complaint.ref, 10, "a.jpg", "image/jpeg", "", "").id
        return {
            "upload": upload,
            "id": id,
            "ref": complaint.ref,
            "key": evidence.key,
            "unreferred": unreferred,
            "beside": commands(session)[0].id,
            "dispatch": dispatch,
        }


def _newcomer(session: Session) -> Viewer:
    row = Citizen(phone=f"+62812{secrets.randbelow(10**8):08}", name="Rina Lubis", password="-")
    session.add(row)
    session.flush()
    return row.viewer
