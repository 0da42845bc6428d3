"""From ./run.sh to listening, set up already, on a database that is there."""

import os
import subprocess
import tempfile
import time

from console.settings import HERE
from tests.bench.report import spread, table
from tests.bench.stage import KEY, city

ROUNDS = 5


def run() -> None:
    with city(incidents=100) as people:
        seconds = [_start(people.url) for _ in range(ROUNDS)]
    table(["", "s", "goal"], [["./run.sh → listening", spread(seconds, 2), "≤ 2"]])


def _start(url: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "SIAGA_DATA_DIR": folder, "SIAGA_PORT": "0", "SIAGA_DATABASE_URL": url, "SIAGA_SECRET_KEY": KEY.decode(),
            "PYTHONUNBUFFERED": "1",
        }  # fmt: skip
        start = time.perf_counter()
        with subprocess.Popen(
            [HERE / "run.sh"], env=os.environ | settings, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as server:
            assert server.stdout
            for line in server.stdout:
                if line.startswith("Siaga: http"):
                    break
            seconds = time.perf_counter() - start
            server.terminate()
    return seconds
