"""What each page is made of, in one answer: on a slow line every file costs a round trip, and half a kilobyte of headers.

Sheets stand in the order in which they are read. A page's scripts are the modules that static/js/pages/ imports for it
(console/pages/modules.py); each part starts by itself (`once` in static/js/page.js), so that one that falls takes none of the others along.
"""

from console.pages.modules import graph


def _css(names: str) -> tuple[str, ...]:
    return tuple(f"css/{name}.css" for name in names.split())


HTMX = ("vendor/htmx.min.js",)
LIVE = (*HTMX, "vendor/hx-ws.min.js")
LEAFLET = ("vendor/leaflet.js",)

SHEETS = {
    "bundles/base.css": _css("tokens font parts"),
    "bundles/guard.css": _css("lock fit"),
    "bundles/citizen.css": _css("tokens parts citizen"),
    "bundles/console.css": _css("console evidence merge"),
    "bundles/duty.css": _css("console duty"),
    "bundles/desk.css": _css("console agency"),
    "bundles/agency.css": _css("console evidence agency"),
    "bundles/admin.css": _css("console admin"),
}
# What others wrote, before the module that imports all of a page's own.
SCRIPTS = {
    # Citizens
    "bundles/first.js": (),
    "bundles/citizen.js": LIVE,
    # Who is on duty
    "bundles/guard.js": (),
    "bundles/console.js": (*LIVE, *LEAFLET),
    "bundles/incident.js": HTMX,
    "bundles/duty.js": LIVE,
    "bundles/desk.js": HTMX,
    "bundles/part.js": (),
    # Partners, administration, one's own account
    "bundles/agency.js": LIVE,
    "bundles/admin.js": HTMX,
    "bundles/stations.js": (*HTMX, *LEAFLET),
    "bundles/me.js": (),
    # Walls
    "bundles/wall.js": LIVE,
    "bundles/wall-code.js": HTMX,
}


def parts(bundle: str) -> tuple[str, ...]:
    """The files of a bundle, in the order in which they are read; none when there is no such bundle."""
    if bundle in SCRIPTS:
        return (*SCRIPTS[bundle], *graph(entry(bundle)))
    return SHEETS.get(bundle, ())


def entry(bundle: str) -> str:
    """bundles/console.js → js/pages/console.js"""
    return f"js/pages/{bundle.removeprefix('bundles/')}"
