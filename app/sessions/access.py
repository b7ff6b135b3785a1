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
    if _leads(reader, it) or _takes_part(reader, it, now):
        return Level.FULL
    if it.step == "closed" and reader.account and it.team_id in reader.account.teams(MemberKind.FACILITATOR):
        return OF_FACILITATORS[Visibility(it.visibility)]
    return Level.NONE


def level_for(account: Account) -> ColumnElement[int]:
    """The level of an account for each row of a query on Intervision, whatever the time: only for those who came
    without an account does it run out.
    """
    facilitated = select(Membership.team_id).where(
        Membership.account_id == account.id, Membership.kind == MemberKind.FACILITATOR
    )
    closed = and_(Intervision.step == "closed", Intervision.team_id.in_(facilitated))
    return case(
        (_led_by(account), Level.FULL.value),
        (closed, case(BY_VISIBILITY, value=Intervision.visibility)),
        else_=Level.NONE.value,
    )


def readable(account: Account, least: Level = Level.PROCESS) -> ColumnElement[bool]:
    """The condition that an account may read at least so much of a row of Intervision."""
    return level_for(account) >= least.value


OF_FACILITATORS = {
    Visibility.ROOM: Level.NONE,
    Visibility.PROCESS: Level.PROCESS,
    Visibility.FACILITATORS: Level.FULL,
}
BY_VISIBILITY = {each.value: found.value for each, found in OF_FACILITATORS.items()}


def _leads(reader: Reader, it: Intervision) -> bool:
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
