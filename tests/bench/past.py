"""A long past, made quickly: one real incident and its complaint, copied inside the database."""

from sqlalchemy import Connection, text

from models.incidents.complaint import Complaint
from models.incidents.dispatch import Dispatch
from models.incidents.incident import Incident
from models.people.citizens import Citizen
from models.record.event import Event

YEARS_S = 5 * 365 * 86_400
FIRST = 1_000_000  # copies are numbered from here on
EACH = 30  # complaints of one reporter
STRIDE_S = 7919  # spreads the copies over the years: a prime


def copy_past(connection: Connection, count: int) -> None:
    """`count` closed incidents, each with a complaint, an event and, for every EACH of them, a citizen of its own."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA cache_size = -400000")
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) "
    ago = f"'-' || (i * {STRIDE_S} % {YEARS_S} + 86400) || ' seconds'"
    if connection.dialect.name == "sqlite":
        filed = f"strftime('%Y-%m-%d %H:%M:%f000', 'now', {ago})"
    else:
        filed = f"now() - make_interval(secs => i * {STRIDE_S} % {YEARS_S} + 86400)"
    id, citizen = f"{FIRST} + i", f"{FIRST} + i / {EACH}"
    incident = {
        "id": id, "number": "'2001-' || i", "status": "'resolved'", "filed_at": filed, "opened_at": filed, "due_at": "NULL",
        "closed_at": filed, "officer_id": "1",
    }  # fmt: skip
    complaint = {
        "id": id,
        "ref": "'PAST-' || i",
        "incident_id": id,
        "home_id": id,
        "citizen_id": citizen,
        "filed_at": filed,
    }
    dispatch = {"id": id, "incident_id": id, "sent_at": filed, "cleared_at": filed, "station_id": "1", "personnel": "4",
        "version": "1", "sent_by_id": "1", "arrived_at": filed}  # fmt: skip
    tables = (
        (Citizen, {"id": f"{FIRST} - 1 + i", "phone": "'+62999' || i"}, f"i <= {count // EACH + 1}"),
        (Incident, incident, "true"),
        (Complaint, complaint | {"caller_phone": f"'+62888' || ({FIRST} + i)"}, "true"),
        (Dispatch, dispatch, "true"),
        (Event, {"seq": f"-{FIRST} - i", "incident_id": id, "complaint_id": id}, "true"),
    )
    for table, changed, which in tables:
        columns = [column.name for column in table.__table__.columns]  # type: ignore[attr-defined]
        values = ", ".join(changed.get(name, f'source."{name}"') for name in columns)
        name = table.__tablename__
        quoted = ", ".join(f'"{column}"' for column in columns)
        key = "seq" if table is Event else "id"
        source = (
            "(SELECT 1) AS source"
            if table is Dispatch
            else f"(SELECT * FROM {name} WHERE {key} > 0 ORDER BY {key} LIMIT 1) AS source"
        )
        connection.execute(
            text(f"INSERT INTO {name} ({quoted}) {numbers} SELECT {values} FROM n, {source} WHERE {which}")
        )
    connection.execute(text("ANALYZE"))
