"""What an operator's eyes see: for whoever has the token, and nobody else."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from console.app import create_app
from console.settings import Settings
from tests.town import OPERATOR, Town


def test_only_who_brings_the_token_reads_the_counts(sqlite_town: Town) -> None:
    assert sqlite_town.anyone.get("/metrics", headers=OPERATOR).status_code == 200
    for said in (
        {},
        {"authorization": "Bearer "},
        {"authorization": "Bearer of-another-one"},
        {"authorization": b"Bearer \xe9"},
    ):
        for who in (sqlite_town.anyone, sqlite_town.dewi):
            answer = who.get("/metrics", headers=said)
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer"), said
            assert "siaga_" not in answer.text


@pytest.mark.parametrize("token", ["", "Bearer "])
def test_without_a_token_there_are_none(tmp_path: Path, sqlite_url: str, redis_url: str, token: str) -> None:
    """Also not from this machine: behind a proxy everybody comes from there."""
    settings = Settings(data_dir=tmp_path, database_url=sqlite_url, redis_url=redis_url)
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8000") as client:
        assert client.get("/metrics", headers={"authorization": token}).status_code == 404
