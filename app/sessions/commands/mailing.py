"""Where somebody wants to be asked by mail: an address that they give, confirm, and take back themselves."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from app import deliveries
from app.accounts import links
from app.accounts.forms import EMAIL
from app.accounts.models import Link
from app.deliveries import Delivery, mail
from app.followup import cadence
from app.followup.models import CheckIn, MailAddress
from app.privacy import erasures
from app.sessions.commands.door import Change, change
from app.sessions.commands.forgetting import fold_after
from app.sessions.models import Journal, Seat
from app.sessions.names import named
from app.sessions.phases import N_
from app.sessions.rules import Refused
from app.times import now

LINKS = ("confirm", "mail")
"""The purposes of links in mails: in the first to say that the address is right, in each later one to hold a seat."""

MOST_ADDRESSES = 10
"""Given in one session in a day: nobody is to be written to by somebody else’s play."""


def give_address(change: Change, data: dict[str, Any]) -> None:
    """Let what is asked of this person come to their address, once they have opened a link that is sent there. None:
    take it back; nothing more is sent, and the address is gone.
    """
    assert change.seat is not None
    had = forget_address(change, change.seat)
    if had:
        fold_after(change)
    if data["email"]:
        _check(change, change.seat, data["email"])
    if had:
        erasures.note("address", change.seat.id)
    if data["email"]:
        mine: dict[str, Any] = {"seat_id": change.seat.id, "intervision_id": change.it.id}
        # Later than what was noted: a restore is not to take it for the one before.
        change.rows.add(MailAddress(**mine, email=data["email"], given_at=now()))
        deliveries.put(change.rows, channel="mail", kind="confirm", team_id=change.it.team_id, **mine)


def take_address_back(intervision_id: int, seat_id: str) -> None:
    """Once more, after a restore has brought an address again that its person had taken back. Raises Refused."""
    with change(intervision_id, "give_address") as under_way:
        seat = under_way.room.seat(seat_id)
        if seat and forget_address(under_way, seat):
            fold_after(under_way)


def open_mail(intervision_id: int, seat_id: str, link: Link) -> Seat:
    """Use up a link from a mail: it was the right address, so what is still to be asked goes there. Raises Refused."""
    with change(intervision_id, "open_mail") as under_way:
        seat = under_way.room.seat(seat_id)
        if seat is None or not links.use(link, under_way.rows):
            raise Refused("gone", N_("This link has been used, or it is too old. Please ask for a new one."))
        address = under_way.rows.get(MailAddress, seat_id)
        if address and address.confirmed_at is None:
            address.confirmed_at = under_way.now
            _ask_by_mail(under_way, seat)
    return seat


def forget_address(change: Change, seat: Seat) -> bool:
    """With what waits to be sent there, and the links that were. False if there was none."""
    mine = delete(MailAddress).where(MailAddress.seat_id == seat.id).returning(MailAddress.seat_id)
    found = change.rows.scalar(mine) is not None
    change.rows.execute(delete(Delivery).where(Delivery.seat_id == seat.id, Delivery.channel == "mail"))
    change.rows.execute(delete(Link).where(Link.seat_id == seat.id, Link.purpose.in_(LINKS)))
    change.rows.flush()
    return found


def _check(change: Change, seat: Seat, email: str) -> None:
    if not mail.is_on():
        raise Refused("forbidden", N_("This installation sends no mail."))
    if not asked(change, seat):
        raise Refused("forbidden", N_("No more mail is due after this session, so none would come."))
    if not EMAIL.fullmatch(email):
        raise Refused("invalid", N_("That does not look like an e-mail address. Please check it."))
    lately = (Journal.act == "give_address", Journal.at > change.now - timedelta(days=1))
    query = select(func.count()).select_from(Journal).where(Journal.intervision_id == change.it.id, *lately)
    if (change.rows.scalar(query) or 0) >= MOST_ADDRESSES:
        raise Refused("too_many", N_("The address was changed many times today. Please try again tomorrow."))


def asked(change: Change, seat: Seat) -> dict[int, date]:
    """The check-ins that are for this person and of which mail still goes out, by number: all for the owner, the first
    for whom an action names.
    """
    query = select(CheckIn).where(CheckIn.intervision_id == change.it.id, CheckIn.answered_at.is_(None))
    due = {
        each.number: each.due_on
        for each in change.rows.scalars(query)
        if cadence.mail_at(each.due_on, change.it.timezone) > change.now
    }
    if change.room.owner is seat:
        return due
    actions = change.room.contributions("action")
    helps = any(seat.name in named(action.data.get("who", ""), change.room.names) for action in actions)
    return {number: day for number, day in due.items() if helps and number == 1}


def _ask_by_mail(change: Change, seat: Seat) -> None:
    kind = "check_in" if change.room.owner is seat else "support"
    for number, day in asked(change, seat).items():
        deliveries.put(
            change.rows,
            channel="mail",
            kind=kind,
            due_at=cadence.mail_at(day, change.it.timezone),
            intervision_id=change.it.id,
            team_id=change.it.team_id,
            seat_id=seat.id,
            number=number,
        )
