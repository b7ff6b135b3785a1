"""The replay of a session: the board as the group saw it, and nothing that it did not see."""

from datetime import timedelta
from typing import Any

from flask import Flask

from app.extensions import db
from app.sessions import view
from app.sessions.access import Reader
from app.sessions.exports import record as minutes
from app.sessions.phases import ALL, KINDS, POSITION
from app.sessions.replay import BOARDS, HANGING, LONGEST_MS, SHORTEST_MS, Entry, Replay, replay
from app.times import at, now
from tests.sessions.cast import START, Cast


def replayed(cast: Cast, who: str = "Mia") -> Replay:
    room = cast.room()
    return replay(room, view.snapshot(room, Reader(room.seat(cast.seats[who])), now()))


def entries(found: Replay) -> list[tuple[str, Entry]]:
    return [(board.kind, each) for board in found.boards for entry in board.entries for each in (entry, *entry.hanging)]


def board_at(found: Replay, number: int) -> set[str]:
    """What the page shows at a moment (static/js/replay.js does the same)."""
    at = found.moments[number]
    on = [board for board in found.boards if at.step in board.steps]
    those = [each for board in on for entry in board.entries for each in (entry, *entry.hanging)]
    return {entry.text for entry in those if entry.moment <= number and entry.since <= POSITION[at.step]}


def last_of(found: Replay, step: str) -> int:
    return max(number for number, moment in enumerate(found.moments) if moment.step == step)


def played(*acts: tuple[float, str, str, dict[str, Any]], names: tuple[str, ...] = ("Cara", "Carl")) -> Cast:
    """A session with each act at its minute."""
    with at(START):
        cast = Cast().opened(*names)
    for minute, who, act, data in acts:
        with at(START + timedelta(minutes=minute)):
            cast.does(who, act, **data)
    return cast


ON = {"anyway": True}


def to_brainstorm() -> list[tuple[float, str, str, dict[str, Any]]]:
    return [(minute, "Mia", "advance", ON) for minute in range(1, 6)]  # silent from minute 5 on


def test_only_kinds_that_everybody_sees_are_on_a_board() -> None:
    assert all(KINDS[kind].seen_by == ALL for kind in (*BOARDS, *HANGING.values()))


def test_all_of_the_record_is_replayed_and_nothing_else(app: Flask) -> None:
    cast = Cast().run_up_to("brainstorm")
    cast.does("Otto", "star", parent=cast.sees_kind("Otto", "idea")[0]["id"])
    cast.does("Otto", "fact", text="Only for Mia")
    cast.run_up_to("lessons")
    cast.does("Cara", "lesson", text="Named to nobody", share=True, named=False)
    cast.does("Mia", "advance")
    db.session.rollback()
    found = replayed(cast, "Cara")
    record = minutes.record(cast.sees("Cara"))
    said = {entry.text for _kind, entry in entries(found)} - {""}
    in_record = str(record)
    assert {"Nobody will name a decider", "Who asked, Cara?", "Map the contacts", "Draw the map"} <= said
    assert all(words in in_record for words in said)
    for who in ("Mia", "Otto", "Cara"):
        assert "Ask about finance" not in str(replayed(cast, who))  # Cara's note
        assert "Only for Mia" not in str(replayed(cast, who))


def test_an_idea_has_no_author_and_a_lesson_has_one_only_where_they_agreed(app: Flask) -> None:
    cast = Cast().run_up_to("lessons")
    cast.does("Cara", "lesson", text="Count roles, not contacts", share=True, named=True)
    cast.does("Carl", "lesson", text="Mine, unnamed", share=True, named=False)
    cast.does("Mia", "advance")
    names = {(kind, entry.text): entry.name for kind, entry in entries(replayed(cast))}
    assert names["idea", "Map the contacts"] == names["idea", "Ask Karim"] == ""
    assert names["lesson", "Mine, unnamed"] == ""
    assert names["lesson", "Count roles, not contacts"] == "Cara"
    assert names["question", "Who asked, Carl?"] == "Carl"


def test_what_is_written_in_silence_comes_at_once_when_it_is_revealed(app: Flask) -> None:
    cast = played(
        *to_brainstorm(),
        (6, "Cara", "idea", {"text": "First"}),
        (8, "Carl", "idea", {"text": "Second"}),
        (10, "Mia", "advance", ON),
        (11, "Cara", "idea", {"text": "Aloud"}),
        (12, "Mia", "stop", {}),
    )
    found = replayed(cast)
    ideas = {entry.text: entry.moment for kind, entry in entries(found) if kind == "idea"}
    assert ideas["First"] == ideas["Second"] < ideas["Aloud"]
    reveal = found.moments[ideas["First"]]
    assert (reveal.step, reveal.at) == ("brainstorm", START + timedelta(minutes=10))
    assert not any("First" in board_at(found, number) for number in range(ideas["First"]))


def test_with_a_step_back_behind_the_reveal_the_ideas_are_gone_from_the_board(app: Flask) -> None:
    cast = played(
        *to_brainstorm(),
        (6, "Cara", "idea", {"text": "First"}),
        (7, "Mia", "advance", ON),
        (8, "Mia", "back", {}),
        (9, "Carl", "idea", {"text": "In between"}),
        (10, "Mia", "advance", ON),
        (12, "Mia", "stop", {}),
    )
    found = replayed(cast)
    boards = [(found.moments[n].step, board_at(found, n)) for n in range(len(found.moments))][-3:]
    assert boards == [("brainstorm", {"First"}), ("silent_brainstorm", set()),
                      ("brainstorm", {"First", "In between"})]  # fmt: skip


def test_what_was_taken_back_or_changed_is_as_the_record_has_it(app: Flask) -> None:
    with at(START):
        cast = Cast().go_to("brainstorm")
        gone = cast.does("Cara", "idea", text="Taken back").item
        stays = cast.does("Cara", "idea", text="A first wording").item
    with at(START + timedelta(minutes=3)):
        cast.does("Cara", "withdraw", item=gone)
        cast.does("Cara", "idea", item=stays, text="A last wording")
        cast.does("Mia", "stop")
    found = replayed(cast)
    [idea] = [entry for kind, entry in entries(found) if kind == "idea"]
    assert idea.text == "A last wording"
    assert found.moments[idea.moment].at == START
    assert "Taken back" not in str(found)


def test_what_was_prepared_and_never_told_is_not_there(app: Flask) -> None:
    cast = Cast().opened("Cara", "Carl")
    cast.does("Otto", "statement", issue="Prepared and never told", situation="")
    cast.does("Mia", "stop")
    assert "Prepared" not in str(replayed(cast, "Otto"))


def test_a_moment_is_as_long_as_it_takes_to_read(app: Flask) -> None:
    cast = played(
        *to_brainstorm(),
        (6, "Mia", "advance", ON),
        (7, "Cara", "idea", {"text": "word " * 20}),
        (8, "Cara", "idea", {"text": "word"}),
        (9, "Cara", "idea", {"text": "word " * 500}),
        (12, "Mia", "stop", {}),
    )
    assert [moment.ms for moment in replayed(cast).moments][-3:] == [20 * 240, SHORTEST_MS, LONGEST_MS]


def test_an_answer_comes_after_its_question_and_hangs_on_it(app: Flask) -> None:
    cast = Cast().run_up_to("ask")
    cast.does("Mia", "stop")
    [board] = [board for board in replayed(cast).boards if board.kind == "question"]
    for question in board.entries:
        [answer] = question.hanging
        assert (answer.name, answer.text) == ("Otto", "The technical manager")
        assert answer.moment >= question.moment
    assert last_of(replayed(cast), "questions") >= board.entries[-1].hanging[0].moment
