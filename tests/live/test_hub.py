"""The hub: a screen that only listened shows what a page loaded afresh shows. Nobody hears what is not theirs."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from console.live import hub, look
from models.viewer import Viewer
from tests.support.house import FIRE, OKNUM, House, says, wait_until
from tests.support.screen import Board, TestScreen, screen

VIEWS = {"officer": "console", "supervisor": "console", "wall": "wall", "citizen": "citizen", "liaison": "agency"}


def opened(client: TestClient, house: House, who: Viewer, board: Board | None = None):  # type: ignore[no-untyped-def]
    """A screen of this person, from a page they have just loaded unless another is given."""
    return screen(client, board or house.page(who), view=VIEWS[who.role], cookie=house.cookie(who))


def caught_up(house: House, listener: TestScreen, mark: str = "sentinel") -> None:
    """Listen until an incident filed just now is on the board: all before it has then been shown."""
    id = house.file(house.ann, mark)
    listener.until(lambda board: f"incident-{id}" in board.cards)


def fetches_anew(listener: TestScreen) -> None:
    listener.until(lambda _: listener.refetches)


def test_what_is_filed_stands_on_the_console(house: House) -> None:
    with house.client() as client, opened(client, house, house.andi) as andi:
        id = house.file(house.ann)
        andi.until(lambda board: f"incident-{id}" in board.cards)
        assert andi.cards[f"incident-{id}"]["status"] == "new"
        house.take("claim", house.budi, id)
        andi.until(lambda board: board.cards[f"incident-{id}"]["status"] == "claimed")
        assert andi.cards[f"incident-{id}"]["officer"] == str(house.budi.id)
        assert andi.board == house.page(house.andi)


@pytest.mark.parametrize("name", ["andi", "sri", "wall", "ann", "zed", "dewi"])
def test_a_screen_that_only_listened_equals_a_page_loaded_afresh(house: House, name: str) -> None:
    """The crown: every kind of step, for every kind of viewer, with half of it missed while away."""
    who: Viewer = getattr(house, name)
    with house.client() as client:
        first, second = house.file(house.ann, "satu"), house.file(house.zed, "dua")
        before = house.page(who)
        third = house.file(house.zed, "tiga", FIRE)
        for reporter in (house.ann, house.zed):  # nothing more happens to these: they can only be caught up
            away = house.file(reporter, "selagi pergi")
            house.take("claim", house.andi, away)
            house.take("refer", house.andi, away, agency=house.agency, tier="summary")
        house.take("claim", house.andi, first)
        house.take("refer", house.andi, first, agency=house.agency, tier="summary")
        with opened(client, house, who, before) as listener:
            house.take("claim", house.budi, third)
            house.take("refer", house.budi, third, agency=house.agency, tier="summary")
            house.take("merge", house.andi, second, into=first)
            house.take("recategorise", house.sri, first, category=OKNUM, reason="salah")
            house.take("decline", house.dewi, third, note="penuh")
            house.take("reprioritise", house.budi, third, priority=4, reason="padam")
            fourth = house.file(house.ann, "empat")
            house.take("dismiss", house.andi, fourth, reason="prank")
            mark = house.file(house.zed if name == "zed" else house.ann, "sentinel")
            if name == "dewi":
                house.take("claim", house.andi, mark)
                house.take("refer", house.andi, mark, agency=house.agency, tier="summary")
            afresh = house.page(who)
            last = max(afresh.cards.values(), key=lambda card: card.seq)  # the sentinel
            listener.until(lambda board: board.cards.get(last.id) == last)
            assert listener.board == afresh


def test_a_citizen_hears_only_of_their_own(house: House) -> None:
    with house.client() as client, opened(client, house, house.zed) as zed:
        other = house.file(house.ann, "rahasia Ann")  # must stay silent
        house.take("claim", house.andi, other)
        house.take("recategorise", house.andi, other, category=FIRE, reason="api")
        house.file(house.zed, "milik Zed")  # the sentinel
        zed.until(lambda board: any("milik Zed" in card.words for card in board.cards.values()))
        assert len(zed.cards) == 1
        assert not zed.said("Ann") and not zed.said(f"incident-{other}")
        assert len([text for text in zed.heard if not text.startswith("{")]) == 1


def test_nobody_but_a_supervisor_hears_of_a_complaint_about_officers(house: House) -> None:
    with (
        house.client() as client,
        opened(client, house, house.andi) as andi,
        opened(client, house, house.wall) as wall,
        opened(client, house, house.sri) as sri,
    ):
        id = house.file(house.ann, "oknum", OKNUM)
        house.take("claim", house.sri, id)
        for listener in (andi, wall, sri):
            caught_up(house, listener)
        assert f"incident-{id}" in sri.cards
        # Not even that something happened.
        assert not andi.said(f"incident-{id}") and not wall.said(f"incident-{id}")


@pytest.mark.parametrize("away", [False, True])
def test_what_is_withdrawn_leaves_the_screen(house: House, away: bool) -> None:
    id = house.file(house.ann)
    house.take("claim", house.andi, id)
    before = house.page(house.budi)
    assert f"incident-{id}" in before.cards
    with house.client() as client:
        if away:
            house.take("recategorise", house.andi, id, category=OKNUM, reason="tentang anggota")
        with opened(client, house, house.budi, before) as budi:
            if not away:
                house.take("recategorise", house.andi, id, category=OKNUM, reason="tentang anggota")
            budi.until(lambda board: f"incident-{id}" not in board.cards)
            assert not budi.said(OKNUM)


def test_an_agency_hears_only_what_is_referred_and_while_it_lasts(house: House) -> None:
    with house.client() as client, opened(client, house, house.dewi) as dewi:
        other, id = house.file(house.zed, "bukan"), house.file(house.ann, "api", FIRE)
        house.take("claim", house.andi, other)
        house.take("claim", house.andi, id)
        house.take("refer", house.andi, id, agency=house.agency, tier="summary")
        dewi.until(lambda board: f"incident-{id}" in board.cards)
        house.take("accept", house.dewi, id)
        house.take("finish", house.dewi, id, note="padam")
        dewi.until(lambda board: f"incident-{id}" not in board.cards)
        house.take("note", house.andi, id, words="sesudahnya")
        assert not dewi.said(f"incident-{other}")


def test_many_at_once_come_in_few_messages_of_64_kib(sqlite_house: House) -> None:
    house, thin = sqlite_house, sqlite_house.render
    house.render = lambda template, audience, /, **data: thin(template, audience, **data).replace(
        "</li>", "x" * 2000 + "</li>"
    )
    house.hub = house._new_hub()
    with house.client() as client, opened(client, house, house.andi) as andi:
        house.file_many(house.ann, 80)
        andi.until(lambda board: len(board.cards) == 80)
        assert andi.board == house.page(house.andi)
        shown = [text for text in andi.heard if "incident-" in text]
        assert len(shown) == 3
        assert max(len(text.encode()) for text in shown) <= 64 * 1024


def test_more_than_one_batch_is_shown_to_the_end(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look, "BATCH", 20)
    with house.client() as client, opened(client, house, house.andi) as andi:
        house.file_many(house.ann, 75)
        andi.until(lambda board: len(board.cards) == 75)


def test_who_missed_too_much_fetches_the_page_anew_and_then_streams(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look, "BATCH", 20)
    before = house.page(house.andi)
    house.file_many(house.ann, 21)
    with house.client() as client, opened(client, house, house.andi, before) as andi:
        fetches_anew(andi)
        caught_up(house, andi)
        assert len(andi.cards) == 1


def test_who_missed_a_little_is_caught_up(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look, "BATCH", 20)
    before = house.page(house.andi)
    house.file_many(house.ann, 20)
    with house.client() as client, opened(client, house, house.andi, before) as andi:
        andi.until(lambda board: len(board.cards) == 20)
        assert not andi.refetches


def test_what_others_filed_meanwhile_does_not_make_a_citizen_fetch_anew(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look, "BATCH", 20)
    before = house.page(house.zed)
    house.file_many(house.ann, 25)
    house.file(house.zed, "milik Zed")
    with house.client() as client, opened(client, house, house.zed, before) as zed:
        zed.until(lambda board: board.cards)
        assert not zed.refetches and len(zed.cards) == 1 and not zed.said("Nomor")


def test_another_epoch_asks_for_the_page_anew(house: House) -> None:
    before = house.page(house.andi)
    before.epoch = "of a backup"
    with house.client() as client, opened(client, house, house.andi, before) as andi:
        fetches_anew(andi)


def test_a_page_from_the_future_asks_for_the_page_anew(house: House) -> None:
    before = house.page(house.andi)
    before.seq += 1000
    with house.client() as client, opened(client, house, house.andi, before) as andi:
        fetches_anew(andi)


def test_a_restored_backup_under_a_running_server_reaches_every_screen(house: House) -> None:
    from models.record.database import new_epoch

    with house.client() as client, opened(client, house, house.andi) as andi, opened(client, house, house.zed) as zed:
        caught_up(house, andi)
        forgotten: list[str] = []
        house.hub._forget = lambda: forgotten.append("cards of before")
        with house.writing.begin() as connection:
            new_epoch(connection)
        house.hub.bell()
        fetches_anew(andi)
        assert forgotten  # a card of before may have the number of one that comes
        fetches_anew(zed)
        caught_up(house, andi)


def test_a_gap_is_loud_and_asks_for_the_page_anew(house: House, caplog: pytest.LogCaptureFixture) -> None:
    with house.client() as client, opened(client, house, house.andi) as andi:
        caught_up(house, andi)
        with house.writing.begin() as connection:
            connection.exec_driver_sql("UPDATE head SET seq = seq + 1 WHERE id = 1")
        house.hub.bell()
        fetches_anew(andi)
        assert "gap" in caplog.text
        caught_up(house, andi)


def test_without_any_bell_the_hub_looks_by_itself(house: House) -> None:
    house.heard_by_hub = house.rings_redis = False
    with house.client() as client, opened(client, house, house.zed) as zed:  # whose presence nobody notes
        for words in ("satu", "dua"):
            house.file(house.zed, words)
            zed.until(lambda board, words=words: any(words in card.words for card in board.cards.values()))


def test_a_bell_from_another_process_comes_over_redis(house: House) -> None:
    house.heard_by_hub = False
    with house.client() as client, opened(client, house, house.andi) as andi:
        caught_up(house, andi)


def test_doubled_late_and_forged_rings_show_nothing_twice(sqlite_house: House) -> None:
    house = sqlite_house
    with house.client() as client, opened(client, house, house.andi) as andi:
        id = house.file(house.ann)
        andi.until(lambda board: f"incident-{id}" in board.cards)
        for seq in (1, 9_999_999, 1, 3, 2, 2):
            house.wire.ring([{"seq": seq, "step": "claim", "incident": 77}])
            house.hub.bell(seq)
        caught_up(house, andi)
        assert len([text for text in andi.heard if f"incident-{id}" in text]) == 1
        assert not andi.said("incident-77")


def test_one_bad_incident_silences_nobody(house: House, caplog: pytest.LogCaptureFixture) -> None:
    whole = house.render

    def render(template, audience, /, **data):  # type: ignore[no-untyped-def]
        if "incident" in data and data["incident"].category_code == FIRE:
            raise ZeroDivisionError("a bad card")
        return whole(template, audience, **data)

    house.render = render
    house.hub = house._new_hub()
    with house.client() as client, opened(client, house, house.andi) as andi:
        house.file(house.ann, "buruk", FIRE)
        fetches_anew(andi)
        assert "a bad card" in caplog.text
        caught_up(house, andi)


def test_a_failing_database_is_loud_and_loses_nothing(
    sqlite_house: House, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, failures = sqlite_house, list[Any]()
    look = house.hub._reader.look

    def fail_twice(*arguments):  # type: ignore[no-untyped-def]
        if len(failures) < 2:
            failures.append(1)
            raise OSError("disk")
        return look(*arguments)

    with house.client() as client, opened(client, house, house.andi) as andi:
        caught_up(house, andi)
        monkeypatch.setattr(house.hub._reader, "look", fail_twice)
        caught_up(house, andi, "sesudah")
        assert len(failures) == 2 and "could not look" in caplog.text


def test_signing_out_closes_the_screens_of_that_session_alone(house: House) -> None:
    with house.client() as client, opened(client, house, house.andi) as andi, opened(client, house, house.budi) as budi:
        caught_up(house, andi)
        house.sign_out(house.andi)
        assert andi.closed() == 4401
        caught_up(house, budi)


@pytest.mark.parametrize("name", ["andi", "ann", "wall"])
def test_revoking_closes_every_screen_of_that_person(house: House, name: str) -> None:
    who: Viewer = getattr(house, name)
    kind = {"andi": "officer", "ann": "citizen", "wall": "wall"}[name]
    # The same number means three people; only one is meant.
    assert {house.andi.id, house.ann.id, house.wall.id} == {1}
    with (
        house.client() as client,
        opened(client, house, who) as first,
        opened(client, house, who) as second,
        opened(client, house, house.ann if name == "andi" else house.andi) as namesake,
    ):
        house.revoke(**{kind: who.id})
        assert first.closed() == second.closed() == 4401
        house.file(house.ann, "sesudah")
        namesake.until(lambda board: board.cards)


def test_a_session_that_ended_before_the_screen_joined_gets_no_card(house: House) -> None:
    house.file(house.ann)
    with house.client() as client, opened(client, house, house.andi) as andi:
        caught_up(house, andi)
        # As if it were signed out between the handshake and the first look.
        house.expire(house.budi)
        stranger = house.hub.screens[house.andi.audience].copy().pop()
        gone: list[int] = []

        class Late:
            viewer, audience, view = house.budi, house.budi.audience, "console"

            def send(self, message: object) -> None:
                raise AssertionError("it was shown something")

            def send_away(self, code: int) -> None:
                gone.append(code)

            def lags(self, at: float) -> bool:
                return False

        assert stranger
        client.portal.call(house.hub.join, Late(), 0, house.hub.epoch)  # type: ignore[union-attr]
        caught_up(house, andi, "kedua")
        assert gone == [4401]


def test_strength_and_duty_follow_on_consoles(house: House) -> None:
    page = house.page(house.andi)
    page.sides = {"#stations": [], "#duty": []}
    with house.client() as client, opened(client, house, house.andi, page) as andi:
        andi.until(lambda board: len(board.sides["#stations"]) > 10)
        # Its own presence was noted at once.
        andi.until(lambda board: [card.id for card in board.sides["#duty"]] == [f"row-{house.andi.id}"])
        id = house.file(house.ann)
        house.take("claim", house.andi, id)
        free = andi.board.sides["#stations"]
        house.take("dispatch", house.andi, id, sent=[(1, 3)], metres=lambda a, b: 0.0)
        andi.until(lambda board: board.sides["#stations"] != free)
        with opened(client, house, house.budi) as budi:
            caught_up(house, budi)
            andi.until(lambda board: len(board.sides["#duty"]) == 2)


def test_walls_and_citizens_are_not_told_who_is_on_duty(house: House) -> None:
    with house.client() as client, opened(client, house, house.andi) as andi:
        caught_up(house, andi)
        with opened(client, house, house.wall) as wall, opened(client, house, house.ann) as ann:
            caught_up(house, wall)
            house.file(house.ann, "lagi")
            ann.until(lambda board: any("lagi" in card.words for card in board.cards.values()))
            assert not wall.said("#duty") and not ann.said("#duty") and not ann.said("#stations")


def test_the_heartbeat_carries_time_number_epoch_and_version(sqlite_house: House) -> None:
    house = sqlite_house
    with house.client() as client:
        wait_until(lambda: house.wire.up)
        with opened(client, house, house.zed) as zed:
            beat = says(zed._line(10))["beat"]
        assert beat["seq"] == house.page(house.zed).seq and beat["epoch"] == house.hub.epoch
        assert beat["version"] == "1.0.0" and beat["at"].endswith("Z") and beat["wire"] is True


def test_who_joins_hears_at_once_that_it_is_heard(sqlite_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "BEAT_SECONDS", 10_000)
    house = sqlite_house
    with house.client() as client, opened(client, house, house.ann) as ann:
        assert says(ann._line(10))["beat"]["seq"] == house.page(house.ann).seq
