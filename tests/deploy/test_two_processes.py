"""One session in two processes: with the routing of deploy/nginx, and without any, it is the same session."""

import http.client
import socket
import ssl
from collections.abc import Iterator
from itertools import cycle
from urllib.parse import urlsplit

import pytest
from flask import Flask

from tests.deploy.conftest import Installation
from tests.deploy.people import Person
from tests.sessions.cast import Cast
from tests.sessions.sockets import cookie_of

CAST = ("Mia", "Otto", "Cara", "Carl")


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
            there[name] = Person(installation.url, code, cookie, installation.certificate)
        else:
            there[name] = Person(next(processes), code, cookie)
    yield there
    for person in there.values():
        person.leave()


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
    assert carl.next_end()[0] == "pulse", "the next one is five seconds away"
    assert people["Mia"].command("remove", seat=carl.seat)["ok"]
    assert carl.next_end() == ("goodbye", {"reason": "removed"})


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
