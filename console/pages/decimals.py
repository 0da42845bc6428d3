"""Numbers with a comma, as they are written here."""

import re

COMMA = re.compile(r"\s*[+-]?\d+,\d+\s*$")


def decimal(typed: str) -> str:
    """6,5 as a program reads it. What has more than one mark is left as it is: nobody guesses which one it was."""
    return typed.replace(",", ".") if COMMA.match(typed) else typed
