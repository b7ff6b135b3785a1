"""From step to step, and the clock."""

from typing import Any

from sqlalchemy import select

from app.lessons import announcing
from app.sessions import clock
from app.sessions.commands import following, forgetting, turning
from app.sessions.commands.door import Change
from app.sessions.models import Contribution, StepTime
from app.sessions.phases import N_, POSITION, STEP, STEPS, Role, Step
from app.sessions.rules import Refused


def open_room(change: Change, data: dict[str, Any]) -> None:
    """Open the lobby and let in everybody who waits; its clock stands still until somebody starts it.

    Since somebody was removed the moderator lets people in one by one; the owner has a link of their own.
    """
    enter(change, STEP["lobby"])
    change.room.clock = clock.Clock(left_s=change.room.times["lobby"].allotted_s)
    change.room.times["lobby"].used_s = None
    change.it.started_at = None
    for seat in change.room.seats:
        if seat.status == "waiting" and (seat.role == Role.OWNER or not change.room.guarded):
            seat.status = "in"


def advance(change: Change, data: dict[str, Any]) -> None:
    """On to the next step. Without `anyway`, what is missing is said first; going on without an ask is remembered."""
    if change.step.name == "lobby" and change.room.owner is None:
        raise Refused("forbidden", N_("Pick the issue owner first."))
    missing = what_is_missing(change)
    if missing and not data["anyway"]:
        raise missing
    if missing and change.step.name == "ask":
        change.it.overridden = True
    change.detail = {"anyway": True} if missing else None
    enter(change, STEPS[POSITION[change.it.step] + 1])


def back(change: Change, data: dict[str, Any]) -> None:
    """One step back; nothing is lost, and the clock has what was left."""
    enter(change, STEPS[POSITION[change.it.step] - 1])


def time_up(change: Change, data: dict[str, Any]) -> None:
    """A browser has seen the clock at zero. The step moves on if it may; never out of the lobby or to the end."""
    left = change.room.clock.left(change.now)
    following = STEPS[POSITION[change.it.step] + 1]
    by_itself = change.step.ends_itself or (change.it.move_on and change.step.name != "lobby")
    if not by_itself or following.name == "closed" or not change.room.clock.running:
        raise Refused("forbidden", N_("The moderator decides when to move on."))
    if left is None or left > 0.25:
        raise Refused("stale", N_("There is time left."))
    missing = what_is_missing(change)
    if missing:
        raise missing
    enter(change, following)


def what_is_missing(change: Change) -> Refused | None:
    """What a moderator wants to know before leaving this step, as one sentence."""
    step, room = change.step.name, change.room
    if step == "lobby" and (names := [seat.name for seat in room.present if seat.accepted_at is None]):
        return Refused(
            "confirm", N_("Not everybody has accepted the agreement yet: %(names)s."), names=", ".join(names)
        )
    if step == "ask" and not _any(change, "ask"):
        return Refused(
            "confirm", N_("The owner has not saved the ask yet. The record will say that you went on without it.")
        )
    if step == "questions" and _is_waiting_for_an_answer(change):
        return Refused("confirm", N_("A question is still waiting for its answer."))
    if step == "recommendations" and not _any(change, "recommendation"):
        return Refused("confirm", N_("There is no recommendation yet."))
    if step == "feedback" and not _any(change, "action"):
        return Refused("confirm", N_("There is no action in the plan yet."))
    if step == "feedback" and not _any(change, "presented"):
        return Refused("confirm", N_("The owner has not presented the plan yet."))
    return None


def _any(change: Change, kind: str) -> bool:
    mine = (Contribution.intervision_id == change.it.id) & (Contribution.kind == kind)
    return change.rows.scalars(select(Contribution.id).where(mine).limit(1)).first() is not None


def _is_waiting_for_an_answer(change: Change) -> bool:
    answered = {answer.parent_id for answer in change.room.contributions("answer")}
    return any(question.id not in answered for question in change.room.contributions("question"))


def enter(change: Change, step: Step) -> None:
    """Leave the step that the session is in, and enter `step` with its clock running."""
    leave(change)
    change.it.step = step.name
    change.room.__dict__.pop("turns", None)
    time = change.room.times.get(step.name)
    if time is not None:
        left = clock.on_entering(time.allotted_s, time.used_s)
        time.used_s = time.used_s or 0.0
        time.allotted_s = time.used_s + left
        change.room.clock = clock.running(left, change.now)
        change.it.started_at = change.it.started_at or change.now
    if step.name == "closed":
        change.it.closed_at = change.now
        forgetting.forget(change)
        following.begin(change)
        announcing.announce(change)
    if step.turn:
        turning.begin_next(change)
    change.everything = True


def leave(change: Change) -> None:
    """Put down what the step has used, and end its turn."""
    turning.cut_turn(change)
    time = change.room.time
    if time is not None and (time.used_s is not None or change.room.clock.running):
        time.used_s = change.room.elapsed(change.now)
    change.room.clock = clock.Clock()


def stop(change: Change, data: dict[str, Any]) -> None:
    """The owner or a moderator ends the session here and now; what was written stays for the record."""
    change.it.stopped = True
    enter(change, STEP["closed"])


def pause(change: Change, data: dict[str, Any]) -> None:
    change.room.clock = change.room.clock.paused(change.now)
    change.session = True


def resume(change: Change, data: dict[str, Any]) -> None:
    """Start, or go on."""
    change.room.clock = change.room.clock.resumed(change.now)
    if change.room.time and change.room.time.used_s is None:
        change.room.time.used_s = 0.0
    change.it.started_at = change.it.started_at or change.now
    change.session = True


def extend(change: Change, data: dict[str, Any]) -> None:
    _set(change, change.room.clock.changed(data["seconds"], change.now))
    change.detail = {"seconds": data["seconds"]}


def set_time(change: Change, data: dict[str, Any]) -> None:
    _set(change, change.room.clock.set_to(data["seconds"], change.now))
    change.detail = {"seconds": data["seconds"]}


def share_out(change: Change, data: dict[str, Any]) -> None:
    """Share what is left of the session's time over this step and those to come; phases 5 and 6 keep theirs."""
    it, times = change.it, change.room.times
    if it.started_at is None:
        raise Refused("forbidden", N_("The session has not started yet."))
    ahead = [times[step.name] for step in STEPS[POSITION[it.step] :] if step.name in times]
    begun = [time for time in times.values() if time.used_s is not None or time in ahead]
    whole = sum(time.planned_s for time in begun) + 60.0 * it.minutes["buffer"]
    rest = whole - (change.now - it.started_at).total_seconds()
    used = change.room.elapsed(change.now)
    wishes = {time.step: time.planned_s for time in ahead}
    wishes[it.step] = max(clock.BACK_AGAIN_S, wishes[it.step] - used)
    guarded = frozenset(step.name for step in STEPS if step.protected)
    for name, seconds in clock.share_out(rest, wishes, guarded).items():
        if name == it.step:
            _set(change, change.room.clock.set_to(seconds, change.now))
        else:
            _allot(times[name], (times[name].used_s or 0.0) + seconds)


def _set(change: Change, new: clock.Clock) -> None:
    """Put in a clock that shows another time, so that the seconds already used stay what they are."""
    time = change.room.time
    left = new.left(change.now)
    if time is None or left is None:
        raise Refused("forbidden", N_("There is no clock in this step."))
    _allot(time, change.room.elapsed(change.now) + left)
    change.room.clock = new
    change.session = True


def _allot(time: StepTime, seconds: float) -> None:
    time.allotted_s = seconds


def move_on(change: Change, data: dict[str, Any]) -> None:
    """Whether steps move on by themselves when their time is up."""
    change.it.move_on = data["on"]
    change.session = True
