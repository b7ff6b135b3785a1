"""Who may read what of a session: one rule for pages, exports, lists, search and the API.

`level` says it of one session; `level_for` is the same in SQL, for whole lists. A test compares them row by row.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from sqlalchemy import ColumnElement, and_, case, or_, select

from app.accounts.models import Account
from app.sessions.models import Intervision, Seat, Visibility
from app.sessions.phases import Role
from app.teams.models import MemberKind, Membership


class Level(IntEnum):
    """NONE: not even that there was such a session. PROCESS: how it went, and what was shared with consent; never its
    title, its owner, who was there, or what was said. FULL: the record.
    """

    NONE = 0
    PROCESS = 1
    FULL = 2


@dataclass(frozen=True)
class Reader:
    """Somebody who looks at one session: by their seat in it, by their account, by both, or as a stranger by none.

    Whoever has no seat looks on as a consultant would who said nothing.
    """

    seat: Seat | None = None
    account: Account | None = None

    @property
    def id(self) -> str | None:
        """The id of the seat, if there is one."""
        return self.seat.id if self.seat else None

    @property
    def role(self) -> str:
        return self.seat.role if self.seat and self.is_in else Role.CONSULTANT

    @property
    def is_in(self) -> bool:
        """Whether they were let into the room."""
        return self.seat is not None and self.seat.status == "in" and not self.seat.erased

    @property
    def looks_on(self) -> bool:
        """Whether what everybody may see is for them: nobody waits for them to be let in."""
        return self.is_in or self.seat is None


def level(reader: Reader, it: Intervision, now: datetime) -> Level:
    """What this reader may read of this session now."""
    if leads(reader, it) or _takes_part(reader, it, now):
        return Level.FULL
    return _of_team(reader, it)


def may_enter(reader: Reader, it: Intervision, now: datetime) -> bool:
    """Whether the room itself opens for somebody with a seat: after the close it does for as long as they may come back
    to what was said, and never for those who were not let in.
    """
    if it.step != "closed" or leads(reader, it):
        return True
    return reader.is_in and it.readable_until is not None and now <= it.readable_until


def open_to(it: Intervision) -> Visibility:
    """Who else comes to read a session, as it was chosen; a plan that stays without a transcript is for its owner."""
    return Visibility(it.visibility if it.transcript else WITHOUT_TRANSCRIPT[it.visibility])


def reviews(reader: Reader, it: Intervision) -> bool:
    """Whether they look back on how the session was led, beside what was said: its moderators, and the facilitators of
    its team who may know of it.
    """
    return leads(reader, it) or _of_team(reader, it) >= Level.PROCESS


def level_for(account: Account) -> ColumnElement[int]:
    """The level of an account for each row of a query on Intervision, whatever the time: only for those who came
    without an account does it run out.
    """
    facilitated = select(Membership.team_id).where(
        Membership.account_id == account.id, Membership.kind == MemberKind.FACILITATOR
    )
    closed = and_(Intervision.step == "closed", Intervision.team_id.in_(facilitated))
    chosen = Intervision.visibility
    kept = case((Intervision.transcript, chosen), else_=case(WITHOUT_TRANSCRIPT, value=chosen))
    return case(
        (_led_by(account), Level.FULL.value),
        (closed, case(BY_VISIBILITY, value=kept)),
        else_=Level.NONE.value,
    )


def readable(account: Account, least: Level = Level.PROCESS) -> ColumnElement[bool]:
    """The condition that an account may read at least so much of a row of Intervision."""
    return level_for(account) >= least.value


def lessons_for(account: Account) -> ColumnElement[bool]:
    """The condition that an account may read the shared lessons of a row of Intervision: with its record, or as any
    member of its team.
    """
    mine = select(Membership.team_id).where(Membership.account_id == account.id)
    read = and_(Intervision.step == "closed", readable(account, Level.FULL))
    return or_(read, and_(lessons_of_team(), Intervision.team_id.in_(mine)))


def lessons_of_team() -> ColumnElement[bool]:
    """The condition that the shared lessons of a row of Intervision are for all of its team: what stays in the room,
    stays there with its lessons.
    """
    return and_(Intervision.step == "closed", Intervision.visibility != Visibility.ROOM)


def advises(reader: Reader, it: Intervision, now: datetime) -> bool:
    """Whether they may leave the moderator a note on how it went: a facilitator who may read at least that."""
    facilitates = reader.account is not None and it.team_id in reader.account.teams(MemberKind.FACILITATOR)
    return facilitates and level(reader, it, now) >= Level.PROCESS


OF_FACILITATORS = {
    Visibility.ROOM: Level.NONE,
    Visibility.PROCESS: Level.PROCESS,
    Visibility.FACILITATORS: Level.FULL,
}
WITHOUT_TRANSCRIPT = {"room": "room", "process": "process", "facilitators": "process"}
BY_VISIBILITY = {each.value: found.value for each, found in OF_FACILITATORS.items()}


def _of_team(reader: Reader, it: Intervision) -> Level:
    """What a facilitator of its team may read of a closed session."""
    if it.step == "closed" and reader.account and it.team_id in reader.account.teams(MemberKind.FACILITATOR):
        return OF_FACILITATORS[open_to(it)]
    return Level.NONE


def leads(reader: Reader, it: Intervision) -> bool:
    """Whoever planned the session or moderates it, for as long as it is kept."""
    if reader.account and reader.account.id == it.account_id:
        return True
    seat = reader.seat if reader.is_in else None
    return seat is not None and (seat.role == Role.MODERATOR or seat.account_id is not None)


def _led_by(account: Account) -> ColumnElement[bool]:
    seated = select(Seat.intervision_id).where(Seat.account_id == account.id, Seat.status == "in", Seat.name != "")
    return or_(Intervision.account_id == account.id, Intervision.id.in_(seated))


def _takes_part(reader: Reader, it: Intervision, now: datetime) -> bool:
    """Who is in the room, and for a time after the close; what stays without a transcript is not for consultants."""
    if not reader.is_in:
        return False
    if it.readable_until is None:
        return True
    return now <= it.readable_until and (it.transcript or reader.role != Role.CONSULTANT)
