"""After the close: what the owner says of their plan, how others can help, and a facilitator's word to the moderator.

Nothing that was said in the session is touched: each of these adds a row of its own, and the newest counts.
"""

from contextlib import suppress
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select, update

from app.accounts.models import Account
from app.deliveries import Delivery
from app.extensions import db
from app.followup import cadence
from app.followup.models import CheckIn, FollowUp, Kind, MailAddress
from app.sessions import access
from app.sessions.access import Reader
from app.sessions.commands import mailing
from app.sessions.commands.door import AlreadyDone, Change, change
from app.sessions.models import Contribution, Seat, new_id
from app.sessions.names import named
from app.sessions.phases import MOST_STEPS, N_
from app.sessions.rules import Refused

MOST_SAID = 500
"""Rows of one person in one session; nobody who carries out a plan comes near, and nobody fills another’s place."""


def begin(change: Change) -> None:
    """At the close: say when the owner will be asked how it goes. Who stopped before there was a plan is left alone."""
    actions = change.room.contributions("action")
    if change.room.owner is None or (change.it.stopped and not actions):
        return
    closed_at = change.now.astimezone(ZoneInfo(change.it.timezone))
    for number, day in cadence.days(closed_at).items():
        change.rows.add(CheckIn(intervision_id=change.it.id, number=number, due_on=day))


def state(change: Change, data: dict[str, Any]) -> None:
    """Where an action stands."""
    _say(change, Kind.STATE, item=_action(change, data["item"]), data={"state": data["state"]})


def word(change: Change, data: dict[str, Any]) -> None:
    """What happened with an action; an empty one takes the last one back."""
    _say(change, Kind.WORD, item=_action(change, data["item"]), text=data["text"])


def move_date(change: Change, data: dict[str, Any]) -> None:
    """Another day for an action, or none."""
    _say(change, Kind.DATE, item=_action(change, data["item"]), data={"due": data["by"]})


def add_step(change: Change, data: dict[str, Any]) -> None:
    """A new step of the plan."""
    if not data["text"]:
        raise Refused("empty", N_("There is no text yet."))
    mine = (FollowUp.intervision_id == change.it.id, FollowUp.kind == Kind.STEP)
    if (change.rows.scalar(select(func.count()).select_from(FollowUp).where(*mine)) or 0) >= MOST_STEPS:
        raise Refused("too_many", N_("That is a long plan already: twelve steps were added."))
    _say(change, Kind.STEP, text=data["text"], data={"due": data["by"]})


def check_in(change: Change, data: dict[str, Any]) -> None:
    """Answer a check-in whose day has come; answering again puts the new answers in place of the old."""
    asked = change.rows.get(CheckIn, (change.it.id, data["number"]))
    if asked is None:
        raise Refused("gone", N_("That is not there any more."))
    if asked.due_on > change.now.astimezone(ZoneInfo(change.it.timezone)).date():
        raise Refused("forbidden", N_("The day of this check-in has not come yet."))
    helped = data["helped"] if cadence.QUESTIONS[asked.number].helped else 0
    if not (data["first"] or data["second"] or helped):
        raise Refused("empty", N_("There is no text yet."))
    answers = [data["first"], data["second"]]
    _say(change, Kind.CHECK_IN, number=asked.number, data={"answers": answers, "helped": helped or None})
    asked.answered_at = asked.answered_at or change.now


def tell(change: Change, data: dict[str, Any]) -> None:
    """What the team may hear of it when its next session opens."""
    _say(change, Kind.TELL, data={"tell": data["tell"]})


def support(change: Change, data: dict[str, Any]) -> None:
    """How somebody whom an action names can help with it."""
    action = _action(change, data["item"])
    assert change.seat is not None
    if change.seat.name not in named(str(action.data.get("who", "")), change.room.names):
        raise Refused("forbidden", N_("This action names somebody else."))
    _say(change, Kind.SUPPORT, item=action, text=data["text"])


def note(intervision_id: int, account: Account, text: str, *, command_id: str | None = None) -> None:
    """A facilitator's word to the moderator on how the session went; sent twice, it is there once. Raises Refused."""
    with suppress(AlreadyDone), change(intervision_id, "feed_forward", command_id=command_id) as under_way:
        if not access.advises(Reader(account=account), under_way.it, under_way.now):
            raise Refused("forbidden", N_("This is for the facilitators of the team."))
        if not text:
            raise Refused("empty", N_("There is no text yet."))
        _say(under_way, Kind.NOTE, text=text, account_id=account.id)


def forget(change: Change) -> None:
    """With a session that is deleted."""
    for table in (FollowUp, CheckIn, MailAddress):
        change.rows.execute(delete(table).where(table.intervision_id == change.it.id))
    change.rows.execute(delete(Delivery).where(Delivery.intervision_id == change.it.id, Delivery.channel == "mail"))


def forget_person(change: Change, seat: Seat, *, words: bool) -> None:
    """What only they were to read goes in any case, and nobody asks them any more; with `words` all that they said.

    Where the actions stand stays, and how the session helped: numbers of the group, with no name and no words.
    """
    mailing.forget_address(change, seat)
    if change.room.owner is seat:
        waits = (CheckIn.intervision_id == change.it.id, CheckIn.answered_at.is_(None))
        change.rows.execute(delete(CheckIn).where(*waits))
    mine = select(FollowUp).where(FollowUp.intervision_id == change.it.id, FollowUp.seat_id == seat.id)
    for said in change.rows.scalars(mine).all():
        if words or said.kind in PRIVATE:
            said.text, said.data = "", without_words(said.data)


def forget_notes(account_id: int) -> None:
    """The words of the notes that somebody with an account left moderators. Raises Refused."""
    mine = (FollowUp.account_id == account_id, FollowUp.text != "")
    for intervision_id in db.session.scalars(select(FollowUp.intervision_id).where(*mine).distinct()).all():
        db.session.rollback()
        with change(intervision_id, "erase") as under_way:
            under_way.rows.execute(update(FollowUp).where(FollowUp.account_id == account_id).values(text=""))


def _action(change: Change, item_id: str) -> Contribution | FollowUp:
    """An action of the plan, or a step that was added to it."""
    found = change.rows.get(Contribution, item_id) or change.rows.get(FollowUp, item_id)
    if found is None or found.intervision_id != change.it.id or found.kind not in ("action", Kind.STEP):
        raise Refused("gone", N_("That is not there any more."))
    return found


def _say(change: Change, kind: Kind, item: Contribution | FollowUp | None = None, **said: Any) -> None:
    by = FollowUp.seat_id == change.seat.id if change.seat else FollowUp.account_id == said.get("account_id")
    mine = (FollowUp.intervision_id == change.it.id, by)
    if (change.rows.scalar(select(func.count()).select_from(FollowUp).where(*mine)) or 0) >= MOST_SAID:
        raise Refused("too_many", N_("This session is full. What is there stays, but nothing more fits in."))
    added = FollowUp(
        id=new_id(),
        intervision_id=change.it.id,
        seat_id=change.seat.id if change.seat else None,
        kind=kind,
        item_id=item.id if item else None,
        at=change.now,
        version=change.it.version,
        **said,
    )
    change.rows.add(added)
    change.item = added.id


PRIVATE = frozenset({Kind.CHECK_IN, Kind.SUPPORT})
KEPT = frozenset({"state", "helped", "tell"})
"""What of the data is no words and no day."""


def has_words(said: FollowUp) -> bool:
    """Whether there is anything to erase in it."""
    return bool(said.text) or without_words(said.data) != said.data


def without_words(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name in KEPT}
