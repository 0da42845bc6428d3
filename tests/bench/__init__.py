"""What docs/performance.md aims at, measured: ./run.sh bench [name]. It prints, and judges nothing."""

from importlib import import_module
from traceback import format_exc

BENCHES = {
    "fanout": "how many screens hear how much, beside other servers",
    "filing": "complaints filed over HTTP, beside a session for each request",
    "end_to_end": "from the citizen's POST to the card painted in a browser",
    "console": "the console with 500 open incidents",
    "storm": "2,000 screens come back after a restart",
    "stalled": "one screen of 50 stops reading",
    "memory": "what 100 consoles cost",
    "soak": "a day at a wall in five minutes: does it grow?",
    "start": "cold start",
    "phone": "the citizen's phone on slow 3G, with a slower processor",
    "history": "a million incidents of the past",
    "presses": "Respons Cepat cut off at every half second: from the finger to the officer",  # 20 minutes
}


def run(name: str | None = None) -> None:
    """One bench, or all of them in turn."""
    from tests.bench.report import describe_machine, say

    wanted = [name.replace("-", "_")] if name else list(BENCHES)
    if unknown := [name for name in wanted if name not in BENCHES]:
        say(f"no such bench: {unknown[0]}; there are {', '.join(BENCHES)}")
        return
    describe_machine()
    broken = []
    for name in wanted:
        say(f"\n## {name}: {BENCHES[name]}")
        try:
            import_module(f"tests.bench.{name}").run()
        except Exception:  # an hour of the others is not to be lost by one of them
            say(format_exc())
            broken.append(name)
    if broken:
        raise SystemExit(f"not measured: {', '.join(broken)}")
