"""Who is in a room, where every socket has a thread of its own."""

from collections import defaultdict
from collections.abc import Iterator
from threading import Event, Lock, Thread

import pytest

from app.sessions import presence
from app.sessions.presence import Connection

ROOM = 7


@pytest.fixture(autouse=True)
def empty() -> Iterator[None]:
    yield
    presence.forget_everybody()


class Asked:
    """A lock that tells when somebody wants it."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.by = Event()

    def __enter__(self) -> None:
        self.by.set()
        self.lock.acquire()

    def __exit__(self, *_: object) -> None:
        self.lock.release()


def test_who_comes_as_the_last_one_goes_is_in_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked()
    carl = Thread(target=presence.arrive, args=("carl", Connection(ROOM, "Carl", 1, 1)))

    class Rooms(defaultdict[int, dict[str, Connection]]):
        def pop(self, room: int, *default: object) -> dict[str, Connection]:
            asked.by.clear()
            carl.start()
            while carl.is_alive() and not asked.by.is_set():
                carl.join(0.01)
            return super().pop(room)

    monkeypatch.setattr(presence, "_rooms", Rooms(dict))
    monkeypatch.setattr(presence, "_coming_and_going", asked, raising=False)
    presence.arrive("cara", Connection(ROOM, "Cara", 1, 1))
    presence.leave("cara")
    carl.join(10)
    assert set(presence.of(ROOM)) == {"carl"}


def test_who_comes_anew_does_not_type_any_more() -> None:
    cara = Connection(ROOM, "Cara", 1, 1)
    presence.arrive("dead line", cara)
    presence.set_typing(cara, True)
    presence.arrive("new line", cara)
    assert presence.here(ROOM) == ({"Cara"}, set())
