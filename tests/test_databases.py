"""The databases that the tests get: both real, migrated, and every test's own."""

import pytest
from sqlalchemy import text

from models.database import writing_engine


@pytest.mark.parametrize("turn", [1, 2])
def test_a_test_finds_a_migrated_database_without_the_marks_of_another(database_url: str, turn: int) -> None:
    engine = writing_engine(database_url)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT seq FROM head")).scalar_one() == 0
        connection.execute(text("UPDATE head SET seq = 7"))
    engine.dispose()


def test_both_databases_are_what_they_say(database_url: str, request: pytest.FixtureRequest) -> None:
    assert database_url.startswith(request.node.callspec.params["database_url"])
