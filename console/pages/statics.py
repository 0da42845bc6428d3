"""What pages are made of, under a URL that names the program: a browser keeps a file until the next version, and asks for none twice.

A segment, not a query: what a module imports beside itself then comes from the same version, and is loaded once.
"""

import gzip
import re
from functools import cache
from typing import Any

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from console.pages.bundles import SCRIPTS, SHEETS, entry
from console.pages.modules import linked, read
from console.server.program import VERSION
from console.settings import HERE

FOR_EVER, ASK_AGAIN = "public, max-age=31536000, immutable", "public, no-cache"
TYPES = {"css": "text/css", "js": "text/javascript"}
NOTES = re.compile(r"/\*.*?\*/\n?", re.DOTALL)
INDENTATION = re.compile(r"^ +", re.MULTILINE)
SEGMENT = re.compile(r"v-([0-9a-f]{12})/(.*)")


def asset(path: str) -> str:
    """asset("js/page.js") → /static/v-1a2b3c4d5e6f/js/page.js"""
    return f"/static/v-{VERSION}/{path}"


@cache
def joined(bundle: str) -> bytes:
    """Read once: while the program runs it has one version, and a browser keeps what it got for as long."""
    if bundle in SCRIPTS:
        return "\n".join([*map(read, SCRIPTS[bundle]), linked(entry(bundle))]).encode()
    # Without notes and indentation, which are for those who read the sheets: a quarter of them.
    return "".join(INDENTATION.sub("", NOTES.sub("", read(sheet))) for sheet in SHEETS[bundle]).encode()


@cache
def packed(bundle: str) -> bytes:
    return gzip.compress(joined(bundle), mtime=0)


class Statics(StaticFiles):
    """A file as it is now, whatever version is asked for: a page of the last one still gets its scripts."""

    def __init__(self) -> None:
        super().__init__(directory=HERE / "static")

    def get_path(self, scope: Scope) -> str:
        path = super().get_path(scope)
        found = SEGMENT.fullmatch(path)
        return found[2] if found else path

    async def get_response(self, path: str, scope: Scope) -> Response:
        if path not in SCRIPTS and path not in SHEETS:
            return await super().get_response(path, scope)
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405)
        headers, body = {"cache-control": self._keeping(scope)}, joined(path)
        if "gzip" in Headers(scope=scope).get("accept-encoding", ""):
            headers |= {"content-encoding": "gzip", "vary": "Accept-Encoding"}
            body = packed(path)  # once, not for every page of every screen
        return Response(body, media_type=TYPES[path.rpartition(".")[2]], headers=headers)

    def file_response(self, full_path: Any, stat_result: Any, scope: Scope, status_code: int = 200) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["cache-control"] = self._keeping(scope)
        return response

    def _keeping(self, scope: Scope) -> str:
        found = SEGMENT.fullmatch(super().get_path(scope))
        return FOR_EVER if found and found[1] == VERSION else ASK_AGAIN
