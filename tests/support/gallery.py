"""Every state a reporter can meet, on a phone, in both languages and both themes: python -m tests.support.gallery [FOLDER]

Draws one sheet for each pair of language and theme into docs/ (or FOLDER), from the real server and a real browser.
Look at them after a change to a page; tests/browser/ proves what can be proved without eyes.
"""

import io
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count, product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

import models.tables  # noqa: F401
from console.demo.bulletins import NOTICES
from console.settings import HERE
from console.web.citizen.reports import URGENT_WORDS
from models.city.category import URGENT
from models.command.bulletin import publish
from models.incidents.incident import Incident
from models.incidents.strikes import answer, appeal
from models.record.database import migrate
from models.time import now
from tests.browser.chromium import find
from tests.support.law import BABURA
from tests.support.serving import Cast, cast_of, in_thread
from tests.support.town import jpeg

LOCALES, THEMES = ("id", "en"), ("light", "dark")
WIDTH, HEIGHT, ACROSS, GAP = 360, 740, 8, 12
SHOWN = 270  # pixels a phone is wide on the sheet
NUMBERS = (f"0812 0000 {n:04}" for n in count(1000))  # a new one each time: a code is sent once a minute


@dataclass(frozen=True)
class State:
    """One picture: who looks where, and what they do first. `prepare` brings the city there."""

    who: str
    path: str
    then: Callable[[Page], None] = lambda page: None


def states(cast: Cast) -> dict[str, State]:
    """By name, in the order in which a reporter meets them."""
    refs = {name: make(cast) for name, make in STORIES.items()}
    asked = cast.run(appeal, cast.bob, "Yang menekan anak saya. HP sudah saya kunci.")
    cast.run(answer, cast.sari, asked.id, False, "Tiga kali dalam seminggu. Silakan datang ke Polrestabes.")
    for notice in NOTICES:
        cast.run(publish, cast.sari, notice.draft(now()))
    followed = {name: State("ann", f"/complaints/{ref}") for name, ref in refs.items()}
    return {
        "home": State("", "/"),
        "report": State("", "/complaints/new"),
        "report-filled": State("ann", "/complaints/new", fill),
        "report-wrong": State("ann", "/complaints/new", send_empty),
        "sign-in": State("", "/sign-in"),
        "code": State("", "/sign-in", ask_for_code),
        "sign-up": State("", "/sign-up"),
        "receipt": State("ann", "/complaints/new", send),
        **followed,
        "urgent": State("zed", "/complaints/new?category=DARURAT_NYAWA"),
        "mine": State("ann", "/complaints"),
        "own-home": State("ann", "/"),
        "quiet-home": State("zed", "/", hush),
        "account": State("ann", "/account"),
        "erase": State("ann", "/account/delete"),
        "blocked": State("bob", "/appeals"),
        "bulletins": State("", "/bulletins"),
        "bulletin": State("", "/bulletins/3"),
        "offline": State("ann", "/offline"),
        "nowhere": State("ann", "/complaints/0000-0000"),
    }


# What has happened


def new(cast: Cast, words: str = "Dua orang naik matic hitam rampas tas ibu saya", **more: str) -> Incident:
    return cast.file(words=words, at=BABURA, landmark="Jl. Iskandar Muda, depan minimarket", **more)


def ref_of(cast: Cast, incident: Incident) -> str:
    return str(cast.read(lambda session: session.get_one(Incident, incident.id).complaints[0].ref))


def handled(cast: Cast) -> str:
    incident = new(cast)
    cast.take(incident, "claim", cast.hendra)
    cast.take(incident, "ask", cast.hendra, words="Apakah Ibu aman sekarang?")
    cast.take(incident, "reply", cast.ann, words="Sudah di dalam minimarket pak.")
    cast.take(incident, "ask", cast.hendra, words="Baik. Tetap di dalam, petugas segera ke sana.")
    return ref_of(cast, incident)


def dispatched(cast: Cast) -> str:
    incident = new(cast, "Sepeda motor tabrakan, dua orang luka", category="LAKA")
    cast.take(incident, "claim", cast.hendra)
    cast.send(incident, cast.hendra, (None, 3))
    cast.take(incident, "refer", cast.hendra, agency=cast.damkar.agency_id, tier="summary", note="")
    cast.take(incident, "accept", cast.damkar)
    return ref_of(cast, incident)


def resolved(cast: Cast) -> str:
    incident = new(cast, "Kafe musiknya kuat kali pak", category="KERIBUTAN")
    cast.take(incident, "claim", cast.hendra)
    cast.send(incident, cast.hendra, (None, 2))
    cast.take(incident, "arrive", cast.hendra)
    cast.take(incident, "resolve", cast.hendra, outcome="handled", note="Musik dimatikan.")
    return ref_of(cast, incident)


def rated(cast: Cast) -> str:
    incident = new(cast, "Lampu merah mati total", category="MACET")
    cast.take(incident, "claim", cast.hendra)
    cast.take(incident, "resolve", cast.hendra, outcome="handled", note="Arus sudah lancar.")
    cast.take(incident, "rate", cast.ann, stars=5, words="Terima kasih pak")
    return ref_of(cast, incident)


def warned(cast: Cast) -> str:
    incident = new(cast, "coba", category="KERIBUTAN")
    cast.take(incident, "dismiss", cast.hendra, reason="prank", note="")
    return ref_of(cast, incident)


def pressed(cast: Cast) -> str:
    return ref_of(cast, new(cast, URGENT_WORDS, category=URGENT))


def wanted(cast: Cast) -> str:
    incident = new(cast, "Tetangga dipukuli suaminya, minta tolong", category="KDRT_PPA")
    return ref_of(cast, incident)


STORIES: dict[str, Callable[[Cast], str]] = {
    "pressed": pressed, "sensitive": wanted, "handled": handled, "dispatched": dispatched, "resolved": resolved, "rated": rated,
    "warned": warned,
}  # fmt: skip


# What the reporter does


def fill(page: Page) -> None:
    page.locator("[value=CURAS_BEGAL]").check()
    page.fill("#description", "Dua orang naik matic hitam rampas tas ibu saya")
    page.fill("#place", "Jl. Iskandar Muda")
    page.set_input_files("#photo", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg("red")})
    page.locator("#ups .up").wait_for()


def send(page: Page) -> None:
    fill(page)
    page.locator("#report .sendbar button").click()
    page.locator("#receipt").wait_for()
    page.locator("#photos .up").wait_for()


def send_empty(page: Page) -> None:
    page.locator("#report .sendbar button").click()
    page.locator("[role=alert]:visible").first.wait_for()


def hush(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Mode senyap|Silent mode")).click()
    page.locator("[data-quiet=yes] .leave").wait_for()


def ask_for_code(page: Page) -> None:
    page.fill("[name=login]", next(NUMBERS))
    page.locator("[name=login]").press("Enter")
    page.locator("[name=code]").wait_for()


# The sheets


@contextmanager
def city(folder: Path) -> Iterator[tuple[Cast, str]]:
    url = f"sqlite:///{folder}/siaga.db"
    migrate(url)
    with cast_of(url) as cast, in_thread(cast, folder / "data", "") as server:
        yield cast, server.http


def shoot(browser: Browser, cast: Cast, url: str, state: State, locale: str, theme: str) -> Image.Image:
    context = browser.new_context(
        base_url=url, viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=1.5, is_mobile=True,
        has_touch=True, color_scheme=theme, locale=locale, timezone_id="Asia/Jakarta",
    )  # fmt: skip
    cookies = [cast.cookies[state.who]] if state.who else []
    for name, _, secret in (cookie.partition("=") for cookie in [*cookies, f"locale={locale}"]):
        context.add_cookies([{"name": name, "value": secret, "url": url}])
    page = context.new_page()
    page.goto(state.path)
    state.then(page)
    page.wait_for_load_state("networkidle")
    whole = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": WIDTH, "height": max(HEIGHT, whole)})  # what sticks to an edge stays at it
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    context.close()
    return picture


def sheet(pictures: list[Image.Image]) -> Image.Image:
    """All of them side by side; what is longer than two screens is cut."""
    small = [picture.resize((SHOWN, picture.height * SHOWN // picture.width)) for picture in pictures]
    most = 2 * HEIGHT * SHOWN // WIDTH
    rows = [small[start : start + ACROSS] for start in range(0, len(small), ACROSS)]
    heights = [min(most, max(picture.height for picture in row)) for row in rows]
    whole = Image.new("RGB", (ACROSS * (SHOWN + GAP) + GAP, sum(heights) + GAP * (len(rows) + 1)), "#7d8489")
    top = GAP
    for row, height in zip(rows, heights, strict=True):
        for place, picture in enumerate(row):
            whole.paste(picture.crop((0, 0, SHOWN, min(height, picture.height))), (GAP + place * (SHOWN + GAP), top))
        top += height + GAP
    return whole


def main(folder: Path) -> None:
    chromium = find()
    assert chromium, "no Chromium: see tests/browser/chromium.py"
    with ExitStack() as stack:
        here = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="siaga-gallery-")))
        cast, url = stack.enter_context(city(here))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium.path, args=list(chromium.arguments))
        told = states(cast)
        for locale, theme in product(LOCALES, THEMES):
            pictures = [shoot(browser, cast, url, state, locale, theme) for state in told.values()]
            sheet(pictures).save(folder / f"phone-{locale}-{theme}.webp", quality=70, method=6)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "docs")
