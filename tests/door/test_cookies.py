"""Over TLS every cookie is __Host-: nobody but this host sets it, and it never leaves by a plain line."""

import re
from pathlib import Path

from starlette.testclient import TestClient

from console.app import create_app
from console.settings import HERE, Settings
from tests.support.town import PASSWORD, REPORT, Town

ALL = {
    "siaga",
    "siaga-wall",
    "knock",
    "known",
    "device",
    "draft",
    "quiet",
    "locale",
}  # and `remember`, which a code sets


def test_every_cookie_over_tls_is_this_host_s_alone(tmp_path: Path, sqlite_url: str, redis_url: str) -> None:
    settings = Settings(
        data_dir=tmp_path, database_url=sqlite_url, redis_url=redis_url, public_url="https://siaga.example",
        notify="json://127.0.0.1:1/?:to={phone}",
    )  # fmt: skip
    heard: list[str] = []
    with TestClient(create_app(settings), base_url="https://siaga.example", follow_redirects=False) as client:
        Town(client)  # its people
        own = client.cookies

        def ask(url: str, **data: str) -> str:
            answer = client.post(url, data=data)
            assert answer.status_code < 400, (url, answer.status_code)
            heard.extend(answer.headers.get_list("set-cookie"))
            return answer.text

        ask("/language", locale="en")
        assert 'lang="en"' in client.get("/sign-in").text  # what was set is found again
        ask("/quiet", quiet="yes")
        ask("/wall/code")
        code = own["__Host-siaga-wall"]
        ask("/wall/code")
        assert own["__Host-siaga-wall"] == code
        ask("/sign-up", phone="0812 7777 8888")
        ask("/complaints", **REPORT)
        ask("/sign-in", login="0812 0000 4471", password=PASSWORD)
        assert client.get("/complaints").text.count("Jl. Iskandar Muda") == 1  # the draft came along, whose it was
        ask("/complaints", **REPORT)
        ask("/sign-out")
        assert client.get("/complaints").status_code == 303 and not {"__Host-siaga", "__Host-knock"} & own.keys()
    for line in heard:
        said = line.split("; ")
        assert said[0].startswith("__Host-") and {"Secure", "HttpOnly", "Path=/"} <= set(said), line
        assert "Domain" not in line
    assert {line.partition("=")[0].removeprefix("__Host-") for line in heard} == ALL


def test_no_cookie_is_set_or_read_anywhere_else() -> None:
    elsewhere = [
        file.name
        for file in (HERE / "console").rglob("*.py")
        if file.name != "cookies.py"
        and re.search(r"\.(set|delete)_cookie\(|(?<!console\.door)\.cookies\b", file.read_text())
    ]
    assert elsewhere == []
