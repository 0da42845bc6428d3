"""Phone numbers: typed as people type them, kept as E.164."""

import re

import phonenumbers

from models.errors import N_, WrongValue

HOME = "ID"
ABROAD = re.compile(r"^\W*00(?=[1-9])")  # dialled from here to another country, or back to this one


def e164(typed: str, field: str = "phone") -> str:
    """0812 3456 7890 → +6281234567890. Raises WrongValue for what is no number of any country."""
    try:
        number = phonenumbers.parse(ABROAD.sub("+", typed), HOME)
    except phonenumbers.NumberParseException:
        raise WrongValue(field, N_("Ini bukan nomor telepon.")) from None
    if not phonenumbers.is_valid_number(number):
        raise WrongValue(field, N_("Nomor ini tidak lengkap atau tidak ada."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def as_phone(login: str) -> str | None:
    """The number that a login is, None when it is a name."""
    try:
        return e164(login)
    except WrongValue:
        return None


def spellings(typed: str) -> set[str]:
    """Every number this may be: of here, or of abroad without its plus."""
    return {phone for form in (typed, f"+{typed}") if (phone := as_phone(form))}


def dialled(phone: str) -> str:
    """As one dials it here: 0812-3456-7890, (061) 4567890."""
    if not phone:
        return ""
    form = phonenumbers.PhoneNumberFormat
    here = phone.startswith("+62")
    return phonenumbers.format_number(phonenumbers.parse(phone), form.NATIONAL if here else form.INTERNATIONAL)


def masked(phone: str) -> str:
    """0812 •••• 4471: enough to know one's own by."""
    local = "0" + phone.removeprefix("+62") if phone.startswith("+62") else phone
    return f"{local[:4]} •••• {local[-4:]}" if len(local) > 8 else ""
