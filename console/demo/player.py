"""Plays stories through the law itself, each act in its order and at its time."""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session, delete, select

from console.demo.bulletins import NOTICES, Notice
from console.demo.evening import PLAYED, SILENT
from console.demo.film import Print
from console.demo.people import People
from console.demo.shift import CALLED, LEFT, NOTED, began, call_next, hold_apel, write_notes
from console.demo.story import REPORTER, Beat, Story
from console.demo.yesterday import PAWAS, STOOD_OUT, WRITTEN, last_day
from console.ground.places import Places
from console.ground.points import rough_distance_m
from models.city.site import Site
from models.command.bulletin import publish
from models.command.highlights import highlight
from models.incidents.complaint import Counter
from models.incidents.evidence import Evidence
from models.incidents.filing import Filing, develop, file
from models.incidents.incident import Incident
from models.incidents.sight import find
from models.incidents.strikes import Strike, appeal, confirm
from models.people.officers import SILENT_SECONDS, Presence
from models.record.event import note_look
from models.record.outbox import Parcel
from models.time import as_of, local
from models.viewer import CLOCK, Viewer

Act = Callable[[Session, datetime], None]

A_DAY = 45  # incidents of a usual day: the numbers of an evening go on from the days before


class Player:
    """Everything in one transaction. `prints`: the photographs by name, in the store already."""

    def __init__(self, people: People, places: Places, prints: dict[str, Print], start: datetime):
        self._people, self._places, self._prints, self._start = people, places, prints, start
        self._ids: dict[str, int] = {}
        self._due: list[tuple[datetime, int]] = []  # targets that pass, unless something happens before

    def play(self, session: Session, stories: list[Story], notices: tuple[Notice, ...] = NOTICES) -> None:
        """In the order of their moments; what happens at the same moment in the order it is told."""
        acts: list[tuple[float, Act]] = [(-notice.ago, partial(self._publish, notice)) for notice in notices]
        acts.append(((began(self._start) - self._start).total_seconds(), self._hold_apel))
        acts += [(-CALLED.total_seconds(), self._call_next), (-NOTED.total_seconds(), self._write_notes)]
        written = last_day(self._start).begins + WRITTEN
        acts.append(((written - self._start).total_seconds(), self._say_what_stood_out))
        for story in stories:
            acts.append((-story.ago, partial(self._file, story)))
            acts += [(beat.after - story.ago, partial(self._take, story, beat)) for beat in story.beats]
        for when, act in sorted(acts, key=lambda row: row[0]):
            at = self._start + timedelta(seconds=when)
            self._escalate(session, at)
            act(session, at)
        self._finish(session)

    def _hold_apel(self, session: Session, at: datetime) -> None:
        with as_of(at):
            hold_apel(session, self._people.viewers, at)

    def _call_next(self, session: Session, at: datetime) -> None:
        with as_of(at):
            call_next(session, self._people.viewers, self._start + LEFT)

    def _write_notes(self, session: Session, at: datetime) -> None:
        with as_of(at):
            write_notes(session, self._people.viewers)

    def _say_what_stood_out(self, session: Session, at: datetime) -> None:
        with as_of(at):
            highlight(session, self._people.viewers[PAWAS], last_day(self._start).on, STOOD_OUT)

    def _publish(self, notice: Notice, session: Session, at: datetime) -> None:
        with as_of(at):
            publish(session, self._people.viewers[notice.by], notice.draft(at))

    def _file(self, story: Story, session: Session, at: datetime) -> None:
        where, scene = story.scene.where, story.scene
        site = Site.unknown(where.landmark)
        if where.told:
            site = self._places.site(where.lat, where.lon, precision="device", accuracy_m=18.0, landmark=where.landmark)
        shown = [self._prints[name] for name in story.photos if name in self._prints]
        by, source, name, phone = self._people.citizens[story.reporter], "web", "", ""
        if story.caller:
            login, name, phone = story.caller
            by, source = self._people.viewers[login], "caller"
        uploads = [each.upload for each in shown]
        filing = Filing(scene.category, scene.words, site, where.landmark, source, name, phone, uploads=uploads)
        self._number(session, at)
        with as_of(at):
            complaint = file(session, by, filing)
        incident = session.get_one(Incident, complaint.incident_id)
        self._ids[story.name] = complaint.incident_id
        self._watch(incident)
        for n, row in enumerate(session.exec(select(Evidence).where(Evidence.complaint_id == complaint.id)).all()):
            row.added_at = at
            with as_of(at + timedelta(milliseconds=1 + n)):
                develop(session, CLOCK, row.id or 0, None, shown[n].seen)

    def _take(self, story: Story, beat: Beat, session: Session, at: datetime) -> None:
        by, given = self._by(story, beat), dict(beat.given)
        with as_of(at):
            incident = find(session, by, self._ids[story.name])
            match beat.step:
                case "look":
                    self._look(session, incident, by)
                    return
                case "confirm":
                    row = select(Strike).where(Strike.complaint_id == incident.complaints[0].id)
                    confirm(session, by, session.exec(row).one().id)
                    return
                case "appeal":
                    appeal(session, by, **given)
                    return
                case "dispatch":
                    given = {"sent": [(None, given.pop("n"))], "metres": rough_distance_m, **given}
                    given["reason"] = "Semua yang terdekat sedang di lapangan."  # heard only when it is needed
                case "merge":
                    given["into"] = self._ids[given["into"]]
                case "refer":
                    given |= {"agency": self._people.agencies[given["agency"]], "sure": True}
            incident.take(beat.step, by, **given)
        if beat.step == "reply":
            incident.complaints[0].read_seq = incident.seq
        self._watch(incident)

    def _number(self, session: Session, at: datetime) -> None:
        """The month did not begin with this story."""
        day = local(at)
        counter = session.get(Counter, f"{day:%y%m}") or Counter(month=f"{day:%y%m}")
        counter.last = max(counter.last, A_DAY * day.day)
        session.add(counter)

    def _finish(self, session: Session) -> None:
        """The targets that have passed since the last beat; and whose console is open at this moment."""
        self._escalate(session, self._start)
        session.connection().execute(delete(Parcel))  # this evening's news went out this evening
        seen = {login: self._start for login in PLAYED}
        seen[SILENT] = self._start - timedelta(seconds=52 + SILENT_SECONDS)
        for login, seen_at in seen.items():
            session.merge(Presence(officer_id=self._people.viewers[login].id or 0, seen_at=seen_at))

    def _by(self, story: Story, beat: Beat) -> Viewer:
        if beat.by == REPORTER:
            return self._people.citizens[story.reporter]
        return self._people.viewers[beat.by] if beat.by else CLOCK

    def _look(self, session: Session, incident: Incident, by: Viewer) -> None:
        for complaint in incident.complaints:
            for row in complaint.evidence:
                note_look(
                    session, "evidence", by, incident_id=incident.id, complaint_id=complaint.id, evidence_id=row.id
                )

    def _watch(self, incident: Incident) -> None:
        if incident.open and incident.due_at and incident.due_at > self._start - timedelta(days=1):
            heapq.heappush(self._due, (incident.due_at, incident.id or 0))

    def _escalate(self, session: Session, until: datetime) -> None:
        """What the clock would have done by then, at the second it would have done it."""
        while self._due and self._due[0][0] <= until:
            due_at, id = heapq.heappop(self._due)
            incident = session.get_one(Incident, id)
            if incident.open and incident.due_at == due_at and incident.escalated_for != due_at:
                with as_of(due_at):
                    incident.take("escalate", CLOCK)
