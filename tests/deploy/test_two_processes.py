"""One session in two processes: with the routing of deploy/nginx, and without any, it is the same session."""

import http.client
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask

from devtools.rig.app import App
from tests.attacks.at_once import before_the_next_pulse
from tests.attacks.pages import Page, account_of
from tests.deploy.conftest import Installation
from tests.deploy.people import Person
from tests.sessions.cast import Cast
from tests.sessions.sockets import cookie_of
from tests.visitor import PASSWORD

CAST = ("Mia", "Otto", "Cara", "Carl")
Sit = Callable[..., Person]


@pytest.fixture(params=["routed", "not routed"])
def people(request: pytest.FixtureRequest, installation: Installation, behind: Flask) -> Iterator[dict[str, Person]]:
    """Everybody in the brainstorm; without routing each in another process than the one before."""
    cast = in_the_brainstorm()
    code = cast.room().it.code
    processes = cycle(app.url for app in installation.apps)
    there = {}
    for name in CAST:
        cookie = cookie_of(behind, cast, name)
        if request.param == "routed":
            # Socket.IO's client reads and writes its socket in two threads, which OpenSSL does not allow: over TLS one
            # connection of some hundreds never came about (python-engineio, issue 461). The line has one thread.
            there[name] = Person(installation.line, code, cookie, site=installation.url)
        else:
            there[name] = Person(next(processes), code, cookie)
    yield there
    for person in there.values():
        person.leave()


@pytest.fixture
def sit(behind: Flask) -> Iterator[Sit]:
    """Somebody opens a line to this very process, past nginx: with the seat of `who`, or with a browser's `cookie`."""
    there: list[Person] = []

    def sit(at: App, cast: Cast, who: str = "", cookie: str = "") -> Person:
        there.append(Person(at.url, cast.room().it.code, cookie or cookie_of(behind, cast, who)))
        return there[-1]

    yield sit
    for person in there:
        person.leave()


class Browser(Page):
    """A browser without a screen that asks this very process for its pages."""

    def __init__(self, at: App) -> None:
        self.url = at.url
        self.client = requests.Session()


@contextmanager
def cut_at_once(*people: Person) -> Iterator[None]:
    """What is done in this block cuts these people of one room and one process, before its pulse would."""

    def hear_a_pulse() -> None:
        for person in people:
            while not person.ends.empty():
                person.next_end()
        for person in people:
            assert person.next_end()[0] == "pulse"

    with before_the_next_pulse([person.socket for person in people], hear_a_pulse):
        yield


def hears_of_the_others(person: Person, *others: Person) -> None:
    """Wait until what the other processes tell arrives in this person's: another test may have taken Redis away, and a
    process needs a moment to find it again.
    """
    person.sees_online({person.seat, *(other.seat for other in others)})


def in_the_brainstorm() -> Cast:
    cast = Cast()
    cast.does("Mia", "open")
    cast.come("Cara", "Carl")
    for name in CAST:
        cast.does(name, "accept")
    cast.does("Otto", "statement", issue="Nobody decides", situation="Nine contacts")
    while cast.step != "brainstorm":
        if cast.step == "ask":
            cast.does("Otto", "ask", text="Whom do I ask first?")
        cast.does("Mia", "advance", anyway=True)
    return cast


def test_everybody_hears_what_each_of_them_says(people: dict[str, Person]):
    for author in ("Cara", "Carl", "Mia"):
        assert people[author].command("idea", text=f"An idea of {author}")["ok"]
        for person in people.values():
            person.hears_of(f"An idea of {author}")


def test_a_step_is_left_once_and_everywhere(people: dict[str, Person]):
    answers = [people["Mia"].command("advance", "brainstorm", anyway=True) for _ in range(2)]
    assert [answer["ok"] for answer in answers] == [True, False]
    assert answers[1]["code"] == "stale"
    for person in people.values():
        while person.next_state().get("session", {}).get("step") != "recommendations":
            pass


def test_whoever_is_removed_is_cut_off_before_the_next_pulse(people: dict[str, Person]):
    carl = people["Carl"]
    hears_of_the_others(carl, people["Mia"], people["Cara"])  # Otto listens, and shows no sign
    with cut_at_once(carl):
        assert people["Mia"].command("remove", seat=carl.seat)["ok"]
    assert carl.next_end() == ("goodbye", {"reason": "removed"})


def test_a_new_link_made_in_one_process_sends_away_who_waits_in_the_other(installation: Installation, sit: Sit):
    one, two = installation.apps
    cast = Cast()
    cast.come("Stan")
    code = cast.room().it.code
    browser = Browser(one).signs_in(account_of(cast))
    stan, mia, otto = sit(two, cast, "Stan"), sit(two, cast, "Mia"), sit(one, cast, "Otto")
    hears_of_the_others(mia, stan, otto)
    with cut_at_once(stan):
        browser.send(f"/sessions/{code}/rotate")
    assert stan.next_end() == ("goodbye", {"reason": "renewed"})
    assert mia.command("open", "planned")["ok"], "who is in stays in"


def test_the_end_in_one_process_cuts_everybody_in_the_other(installation: Installation, sit: Sit):
    one, two = installation.apps
    cast = in_the_brainstorm()
    cast.come("Stan")
    mia, cara, stan = sit(one, cast, "Mia"), sit(two, cast, "Cara"), sit(two, cast, "Stan")
    hears_of_the_others(cara, mia)
    with cut_at_once(cara, stan):
        assert mia.command("stop")["ok"]
    assert stan.next_end() == ("goodbye", {"reason": "ended"})
    while cara.next_state().get("session", {}).get("step") != "closed":
        pass  # the last word came before the cut


def test_signing_out_in_one_process_cuts_that_browsers_line_to_the_other(installation: Installation, sit: Sit):
    one, two = installation.apps
    cast = in_the_brainstorm()
    laptop = Browser(one).signs_in(account_of(cast))
    phone = Browser(one).signs_in(cast.account)
    on_laptop, on_phone = (sit(two, cast, cookie=each.cookie) for each in (laptop, phone))
    hears_of_the_others(on_laptop, sit(one, cast, "Cara"))
    with cut_at_once(on_laptop):
        laptop.send("/sign-out")
    assert on_phone.command("pause", "brainstorm")["ok"]


def test_a_new_password_in_one_process_cuts_the_other_devices_in_the_other(installation: Installation, sit: Sit):
    one, two = installation.apps
    cast = in_the_brainstorm()
    laptop = Browser(one).signs_in(account_of(cast))
    phone = Browser(one).signs_in(cast.account)
    on_phone, carl, cara = sit(two, cast, cookie=phone.cookie), sit(two, cast, "Carl"), sit(one, cast, "Cara")
    hears_of_the_others(on_phone, carl, cara)
    fresh = "another rather long password"
    with cut_at_once(on_phone):
        laptop.send("/account/password", current=PASSWORD, password=fresh, repeated=fresh)
    assert carl.command("idea", text="Ask Karim")["ok"], "whose keys are good stays"


def test_who_is_here_is_known_in_every_process(people: dict[str, Person]):
    heard = {person.seat for name, person in people.items() if name != "Otto"}  # who listens shows no sign
    people["Mia"].sees_online(heard)
    people["Carl"].leave()
    people["Mia"].sees_online(heard - {people["Carl"].seat})


def test_without_redis_nothing_is_lost(people: dict[str, Person], installation: Installation):
    installation.redis.program.freeze()
    try:
        answer = people["Cara"].command("idea", text="Said in silence")
        assert answer["ok"]
        for person in people.values():
            while (end := person.next_end())[0] == "pulse" and end[1]["version"] < answer["version"]:
                pass
            assert end[0] == "pulse"  # and with it the page knows that it is behind
            state = person.socket.call("sync", {"version": 0}, timeout=15)["snapshot"]
            assert "Said in silence" in {item["text"] for item in state["items"].values()}
    finally:
        installation.redis.program.thaw()


def test_the_site_serves_pages_by_tls_and_keeps_the_figures_to_itself(installation: Installation):
    at = urlsplit(installation.url)
    trust = ssl.create_default_context(cafile=str(installation.certificate))
    for address, status in {"/healthz": 200, "/": 200, "/metrics": 404}.items():
        connection = http.client.HTTPSConnection(at.hostname or "", at.port, context=trust, timeout=10)
        connection.request("GET", address)
        assert connection.getresponse().status == status
        connection.close()


def test_a_form_that_does_not_come_to_its_end_is_cut_off_at_the_door(installation: Installation):
    at = urlsplit(installation.url)
    trust = ssl.create_default_context(cafile=str(installation.certificate))
    plain = socket.create_connection((at.hostname or "", at.port or 443), timeout=10)
    with trust.wrap_socket(plain, server_hostname=at.hostname) as slow:
        slow.sendall(f"POST /sign-in HTTP/1.1\r\nHost: {at.netloc}\r\nContent-Length: 5000\r\n\r\na".encode())
        said = slow.recv(1000)  # without the limit it would wait here until its own patience ends
    assert said == b"" or b" 408 " in said.splitlines()[0]
