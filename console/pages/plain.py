"""Mode senyap in words: what our sentences say of police, of a report and of us, as any list of notes might say it.

One rule for every page, also for those that nobody thinks of (an error, a form that comes back): the words of a catalogue
go through here, never those of a person. A test reads the whole catalogue through it. What leaves the house (a message)
has its plain sentence beside it instead (console/outbox/messages.py): it is read on a locked screen, by itself.
"""

import re
from collections.abc import Callable

Rules = tuple[tuple[re.Pattern[str], str], ...]

PLACED = re.compile(r"(%\(\w+\)[sd]|\{\w*\}|%%)")  # what is filled in later keeps its name


def _rules(*pairs: tuple[str, str]) -> Rules:
    return tuple((re.compile(rf"\b(?:{said})\b", re.IGNORECASE), plain) for said, plain in pairs)


RULES: dict[str, Rules] = {
    "id": _rules(
        ("siaga", "catatan"),
        ("dalam bahaya", "perlu cepat"),
        ("110 (?:sekarang|tetap)|110", "kami"),
        ("respons cepat", "kirim cepat"),
        ("laporan polisi", "surat resmi"),
        (
            "(?:petugas piket|piket komando|piket|petugas|polisi|pengawas|penyidik|personel)(?: (?:kami|lain|kedua))?",
            "admin",
        ),
        ("melaporkan|laporkan", "tulis"),
        ("melapor", "menulis"),
        ("pelapor(?:nya)?", "penulis"),
        ("laporan(?:nya)?", "catatan"),
        ("lapor", "tulis"),
        ("polrestabes|polres|polsek|polda|spkt|tkp", "kantor"),
    ),
    "en": _rules(
        ("siaga", "notes"),
        ("in danger", "in a hurry"),
        ("110 now|110", "us"),
        ("(?:quick|rapid) response", "quick send"),
        ("(?:formal )?police report", "official paper"),
        ("(?:duty |second )?(?:officers?|police|personnel|supervisors?)(?: on duty)?", "admin"),
        ("reports", "notes"),
        ("reported", "wrote"),
        ("report", "note"),
        ("spkt(?: desk)?|polsek", "office"),
    ),
}


def plain(locale: str, words: str) -> str:
    parts = PLACED.split(words)
    return "".join(part if n % 2 else _plain(locale, part) for n, part in enumerate(parts))


def _plain(locale: str, words: str) -> str:
    for said, instead in RULES[locale]:
        words = said.sub(_as_it_stood(instead), words)
    return words


def _as_it_stood(instead: str) -> Callable[[re.Match[str]], str]:
    """With a capital where there was one."""
    return lambda found: instead[0].upper() + instead[1:] if found[0][0].isupper() else instead


class Plain:
    """A catalogue that says everything so."""

    def __init__(self, locale: str, words: object):
        self._locale, self._words = locale, words

    def ugettext(self, message: str) -> str:
        return plain(self._locale, self._words.ugettext(message))  # type: ignore[attr-defined]

    def ungettext(self, one: str, many: str, n: int) -> str:
        return plain(self._locale, self._words.ungettext(one, many, n))  # type: ignore[attr-defined]

    def pgettext(self, context: str, message: str) -> str:
        return plain(self._locale, self._words.pgettext(context, message))  # type: ignore[attr-defined]

    gettext, ngettext = ugettext, ungettext
