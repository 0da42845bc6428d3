"""Who gets what: every URL, for everyone there is, in one table. A URL without a row fails, and so does a wrong number."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Client, Response
from sqlmodel import Session, select
from starlette.routing import Mount, WebSocketRoute
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from console.app import sitemap
from console.media import Store
from models.agency import ACCEPTED, Agency, Referral
from models.bulletin import Draft as Bulletin
from models.bulletin import publish, withdraw
from models.complaint import Complaint
from models.dispatch import Dispatch
from models.event import now
from models.evidence import Evidence
from models.incident import Incident
from models.people import Viewer
from models.uploads import begin
from models.workflow import STEPS
from tests.serving import Cast, browser, cast_of, in_thread, report
from tests.town import jpeg

# owner: it is their complaint; holder: claimed it; liaison: it was referred to their agency, not to agency's.
WHO = ("owner", "other", "blocked", "holder", "officer", "supervisor", "admin", "liaison", "agency", "wall", "nobody")
NAMES = ("ann", "zed", "bob", "hendra", "ratna", "sari", "dewi", "damkar", "bnpt", "wall")

# A word after the URL names the scene that waits there (Scenes.make); none: a new complaint.
TABLE = """
URL                                     owner other blocked holder officer supervisor admin liaison agency wall nobody
GET /                                   200   200   200     200    200     200        200   200     200    200  200
POST /language                          303   303   303     303    303     303        303   303     303    303  303
POST /quiet                             303   303   303     303    303     303        303   303     303    303  303
GET /sign-in                            303   303   303     303    303     303        303   303     303    303  200
POST /sign-in                           422   422   422     422    422     422        422   422     422    422  422
GET /sign-up                            303   303   303     303    303     303        303   303     303    303  200
POST /sign-up                           422   422   422     422    422     422        422   422     422    422  422
GET /sign-in/code                       303   303   303     303    303     303        303   303     303    303  303
POST /sign-in/code                      303   303   303     303    303     303        303   303     303    303  303
POST /sign-in/code/again                303   303   303     303    303     303        303   303     303    303  303
GET /sign-up/name                       303   303   303     303    303     303        303   303     303    303  303
POST /sign-up/name                      303   303   303     303    303     303        303   303     303    303  303
POST /sign-out                          303   303   303     303    303     303        303   303     303    303  303
POST /lock                              403   403   403     303    303     303        303   303     303    403  303
POST /awake                             403   403   403     204    204     204        204   204     204    403  303
POST /unlock                            403   403   403     422    422     422        422   422     422    403  303
GET /account                            200   200   200     403    403     403        403   403     403    403  303
POST /account/name                      422   422   422     403    403     403        403   403     403    403  303
POST /account/password                  422   422   422     403    403     403        403   403     403    403  303
POST /account/devices/{id:int}/end      404   404   404     403    403     403        403   403     403    403  303
GET /account/export                     200   200   200     403    403     403        403   403     403    403  303
GET /account/delete                     200   200   200     403    403     403        403   403     403    403  303
POST /account/delete                    422   422   422     403    403     403        403   403     403    403  303
POST /account/code                      303   303   303     403    403     403        403   403     403    403  303
GET /complaints/new                     200   200   403     200    200     200        403   403     403    403  200
GET /complaints                         200   200   200     403    403     403        403   403     403    403  303
POST /complaints                        303   303   403     303    303     303        403   403     403    403  303
GET /complaints/{ref}                   200   404   404     403    403     403        403   403     403    403  303
POST /complaints/{ref}/reply            303   404   404     403    403     403        403   403     403    403  303
POST /complaints/{ref}/reopen resolved  303   404   404     403    403     403        403   403     403    403  303
POST /complaints/{ref}/rate resolved    303   404   404     403    403     403        403   403     403    403  303
POST /complaints/{ref}/photos           303   404   404     403    403     403        403   403     403    403  303
GET /push/key                           200   200   200     403    403     403        403   403     403    403  303
POST /push/subscriptions                204   204   204     403    403     403        403   403     403    403  303
DELETE /push/subscriptions              204   204   204     403    403     403        403   403     403    403  303
POST /push/subscriptions/delete         303   303   303     403    403     403        403   403     403    403  303
GET /service-worker.js                  200   200   200     200    200     200        200   200     200    200  200
OPTIONS /uploads                        204   204   204     204    204     204        204   204     204    204  204
POST /uploads                           201   404   404     403    403     403        403   403     403    403  401
HEAD /uploads/{id}                      200   404   404     403    403     403        403   403     403    403  401
PATCH /uploads/{id}                     204   404   404     403    403     403        403   403     403    403  401
DELETE /uploads/{id}                    204   404   404     403    403     403        403   403     403    403  401
POST /api/complaints                    401   401   401     401    401     401        401   401     401    401  401
GET /evidence/{key}/thumb claimed       200   404   404     200    200     200        404   404     404    404  303
GET /evidence/{key}/play claimed        200   404   404     200    200     200        404   404     404    404  303
GET /evidence/{key}/play oknum          200   404   404     404    404     200        404   404     404    404  303
GET /evidence/{key}/view claimed        200   404   404     200    200     200        404   404     404    404  303
GET /evidence/{key}/original claimed    200   404   404     200    200     200        404   404     404    404  303
GET /evidence/{key}/thumb oknum         200   404   404     404    404     200        404   404     404    404  303
GET /evidence/{key}/view oknum          200   404   404     404    404     200        404   404     404    404  303
GET /evidence/{key}/original oknum      200   404   404     404    404     200        404   404     404    404  303
GET /console                            403   403   403     200    200     200        403   403     403    403  303
GET /console/{id:int}                   303   303   303     303    303     303        303   303     303    303  303
GET /map/level0.json                    200   200   200     200    200     200        200   200     200    200  200
GET /map/streets.pmtiles                404   404   404     404    404     404        404   404     404    404  404
GET /incidents                          403   403   403     200    200     200        403   403     403    403  303
GET /incidents/new                      403   403   403     200    200     200        403   403     403    403  303
GET /incidents/{id:int} claimed         403   403   403     200    200     200        403   403     403    403  303
GET /incidents/{id:int} oknum           403   403   403     404    404     200        403   403     403    403  303
POST /incidents/{id:int}/identity       403   403   403     200    200     200        403   403     403    403  303
POST /incidents/{id:int}/identity women 403   403   403     200    403     200        403   403     403    403  303
POST /incidents/{id:int}/identity oknum 403   403   403     404    404     200        403   403     403    403  303
GET /first/{token}                      404   404   404     404    404     404        404   404     404    404  404
POST /first/{token}                     404   404   404     404    404     404        404   404     404    404  404
GET /wall                               403   403   403     403    403     403        403   403     403    200  200
POST /wall/code                         200   200   200     200    200     200        200   200     200    204  200
GET /wall.css                           403   403   403     403    403     403        403   403     403    200  303
GET /strikes                            403   403   403     200    200     200        403   403     403    403  303
POST /strikes/{id:int}/confirm          403   403   403     404    404     404        403   403     403    403  303
GET /appeals                            200   200   200     403    403     403        403   403     403    403  303
POST /appeals                           409   409   422     403    403     403        403   403     403    403  303
POST /appeals/{id:int}/answer           403   403   403     403    403     404        403   403     403    403  303
POST /citizens/{id:int}/lift            403   403   403     403    403     422        403   403     403    403  303
GET /duty                               403   403   403     403    403     200        403   403     403    403  303
GET /duty/stations/{id:int}             403   403   403     403    403     200        403   403     403    403  303
POST /duty/stations/{id:int}/strength   403   403   403     403    403     404        403   403     403    403  303
GET /duty/walls                         403   403   403     403    403     200        403   403     403    403  303
POST /duty/walls                        403   403   403     403    403     422        403   403     403    403  303
GET /duty/walls/{id:int}                403   403   403     403    403     200        403   403     403    403  303
POST /duty/walls/{id:int}/adjust        403   403   403     403    403     404        403   403     403    403  303
POST /duty/walls/{id:int}/unpair        403   403   403     403    403     404        403   403     403    403  303
GET /agency                             403   403   403     403    403     403        403   200     200    403  303
GET /admin                              403   403   403     403    403     403        200   403     403    403  303
POST /admin/people                      403   403   403     403    403     403        422   403     403    403  303
GET /admin/people/{id:int}              403   403   403     403    403     403        200   403     403    403  303
POST /admin/people/{id:int}/reappoint   403   403   403     403    403     403        404   403     403    403  303
POST /admin/people/{id:int}/reset_password 403 403 403 403 403 403 404 403 403 403 303
POST /admin/people/{id:int}/retire      403   403   403     403    403     403        404   403     403    403  303
POST /admin/people/{id:int}/reinstate   403   403   403     403    403     403        404   403     403    403  303
GET /admin/stations                     403   403   403     403    403     403        200   403     403    403  303
POST /admin/stations                    403   403   403     403    403     403        422   403     403    403  303
GET /admin/stations/{id:int}            403   403   403     403    403     403        200   403     403    403  303
POST /admin/stations/{id:int}/rename    403   403   403     403    403     403        404   403     403    403  303
POST /admin/stations/{id:int}/move      403   403   403     403    403     403        404   403     403    403  303
POST /admin/stations/{id:int}/strength  403   403   403     403    403     403        404   403     403    403  303
GET /admin/categories                   403   403   403     403    403     403        200   403     403    403  303
GET /admin/categories/{code}            403   403   403     403    403     403        200   403     403    403  303
POST /admin/categories/{code}           403   403   403     403    403     403        422   403     403    403  303
GET /admin/targets/{priority:int}       403   403   403     403    403     403        200   403     403    403  303
POST /admin/targets/{priority:int}      403   403   403     403    403     403        422   403     403    403  303
GET /admin/keys                         403   403   403     403    403     403        200   403     403    403  303
POST /admin/keys                        403   403   403     403    403     403        422   403     403    403  303
POST /admin/keys/{id:int}/revoke        403   403   403     403    403     403        404   403     403    403  303
GET /admin/messages                     403   403   403     403    403     403        200   403     403    403  303
GET /health                             200   200   200     200    200     200        200   200     200    200  200
GET /ready                              200   200   200     200    200     200        200   200     200    200  200
GET /metrics                            200   200   200     200    200     200        200   200     200    200  200
GET /static                             200   200   200     200    200     200        200   200     200    200  200
GET /offline                            200   200   200     200    200     200        200   200     200    200  200
GET /manifest.webmanifest               200   200   200     200    200     200        200   200     200    200  200
GET /bulletins                          200   200   200     200    200     200        200   200     200    200  200
GET /bulletins.atom                     200   200   200     200    200     200        200   200     200    200  200
GET /bulletins/new                      403   403   403     403    403     200        403   403     403    403  303
POST /bulletins                         403   403   403     403    403     303        403   403     403    403  303
GET /bulletins/{id:int} shown           200   200   200     200    200     200        200   200     200    200  200
GET /bulletins/{id:int} coming          404   404   404     404    404     200        404   404     404    404  404
GET /bulletins/{id:int} withdrawn       404   404   404     404    404     200        404   404     404    404  404
GET /bulletins/{id:int}/picture shown   200   200   200     200    200     200        200   200     200    200  200
GET /bulletins/{id:int}/picture coming  404   404   404     404    404     200        404   404     404    404  404
GET /bulletins/{id:int}/edit shown      403   403   403     403    403     200        403   403     403    403  303
POST /bulletins/{id:int}/edit shown     403   403   403     403    403     303        403   403     403    403  303
POST /bulletins/{id:int}/withdraw shown 403   403   403     403    403     303        403   403     403    403  303

ACT                                     owner other blocked holder officer supervisor admin liaison agency wall nobody
file                                    404   404   404     404    404     404        404   404     404    404  401
claim                                   403   404   404     204    204     204        404   403     404    403  401
claim claimed                           403   404   404     204    409     409        404   403     404    403  401
claim oknum_new                         403   404   404     404    404     204        404   403     404    404  401
release claimed                         403   404   404     204    409     204        404   403     404    403  401
lapse claimed                           403   404   404     403    403     403        404   403     404    403  401
renew stale                             403   404   404     403    403     403        404   403     404    403  401
reclaim stale                           403   404   404     204    204     204        404   403     404    403  401
reclaim claimed                         403   404   404     204    409     409        404   403     404    403  401
take_over claimed                       403   404   404     403    403     204        404   403     404    403  401
reassign claimed                        403   404   404     403    403     204        404   403     404    403  401
dispatch claimed                        403   404   404     204    409     409        404   403     404    403  401
reinforce dispatched                    403   404   404     204    409     409        404   403     404    403  401
arrive dispatched                       403   404   404     204    409     409        404   403     404    403  401
clear dispatched                        403   404   404     204    409     409        404   403     404    403  401
recall dispatched                       403   404   404     204    409     409        404   403     404    403  401
resolve dispatched                      403   404   404     204    409     409        404   403     404    403  401
dismiss                                 403   404   404     204    204     204        404   403     404    403  401
dismiss claimed                         403   404   404     204    409     409        404   403     404    403  401
merge                                   403   404   404     204    204     204        404   403     404    403  401
merge claimed                           403   404   404     204    409     409        404   403     404    403  401
unmerge merged                          404   404   404     204    204     204        404   403     404    403  401
refer claimed                           403   404   404     204    409     409        404   403     404    403  401
accept claimed                          403   404   404     403    403     403        404   204     404    403  401
decline claimed                         403   404   404     403    403     403        404   204     404    403  401
finish accepted                         403   404   404     403    403     403        404   204     404    403  401
finish ended                            403   404   404     403    403     403        404   404     404    403  401
ask claimed                             403   404   404     204    204     204        404   403     404    403  401
reply claimed                           204   404   404     403    403     403        404   403     404    403  401
note claimed                            403   404   404     204    204     204        404   403     404    403  401
note oknum                              403   404   404     404    404     204        404   403     404    404  401
reprioritise claimed                    403   404   404     204    409     204        404   403     404    403  401
relocate claimed                        403   404   404     204    409     204        404   403     404    403  401
recategorise claimed                    403   404   404     204    409     204        404   403     404    403  401
reopen resolved                         204   404   404     403    403     204        404   403     404    403  401
rate                                    409   404   404     403    403     403        404   403     404    403  401
rate resolved                           204   404   404     403    403     403        404   403     404    403  401
escalate                                403   404   404     403    403     403        404   403     404    403  401
dance                                   404   404   404     404    404     404        404   404     404    404  401

VIEW                                    owner other blocked holder officer supervisor admin liaison agency wall nobody
console                                 1008  1008  1008    joins  joins   joins      1008  1008    1008   1008 4401
duty                                    1008  1008  1008    1008   1008    joins      1008  1008    1008   1008 4401
wall                                    1008  1008  1008    1008   1008    1008       1008  1008    1008   joins 4401
citizen                                 joins joins joins   1008   1008    1008       1008  1008    1008   1008 4401
agency                                  1008  1008  1008    1008   1008    1008       1008  joins   joins  1008 4401
none                                    1008  1008  1008    1008   1008    1008       1008  1008    1008   1008 4401
"""

SENT: dict[str, dict[str, str]] = {
    "POST /language": {"locale": "id"},
    "POST /quiet": {"quiet": "yes"},
    "POST /bulletins": {"title": "Patroli malam", "words": "Sabtu ini", "kind": "kegiatan"},
    "POST /bulletins/{id:int}/edit": {"title": "Patroli", "words": "Sabtu ini", "kind": "kegiatan", "alt": "Mobil"},
    "POST /sign-in": {"login": "who", "password": "a wrong one"},
    "POST /unlock": {"password": "a wrong one"},
    "POST /complaints": report(),
    "POST /complaints/{ref}/reply": {"words": "masih di sini"},
    "POST /complaints/{ref}/reopen": {"reason": "belum selesai"},
    "POST /complaints/{ref}/rate": {"stars": "4"},
    "rate": {"stars": "4"},
    "POST /duty/stations/{id:int}/strength": {"strength": "3", "reason": "apel"},
    "POST /admin/people/{id:int}/reappoint": {"name": "Rina", "role": "officer"},
    "POST /admin/stations/{id:int}/rename": {"name": "Polsek"},
    "POST /admin/stations/{id:int}/move": {"lat": "3.58", "lon": "98.66"},
    "POST /admin/stations/{id:int}/strength": {"strength": "3", "reason": "apel"},
    "release": {"reason": "ganti tugas"},
    "take_over": {"reason": "darurat"},
    "reassign": {"reason": "beban", "officer": "{ratna}"},
    "dispatch": {"personnel": "2"},
    "reinforce": {"personnel": "1"},
    "clear": {"dispatch": "{dispatch}"},
    "recall": {"reason": "salah"},
    "resolve": {"outcome": "handled"},
    "dismiss": {"reason": "empty"},
    "merge": {"into": "{into}"},
    "refer": {"agency": "{unreferred}"},
    "decline": {"note": "penuh"},
    "finish": {"note": "padam"},
    "ask": {"words": "Aman?"},
    "reply": {"words": "Aman."},
    "note": {"words": "catatan"},
    "reprioritise": {"priority": "4", "reason": "reda"},
    "relocate": {"lat": "3.58", "lon": "98.66", "reason": "geser"},
    "recategorise": {"category": "LAKA", "reason": "salah"},
    "reopen": {"reason": "belum selesai"},
}
POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"  # RFC 8291, 5
TUS = {
    "tus-resumable": "1.0.0", "upload-length": "10", "upload-offset": "0",
    "content-type": "application/offset+octet-stream",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    kind: str  # URL, ACT, VIEW
    name: str
    scene: str
    expected: dict[str, str]

    def __str__(self) -> str:
        return f"{self.name} {self.scene}".strip()


def rows() -> Iterator[Row]:
    kind = ""
    for line in TABLE.strip().splitlines():
        words = line.split()
        if len(words) > len(WHO) and tuple(words[-len(WHO) :]) == WHO:
            kind = words[0]
        elif words:
            said, expected = words[: -len(WHO)], dict(zip(WHO, words[-len(WHO) :], strict=True))
            length = 2 if kind == "URL" else 1
            yield Row(kind, " ".join(said[:length]), " ".join(said[length:]), expected)


ROWS = list(rows())


@dataclass
class Scenes:
    """Makes what a row asks about, anew whenever somebody has changed it."""

    cast: Cast
    store: Store
    sha256: str = "0" * 64
    made: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path in (
            self.store.path(self.sha256),
            *(self.store.derived(self.sha256, d) for d in ("view", "thumb", "veil")),
            self.store.film(self.sha256),
        ):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(jpeg())

    def of(self, row: Row) -> dict[str, Any]:
        if str(row) not in self.made:
            self.made[str(row)] = self.make(row.scene)
        return self.made[str(row)]

    def make(self, scene: str) -> dict[str, Any]:
        cast = self.cast
        if scene in ("shown", "coming", "withdrawn"):
            return {"id": cast.run(self._bulletin, scene)}
        category = {"oknum": "OKNUM", "oknum_new": "OKNUM", "women": "KDRT_PPA"}.get(scene, "CURAS_BEGAL")
        incident = cast.file(cast.ann, category)
        into = cast.file(cast.zed)
        chief = cast.sari if category == "OKNUM" else cast.hendra
        if scene not in ("", "oknum_new"):
            cast.take(incident, "claim", chief)
        if scene == "oknum":
            cast.take(incident, "reassign", cast.sari, officer=cast.hendra.id, reason="pernah dipegang")
        if scene == "dispatched":
            cast.send(incident, cast.hendra, (None, 1))
        if scene == "resolved":
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

    def _finish(self, session: Session, id: int, scene: str) -> dict[str, Any]:
        incident = session.get_one(Incident, id)
        incident.stale = scene == "stale"
        agency = session.get_one(Agency, self.cast.damkar.agency_id)
        answer = {"accepted": ACCEPTED, "ended": "declined"}.get(scene, "asked")
        session.add(Referral(incident_id=id, agency_id=agency.id, tier="summary", state=answer, asked_at=now()))
        complaint = session.exec(select(Complaint).where(Complaint.home_id == id)).one()
        evidence = Evidence(
            complaint_id=complaint.id, kind="photo", mime="image/jpeg", size=1, sha256=self.sha256, state="ready"
        )
        session.add(evidence)
        unreferred = session.exec(select(Agency.id).where(Agency.id != agency.id)).first()
        dispatch = session.exec(select(Dispatch.id).where(Dispatch.incident_id == id)).first()
        upload = begin(session, self.cast.ann, complaint.ref, 10, "a.jpg", "image/jpeg", "", "").id
        return {
            "upload": upload,
            "id": id,
            "ref": complaint.ref,
            "key": evidence.key,
            "unreferred": unreferred,
            "dispatch": dispatch,
        }


@dataclass
class House:
    cast: Cast
    scenes: Scenes
    server: Any
    clients: dict[str, Client]

    def ask(self, row: Row, who: str) -> str:
        scene = self.scenes.of(row)
        if row.kind == "VIEW":
            return joins(self.server, self.cast.cookies.get(cast_name(who), ""), row.name)
        sent = {name: value.format_map(scene) for name, value in SENT.get(row.name, {}).items()}
        if row.kind == "ACT":
            url, hx = f"/incidents/{scene['id']}/{row.name}", {"hx-request": "true"}
            answer = self.clients[who].post(url, data=sent, headers=hx)
        else:
            answer = self._visit(row, who, scene, sent)
        if answer.status_code < 400 and (row.kind == "ACT" or row.name.startswith("POST")):
            del self.scenes.made[str(row)]
        assert answer.status_code < 500, f"{who}: {answer.text}"
        return str(answer.status_code)

    def _visit(self, row: Row, who: str, scene: dict[str, Any], sent: dict[str, str]) -> Response:
        method, path = row.name.split()
        if path.startswith(("/duty", "/admin")):  # the first of each is there; nobody changes one that others need
            scene = scene | {"id": 1 if method == "GET" else 9999}
        url = path.replace(":int", "").format_map(scene | {"code": "LAKA", "priority": 1, "token": "a-guess"})
        more: dict[str, Any] = {"data": sent} if method == "POST" else {}
        client = self.clients[who]
        match row.name:
            case "GET /static":
                url = "/static/css/tokens.css"
            case "POST /sign-in":
                more["data"] = sent | {"login": who}  # who mistypes too often would have to wait
            case "POST /sign-out" | "POST /lock" if who != "nobody":
                secret = self.cast.sign_in(self.cast.people[cast_name(who)], f"the second secret of {who}")
                with browser(self.server, f"siaga={secret}") as leaving:
                    return leaving.post(url)
            case _ if path.startswith("/uploads"):
                url = "/uploads" if path == "/uploads" else f"/uploads/{scene['upload']}"
                complaint = b64encode(scene["ref"].encode()).decode()
                more = {"headers": TUS | ({"upload-metadata": f"complaint {complaint}"} if method == "POST" else {})}
                more |= {"content": b"abc"} if method == "PATCH" else {}
            case "POST /push/subscriptions":
                keys = {"p256dh": POINT, "auth": "A" * 22}
                more = {"json": {"endpoint": f"https://fcm.googleapis.com/{who}", "keys": keys}}
            case "POST /complaints/{ref}/photos":
                more["files"] = {"photo": ("a.jpg", jpeg(), "image/jpeg")}
        return client.request(method, url, **more)


def cast_name(who: str) -> str:
    return dict(zip(WHO, NAMES, strict=False)).get(who, "")


def joins(server: Any, cookie: str, view: str) -> str:
    """The code a socket is closed with, or that it joins: an old page is then told to fetch itself anew."""
    url = f"{server.ws}/live?view={view}&after=0&epoch=old"
    with connect(url, origin=server.http, additional_headers={"Cookie": cookie}, proxy=None) as line:
        try:
            assert "refetch" in str(line.recv(10))
        except ConnectionClosed as end:
            return str(end.rcvd and end.rcvd.code)
        return "joins"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path, redis_url: str) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("access")
    (folder / "siaga.db").write_bytes(_sqlite_template.read_bytes())
    with cast_of(f"sqlite:///{folder / 'siaga.db'}", redis_url) as cast, in_thread(cast, folder, redis_url) as server:
        clients = {who: browser(server, cast.cookies.get(cast_name(who), "")) for who in WHO}
        yield House(cast, Scenes(cast, Store(folder)), server, clients)
        for client in clients.values():
            client.close()


def test_the_table_has_every_url_and_every_step() -> None:
    named = {row.name for row in ROWS if row.kind == "URL"}
    urls = set()
    for route in sitemap():
        methods = {"GET"} if isinstance(route, Mount) else getattr(route, "methods", None) or set()
        methods = methods - {"HEAD"} if "GET" in methods else methods  # Starlette adds it
        urls |= {f"{method} {route.path}" for method in methods}  # type: ignore[attr-defined]
        assert methods or (isinstance(route, WebSocketRoute) and route.path == "/live"), f"{route} has no row"
    assert urls - {"POST /incidents/{id:int}/{step}"} == named
    assert set(STEPS) | {"dance"} == {row.name for row in ROWS if row.kind == "ACT"}


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_everyone_gets_what_the_table_says(house: House, row: Row) -> None:
    assert {who: house.ask(row, who) for who in WHO} == row.expected


def test_a_number_names_one_person_only(house: House) -> None:
    """The wall, an officer and a citizen have the same id: it opens nothing of each other's."""
    same: list[Viewer] = [house.cast.ann, house.cast.hendra, house.cast.wall]
    assert len({viewer.id for viewer in same}) == 1


@pytest.mark.parametrize("id", ["0", "3000000000", "99999999999999999999"])
def test_a_number_that_no_incident_can_have_is_not_found(house: House, id: str) -> None:
    assert house.clients["officer"].get(f"/incidents/{id}").status_code == 404
    assert house.clients["officer"].post(f"/incidents/{id}/claim").status_code == 404


def test_a_number_without_its_station_goes_nowhere(house: House) -> None:
    """A field left empty must not send the next number to the wrong place."""
    scene = house.scenes.make("claimed")
    sent = {"station": ["1", "2"], "personnel": ["", "4"]}
    answer = house.clients["holder"].post(
        f"/incidents/{scene['id']}/dispatch", data=sent, headers={"hx-request": "true"}
    )
    assert answer.status_code == 422 and house.cast.incident(scene["id"]).personnel == 0
