"""A supervisor's browsers that are called: asked for and ended at /me, and by signing out."""

from sqlmodel import select

from models.people.called import CalledBrowser, called_browsers
from tests.support.push_service import Browser
from tests.support.town import Town

AT = "/push/subscriptions"


def test_it_is_listed_where_it_is_ended_and_goes_with_the_session(sqlite_town: Town) -> None:
    town = sqlite_town
    phone = Browser("https://fcm.googleapis.com/wpush/v2/abc")
    assert "Panggil saya di sini" in town.sari.get("/me").text and "Panggil saya" not in town.hendra.get("/me").text
    assert town.hendra.post(AT, json=phone.subscription).status_code == 403

    def ask() -> None:
        agent = {"user-agent": "Mozilla/5.0 (Linux; Android 14) Chrome/131", "accept": "application/json"}
        assert town.sari.post(AT, json=phone.subscription, headers=agent).status_code == 204

    ask()
    (row,) = town.read(lambda s: list(s.exec(select(CalledBrowser)).all()))

    html = town.sari.get("/me").text
    assert "Chrome, Android" in html and 'data-known="yes"' in html and phone.endpoint not in html
    assert town.sari.post(f"/me/browsers/{row.id}/end").status_code == 303
    assert "Chrome, Android" not in town.sari.get("/me").text
    assert town.sari.post(f"/me/browsers/{row.id}/end").status_code == 404
    ask()
    officer = town.read(lambda s: s.exec(select(CalledBrowser.officer_id)).one())
    assert len(town.read(called_browsers, officer)) == 1
    town.sari.post("/sign-out")
    assert town.read(called_browsers, officer) == []
