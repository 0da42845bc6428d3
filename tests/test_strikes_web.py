"""Three pranks over HTTP: two officers, the reporter who is blocked, and the supervisor who gives it back."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.town import Town, Visitor, town_of


@pytest.fixture
def town(database_url: str, redis_url: str, tmp_path: Path) -> Iterator[Town]:
    with town_of(tmp_path, database_url, redis_url) as town:
        yield town


def prank(town: Town, by: Visitor) -> None:
    assert town.ann.file().status_code == 303
    id = max(int(id) for id in re.findall(r'id="incident-(\d+)"', by.get("/console").text))
    assert by.post(f"/incidents/{id}/dismiss", data={"reason": "prank"}).status_code == 303


def waiting(by: Visitor) -> list[str]:
    return re.findall(r"/strikes/(\d+)/confirm", by.get("/strikes").text)


def test_blocked_at_the_third_by_two_officers_then_heard_and_freed(town: Town) -> None:
    for _ in range(3):
        prank(town, town.hendra)
    assert waiting(town.hendra) == []  # his own: another officer decides
    (strike,) = waiting(town.sari)
    assert town.hendra.post(f"/strikes/{strike}/confirm").status_code == 403
    assert town.ann.file().status_code == 303  # until then they may still file
    assert town.sari.post(f"/strikes/{strike}/confirm").status_code == 303
    assert town.sari.post(f"/strikes/{strike}/confirm").status_code == 409

    assert town.ann.file().status_code == 403
    page = town.ann.get("/complaints/new")
    assert page.status_code == 403 and "tel:110" in page.text and 'action="/appeals"' in page.text
    assert town.ann.post("/appeals", data={"words": "Anak saya <b>yang</b> mengirim."}).status_code == 303
    page = town.ann.get("/complaints/new").text
    assert 'action="/appeals"' not in page and "Anak saya &lt;b&gt;yang" in page

    assert "/appeals/" not in town.hendra.get("/strikes").text  # appeals are for supervisors
    (appeal,) = re.findall(r"/appeals/(\d+)/answer", town.sari.get("/strikes").text)
    said = {"words": "Baik, sekali ini.", "granted": "true"}
    assert town.hendra.post(f"/appeals/{appeal}/answer", data=said).status_code == 403
    assert town.sari.post(f"/appeals/{appeal}/answer", data=said).status_code == 303
    assert town.sari.post(f"/appeals/{appeal}/answer", data=said).status_code == 409
    assert town.ann.file().status_code == 303


def test_a_refused_appeal_is_answered_in_words_and_a_supervisor_lifts(town: Town) -> None:
    for _ in range(3):
        prank(town, town.hendra)
    town.sari.post(f"/strikes/{waiting(town.sari)[0]}/confirm")
    town.ann.post("/appeals", data={"words": "tolong"})
    (appeal,) = re.findall(r"/appeals/(\d+)/answer", town.sari.get("/strikes").text)
    town.sari.post(f"/appeals/{appeal}/answer", data={"words": "Tiga kali dalam seminggu.", "granted": "false"})
    page = town.ann.get("/complaints/new").text
    assert "Tiga kali dalam seminggu." in page and 'action="/appeals"' in page
    assert town.sari.post(f"/citizens/{town.ann.id}/lift", data={"reason": ""}).status_code == 422
    assert town.sari.post("/citizens/99999/lift", data={"reason": "tidak ada"}).status_code == 404
    assert town.sari.post(f"/citizens/{town.ann.id}/lift", data={"reason": "salah orang"}).status_code == 303
    assert town.ann.get("/complaints/new").status_code == 200


def test_the_desk_names_no_reporter(town: Town) -> None:
    for _ in range(3):
        prank(town, town.hendra)
    page = town.sari.get("/strikes").text
    assert "Dua orang naik matic hitam" in page and "Ann Siregar" not in page and "4471" not in page


def test_words_about_an_officer_stay_with_supervisors(town: Town) -> None:
    for _ in range(2):
        prank(town, town.hendra)
    assert town.ann.file(category="OKNUM", description="CANARY tentang petugas").status_code == 303
    id = max(int(id) for id in re.findall(r'id="incident-(\d+)"', town.sari.get("/console").text))
    assert town.sari.post(f"/incidents/{id}/dismiss", data={"reason": "prank"}).status_code == 303
    officers, supervisors = town.hendra.get("/strikes").text, town.sari.get("/strikes").text
    assert "Dua orang naik matic hitam" in officers  # the sentinel: the page does show pranks
    assert "CANARY" in supervisors and "CANARY" not in officers
