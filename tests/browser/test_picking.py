"""Picking photos and films: what cannot come is said before a byte is sent, by its name, and keeps no other back."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from console.evidence.picking import PNG_PIXELS
from console.evidence.picture_child import OTHER_PIXELS
from tests.browser.test_uploads import evidence, fill, open_as
from tests.support import corpus, films
from tests.support.house import wait_until
from tests.support.serving import Cast, in_thread
from tests.support.town import jpeg

Pages = Callable[..., Page]
PHOTO = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg("red")}

# A file that was whole when it was picked, and is empty now: what an app's temporary file comes to.
QUEUE_AN_EMPTY_ONE = """ref => new Promise(done => {
  const opening = indexedDB.open("siaga", 2);
  opening.onsuccess = () => {
    const work = opening.result.transaction(["queue"], "readwrite");
    work.objectStore("queue").add({ ref, file: new File([], "rusak.jpg", { type: "image/jpeg" }), url: "", key: "k", at: Date.now() });
    work.oncomplete = () => { opening.result.close(); done(); };
  };
})"""
TAKEN_AWAY = """() => {
  const read = Blob.prototype.arrayBuffer;
  const slice = Blob.prototype.slice;
  Blob.prototype.slice = function (...range) {
    return Object.assign(slice.apply(this, range), { gone: this.name === "hilang.jpg" });
  };
  Blob.prototype.arrayBuffer = function () {
    return this.gone ? Promise.reject(new DOMException("", "NotReadableError")) : read.call(this);
  };
}"""


WIDE = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
    + (10_000).to_bytes(4, "big")
    + (2_501).to_bytes(4, "big")
    + b"\x08\x02"
    + bytes(99)
)


def test_a_png_is_as_wide_here_as_where_it_is_decoded() -> None:
    assert PNG_PIXELS == OTHER_PIXELS


def test_what_cannot_come_is_named_at_picking_and_the_others_come(
    cast: Cast, tmp_path: Path, redis_url: str, new_page: Pages
) -> None:
    with in_thread(cast, tmp_path / "data", redis_url) as server:
        phone = open_as(new_page, cast, "ann", server.http, "phone")
        fill(phone)
        expect(phone.locator("#ups-limits")).to_contain_text("50 MB")  # before anything is picked
        phone.evaluate(TAKEN_AWAY)
        phone.set_input_files("#photo", [
            {"name": "kosong.jpg", "mimeType": "image/jpeg", "buffer": b""},
            {"name": "hilang.jpg", "mimeType": "image/jpeg", "buffer": jpeg("red")},
            {"name": "surat.tiff", "mimeType": "image/tiff", "buffer": b"II*\0"},
            {"name": "poster.png", "mimeType": "image/png", "buffer": WIDE},
            PHOTO,
            {"name": "rekaman.MOV", "mimeType": "", "buffer": films.film("mov")},
            {"name": "gerak.gif", "mimeType": "image/gif", "buffer": corpus.animated("GIF")},
            {"name": "lama.mp4", "mimeType": "video/mp4", "buffer": films.film(seconds=130, sound="", width=64, height=48)},
        ])  # fmt: skip
        expect(phone.locator("#ups .up")).to_have_count(4)
        said = phone.locator("#ups-said")
        for name in (
            "kosong.jpg: kosong",
            "hilang.jpg: tidak terbaca",
            "surat.tiff: jenis ini tidak dapat",
            "poster.png: terlalu lebar untuk ditampilkan",
            "Video 4 lebih dari 2 menit",
        ):
            expect(said).to_contain_text(name)
        phone.get_by_role("button", name="Kirim laporan").click()
        expect(phone.locator("#photos .up")).to_have_count(4)
        wait_until(lambda: [one.state for one in evidence(cast)] == ["ready"] * 4)
        assert [one.mime for one in evidence(cast)] == ["image/jpeg", "video/quicktime", "image/gif", "video/mp4"]
        expect(phone.locator(".add-limits")).to_contain_text("50 MB")
        phone.close()


def test_an_empty_file_in_the_queue_stops_no_other_and_can_be_dropped(
    cast: Cast, tmp_path: Path, redis_url: str, new_page: Pages
) -> None:
    with in_thread(cast, tmp_path / "data", redis_url) as server:
        phone = open_as(new_page, cast, "ann", server.http, "phone")
        fill(phone)
        phone.get_by_role("button", name="Kirim laporan").click()
        expect(phone.locator("#receipt")).to_be_visible()
        phone.evaluate(QUEUE_AN_EMPTY_ONE, phone.url.rpartition("/")[2])
        phone.reload()
        expect(phone.locator("#queue .up")).to_contain_text("rusak.jpg")
        phone.set_input_files("#add [type=file]", PHOTO)
        expect(phone.locator("#photos .up")).to_have_count(1)  # it went by
        expect(phone.locator("#onway")).to_contain_text("rusak.jpg")
        phone.get_by_role("button", name="Buang Foto 1").click()
        expect(phone.locator("#queue .up")).to_have_count(0)
        expect(phone.locator("#onway")).to_be_hidden()
        phone.close()
