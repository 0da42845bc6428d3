"""What an operator takes from here into a machine of their own: the image, the compose file, the units, the backup script."""

import json
import re
import shutil
import subprocess
import threading
from configparser import ConfigParser
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from console.operator.checks import check
from console.settings import HERE, Settings

DEPLOY = HERE / "deploy"
STEPS = [
    (found[1], found[2].replace("\\\n", " "))
    for found in re.finditer(r"^([A-Z]+) ((?:.*\\\n)*.*)$", (HERE / "Containerfile").read_text(), re.MULTILINE)
]
EXAMPLE = {"SITE": "siaga.example", "POSTGRES_PASSWORD": "word"}
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def steps(name: str) -> list[str]:
    return [words for step, words in STEPS if step == name]


def environment(words: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in words.split())


def settings(given: dict[str, Any], folder: Path) -> Settings:
    names = {name.removeprefix("SIAGA_").lower(): str(value) for name, value in given.items()}
    assert names.keys() <= set(Settings.model_fields)
    return Settings(**names | {"data_dir": str(folder)})


def test_the_image_is_nobody_s_in_particular_and_keeps_its_data_in_a_volume() -> None:
    order = [step for step, _ in STEPS]
    assert steps("USER") == ["siaga"] and order.index("USER") < order.index("COPY") < order.index("ENTRYPOINT")
    assert [environment(words)["SIAGA_DATA_DIR"] for words in steps("ENV")] == steps("VOLUME") == ["/data"]
    assert [HERE / name for name in json.loads(steps("ENTRYPOINT")[0])] == [HERE / "run.sh"]


def test_what_is_made_elsewhere_or_holds_people_s_data_stays_out_of_the_image() -> None:
    left_out = set((HERE / ".dockerignore").read_text().split())
    ignored = {line.strip("/") for line in (HERE / ".gitignore").read_text().splitlines() if line.startswith("/")}
    assert ignored - {"console/locale/.stamp"} <= left_out and {".git", "var"} <= left_out


def test_the_image_asks_for_a_public_url_and_then_serves(tmp_path: Path) -> None:
    given = environment(steps("ENV")[0])
    with pytest.raises(Exception, match="SIAGA_PUBLIC_URL=https"):
        check(settings(given, tmp_path / "data"))
    check(settings(given | {"SIAGA_PUBLIC_URL": "https://siaga.example"}, tmp_path / "data"))


def test_the_image_s_own_check_sees_whether_it_answers() -> None:
    asked = []

    class Health(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    (words,) = steps("HEALTHCHECK")
    _, *code = json.loads(words.partition("CMD ")[2])
    with HTTPServer(("127.0.0.1", 0), Health) as server:
        threading.Thread(target=server.handle_request).start()
        code[-1] = code[-1].replace(":8000", f":{server.server_port}")
        assert subprocess.run(["python3", *code]).returncode == 0 and asked == ["/health"]
    assert subprocess.run(["python3", *code], stderr=subprocess.DEVNULL).returncode == 1


def test_the_compose_file_sets_what_the_server_takes(tmp_path: Path) -> None:
    services = COMPOSE["services"]
    assert set(services) == {"caddy", "siaga", "postgres", "redis"}
    given = {
        name: re.sub(r"\$\{(\w+):[?-]([^}]*)\}", lambda found: EXAMPLE.get(found[1], found[2]), str(value))
        for name, value in services["siaga"]["environment"].items()
    }
    check(settings(environment(steps("ENV")[0]) | given, tmp_path / "data"))
    assert given["SIAGA_PROXY"] == services["caddy"]["networks"]["siaga"]["ipv4_address"]
    named = {volume.partition(":")[0] for one in services.values() for volume in one.get("volumes", [])}
    assert {name for name in named if not name.startswith("./")} == set(COMPOSE["volumes"])
    assert all((DEPLOY / name).exists() for name in named if name.startswith("./"))
    built = services["siaga"]["build"]
    assert (DEPLOY / built["context"] / built["dockerfile"]).is_file()


def test_the_compose_file_s_caddy_is_set_up_as_the_documented_one() -> None:
    (documented,) = re.findall(r"```caddy\n(.*?)```", (HERE / "docs/operating.md").read_text(), re.DOTALL)
    ours = (
        (DEPLOY / "Caddyfile").read_text().replace("{$SITE}", "siaga.example").replace("siaga:8000", "127.0.0.1:8000")
    )
    assert ours.split() == documented.split()


@pytest.mark.parametrize("unit", ["siaga.service", "siaga-backup.service"])
def test_a_unit_starts_what_is_there(unit: str) -> None:
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / unit)
    program = parser["Service"]["ExecStart"].split()[0]
    file = HERE / Path(program).relative_to("/opt/siaga")
    assert file.stat().st_mode & 0o100
    assert parser["Service"]["User"] == "siaga" and parser["Service"]["UMask"] == "0077"


def test_backups_take_turns_and_what_is_not_whole_is_not_among_them(tmp_path: Path) -> None:
    (tmp_path / "deploy").mkdir()
    shutil.copy(DEPLOY / "backup.sh", tmp_path / "deploy")
    program, folder = tmp_path / "run.sh", tmp_path / "kept"
    folder.mkdir()
    program.write_text('#!/bin/sh\n[ "$1 $2" = "admin backup" ] && echo whole > "$3"\n')
    program.chmod(0o755)
    for day in range(10, 14):
        (folder / f"siaga-202501{day}-031500.tar.gz").touch()
    (folder / "letter.txt").touch()
    backup = [tmp_path / "deploy/backup.sh", folder, "3"]
    subprocess.run(backup, check=True)
    *old, new = sorted(path.name for path in folder.glob("siaga-*"))
    assert [name[6:14] for name in old] == ["20250112", "20250113"] and (folder / new).read_text() == "whole\n"
    assert (folder / new).stat().st_mode & 0o777 == 0o600 and (folder / "letter.txt").exists()
    before = sorted(folder.iterdir())
    program.write_text('#!/bin/sh\necho half > "$3"\nexit 1\n')
    assert subprocess.run(backup).returncode != 0 and sorted(folder.iterdir()) == before
