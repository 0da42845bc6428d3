"""Doors: who came in, went out, and proved to be who."""

from models.record.bodies.body import Body


class Revoke(Body):
    """Every session of one of these is over."""

    officer: int | None = None
    citizen: int | None = None
    wall: int | None = None


class SignIn(Body): ...


class SignOut(Body):
    session: str


class Lock(Body): ...


class Unlock(Body): ...


class SendCode(Body): ...


class ProveCode(Body): ...


class SpendCode(Body):
    failed: int


class ChangePassword(Body):
    """Of the staff, or of a citizen."""

    person: int | None = None
    citizen: int | None = None
