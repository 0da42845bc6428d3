"""The second factor: codes of an app (RFC 6238), passkeys (WebAuthn), recovery codes; their words, pictures and proofs.

Nothing here decides whether an answer counts: that it is taken once is the law's (models/people/factors.py).
"""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyotp
import segno

from console.door.sealing import seal, unseal
from console.door.viewer import hash_of
from models.errors import N_, WrongValue
from models.incidents.complaint import CROCKFORD
from models.people.factors import Factor, FactorKind
from models.time import now

ISSUER = "Siaga"
STEP_S = 30
WINDOW = 1  # half minutes to either side: a clock a minute off is let in, as RFC 6238, 5.2 advises
CODES = 10
GROUPS = 4  # of four letters: 80 bits
WRONG = N_("Kode salah.")
WRONG_KEY = N_("Passkey ini tidak diterima. Coba lagi.")


def new_app_secret() -> str:
    return pyotp.random_base32()


def app_address(secret: str, login: str) -> str:
    """What an app reads out of the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


@dataclass(frozen=True)
class Picture:
    """A QR code as a path of SVG, in a square of `size` modules with the quiet edge that cameras want."""

    size: int
    path: str


def picture(address: str) -> Picture:
    rows = [bytes(row) for row in segno.make(address, micro=False).matrix_iter(border=4)]
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return Picture(len(rows), path)


def step_of(secret: str, typed: str) -> int | None:
    """The half minute that this code belongs to; None when it is none of now's."""
    at, app = int(now().timestamp()), pyotp.TOTP(secret)
    for step in range(at // STEP_S - WINDOW, at // STEP_S + WINDOW + 1):
        if secrets.compare_digest(app.at(step * STEP_S), typed):
            return step
    return None


def sealed_secret(key: bytes, secret: str) -> str:
    return seal(key, {"app": secret})


def app_secret(key: bytes, factor: Factor) -> str:
    said = unseal(key, factor.sealed, None)
    return str(said["app"]) if said else ""


def new_codes() -> list[str]:
    """Shown once, read from paper without a slip."""
    return ["-".join("".join(secrets.choice(CROCKFORD) for _ in range(4)) for _ in range(GROUPS)) for _ in range(CODES)]


def code_print(typed: str) -> str:
    """Its hash, however it was copied: blanks, dashes and small letters do not count, O is 0, I and L are 1."""
    plain = "".join(letter for letter in typed.upper() if letter.isalnum())
    return hash_of(plain.translate(str.maketrans("OIL", "011")))


def digits_of(typed: str) -> str:
    """Six digits, if that is what was typed: the code of an app."""
    plain = "".join(typed.split())
    return plain if len(plain) == 6 and plain.isdecimal() and plain.isascii() else ""


# Passkeys. webauthn is loaded when somebody uses one: a quarter of a second of every start otherwise.


@dataclass(frozen=True)
class Place:
    """Where a passkey holds: the host alone (`id`), and the whole origin."""

    id: str
    origin: str


def asked_to_add(place: Place, challenge: bytes, officer_id: int, login: str, name: str, has: list[Factor]) -> str:
    """JSON for navigator.credentials.create."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import AuthenticatorSelectionCriteria, UserVerificationRequirement

    options = generate_registration_options(
        rp_id=place.id, rp_name=ISSUER, user_id=f"siaga-{officer_id}".encode(), user_name=login,
        user_display_name=name, challenge=challenge, exclude_credentials=_known(has),
        authenticator_selection=AuthenticatorSelectionCriteria(
            user_verification=UserVerificationRequirement.REQUIRED
        ),
    )  # fmt: skip
    return options_to_json(options)


def added(place: Place, challenge: bytes, name: str, answer: str) -> Factor:
    """The passkey that this answer makes. Raises WrongValue for anything else."""
    from webauthn import verify_registration_response
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        made = verify_registration_response(
            credential=_read(answer), expected_challenge=challenge, expected_rp_id=place.id,
            expected_origin=place.origin, require_user_verification=True,
        )  # fmt: skip
    except WebAuthnException:
        raise WrongValue("passkey", WRONG_KEY) from None
    return Factor(
        kind=FactorKind.PASSKEY, name=name, credential=bytes_to_base64url(made.credential_id),
        public_key=bytes_to_base64url(made.credential_public_key), count=made.sign_count,
    )  # fmt: skip


def asked_to_use(place: Place, challenge: bytes, has: list[Factor]) -> str:
    """JSON for navigator.credentials.get."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    options = generate_authentication_options(
        rp_id=place.id, challenge=challenge, allow_credentials=_known(has),
        user_verification=UserVerificationRequirement.REQUIRED,
    )  # fmt: skip
    return options_to_json(options)


def used(place: Place, challenge: bytes, has: list[Factor], answer: str) -> tuple[Factor, int]:
    """(which passkey answered, how often it says it was used). Raises WrongValue for anything else."""
    from webauthn import verify_authentication_response
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.exceptions import WebAuthnException

    said = _read(answer)
    factor = next((one for one in has if one.credential and one.credential == said.get("id")), None)
    if factor is None:
        raise WrongValue("passkey", WRONG_KEY)
    try:
        proved = verify_authentication_response(
            credential=said, expected_challenge=challenge, expected_rp_id=place.id, expected_origin=place.origin,
            credential_public_key=base64url_to_bytes(factor.public_key), credential_current_sign_count=factor.count,
            require_user_verification=True,
        )  # fmt: skip
    except WebAuthnException:
        raise WrongValue("passkey", WRONG_KEY) from None
    return factor, proved.new_sign_count


def _known(has: list[Factor]) -> list[Any]:
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential)) for one in has if one.credential]


def _read(answer: str) -> dict[str, Any]:
    try:
        said = json.loads(answer)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise WrongValue("passkey", WRONG_KEY)
    return said


# Between the password and the factor


@dataclass(frozen=True)
class Half:
    """Whose password was right, when, and the challenge for a passkey. Sealed in a cookie, for ten minutes."""

    officer_id: int
    begun: datetime
    next: str
    print: str  # of the password that was right: another one since then ends this
    challenge: str


HALF, HALF_SECONDS = "half", 600


def half_token(key: bytes, officer_id: int, password: str, next: str) -> str:
    return seal(
        key,
        {
            "officer_id": officer_id,
            "begun": now().isoformat(),
            "next": next,
            "print": hash_of(password),
            "challenge": secrets.token_hex(32),
        },
    )


def half_of(key: bytes, token: str) -> Half | None:
    said = unseal(key, token, HALF_SECONDS) if token else None
    if not said or "challenge" not in said:
        return None
    return Half(**said | {"begun": datetime.fromisoformat(said["begun"])})
