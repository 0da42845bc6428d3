"""A trouble that lasts is two lines of the log, not one each second: said when it begins, and when it is over."""

import logging


class Trouble:
    """`begins` and `ends` may be called as often as one likes, from one thread at a time. One that turns into another is said."""

    def __init__(self, log: logging.Logger, over: str) -> None:
        self._log, self._over = log, over
        self._kind: type[BaseException] | None = None

    def begins(self, error: BaseException, words: str, *given: object, trace: bool = True) -> None:
        """`trace`: where nobody foresaw it."""
        if self._kind is not type(error):
            self._log.error(words, *given, exc_info=error if trace else None)
        self._kind = type(error)

    def ends(self) -> None:
        if self._kind is not None:
            self._log.warning(self._over)
        self._kind = None
