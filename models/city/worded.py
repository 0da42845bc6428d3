"""A place in words: what somebody wrote of it and the names of the ground, and no part of it is said twice."""

import re

KINDS = re.compile(r"^(kelurahan|kel\.?|kecamatan|kec\.?)\s+", re.IGNORECASE)  # as people write them before a name


def joined(*parts: str) -> str:
    """What was written in several fields, as one."""
    return ", ".join(dict.fromkeys(part for part in parts if part))


def words_first(words: str, *names: str) -> str:
    """For whoever wrote them: their own words, whole, and then what those do not say."""
    said = _parts(words)
    areas = ", ".join(name for name in dict.fromkeys(names) if name and name.casefold() not in said)
    return " · ".join(part for part in (words, areas) if part)


def ground_first(words: str, *names: str) -> str:
    """For whoever goes there: the names of the ground, and of the words what those do not say."""
    areas = list(dict.fromkeys(name for name in names if name))
    known = {name.casefold() for name in areas}
    rest = ", ".join(part for part in re.split(r"\s*[,·]\s*", words) if part and _bare(part) not in known)
    return " · ".join(part for part in (", ".join(areas), rest) if part)


def _parts(words: str) -> set[str]:
    return {_bare(part) for part in re.split(r"[,·]", words)}


def _bare(part: str) -> str:
    return KINDS.sub("", part.strip()).casefold()
