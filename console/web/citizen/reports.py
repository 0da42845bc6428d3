"""A report as the form sends it, and how it becomes a complaint: once, however often it comes."""

from collections.abc import Sequence
from typing import Any

from pydantic import ConfigDict
from sqlmodel import Session

from console.ground.points import WrongPlace
from console.state import Request
from console.web.citizen.sites import metres, site_of
from console.web.forms import Form, Placed
from models.city.category import URGENT
from models.city.site import Site
from models.errors import MOST_WORDS, N_, WrongValue
from models.incidents.filing import Filing, Upload, file
from models.people.phones import e164
from models.record.idempotency import once
from models.viewer import Viewer

GUESSED_M = 5_000
PRESSED = "Respons Cepat ditekan"
URGENT_WORDS = N_("Respons Cepat ditekan, tanpa kata.")
URGENT_LATE = N_("Respons Cepat ditekan {minutes} menit sebelum sampai di sini, tanpa kata.")
LATE_MINUTES = 2
LONGEST = {  # letters: a draft before the door keeps no more of anything
    "category": 40, "description": MOST_WORDS, "lat": 40, "lon": 40, "accuracy": 40, "precision": 40, "place": 200, "point": 200,
    "landmark": 200, "idempotency_key": 200, "source": 40, "caller_name": 80, "caller_phone": 40, "held": 10, "waited": 10,
    "draft": 10, "whose": 40, "sure": 10, "exercise": 10,
}  # fmt: skip


class WrongReport(WrongValue):
    """The report cannot be filed as it is; each field says why."""

    def __init__(self, faults: Sequence[WrongValue]):
        super().__init__(faults[0].field, faults[0].sentence, **faults[0].values)
        self.faults = faults


class Report(Form):
    """What the form says, as it was typed; a program's numbers count as typed, too."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    category: str = ""
    description: str = ""
    lat: str = ""
    lon: str = ""
    accuracy: str = ""
    precision: str = ""
    place: Placed = ""
    landmark: Placed = ""
    point: Placed = ""  # as it was pasted, or pointed at on the map: of who files for somebody
    idempotency_key: str = ""
    source: str = ""
    caller_name: str = ""
    caller_phone: str = ""
    draft: str = ""  # one that waited before the door, and could not be filed behind it: with its photos
    whose: str = ""  # page it was (console/door/whose.py): a draft waits for its own account
    waited: str = ""  # seconds that a press lay on the phone before it went
    sure: str = ""  # the place is open, and stays so: whoever called does not know it any better
    exercise: str = ""  # of a supervisor, while one runs; nobody else's form has it
    held: str = ""  # Respons Cepat was held to the end: it is filed as it is

    @property
    def urgent(self) -> bool:
        return self.category == URGENT

    @property
    def pressed(self) -> bool:
        return self.urgent and bool(self.held)

    def check(self) -> None:
        """Raises WrongReport with everything that is missing or too long: nobody likes to be sent back twice."""
        faults = []
        for name, most in LONGEST.items():
            if len(getattr(self, name)) > most:
                faults.append(WrongValue(name, N_("Paling banyak {most} huruf."), most=most))
        if not self.category:
            faults.append(WrongValue("category", N_("Pilih apa yang terjadi.")))
        if not self.description and not self.urgent:
            faults.append(WrongValue("description", N_("Ceritakan singkat apa yang terjadi.")))
        if not (self.lat or self.lon or self.place or self.point or self.pressed):
            # Who writes for somebody at the telephone or the counter has no position to send.
            where = (
                N_("Tulis tempatnya, atau tunjuk di peta.")
                if self.source
                else N_("Kirim lokasi, geser peta, atau tulis tempatnya.")
            )
            faults.append(WrongValue("place", where))
        if faults:
            raise WrongReport(faults)

    async def site(self, request: Request) -> Site:
        places = request.state.places
        said = self.lat, self.lon, self.place, self.landmark, self.accuracy, self.precision, self.point
        try:
            return await site_of(places, *said)
        except WrongValue as wrong:
            if not self.pressed or (isinstance(wrong, WrongPlace) and wrong.elsewhere and not self._coarse):
                raise
            return Site.unknown()  # no point, or none that a phone can mean: the follow page asks where

    @property
    def _coarse(self) -> bool:
        """A position guessed from a network's address may lie in another city: no reason to refuse a call for help."""
        return (metres(self.accuracy) or 0) > GUESSED_M

    def filing(self, by: Viewer, site: Site, uploads: Sequence[Upload], origin: str = "") -> Filing:
        words = self.description or self._without_words
        filing = Filing(self.category, words, site, self.place, uploads=list(uploads), origin=origin)
        return self._for_somebody(filing) if by.on_duty else filing

    @property
    def _without_words(self) -> str:
        """Of a press that waited for a signal, that too: what was in danger then may be over, or worse."""
        minutes = int(self.waited) // 60 if self.waited.isdecimal() else 0
        return URGENT_LATE.format(minutes=minutes) if minutes >= LATE_MINUTES else URGENT_WORDS

    def asked(self, uploads: Sequence[Upload]) -> dict[str, Any]:
        """What the key stands for: the same words and the same pictures."""
        return self.model_dump(exclude={"idempotency_key", "draft", "whose", "waited", "sure"}) | {
            "photos": [upload.sha256 for upload in uploads]
        }

    def _for_somebody(self, filing: Filing) -> Filing:
        """An officer files for who called or walked in."""
        source = self.source if self.source in ("caller", "walk_in") else "caller"
        phone = e164(self.caller_phone, "caller_phone") if self.caller_phone else ""
        said = {
            "source": source,
            "caller_name": self.caller_name,
            "caller_phone": phone,
            "exercise": bool(self.exercise),
        }
        return Filing(**vars(filing) | said)


def file_once(session: Session, by: Viewer, filing: Filing, key: str, asked: Any) -> dict[str, Any]:
    """{ref, incident, status} of the complaint; the same for the same key."""

    def act() -> dict[str, Any]:
        complaint = file(session, by, filing)
        return {"ref": complaint.ref, "incident": complaint.incident_id, "status": "new"}

    return once(session, by, key, asked, act)
