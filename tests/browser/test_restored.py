"""A backup is put back under open screens: what it does not hold leaves all of them, whatever its number."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect
from sqlmodel import Session

from console.writer import Writer
from models.incidents.complaint import Complaint
from models.incidents.incident import Incident
from models.record.database import backup, new_epoch, plain_engine, writing_engine
from models.viewer import Viewer
from tests.browser.test_wall import hang
from tests.support.house import Running
from tests.support.law import KEY
from tests.support.serving import Cast
from tests.web.test_agency import refer

OTHERWISE = "CURANMOR"
SHOWN = """() => [...document.querySelectorAll("#board > :not(.part)")]
    .map(({ id, dataset: { status, officer, seq } }) => [id, status, officer, seq].join(" "))"""


def put_back(cast: Cast, copy: Path, kept: Incident) -> None:
    """As a restore would, in one moment: the file of then, in an epoch of its own, in which things went on otherwise."""
    here, there = plain_engine(f"sqlite:///{copy}"), plain_engine(cast.url)
    with here.begin() as connection:
        new_epoch(connection)
    writer = Writer(writing_engine(f"sqlite:///{copy}"), KEY, lambda rings: None)
    writer.submit(_change, kept.id, cast.sari).result()
    writer.close()
    with here.connect() as source, there.connect() as target:
        source.connection.driver_connection.backup(target.connection.driver_connection)  # type: ignore[union-attr]
    here.dispose()
    there.dispose()


def _change(session: Session, id: int, by: Viewer) -> None:
    session.get_one(Incident, id).take("recategorise", by, category=OTHERWISE, reason="kata pelapor")


def test_what_a_backup_does_not_hold_leaves_every_open_screen(
    cast: Cast, server: Running, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    def visit(who: str, path: str, size: str = "console") -> Page:
        page = new_page(size)
        name, _, secret = cast.cookies[who].partition("=")
        page.context.add_cookies([{"name": name, "value": secret, "url": server.http}])
        page.goto(server.http + path)
        expect(page.locator("html[data-live=well], #lamp[data-is=well]").first).to_be_attached()
        return page

    wall = hang(new_page("wall"), cast, server)
    kept = refer(cast, "summary")
    backup(cast.url, tmp_path / "then.db")
    changed = cast.take(kept, "recategorise", cast.sari, category="CURAT", reason="kata pelapor")
    lost = refer(cast, "full")
    ref = cast.read(lambda session: session.get_one(Complaint, lost.id).ref)
    card = f"#incident-{lost.id}"
    console, desk, agency = (
        visit("hendra", f"/console?incident={lost.id}"),
        visit("sari", "/duty"),
        visit("damkar", "/agency"),
    )
    phone, follow = visit("ann", "/complaints", "phone"), visit("ann", f"/complaints/{ref}", "phone")
    staff = (console, desk, agency, wall)
    for page in staff:
        page.evaluate("window.loaded = 'once'")
        expect(page.locator(card)).to_have_count(1)
    expect(console.locator(f"#panel [data-incident='{lost.id}']")).to_have_count(1)

    put_back(cast, tmp_path / "then.db", kept)
    for page in staff:
        expect(page.locator(card)).to_have_count(0)
        expect(page.locator(f"#incident-{kept.id}[data-seq='{changed.seq}']")).to_have_attribute(
            "data-category", OTHERWISE
        )
    expect(desk.locator(f"#strip-{kept.id} b")).to_contain_text("Curanmor")
    expect(phone.locator(f"#complaint-{ref}")).to_have_count(0)
    expect(follow.locator("#board")).to_have_count(0)  # it says that there is no such report
    expect(console.locator("#panel [data-incident]")).to_have_count(0)

    other = cast.file(cast.zed, category="CURANMOR")
    assert other.id == lost.id and other.seq <= lost.seq
    for page in (console, desk, wall):
        expect(page.locator(card)).to_have_attribute("data-category", "CURANMOR")
    expect(desk.locator(f"#strip-{other.id} b")).to_contain_text("Curanmor")
    for page in staff:
        assert page.evaluate("window.loaded") == "once"  # nothing had to be loaded anew: an armed alarm stays armed
        heard = page.evaluate(SHOWN)
        page.reload()
        assert heard == page.evaluate(SHOWN)
