"""The only writer of sessions: every command that a person in the room can give, by name."""

from collections.abc import Callable
from typing import Any

from app.operations import metrics
from app.sessions.commands import contributing, exporting, following, mailing, moving, people, theming, turning
from app.sessions.commands.door import AlreadyDone, Change, Done, Guard, change, changed
from app.sessions.commands.people import join, take_seat
from app.sessions.phases import KIND_OF_ACT, N_
from app.sessions.rules import Refused

__all__ = [
    "COMMANDS",
    "NEEDS_BASE",
    "AlreadyDone",
    "Change",
    "Done",
    "Refused",
    "changed",
    "join",
    "perform",
    "take_seat",
]

Command = Callable[[Change, dict[str, Any]], None]

MOVES: dict[str, Command] = {
    "open": moving.open_room,
    "advance": moving.advance,
    "back": moving.back,
    "time_up": moving.time_up,
    "pause": moving.pause,
    "resume": moving.resume,
    "extend": moving.extend,
    "set_time": moving.set_time,
    "share_out": moving.share_out,
    "skip_turn": turning.skip_turn,
    "pass_turn": turning.pass_turn,
}
NEEDS_BASE = frozenset(MOVES)

COMMANDS: dict[str, Command] = {
    **MOVES,
    **dict.fromkeys(KIND_OF_ACT, contributing.contribute),
    "give_turn": turning.give_turn,
    "move_on": moving.move_on,
    "stop": moving.stop,
    "accept": people.accept,
    "set_role": people.set_role,
    "consult": people.consult,
    "take_back": people.take_back,
    "admit": people.admit,
    "remove": people.remove,
    "rename": people.rename,
    "withdraw": contributing.withdraw,
    "pulse": contributing.pulse,
    "themes": theming.give_themes,
    "export_actions": exporting.export_actions,
    "state": following.state,
    "word": following.word,
    "move_date": following.move_date,
    "add_step": following.add_step,
    "check_in": following.check_in,
    "tell": following.tell,
    "support": following.support,
    "give_address": mailing.give_address,
}


def perform(
    intervision_id: int,
    seat_id: str,
    act: str,
    data: dict[str, Any],
    *,
    command_id: str,
    base: str | None = None,
    guard: Guard | None = None,
) -> Done:
    """Carry out one command of a seat; `data` has been through `forms.check`. Raises Refused, also what `guard` raises;
    the same id again is answered again.
    """
    if act in NEEDS_BASE and base is None:
        raise Refused("invalid", N_("Something is missing in what your browser sent. Please reload the page."))
    noting = bool(data.get("for")) and data["for"] != seat_id
    try:
        with change(
            intervision_id,
            act,
            by=seat_id,
            command_id=command_id,
            base=base if act in NEEDS_BASE else None,
            noting=noting,
            editing=bool(data.get("item")),
            guard=guard,
        ) as under_way:
            COMMANDS[act](under_way, data)
    except AlreadyDone as again:
        metrics.repeated.inc()
        return again.done
    return Done(under_way.it.version, under_way.item)
