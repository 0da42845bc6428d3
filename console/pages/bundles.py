"""What each page is made of, in one answer: on a slow line every file costs a round trip, and half a kilobyte of headers.

What a page needs stands in the order in which it is read. Each file of scripts starts by itself (siaga.once), so that one
that falls takes none of the others along.
"""


def _css(names: str) -> tuple[str, ...]:
    return tuple(f"css/{name}.css" for name in names.split())


def _js(names: str) -> tuple[str, ...]:
    return tuple(f"js/{name}.js" for name in names.split())


HTMX = ("vendor/htmx.min.js",)
LIVE = (*HTMX, "vendor/hx-ws.min.js")

BUNDLES = {
    "bundles/base.css": _css("tokens font parts"),
    "bundles/guard.css": _css("lock fit"),
    "bundles/guard.js": _js("whose page lock keys needed"),
    # Citizens
    "bundles/citizen.css": _css("tokens parts citizen"),
    "bundles/first.js": _js("whose citizen-again citizen-leave citizen-press"),
    "bundles/citizen.js": LIVE + _js("page place citizen-live"),
    # Who is on duty
    "bundles/console.css": _css("console evidence merge"),
    "bundles/console.js": (
        *LIVE,
        "vendor/leaflet.js",
        *_js("page theme place live clock printed ages bursts numbers act dialogs stage select next sight parts filters people"),
        *_js("stepper evidence said undo sound alarm alarm-new announce handed unarmed ground map landmarks pins unplaced rings pick merge talk walk"),
        *_js("early search file places faults single told"),
    ),
    "bundles/incident.js": HTMX + _js("page theme clock printed ages act dialogs stepper evidence alone talk walk told"),
    "bundles/duty.css": _css("console duty"),
    "bundles/duty.js": LIVE
    + _js("page theme place live clock ages numbers act faults dialogs sound alarm alarm-new alarm-desk announce handed")
    + _js("unarmed duty-lanes duty-late duty-force duty-move"),
    "bundles/desk.css": _css("console agency"),
    "bundles/desk.js": HTMX + _js("page theme"),
    # Partners, administration, one's own account
    "bundles/agency.css": _css("console evidence agency"),
    "bundles/agency.js": LIVE
    + _js("page theme place live clock ages act dialogs evidence sound alarm announce unarmed agency"),
    "bundles/admin.css": _css("console admin"),
    "bundles/admin.js": HTMX + _js("page theme clock act faults dialogs admin"),
    "bundles/me.js": _js("page theme clock again"),
    "bundles/part.js": _js("page theme"),
    # Walls
    "bundles/wall.js": LIVE
    + _js("page place clock ages bursts numbers wall-go wall wall-top wall-rows wall-reach ground wall-map wall-night"),
    "bundles/wall-code.js": HTMX + _js("page wall-go wall-code"),
}  # fmt: skip
