"""Turns: they begin by themselves, pass on by themselves, and the moderator can hand them about."""

from typing import Any

from app.sessions.commands.door import Change
from app.sessions.models import Turn
from app.sessions.phases import N_
from app.sessions.rules import Refused
from app.sessions.turns import next_seat


def begin_next(change: Change) -> None:
    """Give the turn to whoever had the fewest; to nobody when the round (or everybody's interest) is over."""
    had = [(turn.seat_id, turn.ended or "") for turn in change.room.turns]
    order = [seat.id for seat in change.room.consultants]
    seat_id = next_seat(order, had, one_round=change.step.one_round)
    if seat_id:
        _begin(change, seat_id)
    change.session = True


def _begin(change: Change, seat_id: str) -> None:
    turn = Turn(
        intervision_id=change.it.id,
        step=change.it.step,
        seat_id=seat_id,
        began_s=change.room.elapsed(change.now),
        ended=None,
        contribution_id=None,
    )
    change.insert(turn)
    change.room.turns.append(turn)


def end_turn(change: Change, how: str) -> None:
    """End the turn that somebody has, if anybody has it."""
    turn = change.room.turn
    if turn:
        change.update(turn, ended=how)
        change.session = True


def pass_turn(change: Change, data: dict[str, Any]) -> None:
    """I have nothing to add."""
    end_turn(change, "passed")
    begin_next(change)


def skip_turn(change: Change, data: dict[str, Any]) -> None:
    """The moderator goes on to the next person."""
    turn = change.room.turn
    if turn and data["seat"] not in ("", turn.seat_id):
        raise Refused("stale", N_("The turn has already moved on."))
    end_turn(change, "done" if turn and turn.contribution_id else "skipped")
    begin_next(change)


def give_turn(change: Change, data: dict[str, Any]) -> None:
    """The moderator gives the turn to somebody. Whoever had it and said nothing has not had a turn."""
    if data["seat"] not in {seat.id for seat in change.room.consultants}:
        raise Refused("gone", N_("That person takes no turns here."))
    cut_turn(change)
    _begin(change, data["seat"])
    change.session = True


def put_right(change: Change) -> None:
    """After somebody came, went or changed their role: the turn is with somebody who can use it."""
    if not change.step.turn:
        return
    turn = change.room.turn
    if turn and turn.seat_id not in {seat.id for seat in change.room.consultants}:
        cut_turn(change)
    if change.room.turn is None:
        begin_next(change)


def cut_turn(change: Change) -> None:
    """Take the turn away without asking; a turn in which nothing was said has not been one."""
    turn = change.room.turn
    if turn and turn.contribution_id is None:
        change.rows.delete(turn)
        change.room.turns.remove(turn)
    end_turn(change, "done")
