"""What each page is made of, in one answer: on a slow line every file costs a round trip, and half a kilobyte of headers.

Sheets stand in the order in which they are read. A page's scripts are the modules that static/js/pages/ imports for it
(console/pages/modules.py); each part starts by itself (`once` in static/js/page.js), so that one that falls takes none of the others along.
"""

from console.pages.modules import graph


def _css(names: str, folder: str = "") -> tuple[str, ...]:
    return tuple(f"css/{folder}{name}.css" for name in names.split())


HTMX = ("vendor/htmx.min.js",)
LIVE = (*HTMX, "vendor/hx-ws.min.js")
LEAFLET = ("vendor/leaflet.js",)

PARTS = (*_css("tokens font"), *_css("small topbar map", "parts/"))
CITIZEN = _css("shell form follow home kinds where story fast quiet news door urge", "citizen/")
CONSOLE = _css("frame queue card map panel proof send diary notices found dialogs bands narrow", "console/")
EVIDENCE = _css("stage from viewer", "evidence/")
MERGE = _css("alike bursts talks", "merge/")

SHEETS = {
    "bundles/base.css": PARTS,
    "bundles/guard.css": (*_css("lock"), *_css("deaf practice", "parts/"), *_css("narrow contrast paper", "fit/")),
    "bundles/citizen.css": (*(sheet for sheet in PARTS if sheet != "css/font.css"), *CITIZEN),
    "bundles/console.css": (*CONSOLE, *_css("briefs", "parts/"), *EVIDENCE, *MERGE),
    "bundles/alike.css": (*CONSOLE, *MERGE),
    "bundles/duty.css": (
        *CONSOLE,
        *_css("briefs", "parts/"),
        *_css("frame shiftline lanes late force meter move phone", "duty/"),
    ),
    "bundles/apel.css": (*CONSOLE, *_css("frame shiftline apel beside apel-paper", "duty/")),
    "bundles/opening.css": (*CONSOLE, *_css("agency"), *_css("opening", "duty/")),
    "bundles/handover.css": (*CONSOLE, *_css("frame shiftline handover", "duty/")),
    "bundles/figures.css": (*CONSOLE, *_css("frame", "duty/"), *_css("figures"), *_css("stood", "duty/")),
    "bundles/replay.css": (*CONSOLE, *_css("frame", "duty/"), *_css("figures"), *_css("replay", "duty/")),
    "bundles/report.css": _css("report"),
    "bundles/desk.css": (*CONSOLE, *_css("agency")),
    "bundles/agency.css": (*CONSOLE, *EVIDENCE, *_css("agency partner")),
    "bundles/admin.css": (*CONSOLE, *_css("admin factors liaisons")),
    "bundles/wall.css": (*_css("frame rows map part", "wall/"), *_css("deaf practice", "parts/")),
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
    "bundles/apel.js": LIVE,
    "bundles/handover.js": LIVE,
    "bundles/figures.js": HTMX,
    "bundles/desk.js": HTMX,
    "bundles/report.js": (),
    "bundles/replay.js": LEAFLET,
    "bundles/part.js": (),
    # Partners, administration, one's own account
    "bundles/agency.js": LIVE,
    "bundles/admin.js": HTMX,
    "bundles/stations.js": (*HTMX, *LEAFLET),
    "bundles/me.js": HTMX,
    "bundles/passkey.js": (),
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
