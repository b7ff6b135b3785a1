"""A client that sends too much costs itself only."""

import time
import uuid
from itertools import product

import pytest
from flask import Flask

from app.extensions import db
from app.sessions import pace
from app.sessions.models import Intervision
from tests.attacks.conftest import Break, Connect
from tests.attacks.floods import fill_up, watching_healthz
from tests.attacks.pages import Page, account_of
from tests.conftest import Server
from tests.sessions.cast import Cast
from tests.sessions.doors import link
from tests.sessions.sockets import Person


def test_thirty_contributions_a_minute_are_taken_and_the_next_comes_back_for_later(connect: Connect) -> None:
    cara, carl = connect("Cara"), connect("Carl")
    answers = [cara.command("idea", text=f"Idea {number}") for number in range(31)]
    assert [answer["ok"] for answer in answers[:30]] == [True] * 30
    assert (answers[30]["code"], answers[30]["retryable"]) == ("rate_limited", True)
    assert "your text is kept" in answers[30]["message"]
    assert carl.command("idea", text="Others go on")["ok"]


def test_another_device_or_connection_gives_no_more(connect: Connect) -> None:
    first = connect("Cara")
    for number in range(30):
        assert first.command("idea", text=f"Idea {number}")["ok"]
    assert connect("Cara").command("idea", text="From the phone")["code"] == "rate_limited"


def test_a_text_that_came_too_fast_is_taken_a_little_later_under_the_same_id(connect: Connect) -> None:
    cara = connect("Cara")
    for number in range(30):
        cara.command("idea", text=f"Idea {number}")
    packet = {"id": str(uuid.uuid4()), "name": "idea", "base": None, "data": {"text": "Kept"}}
    before = time.monotonic() + 10
    while not (answer := cara.send("command", packet))["ok"] and time.monotonic() < before:
        assert answer["code"] == "rate_limited"
        cara.next("pulse")
    assert answer["ok"]


@pytest.mark.parametrize("event", ["command", "typing", "probe", "nothing", "sync"])
def test_a_flood_of_packets_is_slowed_down_and_answered(
    server: Server, broken: Break, connect: Connect, event: str
) -> None:
    flooder, carl = broken("Cara"), connect("Carl")
    with watching_healthz(server) as watch:
        for number in range(400):
            flooder.send(f'42{number}["{event}",{{}}]')
        started = time.monotonic()
        assert carl.command("idea", text="In the middle of it")["ok"]
        assert carl.send("probe", {})["ok"]
        assert time.monotonic() - started < 5
        watch.sees(10)  # that many take a second at most, and to read all of the flood takes the server a minute
    while event != "nothing" and "rate_limited" not in flooder.read(until="43"):
        pass


def test_whole_states_are_dear_and_their_number_is_small(connect: Connect) -> None:
    cara = connect("Cara")
    codes = [cara.send("sync", {"version": 0}).get("code") for _ in range(40)]
    assert codes[:12] == [None] * 12
    assert "rate_limited" in codes


def test_a_bucket_fills_up_again_and_one_seat_never_empties_anothers() -> None:
    moment = [0.0]
    buckets, limit = pace.Pace(lambda: moment[0]), pace.contributions(30)
    assert [buckets.take("cara", limit) for _ in range(31)] == [True] * 30 + [False]
    assert buckets.take("carl", limit)
    moment[0] = 2.0
    assert [buckets.take("cara", limit) for _ in range(2)] == [True, False]
    moment[0] = 3600.0
    assert [buckets.take("cara", limit) for _ in range(31)] == [True] * 30 + [False]


def test_buckets_of_people_who_left_are_thrown_away() -> None:
    moment = [0.0]
    buckets = pace.Pace(lambda: moment[0])
    for number in range(pace.Pace.MOST):
        buckets.take(str(number), pace.PACKETS)
    moment[0] = 60.0
    buckets.take("one more", pace.PACKETS)
    assert len(buckets._left) == 1


# --- A session that is full ---


def test_a_session_holds_2000_contributions_and_says_so(staged: Cast, connect: Connect) -> None:
    fill_up(staged, 2000 - len(staged.room().contributions()), "An idea")
    db.session.get_one(Intervision, staged.id).version = 5000
    db.session.commit()
    cara = connect("Cara")
    answer = cara.command("idea", text="One more")
    assert answer["code"] == "too_many"
    assert "This session is full" in answer["message"]
    assert len(cara.send("sync", {"version": 0})["snapshot"]["items"]) >= 1990


def test_a_full_session_says_so_and_its_moderator_comes_in_all_the_same(server: Server, near: Flask) -> None:
    names = ["".join(letters) for letters in product("BDFGKMPRST", "aeu", ["ka"])]
    cast = Cast().opened(*names[:28])
    assert len(cast.room().seats) == 30
    stan = Page(server)
    stan.get(link(cast.room().it))
    assert "This session is full" in stan.send(f"/join/{cast.room().it.code}/name", name="Stan").text
    mia = Page(server).signs_in(account_of(cast))
    Person(server.url, cast.room().it.code, mia.cookie).leave()
