"""A place in words: nothing of it is said twice, and nobody's own words are lost."""

import pytest

from models.city.worded import ground_first, joined, words_first


@pytest.mark.parametrize(
    ("words", "whole", "theirs"),
    [
        ("Sei Mati, Medan Maimun", "Sei Mati, Medan Maimun", "Sei Mati, Medan Maimun"),
        ("", "Sei Mati, Medan Maimun", "Sei Mati"),
        ("dekat masjid raya", "Sei Mati, Medan Maimun · dekat masjid raya", "dekat masjid raya · Sei Mati"),
        ("Gg. Buntu, kel. Sei Mati", "Sei Mati, Medan Maimun · Gg. Buntu", "Gg. Buntu, kel. Sei Mati"),
        ("Jl. Sei Mati Baru", "Sei Mati, Medan Maimun · Jl. Sei Mati Baru", "Jl. Sei Mati Baru · Sei Mati"),
    ],
)
def test_no_part_of_a_place_is_said_twice(words: str, whole: str, theirs: str) -> None:
    assert ground_first(words, "Sei Mati", "Medan Maimun") == whole
    assert words_first(words, "Sei Mati") == theirs


def test_what_was_written_twice_is_one() -> None:
    assert joined("Pasar Petisah", "Pasar Petisah") == "Pasar Petisah" and joined("", "pos") == "pos"
    assert ground_first("", "", "") == "" and words_first("", "") == ""
