"""What pages are made of, under a URL that names the program: a browser keeps a file until the next version, and asks for none twice.

A segment, not a query: what a module imports beside itself then comes from the same version, and is loaded once.
"""

import re
from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from console.program import VERSION
from console.settings import HERE

FOR_EVER, ASK_AGAIN = "public, max-age=31536000, immutable", "public, no-cache"
SEGMENT = re.compile(r"v-([0-9a-f]{12})/(.*)")


def asset(path: str) -> str:
    """asset("js/page.js") → /static/v-1a2b3c4d5e6f/js/page.js"""
    return f"/static/v-{VERSION}/{path}"


class Statics(StaticFiles):
    """A file as it is now, whatever version is asked for: a page of the last one still gets its scripts."""

    def __init__(self) -> None:
        super().__init__(directory=HERE / "static")

    def get_path(self, scope: Scope) -> str:
        path = super().get_path(scope)
        found = SEGMENT.fullmatch(path)
        return found[2] if found else path

    def file_response(self, full_path: Any, stat_result: Any, scope: Scope, status_code: int = 200) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        found = SEGMENT.fullmatch(super().get_path(scope))
        response.headers["cache-control"] = FOR_EVER if found and found[1] == VERSION else ASK_AGAIN
        return response
