"""A session's rows read together: the one picture from which both rules and views are made."""

from collections import deque
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.sessions.clock import Clock
from app.sessions.models import Contribution, Intervision, IntervisionTheme, Seat, StepTime, Turn
from app.sessions.phases import POSITION, PRIVATE_KINDS, SMALL_GROUP, STEP, STEPS, Role
from app.sessions.rules import Situation
from app.teams.models import Theme


class Room:
    """What is in one session at the moment of reading. Read anew in every transaction; what is not asked for is not
    read.
    """

    def __init__(self, rows: Session, it: Intervision) -> None:
        self.rows = rows
        self.it = it
        self.latest: deque[Contribution] = deque(maxlen=16)
        """What was said last, held so that whoever answers it need not read it again."""

    def forget(self, contribution: Contribution) -> None:
        """What is taken back is not held any longer."""
        if contribution in self.latest:
            self.latest.remove(contribution)

    @cached_property
    def seats(self) -> list[Seat]:
        """All seats, first come first, those that wait and those that were removed included."""
        return list(self.rows.scalars(select(Seat).where(Seat.intervision_id == self.it.id).order_by(Seat.number)))

    def seat(self, seat_id: str | None) -> Seat | None:
        return next((seat for seat in self.seats if seat.id == seat_id), None)

    @cached_property
    def themes(self) -> list[str]:
        """The themes that the moderator gave it."""
        query = select(Theme.name).join(IntervisionTheme).where(IntervisionTheme.intervision_id == self.it.id)
        return list(self.rows.scalars(query.order_by(Theme.folded)))

    @property
    def names(self) -> list[str]:
        """The names that words in this session can mean."""
        return [seat.name for seat in self.seats]

    @property
    def present(self) -> list[Seat]:
        """The seats that are in."""
        return [seat for seat in self.seats if seat.status == "in"]

    @property
    def guarded(self) -> bool:
        """Whether newcomers wait even where they would be in at once: somebody was removed, and may try again."""
        return any(seat.status == "removed" and not seat.erased for seat in self.seats)

    @property
    def owner(self) -> Seat | None:
        return next((seat for seat in self.seats if seat.role == Role.OWNER and seat.status != "removed"), None)

    @property
    def small(self) -> bool:
        """Whether the moderator may also consult."""
        return len(self.present) <= SMALL_GROUP

    @property
    def consultants(self) -> list[Seat]:
        return [seat for seat in self.present if seat.role == Role.CONSULTANT or (seat.consults and self.small)]

    @cached_property
    def times(self) -> dict[str, StepTime]:
        found = self.rows.scalars(select(StepTime).where(StepTime.intervision_id == self.it.id))
        return {time.step: time for time in found}

    @property
    def time(self) -> StepTime | None:
        """The time of the step that the session is in."""
        return self.times.get(self.it.step)

    @property
    def reached(self) -> str:
        """The step whose revelations hold: in a session that was stopped, the furthest that it came to."""
        if not (self.it.step == "closed" and self.it.stopped):
            return self.it.step
        entered = (step.name for step in STEPS if step.name in self.times and self.times[step.name].used_s is not None)
        return max(entered, key=POSITION.__getitem__, default="lobby")

    @property
    def clock(self) -> Clock:
        return Clock(self.it.ends_at, self.it.left_s)

    @clock.setter
    def clock(self, clock: Clock) -> None:
        self.it.ends_at, self.it.left_s = clock.ends_at, clock.left_s

    def elapsed(self, now: datetime) -> float:
        """Seconds used of the step that the session is in, pauses not counted."""
        left = self.clock.left(now)
        return self.time.allotted_s - left if self.time and left is not None else 0.0

    @cached_property
    def turns(self) -> list[Turn]:
        """The turns of this step, oldest first."""
        mine = (Turn.intervision_id == self.it.id) & (Turn.step == self.it.step)
        return list(self.rows.scalars(select(Turn).where(mine).order_by(Turn.id)))

    @property
    def turn(self) -> Turn | None:
        """The turn that somebody has now."""
        # The last one as a rule: there may have been hundreds.
        turns = reversed(self.turns)
        return next((turn for turn in turns if turn.ended is None), None) if STEP[self.it.step].turn else None

    def contributions(self, *kinds: str, private_to: Sequence[str] | None = None) -> list[Contribution]:
        """Contributions of these kinds (all, if none is named), in their order. `private_to`: of those that nobody but
        their authors sees, only what these seats wrote or noted down; what is private to others is not even read.
        """
        query = select(Contribution).where(Contribution.intervision_id == self.it.id)
        if kinds:
            query = query.where(Contribution.kind.in_(kinds))
        if private_to is not None:
            theirs = or_(Contribution.seat_id.in_(private_to), Contribution.noted_by.in_(private_to))
            query = query.where(or_(Contribution.kind.not_in(PRIVATE_KINDS), theirs))
        return list(self.rows.scalars(query.order_by(Contribution.place, Contribution.id)))

    def situation(self, seat: Seat) -> Situation:
        """What the rules need to know of this person now."""
        turn = self.turn
        my_turn = turn is not None and turn.seat_id == seat.id
        return Situation(
            step=self.it.step,
            role=Role(seat.role),
            status=seat.status,
            consults=seat.consults and self.small,
            accepted=seat.accepted_at is not None,
            my_turn=my_turn,
            said=turn is not None and my_turn and turn.contribution_id is not None,
            has_turn=turn is not None,
            small=self.small,
            planner=seat.account_id is not None,
        )
