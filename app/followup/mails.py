"""The mails that ask how it goes. They hold no word of the case: a date, the team, open questions, and a personal link.

Each goes to an address that its reader gave, and only while they want it: that is looked up when it is sent.
"""

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts import links
from app.addresses import public_url
from app.deliveries import Delivery, composes
from app.deliveries.mail import Mail, is_on
from app.followup import cadence, due
from app.followup.models import MailAddress
from app.followup.story import held_on
from app.sessions.exports import dates
from app.sessions.models import Intervision, Seat
from app.times import now

LINK_HOURS = 24 * 21


@composes("confirm")
def confirm(rows: Session, delivery: Delivery) -> Mail | None:
    """The first mail to an address: is it the right one?"""
    address = rows.get(MailAddress, delivery.seat_id)
    seat = _seat(rows, delivery)
    if seat is None or address is None or address.confirmed_at is not None or not is_on():
        return None
    with _language(seat.intervision):
        asked_for = _("Somebody gave this address to be asked how it goes after the intervision of %(day)s (%(team)s).")
        return _mail(
            address,
            _("Is this your address?"),
            asked_for % _about(seat.intervision),
            _("If that was you, please open this link, and press the button. It opens nothing else:"),
            _link(seat, "confirm"),
            _("If it was not, do nothing: no other mail will come."),
        )


@composes("check_in")
def check_in(rows: Session, delivery: Delivery) -> Mail | None:
    """The open questions of a check-in, for the owner."""
    seat, address = _seat(rows, delivery), _confirmed(rows, delivery)
    asked = due.asked(rows, delivery.intervision_id, delivery.number)
    if seat is None or address is None or asked is None or asked.answered_at:
        return None
    asked.sent_at = now()
    with _language(seat.intervision):
        intro = _("Your intervision of %(day)s (%(team)s): how did it go since then?")
        return _mail(
            address,
            _("How did it go?"),
            intro % _about(seat.intervision),
            "\n".join(f"– {_(question)}" for question in cadence.QUESTIONS[asked.number].asked),
            _("Two minutes are enough. Only you read your answers:"),
            _link(seat),
            _goodbye(),
        )


@composes("support")
def support(rows: Session, delivery: Delivery) -> Mail | None:
    """For somebody whom an action names: how can they help?"""
    seat, address = _seat(rows, delivery), _confirmed(rows, delivery)
    asked = due.asked(rows, delivery.intervision_id, delivery.number)
    if seat is None or address is None or asked is None:
        return None
    with _language(seat.intervision):
        intro = _("After the intervision of %(day)s (%(team)s) a plan names you.")
        return _mail(
            address,
            _("How can you help?"),
            intro % _about(seat.intervision),
            _("Here you see for what, and can say how you can help:"),
            _link(seat),
            _goodbye(),
        )


def _seat(rows: Session, delivery: Delivery) -> Seat | None:
    """Whom it is for, if they are still there."""
    seat = rows.get(Seat, delivery.seat_id)
    return seat if seat and seat.status == "in" and not seat.erased else None


def _confirmed(rows: Session, delivery: Delivery) -> MailAddress | None:
    address = rows.get(MailAddress, delivery.seat_id)
    return address if address and address.confirmed_at and is_on() else None


def _mail(address: MailAddress, subject: str, *paragraphs: str) -> Mail:
    return Mail(to=address.email, subject=subject, text="\n\n".join(paragraphs) + "\n")


def _link(seat: Seat, purpose: str = "mail") -> str:
    return public_url("followup.by_link", token=links.make(purpose, hours=LINK_HOURS, seat_id=seat.id))


def _goodbye() -> str:
    return _("The link is yours alone, works once, and for three weeks. On the page you can also stop these mails.")


def _about(it: Intervision) -> dict[str, str]:
    return {"day": dates.day_words(held_on(it), it.language), "team": it.team.name}


def _language(it: Intervision):  # type: ignore[no-untyped-def]  # flask-babel types it as a generator
    return force_locale(str(dates.locale_of(it.language)))
