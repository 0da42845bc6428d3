"""Every word a person reads is in the catalogue, and the catalogue says it in English: nothing missing, nothing left over."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, nodes
from jinja2.meta import find_referenced_templates

from console.pages.bundles import SCRIPTS as BUNDLES
from console.pages.bundles import parts as files_of
from console.pages.words import CATALOGUES, LOCALES, WORDS, held, say
from models import errors
from models.city.category import Category
from models.city.seed import facts as seed
from models.incidents.closing import DISMISSALS, OUTCOMES
from models.roles import RIGHTS
from models.workflow import ROWS, STEPS, Status, Step

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
ENGLISH_ONLY = {"console/operator/admin.py"}  # an operator's terminal, as every command's help
SOURCES = sorted(path for folder in ("console", "models") for path in (ROOT / folder).rglob("*.py"))
UPDATE = "see the commands at the top of babel.cfg"

# The same in every language: names, signs, units, and each language's own name for itself.
UNTRANSLATED = {"Siaga", "DEMO", "English", "Bahasa", "Indonesia", "km", "m", "P", "nbsp"}
GETTEXT = {"_": 1, "gettext": 1, "ngettext": 2, "pgettext": 2, "npgettext": 3}  # how many arguments are words
CODES = r"\{% (?:block (?:screen|theme|width|quiet|sends)|macro (?:stage_of|at_fault))\b.*?\{%-? end(?:block|macro)"  # what they hold is a value or attributes
READ_ALOUD = ("aria-label", "title", "placeholder", "alt", "label", "hx-confirm")
STAGES = ("new", "claimed", "handled", "dispatched", "on_scene", "resolved", "dismissed", "reopened", "referred")


@cache
def english() -> Catalog:
    with (CATALOGUES / "en" / "LC_MESSAGES" / "siaga.po").open("rb") as file:
        return read_po(file, locale="en")


@cache
def used() -> frozenset[tuple[str, str | None]]:
    """Every key that stands in the sources, with its context; of a plural the singular."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT, methods, options, DEFAULT_KEYWORDS, directory_filter=_is_ours)
    return frozenset((words if isinstance(words, str) else words[0], context) for _, _, words, _, context in found)


def _is_ours(folder: str | Path) -> bool:
    within = Path(folder).relative_to(ROOT).parts
    return not within or within[0] in ("console", "models", "templates")


def said(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def keys(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def entries() -> list[Message]:
    return [message for message in english() if message.id]


def test_every_word_has_its_english() -> None:
    missing = [key for key in used() if not (message := english().get(*key)) or not all(said(message))]
    assert sorted(missing, key=str) == [], UPDATE


def test_the_catalogue_holds_nothing_old_and_nothing_guessed() -> None:
    left_over = [(keys(m)[0], m.context) for m in entries() if (keys(m)[0], m.context) not in used()]
    assert left_over == [], UPDATE
    assert [m.id for m in entries() if m.fuzzy] == []
    assert list(english().obsolete) == [], UPDATE


def parts(words: str) -> Counter[str]:
    """What must survive translation: {name}, %(name)s, tags and addresses of pages."""
    return Counter(re.findall(r"\{\w*\}|%\(\w+\)\w|</?\w+>|(?<!\S)/\w+(?:/\w+)*", words))


def test_placeholders_and_tags_survive_translation() -> None:
    for message in entries():
        for key in keys(message):
            for words in filter(None, said(message)):
                assert parts(words) == parts(key), f"{key!r} → {words!r}"


def test_a_translation_ends_as_its_source_does() -> None:
    """A sentence stays a sentence, a question a question, a label a label; nothing is padded or padding."""
    for message in entries():
        key = keys(message)[0]
        for words in filter(None, said(message)):
            assert words == words.strip() or key != key.strip(), f"{words!r} has stray blanks"
            if key != ",":  # the decimal sign
                assert words[-1:] in ".?:…" or key[-1] not in ".?:…", f"{key!r} → {words!r}"
                assert words[-1:] not in ".?:…" or key[-1] in ".?:…", f"{key!r} → {words!r}"


# Templates and scripts


def parsed(path: Path) -> nodes.Template:
    return Environment(extensions=["jinja2.ext.i18n"]).parse(path.read_text())


def bare(template: str) -> str:
    """A template's HTML without what Jinja puts in, and without what it says through {% trans %}."""
    template = re.sub(r"\{#.*?#\}", "", template, flags=re.S)
    template = re.sub(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", "", template, flags=re.S)
    template = re.sub(CODES, "{%", template, flags=re.S)
    return re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", template, flags=re.S)


def wordy(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > 1 and word not in UNTRANSLATED]


def a_sentence(text: str) -> bool:
    """Whether people would read this: a capital that begins a word, or words with blanks between them."""
    words = wordy(text)
    code = re.search(r"--|[#/=.\[(]", text)
    return bool(words) and not code and (words[0].istitle() or (len(words) > 1 and " " in text))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_says_nothing_by_itself(path: Path) -> None:
    html = bare(path.read_text())
    kbd = re.sub(r'<span class="key"[^>]*>[^<]*</span>', "", html)  # what stands on the key itself
    assert wordy(re.sub(r"<[^>]*>|&\w+;", " ", kbd)) == [], "text outside the catalogue"
    for name, value in re.findall(r'\s([\w:-]+)=("[^"]*"|\'[^\']*\')', html):
        if name in READ_ALOUD:
            assert wordy(value) == [], f"{name}={value}"
        elif name.startswith("data-"):
            assert not a_sentence(value), f"{name}={value}"
    assert [text for text in printed(parsed(path)) if a_sentence(text)] == [], "printed, yet not from the catalogue"


def printed(tree: nodes.Node) -> Iterator[str]:
    """Literals that an expression may print. What is handed to a call is judged where the call prints it."""
    for output in tree.find_all(nodes.Output):
        for node in output.nodes:
            if not isinstance(node, nodes.TemplateData):
                yield from _literals(node)


def _literals(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, nodes.CondExpr):
        yield from _literals(node.expr1)
        if node.expr2:
            yield from _literals(node.expr2)
    elif isinstance(node, nodes.Concat | nodes.And | nodes.Or | nodes.Add):
        for child in node.iter_child_nodes():
            yield from _literals(child)
    elif isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr) and node.node.attr == "get":
        for pair in node.node.node.find_all(nodes.Pair):
            yield from _literals(pair.value)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_names_its_words_literally(path: Path) -> None:
    for call in parsed(path).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in GETTEXT:
            for words in call.args[: GETTEXT[call.node.name]]:
                literal = isinstance(words, nodes.Const) and isinstance(words.value, str)
                assert literal, f"line {call.lineno}: extraction cannot see it"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_takes_its_words_from_the_page(path: Path) -> None:
    code = r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`"
    literals = [text[1:-1] for text in re.findall(code, path.read_text(), flags=re.S) if text[0] in "\"'`"]
    known = {words for m in entries() for words in (*keys(m), *said(m)) if len(words) > 3 and words[0].isupper()}
    spoken = [text for text in literals if text in known or re.match(r"[A-Z][a-z]+,?(?: [\w–·]+)+[.?!…:]?$", text)]
    assert spoken == [], "words belong in a data- attribute, from the catalogue"


def pages() -> list[Path]:
    return [path for path in TEMPLATES if path.parent.name == "pages"]


def whole(path: Path) -> str:
    """A page's template with all that it extends, includes and imports."""
    found = [path]
    for one in found:
        names = {name for name in find_referenced_templates(parsed(one)) if name}
        found += sorted({path for path in TEMPLATES if str(path.relative_to(ROOT / "templates")) in names} - {*found})
    return "\n".join(one.read_text() for one in found)


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.name)
def test_no_script_takes_an_attribute_of_words_for_a_mark(path: Path) -> None:
    """A press on a line that carries data-merge="Anda menggabungkan" was a press on what merges."""
    text = whole(path)
    words = set(re.findall(r"\b(data-[\w-]+)=\"[^\"]*?\{\{-? *(?:_|n?p?gettext)\(", text))
    asked = " ".join([text, *(part for name in BUNDLES if name in text for part in files_of(name))])
    scripts = [one for one in SCRIPTS if f"js/{one.name}" in asked]
    marks = r"\[(data-[\w-]+)|(?:toggle|set|remove)Attribute\(\"(data-[\w-]+)\""
    marked = {"".join(name): one.name for one in scripts for name in re.findall(marks, one.read_text())}
    assert {name: script for name, script in marked.items() if name in words} == {}, "call the words data-words-…"


# The law


def refusals(kind: type[errors.Refusal] = errors.Refusal) -> set[str]:
    return {kind.__name__}.union(*(refusals(heir) for heir in kind.__subclasses__()))


def called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_law_refuses_in_words_of_the_catalogue(path: Path) -> None:
    speaks = set() if str(path.relative_to(ROOT)) in ENGLISH_ONLY else refusals() | {"need", "say"}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and called(node) == "N_":
            assert isinstance(node.args[0], ast.Constant), f"line {node.lineno}: extraction cannot see it"
        elif isinstance(node, ast.Call) and called(node) in speaks:
            given = [*node.args, *(word.value for word in node.keywords if word.arg == "sentence")]
            texts = [word.value for word in given if isinstance(word, ast.Constant) and isinstance(word.value, str)]
            assert [text for text in texts if " " in text] == [], f"line {node.lineno}: mark it with N_"


def test_every_step_of_the_law_has_its_words() -> None:
    assert [step for step, row in STEPS.items() if not row.says] == []
    for row in ROWS.values():
        menu = row.menu if isinstance(row, Step) else None
        asked = row.carries if isinstance(row, Step) else ()
        offered = (menu.words, menu.title, menu.says) if menu else ()
        asks = [words for field in asked for words in (field.label, field.missing)]
        for words in filter(None, (row.says, *row.kinds.values(), *offered, *asks)):
            assert (words, None) in used(), row.name
            assert english()[words].string, row.name


def spoken(template: str, locale: str, macro: str, code: object) -> str:
    """What a macro says to a reader of this language; compiled here, whatever lies compiled on the disk."""
    environment = Environment(loader=FileSystemLoader(ROOT / "templates"), extensions=["jinja2.ext.i18n"])
    environment.install_gettext_translations(translations(locale), newstyle=True)  # type: ignore[attr-defined]
    return str(getattr(environment.get_template(template).module, macro)(code)).strip()


@cache
def translations(locale: str) -> NullTranslations:
    if locale == "id":
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, english())
    compiled.seek(0)
    return Translations(compiled, "siaga")


@pytest.mark.parametrize(
    ("template", "macro", "codes"),
    [
        ("_words.html", "status", list(Status)),
        ("_words.html", "priority", [1, 2, 3, 4]),
        ("_words.html", "outcome", OUTCOMES),
        ("_words.html", "dismissal", DISMISSALS),
        ("complaints/_words.html", "stage_word", STAGES),
    ],
)
def test_every_code_has_words(template: str, macro: str, codes: list[object]) -> None:
    for locale in LOCALES:
        words = [spoken(template, locale, macro, code) for code in codes]
        assert all(words) and not set(words) & {str(code) for code in codes}, locale
        assert len(set(words)) == len(words), f"{locale}: two that sound alike"


@pytest.mark.parametrize("locale", LOCALES)
def test_every_role_has_a_name_of_its_own(locale: str) -> None:
    names = {role: say(locale, rights.named) for role, rights in RIGHTS.items()}
    assert len({*names.values()} - {*names}) == len(RIGHTS)


def test_what_the_city_planted_has_both_languages() -> None:
    facts = seed.load()
    labels = [(row.label_id, row.label_en) for row in facts.categories]
    labels += [(row.label_id, row.label_en) for row in facts.priorities]
    labels += [(row.label_id, row.label_en) for row in facts.modifiers]
    assert [pair for pair in labels if not all(pair)] == []


def test_a_kind_has_a_name_short_enough_for_a_card() -> None:
    kinds = [Category(**vars(fact)) for fact in seed.load().categories]
    names = [kind.short(locale) for kind in kinds for locale in ("id", "en")]
    assert [name for name in names if len(name) > 24] == []
    assert Category(code="A", label_id="Kebakaran", label_en="Fire", short_en="Blaze").short("id") == "Kebakaran"  # type: ignore[call-arg]


def test_the_officers_word_and_the_reporters_word_differ() -> None:
    """Indonesian says Selesai to both; English does not."""
    assert spoken("_words.html", "en", "status", "resolved") == "Resolved"
    assert spoken("complaints/_words.html", "en", "stage_word", "resolved") == "Done"
    assert spoken("_words.html", "id", "status", "resolved") == "Selesai"


def test_a_number_and_its_unit_stay_on_one_line() -> None:
    for locale in LOCALES:
        within = WORDS[locale].ugettext("dalam {n} m")
        assert within.endswith("{n}\u00a0m"), within
    assert held("Diam {n} dtk, 12 km, 3 meja, %(n)s %") == "Diam {n}\u00a0dtk, 12\u00a0km, 3 meja, %(n)s\u00a0%"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_lets_no_unit_go_from_its_number(path: Path) -> None:
    code = re.sub(r"\{%.*?%\}|\{#.*?#\}", "", path.read_text(), flags=re.S)
    said = re.sub(r'_\("[^"]*"', "", code)
    assert re.findall(r'~ "[ ](?:km|m|%)"', said) == []
    assert re.findall(r"(?:\}\}|\d) (?:km|m|%|dtk|mnt)(?=[<\",{ ])", re.sub(r"\{\{.*?\}\}", "}}", said)) == []
