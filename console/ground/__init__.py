"""The ground: outlines, gazetteer, distances; the city that is served."""

import sys

# geopy loads aiohttp and requests where they lie about (for pushes and messages, which load them when they are due).
# It asks over urllib here, so that they are hidden from it: a tenth of a start.
_hidden = {name: sys.modules.get(name) for name in ("aiohttp", "requests")}
sys.modules.update(dict.fromkeys(_hidden))  # type: ignore[arg-type]
try:
    import geopy.adapters  # noqa: F401
finally:
    for _name, _module in _hidden.items():
        if _module:
            sys.modules[_name] = _module
        else:
            del sys.modules[_name]
