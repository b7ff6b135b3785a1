"""Erasing a person: from one session by their seat, or altogether by their account; and again after a restore."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, update

from app.accounts.models import Account, Link, next_turn
from app.api import tokens
from app.database import begin_write, fold_journal
from app.deliveries import Delivery
from app.extensions import db
from app.followup.models import FollowUp, MailAddress
from app.lessons.models import Feed
from app.privacy import audit, erasures
from app.sessions import rules
from app.sessions.commands import erasing, following, mailing, moving
from app.sessions.commands.door import change
from app.sessions.models import Contribution, Intervision, Journal, Seat
from app.sessions.phases import N_
from app.sessions.rules import Refused
from app.times import at as moment


def erase_seat(seat_id: str, *, words: bool) -> bool:
    """Erase a person from their session; with `words`, what they said too. False if there was nothing left to erase.

    Raises Refused.
    """
    db.session.rollback()
    seat = db.session.get(Seat, seat_id)
    if seat is None or (seat.erased and not (words and _said_something(seat))):
        return False
    intervision_id = seat.intervision_id
    db.session.rollback()
    erasing.erase_person(intervision_id, seat_id, words=words)
    db.session.rollback()  # whoever still reads keeps the journal as it is: ourselves too
    fold_journal(db.engine)
    return True


def erase_account(account_id: int, *, words: bool, the_last_too: bool = False) -> bool:
    """Erase an account, and its person from every session. False if there was nothing left to erase. Raises Refused,
    for the last administrator too, unless `the_last_too`.

    Sessions that it planned and that were not opened are deleted. Those that were held stay readable for whoever was
    in the room: nobody else comes to see them, so nobody takes them over. Of the account the id stays, because those
    sessions name it.
    """
    db.session.rollback()
    account = db.session.get(Account, account_id)
    if account is None or account.erased:
        return False
    if not the_last_too:
        _check_another_administrator(account)
    planned = select(Intervision.id).where(Intervision.account_id == account_id, Intervision.step == "planned")
    for intervision_id in db.session.scalars(planned).all():
        erasing.delete(intervision_id)
    for seat_id in db.session.scalars(select(Seat.id).where(Seat.account_id == account_id)).all():
        erase_seat(seat_id, words=words)
    if words:
        following.forget_notes(account_id)
    _erase_row(account_id, words, the_last_too)
    db.session.rollback()  # whoever still reads keeps the journal as it is: ourselves too
    fold_journal(db.engine)
    return True


def again(each: erasures.Erasure) -> bool:
    """After an older backup was restored: erase again what was erased since it was made. False if it is not there.

    A number that was given out a second time belongs to somebody else, who is spared (Erasure.names). Raises Refused.
    """
    with erasures.repeating():
        return _again(each)


def _again(each: erasures.Erasure) -> bool:
    db.session.rollback()
    if each.what == "seat":
        return erase_seat(str(each.id), words=each.words)
    if each.what == "address":
        return _take_address_back(str(each.id), each.at)
    if each.what == "account":
        account = db.session.get(Account, each.id)
        if account is None or not each.names(account.created_at):
            return False
        # There was another administrator when it was erased; `flask administrator` names one anew.
        return erase_account(account.id, words=each.words, the_last_too=True)
    it = db.session.get(Intervision, each.id)
    if it is None or not each.names(it.created_at):
        return False
    step = it.step
    db.session.rollback()
    if each.what == "forgotten":
        return _forget_again(int(each.id), step, each.at)
    erasing.delete(int(each.id))
    return True


NOTED_TO = timedelta(seconds=1)
"""The list of erasures knows no smaller time."""


def _forget_again(intervision_id: int, step: str, closed_at: datetime) -> bool:
    """Close a session that had left no transcript, or no names, as of when it was closed: those who were there have
    gone home. One that was only planned can be held again, without what had been prepared for it. One that went on
    after that had not been closed.
    """
    if step == "planned":
        return erasing.forget_prepared(intervision_id)
    later = select(Journal.version).where(Journal.intervision_id == intervision_id, Journal.at > closed_at + NOTED_TO)
    went_on = db.session.scalar(later.limit(1)) is not None
    db.session.rollback()
    if not rules.is_live(step) or went_on:
        return False
    with moment(closed_at), change(intervision_id, "stop") as under_way:
        moving.stop(under_way, {})
    return True


def _take_address_back(seat_id: str, at: datetime) -> bool:
    address = db.session.get(MailAddress, seat_id)
    if address is None or address.given_at >= at:
        return False
    intervision_id = address.intervision_id
    db.session.rollback()
    mailing.take_address_back(intervision_id, seat_id)
    return True


def _said_something(seat: Seat) -> bool:
    items = db.session.scalars(select(Contribution).where(Contribution.seat_id == seat.id))
    later = db.session.scalars(select(FollowUp).where(FollowUp.seat_id == seat.id))
    return any(erasing.has_words(item) for item in items) or any(following.has_words(said) for said in later)


def _check_another_administrator(account: Account) -> None:
    query = select(func.count()).select_from(Account).where(Account.admin, Account.id != account.id)
    if account.admin and not db.session.scalar(query):
        raise Refused(
            "forbidden",
            N_("Yours is the only account that looks after the others. Let somebody else become administrator first."),
        )


def _erase_row(account_id: int, words: bool, the_last_too: bool) -> None:
    begin_write(db.session)
    account = db.session.get_one(Account, account_id)
    if not the_last_too:
        _check_another_administrator(account)
    db.session.execute(delete(Link).where(or_(Link.created_by == account_id, Link.account_id == account_id)))
    tokens.forget(db.session, account_id)
    db.session.execute(delete(Feed).where(Feed.account_id == account_id))
    db.session.execute(delete(Delivery).where(Delivery.account_id == account_id))
    # Where they met is a room of their own, often with their name in its address.
    db.session.execute(update(Intervision).where(Intervision.account_id == account_id).values(call_url=""))
    account.email = f"{account_id}@erased.invalid"
    account.name = account.password_hash = ""
    account.admin = False
    account.memberships.clear()
    account.key_turn = next_turn(account.key_turn)
    audit.record("account_erased", rows=db.session, account_id=account_id, detail="words" if words else "name")
    erasures.note("account", account_id, words=words, made=account.created_at)
    db.session.commit()
