"""A place that is given back goes to whoever has waited the longest."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.places import Places
from tests.waiting import wait_for


@pytest.fixture
def places() -> Places:
    return Places(1)


def stands(places: Places, many: int) -> Callable[[], bool]:
    return lambda: len(places.line) == many


def test_only_so_many_have_a_place(places: Places):
    two = Places(2)
    assert [two.acquire(timeout=0) for _ in range(3)] == [True, True, False]
    with places:
        assert not places.acquire(timeout=0)
    assert places.acquire(timeout=0)


def test_who_comes_as_a_place_is_given_back_does_not_go_before_who_waits(places: Places):
    with ThreadPoolExecutor(1) as threads:
        with places:
            cara = threads.submit(places.acquire, 10)
            wait_for(stands(places, 1))
        assert not places.acquire(timeout=0), "Carl comes in this moment"
        assert cara.result()


def test_who_waits_goes_in_the_order_of_coming(places: Places):
    gone: list[str] = []

    def go(name: str) -> None:
        with places:
            gone.append(name)

    names = ["Otto", "Cara", "Carl", "Mia"]
    with ThreadPoolExecutor(len(names)) as threads, places:
        for n, name in enumerate(names, 1):
            threads.submit(go, name)
            wait_for(stands(places, n))
    assert gone == names


def test_whose_patience_ends_takes_nobodys_place(places: Places):
    with places:
        assert not places.acquire(timeout=0.01)
        assert stands(places, 0)()
    assert places.acquire(timeout=0)
