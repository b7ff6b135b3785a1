"""Another name in the middle of a session: shown to all, not too often, and never somebody else's or a role's."""

import pytest
from flask import Flask

from tests.attacks.conftest import Connect
from tests.sessions.cast import Cast
from tests.sessions.sockets import Person

TAKEN = ["Mia", "mia", " M\u200bia ", "Мia", "Mía", "MIA.", "Otto", "0tto", "Moderator", "Mоderator", "Consultant Cara"]
"""Somebody else's names; ones with a Cyrillic М or о, or an accent, that look like them; and ones that claim a role."""


def test_renaming_again_and_again_is_limited_and_each_new_name_is_shown_to_all(connect: Connect) -> None:
    mia, cara = connect("Mia"), connect("Cara")
    seat = mia.send("sync", {"version": 0})["snapshot"]["me"]["seat"]
    answers = [mia.command("rename", seat=seat, name=f"Mia {number}") for number in range(31)]
    assert [answer["ok"] for answer in answers] == [True] * 30 + [False]
    assert answers[30]["code"] == "rate_limited"
    assert cara.next("patch")["people"][seat]["name"] == "Mia 0"


def test_a_moderator_gives_nobody_the_name_of_another_or_of_a_role(staged: Cast, connect: Connect) -> None:
    mia, otto, carl = connect("Mia"), connect("Otto"), connect("Carl")
    refused(staged, mia, [otto, carl])


def test_nobody_takes_the_name_of_another_or_of_a_role_before_the_start(near: Flask, connect: Connect) -> None:
    cast = Cast().opened("Cara", "Carl")
    cara, otto, carl = (connect(who, cast) for who in ("Cara", "Otto", "Carl"))
    refused(cast, cara, [otto, carl])


@pytest.mark.parametrize("name", ["Cara Maria", "Mia"])
def test_during_the_session_nobody_renames_themselves(staged: Cast, connect: Connect, name: str) -> None:
    assert connect("Cara").command("rename", seat=staged.seats["Cara"], name=name)["code"] == "forbidden"
    assert names_on(connect("Carl")) == {"Mia", "Otto", "Cara", "Carl"}


def refused(cast: Cast, who: Person, others: list[Person]) -> None:
    """None of the names is given to Cara; the first that the others hear of is one that she may have."""
    cara, version = cast.seats["Cara"], cast.room().it.version
    for name in TAKEN:
        assert who.command("rename", seat=cara, name=name)["code"] == "taken", name
    assert cast.room().it.version == version
    for other in others:
        assert names_on(other) == {"Mia", "Otto", "Cara", "Carl"}
    assert who.command("rename", seat=cara, name="Cara Maria")["ok"]
    for other in others:
        patch = other.next("patch")
        assert (patch["version"], patch["people"].keys()) == (version + 1, {cara})
        assert patch["people"][cara]["name"] == "Cara Maria"
        assert names_on(other) == {"Mia", "Otto", "Cara Maria", "Carl"}


def names_on(person: Person) -> set[str]:
    """Who is on this person's screen."""
    return {each["name"] for each in person.send("sync", {"version": 0})["snapshot"]["people"].values()}
