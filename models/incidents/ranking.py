"""An order as one number, which every screen sorts by: what is true before what is an exercise, whatever their priorities."""

from datetime import datetime

PRIORITIES = 4


def gravity(exercise: bool, priority: int) -> int:
    """The lower, the graver."""
    return priority + PRIORITIES * exercise


def place(part: int, exercise: bool, priority: int, at: datetime) -> int:
    """By part (the lower, the sooner), in it what is true, by priority, then by the moment: its last thirteen digits, in
    milliseconds. It fits a number of JavaScript."""
    return part * 10**14 + gravity(exercise, priority) * 10**13 + int(at.timestamp() * 1000)
