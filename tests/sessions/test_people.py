"""Who is in the room, as what, under which name."""

import pytest
from flask import Flask

from app.sessions.commands import Refused
from tests.sessions.cast import Cast


def test_a_new_owner_takes_the_place_of_the_old_one(cast: Cast) -> None:
    cast.opened("Cara")
    cast.does("Mia", "set_role", seat=cast.seats["Cara"], role="owner")
    assert cast.sees("Otto")["me"]["role"] == "consultant"


def test_the_owner_stays_the_same_once_the_questions_have_begun(cast: Cast) -> None:
    cast.go_to("questions")
    for who, role in (("Cara", "owner"), ("Otto", "consultant")):
        with pytest.raises(Refused, match="forbidden"):
            cast.does("Mia", "set_role", seat=cast.seats[who], role=role)


def test_there_is_always_a_moderator(cast: Cast) -> None:
    cast.opened("Cara")
    with pytest.raises(Refused, match="forbidden"):
        cast.does("Mia", "set_role", seat=cast.seats["Mia"], role="consultant")
    cast.does("Mia", "set_role", seat=cast.seats["Cara"], role="moderator")
    cast.does("Mia", "set_role", seat=cast.seats["Mia"], role="consultant")
    assert cast.sees("Cara")["me"]["role"] == "moderator"


def test_whoever_planned_the_session_takes_it_back_after_handing_it_over(cast: Cast) -> None:
    cast.opened("Cara")
    cast.does("Mia", "set_role", seat=cast.seats["Cara"], role="moderator")
    cast.does("Mia", "set_role", seat=cast.seats["Mia"], role="consultant")
    with pytest.raises(Refused, match="forbidden"):
        cast.does("Otto", "take_back")
    cast.does("Mia", "take_back")
    assert cast.sees("Mia")["me"]["role"] == "moderator"


def test_a_latecomer_waits_until_the_moderator_lets_them_in(cast: Cast) -> None:
    cast.go_to("questions")
    cast.come("Cleo")
    assert cast.sees("Cleo")["me"]["status"] == "waiting"
    assert set(cast.sees("Cleo")["people"]) == {cast.seats["Cleo"]}
    assert cast.seats["Cleo"] not in cast.sees("Cara")["people"]
    cast.does("Mia", "admit", seat=cast.seats["Cleo"])
    assert cast.sees("Cleo")["me"]["status"] == "in"


def test_early_guests_wait_until_the_room_is_opened(cast: Cast) -> None:
    cast.come("Cara")
    assert cast.sees("Cara")["me"]["status"] == "waiting"
    cast.does("Mia", "open")
    assert cast.sees("Cara")["me"]["status"] == "in"


@pytest.mark.parametrize("name", ["Cara", "cara ", "CARA", "Саrа", "Moderator", "0tto", "\u200b"])
def test_a_name_that_looks_like_anothers_or_like_a_role_is_refused(cast: Cast, name: str) -> None:
    cast.opened("Cara")
    with pytest.raises(Refused, match=r"taken|empty"):
        cast.come(name)


def test_a_full_session_says_so(cast: Cast, app: Flask) -> None:
    app.config["SEATS_MAX"] = 3
    cast.opened("Cara")
    with pytest.raises(Refused, match="too_many"):
        cast.come("Carl")


def test_in_a_small_group_the_moderator_takes_turns_too(cast: Cast) -> None:
    cast.opened("Cara", "Carl")
    cast.does("Mia", "consult", on=True)
    cast.go_to("recommendations")
    assert cast.whose_turn() == "Mia"
    cast.does("Mia", "recommend", text="Call Karim first")


def test_in_a_larger_group_the_moderator_does_not(cast: Cast) -> None:
    cast.opened("Cara", "Carl", "Cleo")
    with pytest.raises(Refused, match="forbidden"):
        cast.does("Mia", "consult", on=True)
