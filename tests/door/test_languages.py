"""Which language a browser that chose none is spoken to in."""

import pytest

from console.door.viewer import wanted


@pytest.mark.parametrize(
    ("languages", "spoken"),
    [
        ("", "id"), ("en", "en"), ("en-GB,en;q=0.9", "en"), ("fr-FR,fr;q=0.9,en;q=0.8,id;q=0.7", "en"),
        ("fr, en;q=0.5, id;q=0.9", "id"), ("en;q=0, id;q=0.1", "id"), ("en;q=0", "id"), ("de,*;q=0.5", "id"),
        ("ms-MY,id;q=0.8,en;q=0.9", "en"), ("en" + ",x" * 5000, "en"), (";;q=,,=", "id"), ("eng, idn", "id"),
    ],
)  # fmt: skip
def test_it_is_the_one_of_ours_that_the_browser_weighs_most(languages: str, spoken: str) -> None:
    assert wanted(languages) == spoken
