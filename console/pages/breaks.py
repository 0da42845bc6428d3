"""A template's line breaks and indentation are for those who read it: where they do not show, they are not sent.

Decided once, when a template is compiled. One space is sent where a browser shows it, and none beside a block, within
the edges of a macro, or after another; never a line's end, which shows where what people wrote keeps its own lines. So a
formatter may lay a template out as it likes, and a card weighs what it did.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

NAMES = (
    "address article aside base blockquote body br button caption col colgroup datalist dd details dialog div dl dt"
    " fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li link main menu meta"
    " nav optgroup ol option p script search section source summary table tbody td template tfoot th thead title tr"
    " track ul circle defs ellipse g line path polygon polyline rect symbol use"
)
BLOCKS = frozenset(NAMES.split())  # around them no white space shows
EDGED = BLOCKS | {"audio", "meter", "object", "progress", "select", "svg", "video"}  # nor at the edges within these
VERBATIM = {"pre", "textarea"}
BODIES = {"macro": "endmacro", "block": "endblock", "call": "endcall"}
PARTS = re.compile(r"(?P<space>[ \t\r\n]+)|(?P<tag></?[a-zA-Z][\w-]*)|<!--.*?-->|[^< \t\r\n]+|<", re.DOTALL)
WITHIN = re.compile(r"(?P<space>[ \t\r\n]+)|(?P<end>/?>)|(?P<quote>[\"'])|[^ \t\r\n/>\"']+|/")


@dataclass(frozen=True)
class Place:
    """Where in a page one is."""

    gap: bool = True  # more white space would not show
    tag: str = ""  # "<div", "</div": inside it
    quote: str = ""  # inside a value that ends with it
    verbatim: str = ""  # inside this element
    owed: bool = False  # in a tag: white space before the next attribute, if one comes


@dataclass
class Branch:
    start: Place
    ends: list[Place] = field(default_factory=list)
    always: bool = False  # one of its ways is taken


class Breaks(Extension):
    """Around blocks, white space is free; anywhere else it is a space, unless a minus takes it back: {%- if … -%}."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        tokens = list(stream)
        place, branches = Place(), []
        for n, token in enumerate(tokens):
            word = tokens[n + 1].value if token.type == "block_begin" else ""
            if token.type == "data":
                ends = n + 2 < len(tokens) and tokens[n + 2].value in BODIES.values()
                text, place = lean(token.value, place, ends and tokens[n + 1].type == "block_begin")
                if text:
                    yield Token(token.lineno, "data", text)
                continue
            if token.type == "variable_begin" and place.owed:
                yield Token(token.lineno, "data", " ")
                place = replace(place, owed=False)
            yield token
            if token.type == "variable_end" or word == "include":
                place = replace(place, gap=False)
            elif word in ("if", "for"):
                branches.append(Branch(place))
                place = replace(place, gap=place.gap and word == "if")
            elif word in BODIES:
                branches.append(Branch(place, always=True))
                place = replace(place, gap=True)
            elif word in ("elif", "else"):
                branches[-1].ends.append(place)
                branches[-1].always = word == "else"
                place = branches[-1].start
            elif word in ("endif", "endfor", *BODIES.values()):
                branch = branches.pop()
                ways = [*branch.ends, place] + ([] if branch.always else [branch.start])
                if word in BODIES.values():
                    place = branch.start
                else:
                    place = replace(place, gap=all(way.gap for way in ways), owed=any(way.owed for way in ways))


def lean(data: str, place: Place, last: bool = False) -> tuple[str, Place]:
    """What of it is sent, and where one is then. `last`: nothing of this body follows."""
    out, at, space = [], 0, ""
    while at < len(data):
        if place.quote or place.verbatim:
            end = data.find(place.quote or f"</{place.verbatim}", at)
            stop = len(data) if end < 0 else end + len(place.quote)
            out.append(data[at:stop])
            if end >= 0:
                place = replace(place, quote="", verbatim="")
            at = stop
            continue
        found = (WITHIN if place.tag else PARTS).match(data, at)
        assert found, data[at:]
        at, what = found.end(), found[0]
        if found["space"]:
            space = "" if place.gap else " "
            place = replace(place, owed=bool(place.tag))
            continue
        name = (place.tag or what).lstrip("</").lower()
        if place.tag and found["end"]:
            opens = not place.tag.startswith("</")
            gap = name in BLOCKS or (opens and name in EDGED)
            place = Place(gap, verbatim=name if opens and name in VERBATIM else "")
        elif place.tag:
            out.append(" " if place.owed else "")
            place = replace(place, owed=False, quote=what if found["quote"] else "")
        elif found["tag"]:
            if not (name in BLOCKS or (what.startswith("</") and name in EDGED)):
                out.append(space)
            place = Place(gap=False, tag=what)
        else:
            out.append(space)
            place = replace(place, gap=False)
        out.append(what)
        space = ""
    if space and not place.tag and not last:
        out.append(space)
        place = replace(place, gap=True)
    return "".join(out), place
