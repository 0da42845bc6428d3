"""The staff: accounts, what proves them, and powers for a while."""

from pydantic import BaseModel

from models.record.bodies.body import Body


class _OfPerson(Body):
    person: int


class WrongPassword(_OfPerson): ...


class WrongFactor(_OfPerson): ...


class AddFactor(_OfPerson):
    factor: str
    name: str


class DropFactor(AddFactor): ...


class RenewCodes(_OfPerson): ...


class UseCode(_OfPerson): ...


class RequireFactor(_OfPerson):
    due: bool


class ResetFactors(_OfPerson): ...


class ResetPassword(_OfPerson): ...


class Retire(_OfPerson): ...


class Reinstate(_OfPerson): ...


class Person(BaseModel):
    name: str
    rank: str
    role: str
    station: int | None
    agency: int | None


class Enlist(_OfPerson, Person):
    login: str


class Reappoint(_OfPerson, Person):
    was: Person


class Deputise(Body):
    officer: int
    until: str
    reason: str


class EndDeputy(Body):
    """`over`: its time was over."""

    officer: int
    over: bool = False
