"""The house of these tests, on both databases."""

from collections.abc import Iterator

import pytest

from tests.support.house import House


@pytest.fixture
def house(database_url: str, redis_url: str) -> Iterator[House]:
    house = House(database_url, redis_url)
    yield house
    house.close()


@pytest.fixture
def sqlite_house(sqlite_url: str, redis_url: str) -> Iterator[House]:
    """For what does not depend on the database."""
    house = House(sqlite_url, redis_url)
    yield house
    house.close()
