"""Who may do what, when: one function over the tables of `phases`. Pure; buttons and refusals both come from here."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.sessions.phases import ALL, KIND_OF_ACT, LIVE_ACTS, N_, POSITION, STEP, STEPS, Role, Step

ACTS = frozenset(act for step in STEPS for act in step.may) | frozenset(LIVE_ACTS)
"""Every act that the tables know."""


class Refused(Exception):
    """A command that is not carried out: a code for the machine, one sentence for the person. Nothing has changed."""

    def __init__(self, code: str, message: str, *, retryable: bool = False, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.values = values
        self.retryable = retryable

    def sentence(self) -> str:
        """The sentence in the reader's language."""
        from flask_babel import gettext

        return gettext(self.message, **self.values)


@dataclass(frozen=True)
class Situation:
    """All that a rule needs to know of one person at one moment."""

    step: str
    role: Role
    status: str = "in"
    consults: bool = False
    accepted: bool = True
    my_turn: bool = False
    said: bool = False
    has_turn: bool = False
    small: bool = False
    planner: bool = False

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset({self.role, Role.CONSULTANT}) if self.consults else frozenset({self.role})


def is_live(step: str) -> bool:
    """Whether the room is open: from the lobby to the lessons."""
    return POSITION["planned"] < POSITION[step] < POSITION["closed"]


def allowed_roles(step: Step, act: str) -> frozenset[Role]:
    """The roles that the tables give `act` to in `step`."""
    allowed = step.may.get(act, frozenset())
    if is_live(step.name):
        allowed = allowed | LIVE_ACTS.get(act, frozenset())
    return allowed


def may(situation: Situation, act: str) -> bool:
    """Whether this person may do `act` now."""
    return why_not(situation, act) is None


@lru_cache(maxsize=4096)
def acts_of(situation: Situation) -> tuple[str, ...]:
    """All that this person may do now, in the order of the alphabet; worked out once for each situation there is."""
    return tuple(act for act in sorted(ACTS) if may(situation, act))


def why_not(situation: Situation, act: str, *, noted: bool = False, editing: bool = False) -> Refused | None:
    """None, or the reason why this person may not do `act` now.

    `noted`: a moderator writes it down on their behalf. `editing`: they change what they have said already, which
    takes no turn.
    """
    step = STEP[situation.step]
    if step.name == "closed" and not situation.roles & allowed_roles(step, act):
        return Refused("archived", N_("This session is closed. You can read the record, but not change it."))
    if situation.status == "removed":
        return Refused("forbidden", N_("You are no longer in this session."))
    if situation.status == "waiting" and step.name != "planned":
        return Refused("forbidden", N_("The moderator has not let you in yet."))
    if not situation.roles & allowed_roles(step, act):
        return _wrong_role_or_step(situation, act, step)
    if not noted and _needs_acceptance(step, act) and not situation.accepted:
        return Refused("forbidden", N_("Please accept the agreement first."))
    return None if editing else _out_of_turn(situation, act, step)


def _wrong_role_or_step(situation: Situation, act: str, step: Step) -> Refused:
    if situation.role in step.muted:
        return Refused("forbidden", N_("You are listening now. Your turn comes in the owner’s feedback."))
    if any(situation.roles & allowed_roles(other, act) for other in STEPS):
        return Refused("forbidden", N_("This is not open in the phase that the group is in."))
    return Refused("forbidden", N_("Your role in this session does not do that."))


def _needs_acceptance(step: Step, act: str) -> bool:
    """Words that the group will see come from people who have accepted the agreement; private notes need nothing."""
    kind = KIND_OF_ACT.get(act)
    return step.name != "planned" and kind is not None and kind.seen_by == ALL


def _out_of_turn(situation: Situation, act: str, step: Step) -> Refused | None:
    if act == "back" and step.name == "lobby":
        return Refused("forbidden", N_("This is the first step."))
    if act == "consult" and not situation.small:
        return Refused("forbidden", N_("The moderator consults only in groups of four or fewer."))
    if act == "take_back" and (not situation.planner or situation.role == Role.MODERATOR):
        return Refused("forbidden", N_("Only whoever planned the session can take it back."))
    if act in ("give_turn", "skip_turn") and not step.turn:
        return Refused("forbidden", N_("Nobody takes turns in this phase."))
    if act == "skip_turn" and not situation.has_turn:
        return Refused("forbidden", N_("Nobody has the turn at the moment."))
    if act in (step.turn, "pass_turn") and not situation.my_turn:
        return Refused("not_your_turn", N_("It is not your turn yet. Your text is kept."))
    if act == step.turn and situation.said:
        return Refused("not_your_turn", N_("You have had this turn. Your text is kept for the next one."))
    return None
