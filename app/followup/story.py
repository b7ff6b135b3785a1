"""What became of a plan: its actions and steps as they stand now, the check-ins, and who offered help."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.followup import cadence
from app.followup.models import CheckIn, FollowUp, Kind
from app.followup.states import STATES, State, Told
from app.sessions import access
from app.sessions.models import Contribution, Intervision, Seat, Visibility
from app.sessions.names import named
from app.sessions.room import Room


@dataclass(frozen=True)
class Offer:
    """How somebody can help with an action, in their words."""

    seat_id: str
    name: str
    text: str


@dataclass(frozen=True)
class Action:
    """An action of the plan, or a step that was `added` to it later, as it stands now. `named`: those of the
    room whom `who` names. `said`: its owner has said so. `moves` counts how often its day `by` was moved, `moved_at`
    says when last; `word` is the owner's last word on it.
    """

    id: str
    what: str
    who: str = ""
    named: frozenset[str] = frozenset()
    by: date | None = None
    state: State = State.NOT_STARTED
    said: bool = False
    word: str = ""
    moves: int = 0
    moved_at: datetime | None = None
    added: bool = False
    details: Mapping[str, str] = field(default_factory=dict)
    offers: tuple[Offer, ...] = ()

    @property
    def label(self) -> str:
        """The words for its state, to be translated."""
        return STATES[self.state]


@dataclass(frozen=True)
class Asked:
    """A check-in: `is_asked` today or not, and what was answered, if it was."""

    number: int
    due_on: date
    is_asked: bool
    answered_at: datetime | None
    answers: tuple[str, ...] = ("", "")
    helped: int | None = None

    @property
    def questions(self) -> cadence.Questions:
        return cadence.QUESTIONS[self.number]


@dataclass(frozen=True)
class Story:
    """All of it, for one session, today."""

    actions: tuple[Action, ...]
    check_ins: tuple[Asked, ...]
    told: Told

    @property
    def now_asked(self) -> Asked | None:
        """The check-in that waits for its answer."""
        return next((each for each in self.check_ins if each.is_asked and not each.answered_at), None)

    @property
    def added(self) -> tuple[Action, ...]:
        """The steps that came later."""
        return tuple(each for each in self.actions if each.added)

    def action(self, id_: str) -> Action | None:
        return next((each for each in self.actions if each.id == id_), None)

    def naming(self, name: str) -> tuple[Action, ...]:
        """The actions that name somebody."""
        return tuple(each for each in self.actions if name in each.named)


def held_on(it: Intervision) -> date:
    """The day of a session, on its own clock."""
    return (it.started_at or it.starts_at).astimezone(ZoneInfo(it.timezone)).date()


def of(room: Room, now: datetime) -> Story:
    """The story of a closed session. Whoever shows it says first who may see which part."""
    it = room.it
    said = _said(room)
    today = now.astimezone(ZoneInfo(it.timezone)).date()
    asked = room.rows.scalars(select(CheckIn).where(CheckIn.intervision_id == it.id).order_by(CheckIn.number))
    return Story(
        actions=actions(room.contributions("action"), said, room.seats),
        check_ins=tuple(_asked(each, said, today) for each in asked),
        told=told(it, said),
    )


def actions(plan: Iterable[Contribution], said: Sequence[FollowUp], seats: Sequence[Seat]) -> tuple[Action, ...]:
    """The plan as it stands after what was `said`, the oldest first."""
    begun = [_planned(item) for item in plan if not item.erased]
    begun += [_added(each) for each in said if each.kind == Kind.STEP and each.text]
    return tuple(_as_it_stands(action, said, seats) for action in begun)


def told(it: Intervision, said: Sequence[FollowUp]) -> Told:
    """What the team may hear. Until the owner says so, nothing of a session whose words were to stay in its room."""
    chosen = _last(said, Kind.TELL)
    if chosen:
        return Told(chosen.data["tell"])
    return Told.ACTIONS if access.open_to(it) == Visibility.FACILITATORS else Told.NOTHING


def _said(room: Room) -> list[FollowUp]:
    mine = select(FollowUp).where(FollowUp.intervision_id == room.it.id, FollowUp.kind != Kind.NOTE)
    return list(room.rows.scalars(mine.order_by(FollowUp.version)))


def _planned(item: Contribution) -> Action:
    texts = {name: str(item.data[name]) for name in ("trigger", "first_step", "sign") if item.data.get(name)}
    return Action(id=item.id, what=item.text, who=str(item.data.get("who", "")), by=item.due, details=texts)


def _added(step: FollowUp) -> Action:
    return Action(id=step.id, what=step.text, by=_day(step), added=True)


def _as_it_stands(action: Action, said: Sequence[FollowUp], seats: Sequence[Seat]) -> Action:
    about = [each for each in said if each.item_id == action.id]
    state, word, moved = (_last(about, kind) for kind in (Kind.STATE, Kind.WORD, Kind.DATE))
    return Action(
        id=action.id,
        what=action.what,
        who=action.who,
        named=named(action.who, [seat.name for seat in seats]),
        by=_day(moved) if moved else action.by,
        state=State(state.data["state"]) if state else State.NOT_STARTED,
        said=state is not None,
        word=word.text if word else "",
        moves=sum(each.kind == Kind.DATE for each in about),
        moved_at=moved.at if moved else None,
        added=action.added,
        details=action.details,
        offers=_offers(about, seats),
    )


def _offers(about: Sequence[FollowUp], seats: Sequence[Seat]) -> tuple[Offer, ...]:
    """The last one of each person."""
    last = {each.seat_id: each.text for each in about if each.kind == Kind.SUPPORT}
    return tuple(Offer(seat.id, seat.name, last[seat.id]) for seat in seats if last.get(seat.id))


def _asked(check_in: CheckIn, said: Sequence[FollowUp], today: date) -> Asked:
    answer = _last([each for each in said if each.number == check_in.number], Kind.CHECK_IN)
    data = answer.data if answer else {}
    return Asked(
        number=check_in.number,
        due_on=check_in.due_on,
        is_asked=cadence.is_asked(check_in.number, check_in.due_on, today),
        answered_at=check_in.answered_at,
        answers=tuple(data.get("answers", ("", ""))),
        helped=data.get("helped"),
    )


def _last(said: Sequence[FollowUp], kind: Kind) -> FollowUp | None:
    return next((each for each in reversed(said) if each.kind == kind), None)


def _day(said: FollowUp) -> date | None:
    due = said.data.get("due")
    return date.fromisoformat(due) if due else None
