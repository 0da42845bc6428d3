"""Numbers and references as they are said and typed: with or without their dash, by a letter that is a digit."""

FEWEST = 3  # digits that are looked for
EXERCISE = "LAT"  # how numbers of exercises begin


def digits_of(q: str) -> str:
    """What was asked for, if it is a number, without the signs and blanks in it; else ""."""
    digits = "".join(letter for letter in q.strip().upper().removeprefix(EXERCISE) if letter.isalnum())
    return digits if digits.isdecimal() and len(digits) >= FEWEST else ""


def number_of(q: str) -> str:
    """26110596 → 2611-0596, an incident's number; lat26110003 → LAT-2611-0003, of an exercise."""
    of_exercise, digits = EXERCISE if q.strip().upper().startswith(EXERCISE) else "", digits_of(q)
    return f"{of_exercise and f'{of_exercise}-'}{digits[:4]}-{digits[4:]}"


def reference_of(q: str) -> str:
    """7k3f 92qd → 7K3F-92QD, by Crockford's rules: no O, I or L is in one, so they are the 0 and the 1 they look like."""
    letters = "".join(letter for letter in q.upper() if letter.isalnum()).translate(MEANT)
    return f"{letters[:4]}-{letters[4:]}"


MEANT = str.maketrans("OIL", "011")
