"""Whoever tries passwords or codes gets no more tries from two processes than from one, with Redis and without it."""

import itertools
import re
from collections.abc import Callable, Iterator

import pytest
import requests
from flask import Flask

from app.accounts.models import Account
from devtools.rig.app import App
from devtools.rig.redis import Redis
from tests.deploy.conftest import Installation
from tests.visitor import PASSWORD, make_account

PASSWORDS_MAX = 10
CODES_MAX = 60
HOUSES = (f"203.0.113.{number}" for number in itertools.count(1))
"""An address of their own for everybody who tries: what is counted for one test is nothing to the next."""


class Stan:
    """A stranger who tries, at one address, in whichever process."""

    def __init__(self) -> None:
        self.address = next(HOUSES)

    def sends(self, app: App, path: str, **data: str) -> requests.Response:
        with requests.Session() as browser:
            browser.headers["X-Forwarded-For"] = self.address
            found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get(f"{app.url}/join", timeout=30).text)
            assert found
            form = {"csrf_token": found[1], **data}
            return browser.post(app.url + path, data=form, timeout=30, allow_redirects=False)

    def guesses(self, app: App, mia: Account, password: str = "not hers at all") -> requests.Response:
        return self.sends(app, "/sign-in", email=mia.email, password=password)


@pytest.fixture
def mia(behind: Flask) -> Account:
    return make_account(f"Mia{next(HOUSES).rpartition('.')[2]}")


def has_to_wait(answer: requests.Response) -> bool:
    if answer.status_code == 429:
        assert 0 < int(answer.headers["Retry-After"]) <= 15 * 60 + 1
        return True
    assert answer.status_code in (200, 302), answer.text
    return False


def test_wrong_passwords_in_two_processes_are_counted_together(installation: Installation, mia: Account):
    stan = Stan()
    processes = itertools.cycle(installation.apps)
    for _ in range(PASSWORDS_MAX):
        assert not has_to_wait(stan.guesses(next(processes), mia))
    for app in installation.apps:
        assert has_to_wait(stan.guesses(app, mia, PASSWORD)), "the right one comes too late"
        assert Stan().guesses(app, mia, PASSWORD).status_code == 302, "Mia herself, at home, is let in"


def test_guessed_codes_in_two_processes_are_counted_together(installation: Installation):
    stan = Stan()
    processes = itertools.cycle(installation.apps)
    for _ in range(CODES_MAX):
        assert not has_to_wait(stan.sends(next(processes), "/join", code="QQQQQQ"))
    for app in installation.apps:
        assert has_to_wait(stan.sends(app, "/join", code="QQQQQQ"))
        assert not has_to_wait(Stan().sends(app, "/join", code="QQQQQQ"))


def stop(redis: Redis) -> Callable[[], None]:
    redis.stop()
    return redis.start


def freeze(redis: Redis) -> Callable[[], None]:
    redis.program.freeze()
    return redis.program.thaw


@pytest.fixture(params=[stop, freeze])
def without_redis(installation: Installation, request: pytest.FixtureRequest) -> Iterator[None]:
    """Redis is gone, or it hears and does not answer."""
    come_back = request.param(installation.redis)
    yield
    come_back()


def test_without_redis_each_process_goes_on_counting_by_itself(
    without_redis: None, installation: Installation, mia: Account
):
    stan = Stan()
    for app in installation.apps:
        tried = 0
        while not has_to_wait(stan.guesses(app, mia)):
            tried += 1
            assert tried <= PASSWORDS_MAX, "nobody counts"
        assert tried == PASSWORDS_MAX
        assert Stan().guesses(app, mia, PASSWORD).status_code == 302
