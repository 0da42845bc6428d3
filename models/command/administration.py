"""What an administrator changes: people, stations, categories, targets, keys. Every change is an event of its own."""

import re
from typing import Any, TypeVar

from sqlmodel import Session, col, func, select

from models.acts import act
from models.city.agency import Agency, Kind
from models.city.category import RESTRICTED, URGENT, Category, Modifier, Target, categories, modifiers
from models.city.names import still_unused, unused
from models.city.station import Station
from models.command.deputy import strip
from models.command.shifts import on_duty
from models.command.strength import put_count
from models.errors import N_, NotFound, Outdated, Unsure, WrongMoment, WrongValue, need
from models.incidents.dispatch import MOST, Dispatch
from models.incidents.incident import Incident
from models.incidents.letting_go import leave_cases
from models.incidents.referral import ENDED, Referral
from models.people.machines import Key
from models.people.officers import Officer
from models.people.phones import e164
from models.people.sessions import revoke
from models.record.event import record
from models.roles import STAFF, Role
from models.time import now
from models.viewer import Viewer

LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,31}")
LONGEST = 80  # letters of a name
SHORT = 24  # letters of a name on a card or a tag
PERSONNEL_MOST = 200  # base of a category
ADVICE = 200  # letters: one or two sentences, read in fear
SECONDS_MOST = 7 * 86400  # a target beyond a week is none
FAR_KM = 10  # a station farther than this from every place of the command is asked about
T = TypeVar("T", Officer, Station, Agency)
CHANGED_MEANWHILE = N_("Data ini baru saja diubah orang lain. Muat ulang, lalu coba lagi.")


# People


@act
def enlist(
    session: Session, by: Viewer, *, login: str, name: str, role: str, password: str,
    rank: str = "", station_id: int | None = None, agency_id: int | None = None, own: bool = False,
) -> Officer:  # fmt: skip
    """A new account of the staff. `password`: already hashed; unless it is their `own`, they change it first."""
    login = login.strip().casefold()
    if not LOGIN.fullmatch(login):
        raise WrongValue("login", N_("Nama masuk: 3 sampai 32 huruf kecil, angka, titik atau garis, diawali huruf."))
    if session.exec(select(Officer.id).where(Officer.login == login)).first():
        raise WrongValue("login", N_("Nama masuk ini sudah dipakai."))
    officer = Officer(login=login, name="", role=Role.OFFICER, password=password, must_change=not own)
    _describe(session, officer, name, rank, role, station_id, agency_id)
    session.add(officer)
    session.flush()
    record(session, "enlist", by, person=officer.id, login=login, **_described(officer))
    return officer


@act
def reappoint(
    session: Session, by: Viewer, id: int, *, name: str, role: str, rank: str = "",
    station_id: int | None = None, agency_id: int | None = None, version: int | None = None,
) -> Officer:  # fmt: skip
    """Another name, rank, role, station or agency. A new role or agency ends every session: one signs in anew."""
    officer = find_person(session, id, version)
    before = _described(officer)
    _describe(session, officer, name, rank, role, station_id, agency_id)
    after = _described(officer)
    if before == after:
        return officer
    if before["role"] == Role.ADMIN and after["role"] != Role.ADMIN:
        _keep_an_admin(session, officer)
    record(session, "reappoint", by, person=id, was=before, **after)
    if (before["role"], before["agency"]) != (after["role"], after["agency"]):
        strip(session, by, officer)
        revoke(session, by, officer=id)
        leave_cases(session, by, officer)
    return officer


@act
def retire(session: Session, by: Viewer, id: int) -> None:
    """The account may not sign in any more, and every screen of it closes. What it did stays."""
    officer = find_person(session, id)
    if not officer.active:
        return
    if officer.role == Role.ADMIN:
        _keep_an_admin(session, officer)
    officer.active = False
    record(session, "retire", by, person=id)
    strip(session, by, officer)
    revoke(session, by, officer=id)
    leave_cases(session, by, officer)


@act
def reinstate(session: Session, by: Viewer, id: int) -> None:
    officer = find_person(session, id)
    if officer.active:
        return
    if agency := officer.agency_id and session.get(Agency, officer.agency_id):
        _one_of_a_leader(session, agency, officer)
    officer.active = True
    record(session, "reinstate", by, person=id)


@act
def reset_password(session: Session, by: Viewer, id: int, password: str) -> Officer:
    """`password`: already hashed, of a new first password, to be changed. Every session of the account ends."""
    officer = find_person(session, id)
    officer.password, officer.must_change = password, True
    record(session, "reset_password", by, person=id)
    revoke(session, by, officer=id)
    return officer


def people(session: Session, q: str = "") -> list[Officer]:
    """Everyone of the staff, those who may sign in first; `q` narrows by name or login."""
    rows = select(Officer).order_by(col(Officer.active).desc(), col(Officer.name), col(Officer.id))
    if q := q.strip():
        rows = rows.where(
            col(Officer.name).icontains(q, autoescape=True) | col(Officer.login).icontains(q, autoescape=True)
        )
    return list(session.exec(rows))


def find_person(session: Session, id: int, version: int | None = None) -> Officer:
    return _found(session.get(Officer, id), version)


def _describe(
    session: Session, officer: Officer, name: str, rank: str, role: str, station_id: int | None, agency_id: int | None
) -> None:
    if role not in STAFF:
        raise WrongValue("role", N_("Pilih peran."))
    officer.name, officer.rank, officer.role = _named(name), rank.strip()[:LONGEST], Role(role)
    was = officer.station_id, officer.agency_id  # which may be closed by now
    officer.station_id = officer.agency_id = None
    if officer.role == Role.LIAISON:
        agency = session.get(Agency, agency_id) if agency_id else None
        if agency is None or not (agency.active or agency.id == was[1]):
            raise WrongValue("agency", N_("Pilih instansi penghubung ini."))
        if officer.active:
            _one_of_a_leader(session, agency, officer)
        officer.agency_id = agency.id
    elif station_id:
        officer.station_id = station_id if station_id == was[0] else find_station(session, station_id).id


def _one_of_a_leader(session: Session, agency: Agency, officer: Officer) -> None:
    """A community leader is a person: another one gets an agency of their own."""
    others = [one for one in liaisons(session, agency.id) if one.active and one is not officer]
    if agency.kind == Kind.LEADER and others:
        raise WrongValue(
            "agency", N_("{agency} adalah seorang tokoh dan sudah punya penghubung: {name}."),
            agency=agency.name, name=others[0].title,
        )  # fmt: skip


def liaisons(session: Session, agency_id: int) -> list[Officer]:
    """Those who may sign in first."""
    rows = select(Officer).where(Officer.agency_id == agency_id, Officer.role == Role.LIAISON)
    return list(session.exec(rows.order_by(col(Officer.active).desc(), col(Officer.name), col(Officer.id))))


def _described(officer: Officer) -> dict[str, Any]:
    return {
        "name": officer.name,
        "rank": officer.rank,
        "role": str(Role(officer.role)),
        "station": officer.station_id,
        "agency": officer.agency_id,
    }


def _keep_an_admin(session: Session, but: Officer) -> None:
    """Somebody must be left who can make accounts."""
    others = select(func.count()).where(Officer.role == Role.ADMIN, Officer.active, Officer.id != but.id)
    if session.exec(others).one() == 0:
        raise WrongValue("role", N_("Harus ada paling sedikit satu administrator."))


# Stations


@act
def open_station(
    session: Session, by: Viewer, *, code: str, name: str, lat: float, lon: float, away_km: float,
    strength: int | None = None, sure: bool = False,
) -> Station:  # fmt: skip
    """`lat`, `lon`: already judged by console.ground.points. `away_km`: how far from the nearest place of this command."""
    code = _coded(code)
    if session.exec(select(Station.id).where(Station.code == code)).first():
        raise WrongValue("code", N_("Kode ini sudah dipakai."))
    name = unused(_named(name), (other.name for other in stations(session)))
    _asked(away_km, sure)
    station = Station(code=code, name=name, lat=lat, lon=lon)
    _state(station, by, None if strength is None else _strength(strength))
    session.add(station)
    session.flush()
    record(
        session,
        "open_station",
        by,
        station=station.id,
        code=code,
        name=station.name,
        lat=lat,
        lon=lon,
        strength=strength,
    )
    return station


@act
def rename_station(session: Session, by: Viewer, id: int, name: str, version: int | None = None) -> Station:
    station, name = find_station(session, id, version), _named(name)
    if name != station.name:
        unused(name, (other.name for other in stations(session) if other.id != id))
        record(session, "rename_station", by, station=id, was=station.name, name=name)
        station.name = name
    return station


@act
def move_station(
    session: Session, by: Viewer, id: int, lat: float, lon: float, away_km: float,
    sure: bool = False, version: int | None = None,
) -> Station:  # fmt: skip
    """A surveyed point: the station is no longer marked approximate."""
    station = find_station(session, id, version)
    _asked(away_km, sure)
    record(session, "move_station", by, station=id, was=[station.lat, station.lon], lat=lat, lon=lon)
    station.lat, station.lon, station.approximate = lat, lon, False
    return station


@act
def strengthen(
    session: Session, by: Viewer, id: int, strength: int, reason: str, version: int | None = None
) -> Station:
    """How many are on shift at this station from now on, with the reason. The same number again is a statement too."""
    station = find_station(session, id, version)
    reason = need(reason)
    record(session, "strength", by, station=id, was=station.strength, strength=_strength(strength), reason=reason)
    _state(station, by, strength)
    shift = on_duty(session)
    station.stated_why, station.stated_until = reason, shift.ends if shift else None
    return station


@act
def count_again(session: Session, by: Viewer, id: int, version: int | None = None) -> Station:
    """What was stated counts no more: the number is the apel's again."""
    station = find_station(session, id, version)
    was = station.strength
    put_count(session, by, station)
    if station.counted or station.strength != was:
        record(session, "count_again", by, station=id, was=was, strength=station.strength)
    return station


@act
def set_least(session: Session, by: Viewer, id: int, least: int | None, version: int | None = None) -> Station:
    """Below so many in the field the desk is warned; none: it is not."""
    station = find_station(session, id, version)
    least = least if least is None else _strength(least)
    if least != station.least:
        record(session, "set_least", by, station=id, was=station.least, least=least)
        station.least = least
    return station


@act
def close_station(session: Session, by: Viewer, id: int, version: int | None = None) -> None:
    """Nobody starts from there any more. Its people who are out come back first: whose would they be?"""
    station = find_station(session, id, version)
    out = select(Dispatch, Incident).join(Incident, col(Incident.id) == Dispatch.incident_id)
    rows = session.exec(out.where(Dispatch.station_id == id, col(Dispatch.cleared_at).is_(None))).all()
    if rows:
        numbers = sorted({incident.number for _, incident in rows})
        raise WrongMoment(
            N_("{n} personel pos ini masih keluar ({numbers}). Tutup sesudah mereka kembali."),
            n=sum(sent.personnel for sent, _ in rows), numbers=", ".join(numbers),
        )  # fmt: skip
    station.active = False
    record(session, "close_station", by, station=id, name=station.name)


@act
def reopen_station(session: Session, by: Viewer, id: int) -> None:
    """Who is on shift there has to be stated anew."""
    station = session.get(Station, id)
    if station is None:
        raise NotFound()
    if not station.active:
        still_unused(station.name, (other.name for other in stations(session)))
        station.active = True
        _state(station, by, None)
        record(session, "reopen_station", by, station=id, name=station.name)


def stations(session: Session, *, active: bool = True) -> list[Station]:
    return list(session.exec(select(Station).where(Station.active == active).order_by(col(Station.id))))


def find_station(session: Session, id: int, version: int | None = None) -> Station:
    station = session.get(Station, id)
    return _found(station if station and station.active else None, version)


def _asked(away_km: float, sure: bool) -> None:
    """Far from all that this command knows a point is likelier a slip than a station."""
    if away_km > FAR_KM and not sure:
        raise Unsure(N_("Titik ini {km} km dari wilayah komando ini. Benar di sana?"), km=round(away_km))


def _state(station: Station, by: Viewer, strength: int | None) -> None:
    station.strength = strength
    station.stated_at, station.stated_by = (None, "") if strength is None else (now(), by.name)
    station.stated_why, station.stated_until, station.counted = "", None, False


def _strength(number: int) -> int:
    if not 0 <= number <= MOST:
        raise WrongValue("strength", N_("Antara {least} dan {most}."), least=0, most=MOST)
    return number


# Partners


@act
def add_agency(session: Session, by: Viewer, code: str, name: str, kind: str = Kind.INSTITUTION) -> Agency:
    code = _coded(code)
    if session.exec(select(Agency.id).where(Agency.code == code)).first():
        raise WrongValue("code", N_("Kode ini sudah dipakai."))
    if kind not in list(Kind):
        raise WrongValue("kind", N_("Pilih jenis instansi."))
    agency = Agency(code=code, name=unused(_named(name), _other_agencies(session)), kind=Kind(kind))
    session.add(agency)
    session.flush()
    record(session, "add_agency", by, agency=agency.id, code=code, name=agency.name, kind=agency.kind)
    return agency


@act
def rename_agency(session: Session, by: Viewer, id: int, name: str, version: int | None = None) -> Agency:
    agency, name = find_agency(session, id, version), _named(name)
    if name != agency.name:
        unused(name, _other_agencies(session, id))
        record(session, "rename_agency", by, agency=id, was=agency.name, name=name)
        agency.name = name
    return agency


@act
def number_agency(session: Session, by: Viewer, id: int, phone: str, version: int | None = None) -> Agency:
    """Of a command beside ours: whoever reported what is forwarded there is told this number. Empty: none is known."""
    agency = find_agency(session, id, version)
    if agency.kind != Kind.COMMAND:
        raise WrongMoment(N_("Hanya nomor komando tetangga yang dibaca pelapor."))
    phone = e164(phone) if phone.strip() else ""
    if phone != agency.phone:
        record(session, "number_agency", by, agency=id, name=agency.name, was=agency.phone, phone=phone)
        agency.phone = phone
    return agency


@act
def line_agency(session: Session, by: Viewer, id: int, line: str, to: str, version: int | None = None) -> Agency:
    """Where links to referrals go, while nobody there signs in. `line`: sealed; `to`: as much of it as may be read."""
    agency = find_agency(session, id, version)
    if (line, to) != (agency.line, agency.line_shown):
        record(session, "line_agency", by, agency=id, name=agency.name, was=agency.line_shown, to=to)
        agency.line, agency.line_shown = line, to
    return agency


@act
def close_agency(session: Session, by: Viewer, id: int, words: str = "", version: int | None = None) -> None:
    """It gets nothing new, its liaisons are out. What still runs is ended with `words`, which its incidents keep."""
    agency, words = find_agency(session, id, version), words.strip()
    if not agency.active:
        return
    running = running_referrals(session, id)
    if running and not words:
        raise WrongValue(
            "words", N_("{n} rujukan masih berjalan ({numbers}). Tulis kata penutup untuk mengakhirinya."),
            n=len(running), numbers=", ".join(incident.number for _, incident in running),
        )  # fmt: skip
    for referral, incident in running:
        before = incident.values()
        referral.state, referral.finished_at = ENDED, now()
        incident.note("unrefer", by, before, referral=referral.id, agency=id, name=agency.name, note=words)
    agency.active = False
    record(session, "close_agency", by, agency=id, name=agency.name, ended=len(running), reason=words)
    for liaison in session.exec(select(Officer.id).where(Officer.agency_id == id)):
        revoke(session, by, officer=liaison, told=True)


@act
def reopen_agency(session: Session, by: Viewer, id: int) -> None:
    """Its liaisons may sign in again; what was ended stays ended."""
    agency = find_agency(session, id)
    if not agency.active:
        still_unused(agency.name, _other_agencies(session, id))
        agency.active = True
        record(session, "reopen_agency", by, agency=id, name=agency.name)


def agencies(session: Session) -> list[Agency]:
    """Those that are open first."""
    return list(session.exec(select(Agency).order_by(col(Agency.active).desc(), col(Agency.name), col(Agency.id))))


def _other_agencies(session: Session, id: int | None = None) -> list[str]:
    """Names of the open ones, this one's own aside."""
    return [agency.name for agency in agencies(session) if agency.active and agency.id != id]


def find_agency(session: Session, id: int, version: int | None = None) -> Agency:
    return _found(session.get(Agency, id), version)


def running_referrals(session: Session, agency_id: int) -> list[tuple[Referral, Incident]]:
    """What this partner can see now, oldest first: what it was asked, is at work on, or owes its last note for."""
    rows = select(Referral, Incident).join(Incident, col(Incident.id) == Referral.incident_id)
    found = session.exec(rows.where(Referral.agency_id == agency_id, Referral.showing()).order_by(col(Referral.id)))
    return [(referral, incident) for referral, incident in found]


# What can happen, and how fast it must be answered


@act
def add_category(
    session: Session, by: Viewer, code: str, *,
    label_id: str, label_en: str, tile: str, priority: int, personnel: int,
    short_id: str = "", short_en: str = "", tile_en: str = "", advice_id: str = "", advice_en: str = "",
    sensitive: bool = False,
) -> Category:  # fmt: skip
    """It stands last. Whether it is `sensitive` is said once: who may learn the names of those who filed hangs on it."""
    code = _coded(code)
    if session.get(Category, code):
        raise WrongValue("code", N_("Kode ini sudah dipakai."))
    known = categories(session, choosable=False)
    after = _category(
        label_id=label_id, label_en=label_en, tile=tile, priority=priority, personnel=personnel, choosable=True,
        short_id=short_id, short_en=short_en, tile_en=tile_en, advice_id=advice_id, advice_en=advice_en,
    )  # fmt: skip
    _tell_apart(known, None, after)
    position = max((one.position for one in known), default=-1) + 1
    category = Category(code=code, sensitive=sensitive, position=position, proposed=False, **after)
    session.add(category)
    record(session, "add_category", by, category=code, sensitive=sensitive, **after)
    return category


@act
def change_category(
    session: Session, by: Viewer, code: str, *,
    label_id: str, label_en: str, tile: str, priority: int, personnel: int, choosable: bool,
    short_id: str = "", short_en: str = "", tile_en: str = "", advice_id: str = "", advice_en: str = "",
) -> Category:  # fmt: skip
    """For what is filed from now on; open incidents keep their priority. Not `choosable`: closed, for nobody to choose
    anew, and what was filed under it stays so."""
    category = session.get(Category, code)
    if category is None:
        raise NotFound()
    after = _category(
        label_id=label_id, label_en=label_en, tile=tile, priority=priority, personnel=personnel, choosable=choosable,
        short_id=short_id, short_en=short_en, tile_en=tile_en, advice_id=advice_id, advice_en=advice_en,
    )  # fmt: skip
    if code == RESTRICTED and not choosable:
        raise WrongValue("choosable", N_("Pengaduan terhadap anggota selalu dapat dipilih."))
    if code == URGENT and not choosable:
        raise WrongValue("choosable", N_("Jenis yang dikirim Respons Cepat selalu dapat dipilih."))
    _tell_apart([one for one in categories(session, choosable=False) if one.code != code], category, after)
    was = {name: getattr(category, name) for name, value in after.items() if getattr(category, name) != value}
    if was or category.proposed:  # to leave the seed's number as it is, is to set it too
        category.proposed = False
        record(session, "change_category", by, category=code, was=was, **{name: after[name] for name in was})
        for name in was:
            setattr(category, name, after[name])
    return category


def _category(
    label_id: str,
    label_en: str,
    short_id: str,
    short_en: str,
    tile: str,
    tile_en: str,
    advice_id: str,
    advice_en: str,
    priority: int,
    personnel: int,
    choosable: bool,
) -> dict[str, Any]:
    """What an administrator says of a kind, as it is kept."""
    if priority not in (1, 2, 3, 4):
        raise WrongValue("priority", N_("Pilih prioritas."))
    return {
        "label_id": _named(label_id, "label_id"),
        "label_en": _named(label_en, "label_en"),
        "short_id": short_id.strip()[:SHORT],
        "short_en": short_en.strip()[:SHORT],
        "tile": _named(tile, "tile"),
        "tile_en": tile_en.strip()[:LONGEST],
        "advice_id": advice_id.strip()[:ADVICE],
        "advice_en": advice_en.strip()[:ADVICE],
        "priority": priority,
        "personnel": _personnel(personnel),
        "choosable": choosable,
    }


def _tell_apart(others: list[Category], category: Category | None, after: dict[str, Any]) -> None:
    """No two kinds may have the same name, whole or short, in either language. What stays as it is is not asked."""
    for locale in ("id", "en"):
        label, short = after[f"label_{locale}"], after[f"short_{locale}"]
        if category is None or label != category.label(locale):
            unused(label, (other.label(locale) for other in others), f"label_{locale}")
        if category is None or (short or label) != category.short(locale):
            unused(
                short or label, (other.short(locale) for other in others), f"{'short' if short else 'label'}_{locale}"
            )


@act
def add_modifier(
    session: Session, by: Viewer, code: str, *, label_id: str, label_en: str, personnel: int
) -> Modifier:  # fmt: skip
    """It is ticked last."""
    code = _coded(code).lower()
    if session.get(Modifier, code):
        raise WrongValue("code", N_("Kode ini sudah dipakai."))
    known = modifiers(session, closed=True)
    after = _modifier(known, None, label_id=label_id, label_en=label_en, personnel=personnel, active=True)
    modifier = Modifier(code=code, position=max((one.position for one in known), default=-1) + 1, **after)
    session.add(modifier)
    record(session, "add_modifier", by, modifier=code, **after)
    return modifier


@act
def change_modifier(
    session: Session, by: Viewer, code: str, *, label_id: str, label_en: str, personnel: int, active: bool
) -> Modifier:
    """For what is sent from now on. Not `active`: closed, ticked no more; what was sent for it stays told."""
    modifier = session.get(Modifier, code)
    if modifier is None:
        raise NotFound()
    others = [one for one in modifiers(session, closed=True) if one.code != code]
    after = _modifier(others, modifier, label_id=label_id, label_en=label_en, personnel=personnel, active=active)
    was = {name: getattr(modifier, name) for name, value in after.items() if getattr(modifier, name) != value}
    if was:
        record(session, "change_modifier", by, modifier=code, was=was, **{name: after[name] for name in was})
        for name in was:
            setattr(modifier, name, after[name])
    return modifier


def _modifier(
    others: list[Modifier], modifier: Modifier | None, label_id: str, label_en: str, personnel: int, active: bool
) -> dict[str, Any]:
    after = {"label_id": _named(label_id, "label_id"), "label_en": _named(label_en, "label_en")}
    for field, label in after.items():
        if modifier is None or label != getattr(modifier, field):
            unused(label, (getattr(other, field) for other in others), field)
    return {**after, "personnel": _personnel(personnel), "active": active}


def _personnel(number: int) -> int:
    if not 0 <= number <= PERSONNEL_MOST:
        raise WrongValue("personnel", N_("Antara {least} dan {most}."), least=0, most=PERSONNEL_MOST)
    return number


@act
def change_target(session: Session, by: Viewer, priority: int, *, claim_s: int, arrive_s: int | None) -> Target:
    """In seconds after filing; None: this step has no target. For the next step of each incident on."""
    target = session.get(Target, priority)
    if target is None:
        raise NotFound()
    given = {"claim_s": claim_s, "arrive_s": arrive_s}
    for name, seconds in given.items():
        if seconds is not None and not 10 <= seconds <= SECONDS_MOST:
            raise WrongValue(name, N_("Antara {least} dan {most}."), least=10, most=SECONDS_MOST)
    if arrive_s is not None and arrive_s < claim_s:
        raise WrongValue("arrive_s", N_("Target tiba tidak boleh sebelum target ambil."))
    was = {name: getattr(target, name) for name, value in given.items() if getattr(target, name) != value}
    if was or target.proposed:
        target.proposed = False
        record(session, "change_target", by, priority=priority, was=was, **{name: given[name] for name in was})
        for name in was:
            setattr(target, name, given[name])
    return target


# Keys of an existing app's back end


@act
def make_key(session: Session, by: Viewer, name: str, hash: str) -> Key:
    """`hash`: of the secret shown once."""
    key = Key(name=_named(name), hash=hash)
    session.add(key)
    session.flush()
    record(session, "make_key", by, key=key.id, name=key.name)
    return key


@act
def revoke_key(session: Session, by: Viewer, id: int) -> None:
    key = session.get(Key, id)
    if key is None:
        raise NotFound()
    if key.revoked_at is None:
        key.revoked_at = now()
        record(session, "revoke_key", by, key=id, name=key.name)


def keys(session: Session) -> list[Key]:
    return list(session.exec(select(Key).order_by(col(Key.revoked_at).is_not(None), col(Key.added_at).desc())))


def _coded(code: str) -> str:
    code = code.strip().upper()
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9_-]{1,19}", code):
        raise WrongValue("code", N_("Kode: 2 sampai 20 huruf besar, angka atau garis."))
    return code


def _named(name: str, field: str = "name") -> str:
    name = need(name, field, N_("Wajib diisi."))
    if len(name) > LONGEST:
        raise WrongValue(field, N_("Paling banyak {most} huruf."), most=LONGEST)
    return name


def _found(row: T | None, version: int | None) -> T:
    if row is None:
        raise NotFound()
    if version is not None and version != row.version:
        raise Outdated(CHANGED_MEANWHILE)
    return row
