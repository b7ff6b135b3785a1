"""Whoever's seat goes is told why by any process, of those too that did not hear of it when it happened."""

from collections.abc import Callable

import pytest

from app.extensions import db
from app.sessions import standing
from app.sessions.commands import erasing, planning
from app.sessions.presence import Connection
from tests.sessions.cast import Cast


def came(cast: Cast, name: str) -> Connection:
    it = cast.room().it
    return Connection(cast.id, cast.seats[name], 1, it.join_turn)


def told(connection: Connection) -> set[str | None]:
    """What this socket is told at its next packet, and with the next pulse."""
    db.session.rollback()
    return {standing.of(db.session, connection), standing.fallen(db.session, {"a socket": connection}).get("a socket")}


def a_new_link(cast: Cast) -> None:
    planning.rotate_join_link(cast.id)


def sent_away(cast: Cast) -> None:
    cast.does("Mia", "remove", seat=cast.seats["Stan"])


def deleted(cast: Cast) -> None:
    erasing.delete(cast.id)


@pytest.mark.parametrize(
    ("happens", "why"),
    [(a_new_link, "renewed"), (sent_away, "removed"), (deleted, "ended")],
    ids=["a new link", "sent away", "deleted"],
)
def test_who_still_waits_is_told_why_it_was_for_nothing(cast: Cast, happens: Callable[[Cast], None], why: str) -> None:
    cast.come("Stan")
    stan = came(cast, "Stan")
    assert told(stan) == {None}
    happens(cast)
    assert told(stan) == {why}


def test_who_is_in_stays_in_when_the_link_is_new(cast: Cast) -> None:
    mia = came(cast, "Mia")
    a_new_link(cast)
    assert told(mia) == {None}


def test_whose_seat_went_with_the_transcript_is_told_so(make_cast: Callable[..., Cast]) -> None:
    cast = make_cast(transcript=False).run_up_to("lessons")
    cara = came(cast, "Cara")
    cast.does("Mia", "stop")
    assert cast.room().seat(cast.seats["Cara"]) is None
    assert told(cara) == {"forgotten"}
