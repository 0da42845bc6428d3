"""Keys of an existing app's back end."""

from sqlmodel import Session, col, select

from models.acts import act
from models.administration.entered import named
from models.errors import NotFound
from models.people.machines import Key
from models.record.event import record
from models.time import now
from models.viewer import Viewer


@act
def make_key(session: Session, by: Viewer, name: str, hash: str) -> Key:
    """`hash`: of the secret shown once."""
    key = Key(name=named(name), hash=hash)
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
