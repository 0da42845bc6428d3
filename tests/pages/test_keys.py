"""The one table of keys: on one page a letter means one thing, and what the templates name stands in it."""

import re
from collections import Counter

import pytest

from console.pages.keyboard import LETTERS, PLACES, TICKS
from console.settings import HERE
from models.city.seed.facts import load
from models.errors import NotAllowed, WrongValue
from models.people.officers import Officer, choose_keys, choose_sounds
from models.viewer import SINGLE_KEYS, Viewer
from models.workflow import STEPS
from tests.support.law import Law

TEMPLATES = {path: path.read_text() for path in (HERE / "templates").rglob("*.html")}
TABLE = {key.key for place in PLACES for key in place.keys}


def test_on_one_page_a_letter_means_one_thing() -> None:
    together = Counter(key.key for place in PLACES if not place.over for key in place.keys)
    assert [key for key, times in together.items() if times > 1] == []
    for place in PLACES:
        assert len({key.key for key in place.keys}) == len(place.keys)
    assert len(set(LETTERS.values())) == len(LETTERS)


def test_every_key_that_a_template_names_is_in_the_table() -> None:
    named = {(path.name, key) for path, text in TEMPLATES.items() for key in re.findall(r'data-key="([^"{]+)"', text)}
    assert len(named) > 15
    assert {(name, key) for name, key in named if key not in TABLE} == set()


def test_every_modifier_and_every_step_of_the_menu_has_its_letter() -> None:
    ticks = {key.key for place in PLACES if place.name == "tick" for key in place.keys}
    assert set(TICKS) == {row.code for row in load().modifiers}
    assert set(TICKS.values()) == ticks
    in_menu = [step for step in STEPS.values() if step.menu]
    assert len(in_menu) > 15 and len({step.menu.letter for step in in_menu if step.menu} | {"x"}) == len(in_menu) + 1


def test_no_field_changes_its_number_under_a_wheel() -> None:
    """`type=number` counts when a wheel turns over it: numbers are typed into plain fields."""
    assert [path.name for path, text in TEMPLATES.items() if 'type="number"' in text] == []


def test_single_keys_follow_the_person(law: Law) -> None:
    def chosen(by: Viewer) -> str:
        return law.read(lambda session: session.get_one(Officer, by.id).viewer.keys)

    assert chosen(law.hendra) == "single"
    for how in SINGLE_KEYS[1:]:
        law.run(choose_keys, law.hendra, how)
        assert chosen(law.hendra) == how
    assert chosen(law.ratna) == "single"
    with pytest.raises(WrongValue):
        law.run(choose_keys, law.hendra, "never")
    with pytest.raises(NotAllowed):
        law.run(choose_keys, law.ann, "off")


def test_sounds_follow_the_person_and_no_choice_is_silence(law: Law) -> None:
    def chosen(by: Viewer) -> tuple[str, bool]:
        viewer = law.read(lambda session: session.get_one(Officer, by.id).viewer)
        return viewer.volume, viewer.minor

    assert chosen(law.hendra) == ("full", True)
    law.run(choose_sounds, law.hendra, "soft", False)
    assert chosen(law.hendra) == ("soft", False) and chosen(law.ratna) == ("full", True)
    for volume in ("", "off", "0"):
        with pytest.raises(WrongValue):
            law.run(choose_sounds, law.hendra, volume)
    with pytest.raises(NotAllowed):
        law.run(choose_sounds, law.ann, "soft")
