"""Which seat does this browser hold? The signed cookie lists [session, seat, turn]; an account has its own."""

from flask import g, session
from sqlalchemy import select

from app.accounts.auth import current_account, name_the_browser
from app.accounts.models import Account
from app.extensions import db
from app.sessions.access import Reader
from app.sessions.models import Intervision, Seat

MOST_HELD = 12
"""Seats that one browser keeps; the oldest goes first, for a cookie has little room."""


def current_seat(intervision: Intervision) -> Seat | None:
    """This browser's seat in a session, in a page and in a socket alike. None: no seat, or one that was taken away."""
    seat = _seat_of_account(intervision) or _seat_in_cookie(intervision)
    g.seat_id = seat.id if seat else None  # for the log, which names it by its hash
    return seat if seat and seat.status != "removed" else None


def reader(intervision: Intervision) -> Reader:
    """Whoever asks for this page, as a reader of a session. After its close nobody is let in any more: whoever waited
    in vain has no seat then, and reads what anybody like them does.
    """
    seat = current_seat(intervision)
    if seat and seat.status != "in" and intervision.step == "closed":
        seat = None
    return Reader(seat, current_account())


def hold(seat: Seat) -> None:
    """Let this browser hold a seat, in place of any other that it held in the same session."""
    let_go(seat.intervision_id)
    session["seats"] = [*_held(), [seat.intervision_id, seat.id, _turn(seat)]][-MOST_HELD:]
    name_the_browser()
    session.permanent = True


def let_go(intervision_id: int) -> None:
    """Let this browser forget the seat that it holds in a session; the seat itself stays as it is."""
    session["seats"] = [held for held in _held() if held[0] != intervision_id]


def _seat_of_account(intervision: Intervision) -> Seat | None:
    account = current_account()
    if account is None:
        return None
    own = (Seat.intervision_id == intervision.id, Seat.account_id == account.id)
    return db.session.scalar(select(Seat).where(*own))


def _seat_in_cookie(intervision: Intervision) -> Seat | None:
    for intervision_id, seat_id, turn in _held():
        if intervision_id == intervision.id:
            seat = db.session.get(Seat, seat_id)
            if seat and seat.intervision_id == intervision.id and _turn(seat) == turn and not seat.erased:
                return seat
    return None


def _turn(seat: Seat) -> int:
    """What a cookie names with the seat: its `key_turn`, and with an account's seat the account's as well, so that a
    new password ends it too. Both only grow, as long as nobody is erased. A seat’s begins at 1, for its id is random
    and comes to nobody else; an account’s begins anywhere.
    """
    account = db.session.get(Account, seat.account_id) if seat.account_id else None
    return seat.key_turn + (account.key_turn - 1 if account else 0)


def _held() -> list[tuple[int, str, int]]:
    held = session.get("seats")
    return held if isinstance(held, list) else []
