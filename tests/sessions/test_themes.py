"""Themes, given at the close; and who else may read, chosen before and never widened."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.sessions import invitations
from app.sessions.commands import Refused, erasing
from app.sessions.commands.planning import narrow
from app.sessions.models import Archived, IntervisionTheme, Visibility
from app.sessions.sessions_found import themes_of_team
from app.teams.models import Theme
from tests.sessions.cast import Cast


def test_mia_gives_themes_in_the_last_phase_and_after_the_close(cast: Cast) -> None:
    cast.run_up_to("lessons")
    cast.does("Mia", "themes", themes=["Several deciders", " Café  talk ", "several DECIDERS", ""])
    assert cast.sees("Cara")["session"]["themes"] == ["Café talk", "several DECIDERS"]
    cast.go_to("closed")
    cast.does("Mia", "themes", themes=["Price", "cafe TALK"])
    assert cast.sees("Cara")["session"]["themes"] == ["Café talk", "Price"]
    assert db.session.scalars(select(Archived.shared)).one().splitlines()[:2] == ["Café talk", "Price"]


@pytest.mark.parametrize("who", ["Otto", "Cara"])
@pytest.mark.parametrize("step", ["lessons", "closed"])
def test_nobody_but_a_moderator_gives_themes(cast: Cast, who: str, step: str) -> None:
    cast.run_up_to(step)
    with pytest.raises(Refused):
        cast.does(who, "themes", themes=["Price"])
    assert "themes" not in cast.sees(who)["can"]


@pytest.mark.parametrize("step", ["planned", "lobby", "reactions"])
def test_themes_come_at_the_end(cast: Cast, step: str) -> None:
    cast.go_to(step)
    with pytest.raises(Refused):
        cast.does("Mia", "themes", themes=["Price"])


@pytest.mark.parametrize("themes", [["x" * 41], list("abcdef"), "Price", [1], [{}], [["a"]], None])
def test_what_are_no_themes_is_refused(cast: Cast, themes: object) -> None:
    cast.go_to("lessons")
    with pytest.raises(Refused):
        cast.does("Mia", "themes", themes=themes)


def test_the_teams_themes_are_offered_the_most_used_first_and_go_with_their_last_session(
    make_cast: Callable[..., Cast],
) -> None:
    first, second, other = make_cast(), make_cast(), make_cast(team="South")
    for cast, themes in ((first, ["Alone", "Both"]), (second, ["Both"]), (other, ["Elsewhere"])):
        cast.go_to("lessons").does("Mia", "themes", themes=themes)
    north = first.room().it.team_id
    assert themes_of_team(north) == ["Both", "Alone"]
    db.session.rollback()
    erasing.delete(first.id)
    assert themes_of_team(north) == ["Both"]
    db.session.rollback()
    erasing.delete(second.id)
    assert db.session.scalars(select(Theme.name)).all() == ["Elsewhere"]
    assert len(db.session.scalars(select(IntervisionTheme)).all()) == 1


ROOM, PROCESS, FACILITATORS = Visibility.ROOM, Visibility.PROCESS, Visibility.FACILITATORS


@pytest.mark.parametrize("step", ["planned", "lobby", "brainstorm", "closed"])
@pytest.mark.parametrize("before", list(Visibility))
@pytest.mark.parametrize("after", list(Visibility))
def test_fewer_may_read_at_any_time_and_more_only_before_the_room_opens(
    make_cast: Callable[..., Cast], step: str, before: Visibility, after: Visibility
) -> None:
    cast = make_cast(visibility=before).go_to(step)
    wider = [ROOM, PROCESS, FACILITATORS].index(after) > [ROOM, PROCESS, FACILITATORS].index(before)
    if wider and step != "planned":
        with pytest.raises(Refused, match="forbidden"):
            narrow(cast.id, after)
        after = before
    else:
        narrow(cast.id, after)
    assert cast.sees("Otto")["session"]["visibility"] == cast.room().it.visibility == after


@pytest.mark.parametrize(
    ("visibility", "words"),
    [
        (ROOM, "Afterwards only the people in the room can read it."),
        (FACILITATORS, "Afterwards the people in the room and the facilitators of North can read it. When the team"),
        (PROCESS, "the facilitators of North see how it went and the shared lessons, and no words of the case."),
    ],
)
def test_one_sentence_says_who_reads(make_cast: Callable[..., Cast], visibility: Visibility, words: str) -> None:
    it = make_cast(visibility=visibility).room().it
    assert words in invitations.what_stays(it).striptags()
