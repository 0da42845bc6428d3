"""A template may be laid out in any way: what is sent is the same, and no heavier than if it stood on one line."""

import pytest
from jinja2 import Environment

from console.pages.breaks import Breaks

PAGES = Environment(extensions=["jinja2.ext.i18n", Breaks], autoescape=True)


def sent(template: str, **data: object) -> str:
    return PAGES.from_string(template).render(**data)


@pytest.mark.parametrize(
    ("template", "html"),
    [
        ("\n<div>\n  <p>\n    one\n    two\n  </p>\n</div>\n", "<div><p>one two</p></div>"),
        ("<b>a</b>\n<i>b</i>", "<b>a</b> <i>b</i>"),
        ("<b>a</b><i>b</i>", "<b>a</b><i>b</i>"),
        ("<p>\n  {{ x }}\n  {{ x }}\n</p>", "<p>X X</p>"),
        ("<p>{{ x }}\n  {{- x }}</p>", "<p>XX</p>"),
        ("{% if x %}\n  <p>a</p>\n{% else %}\n  <p>b</p>\n{% endif %}\n", "<p>a</p>"),
        ("<p>a\n  {% if x %}\n    b\n  {% endif %}\n  c</p>", "<p>a b c</p>"),
        ("<p>a\n  {% if not x %}\n    b\n  {% endif %}\n  c</p>", "<p>a c</p>"),
        ("<ul>\n  {% for n in [1, 2] %}\n    <li>{{ n }}</li>\n  {% endfor %}\n</ul>", "<ul><li>1</li><li>2</li></ul>"),
        ("{% macro m() %}\n  <b>m</b>\n{% endmacro %}\na{{ m() }}b", "a<b>m</b>b"),
        ("<svg>\n  <use href='#a' />\n</svg>\nwords", "<svg><use href='#a'/></svg> words"),
        ("<button>\n  press\n</button>\n<button>it</button>", "<button>press</button><button>it</button>"),
    ],
)
def test_white_space_is_sent_where_it_shows(template: str, html: str) -> None:
    assert sent(template, x="X") == html


@pytest.mark.parametrize(
    ("template", "html"),
    [
        ("<li\n  id='a'\n  {% if x %}\n    data-b\n  {% endif %}\n  class='c'\n>", "<li id='a' data-b class='c'>"),
        ("<li\n  id='a'\n  {% if not x %}\n    data-b\n  {% endif %}\n>", "<li id='a'>"),
        ("<input\n  name='a'\n  {{ x }}\n/>", "<input name='a' X/>"),
        ("<p title='two\n  lines, a > b'>", "<p title='two\n  lines, a > b'>"),
        ("<p class='a{% if x %} b{% endif %}'>\n", "<p class='a b'>"),
    ],
)
def test_attributes_stand_one_space_apart_however_many_there_are(template: str, html: str) -> None:
    assert sent(template, x="X") == html


@pytest.mark.parametrize("tag", ["textarea", "pre"])
def test_what_is_verbatim_stays(tag: str) -> None:
    assert sent(f"<{tag}>\n  a\n\n   b </{tag}>\n<p>\n  c</p>") == f"<{tag}>\n  a\n\n   b </{tag}><p>c</p>"


def test_no_line_ends_where_people_s_words_keep_theirs() -> None:
    assert sent("<p class='words'>a ·\n  {{ x }}</p>", x="b") == "<p class='words'>a · b</p>"
