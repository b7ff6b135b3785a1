"""The figures of a team, for four quarters: of the group, from so many on that nobody stands out, and only of sessions
of which their reader may know.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.accounts.models import Account
from app.dashboard import rotation
from app.dashboard.quarters import Quarter
from app.dashboard.telling import SESSIONS, settled
from app.extensions import db
from app.followup.models import CheckIn, FollowUp, Kind
from app.privacy.audit import Line
from app.privacy.retention import TRAIL
from app.sessions.access import Level, readable
from app.sessions.models import Archived, Contribution, Intervision, IntervisionTheme, Pulse, StepTime, Visibility
from app.sessions.phases import TIMED
from app.sessions.process import Share
from app.teams.models import MemberKind, Team, Theme

QUARTERS = 4
MOST_THEMES = 8
RECURRING = 2
HELPED_AFTER = 2
"""The number of the check-in that asks how the session helped."""

IN_PHASES = [step.name for step in TIMED if step.phase]


@dataclass(frozen=True)
class Answers:
    """How many answers there were of each, 1 to 5, the least first; and their mean."""

    counts: tuple[int, ...]
    mean: float

    @property
    def count(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class QuarterFigures:
    """Of one quarter. What is null is not told: too few sessions or answers are behind it.

    `completed`: sessions that went through all six phases. `dated`: plans with an action that has a day, of those that
    have actions. `check_ins`: answered, of those that fell due. `helped`: how owners say it helped, after two weeks.
    `safe`: the mean of the anonymous answers at the close, 1 to 5. These two are not told of a quarter that lost one of
    its sessions, or is two years old.
    """

    quarter: str
    first_day: date
    last_day: date
    completed: Share
    dated: Share | None
    check_ins: Share | None
    helped: Answers | None
    safe: float | None


@dataclass(frozen=True)
class Recurring:
    """A theme that came back, and in how many sessions of the four quarters."""

    name: str
    sessions: int


@dataclass(frozen=True)
class Figures:
    """`rotation`: whose turn it is to bring a case, whoever brought none for longest first; null for whoever does not
    moderate the team.
    """

    team: str
    quarters: tuple[QuarterFigures, ...]
    themes: tuple[Recurring, ...]
    rotation: tuple[rotation.Turn, ...] | None


def teams_of(account: Account) -> list[Team]:
    """The teams that this account has a dashboard of, by name."""
    teams = {each.team_id: each.team for each in account.memberships}
    return sorted(teams.values(), key=lambda team: team.name.casefold())


def team_of(account: Account, team_id: int) -> Team | None:
    return next((team for team in teams_of(account) if team.id == team_id), None)


def of(account: Account, team: Team, last: Quarter, today: date) -> Figures:
    """The figures of four quarters, the last of which is `last`."""
    quarters = [last.after(back) for back in range(1 - QUARTERS, 1)]
    held = _held(account, team, quarters[0].first, last.last)
    lost = _lost(team, quarters, today)
    return Figures(
        team=team.name,
        quarters=tuple(_quarter(each, held.get(each, []), today, each in lost) for each in quarters),
        themes=tuple(_themes([id_ for ids in held.values() for id_ in ids])),
        rotation=rotation.of(account, team, today) if team.id in account.teams(MemberKind.MODERATOR) else None,
    )


def _held(account: Account, team: Team, first: date, last: date) -> dict[Quarter, list[int]]:
    """The sessions of which this account may know, by their quarters, in the order in which they were closed."""
    query = (
        select(Intervision.id, Archived.held_on)
        .join(Archived)
        .where(Intervision.team_id == team.id, Archived.held_on.between(first, last), readable(account, Level.PROCESS))
    )
    found: dict[Quarter, list[int]] = {}
    for id_, held_on in db.session.execute(query.order_by(Intervision.closed_at, Intervision.id)):
        found.setdefault(Quarter.of(held_on), []).append(id_)
    return found


def _lost(team: Team, quarters: Sequence[Quarter], today: date) -> set[Quarter]:
    """The quarters out of which, after its close, a session was deleted or left to the people of its room alone.

    What was told before, less what would be told after, is what was answered in it; so the answers of that quarter are
    not told any more. The audit trail alone still knows of it: of quarters as old as its lines get, none are told.
    """
    first, last = quarters[0].first, quarters[-1].last
    gone = (Line.act.in_(("delete", "purge")), Line.detail.between(first.isoformat(), last.isoformat()))
    deleted = select(Line.detail).where(Line.team_id == team.id, *gone)
    left = (Line.act == "visibility", Line.detail == Visibility.ROOM, Line.at > Intervision.closed_at)
    narrowed = select(Archived.held_on).join(Intervision).join(Line, Line.intervision_id == Intervision.id)
    narrowed = narrowed.where(Intervision.team_id == team.id, Archived.held_on.between(first, last), *left)
    days = {date.fromisoformat(day) for day in db.session.scalars(deleted)} | set(db.session.scalars(narrowed))
    return {Quarter.of(day) for day in days} | {each for each in quarters if each.first <= today - TRAIL}


def _quarter(quarter: Quarter, ids: Sequence[int], today: date, lost: bool) -> QuarterFigures:
    answered = () if lost else ids
    safe = settled(_safe(answered))
    return QuarterFigures(
        quarter=quarter.name,
        first_day=quarter.first,
        last_day=quarter.last,
        completed=Share(_completed(ids), len(ids)),
        dated=_dated(ids),
        check_ins=_check_ins(ids, today),
        helped=_answers(settled([answer] for answer in _helped(answered))),
        safe=round(sum(safe) / len(safe), 1) if safe else None,
    )


def _completed(ids: Sequence[int]) -> int:
    entered = (StepTime.intervision_id.in_(ids), StepTime.step.in_(IN_PHASES), StepTime.used_s.is_not(None))
    whole = select(StepTime.intervision_id).join(Intervision).where(*entered, Intervision.stopped.is_(False))
    whole = whole.group_by(StepTime.intervision_id).having(func.count() == len(IN_PHASES))
    return len(db.session.scalars(whole).all())


def _dated(ids: Sequence[int]) -> Share | None:
    actions = select(Contribution.intervision_id, func.count(Contribution.due)).where(
        Contribution.intervision_id.in_(ids), Contribution.kind == "action", Contribution.erased.is_(False)
    )
    dated = [count > 0 for _id, count in db.session.execute(actions.group_by(Contribution.intervision_id))]
    return _told(sum(dated), len(dated), len(dated))


def _check_ins(ids: Sequence[int], today: date) -> Share | None:
    due = select(CheckIn.intervision_id, CheckIn.answered_at).where(
        CheckIn.intervision_id.in_(ids), CheckIn.due_on <= today
    )
    rows = db.session.execute(due).all()
    return _told(sum(row.answered_at is not None for row in rows), len(rows), len({row[0] for row in rows}))


def _told(part: int, whole: int, sessions: int) -> Share | None:
    return Share(part, whole) if sessions >= SESSIONS else None


def _helped(ids: Sequence[int]) -> Iterable[int]:
    """The first number that each owner gave, whoever gave one first first. Whatever they answer later, it stays what it
    is and where it is, as `settled` needs it: with the newest one, the figures would change by that one alone.
    """
    answered = select(FollowUp.intervision_id, FollowUp.data).where(
        FollowUp.intervision_id.in_(ids), FollowUp.kind == Kind.CHECK_IN, FollowUp.number == HELPED_AFTER
    )
    first: dict[int, int] = {}
    for id_, data in db.session.execute(answered.order_by(FollowUp.at, FollowUp.intervision_id, FollowUp.version)):
        if helped := data.get("helped"):
            first.setdefault(id_, helped)
    return first.values()


def _safe(ids: Sequence[int]) -> Iterable[list[int]]:
    """The answers session by session."""
    found: dict[int, list[int]] = {id_: [] for id_ in ids}
    for id_, safe in db.session.execute(select(Pulse.intervision_id, Pulse.safe).where(Pulse.intervision_id.in_(ids))):
        found[id_].append(safe)
    return found.values()


def _answers(given: Sequence[int]) -> Answers | None:
    if not given:
        return None
    counted = Counter(given)
    return Answers(tuple(counted[each] for each in range(1, 6)), round(sum(given) / len(given), 1))


def _themes(ids: Sequence[int]) -> Iterator[Recurring]:
    sessions = func.count()
    query = select(Theme.name, sessions).join(IntervisionTheme).where(IntervisionTheme.intervision_id.in_(ids))
    query = query.group_by(Theme.id).having(sessions >= RECURRING).order_by(sessions.desc(), Theme.folded)
    return (Recurring(name, count) for name, count in db.session.execute(query.limit(MOST_THEMES)))
