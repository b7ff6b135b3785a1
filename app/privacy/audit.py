"""The audit trail: who did what, when, in which session, team or account. Never anybody's words, and no address.

Lines are added and never changed: the database refuses that. They go when they are old, see `retention`.
"""

import logging
from datetime import datetime

from flask import g, has_app_context
from sqlalchemy import DDL, String, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.database import Base, UtcDateTime
from app.extensions import db
from app.sessions.phases import N_
from app.times import now

log = logging.getLogger(__name__)

ACTS = {
    "sign_in": N_("signed in"),
    "sign_in_failed": N_("a sign-in failed"),
    "sign_out": N_("signed out"),
    "account_made": N_("made an account"),
    "account_erased": N_("an account was erased"),
    "password_changed": N_("changed the password"),
    "link_made": N_("made a personal link"),
    "link_used": N_("used a personal link"),
    "plan": N_("planned a session"),
    "delete": N_("deleted a session"),
    "purge": N_("a session was deleted at the end of its time"),
    "admit": N_("let somebody in"),
    "remove": N_("took somebody out"),
    "set_role": N_("gave somebody a role"),
    "take_back": N_("took the session back"),
    "refused": N_("was refused something"),
    "record_opened": N_("opened the record"),
    "process_opened": N_("looked at how a session went"),
    "replayed": N_("looked at the replay of a session"),
    "downloaded": N_("downloaded"),
    "erase": N_("a person was erased from a session"),
    "own_data": N_("downloaded their own data"),
    "retention": N_("changed how long a team keeps its sessions"),
    "team_made": N_("made a team"),
    "membership_given": N_("made somebody a member of a team"),
    "membership_taken": N_("took somebody out of a team"),
    "feed_made": N_("made an address for a feed reader"),
    "feed_closed": N_("closed an address for a feed reader"),
    "webhook_made": N_("let a team’s news go to an address"),
    "webhook_deleted": N_("took an address for a team’s news away"),
    "visibility": N_("changed who can read a session"),
    "administrator": N_("became administrator"),
    "follow_up_opened": N_("opened their page after the close"),
    "mail_address": N_("gave an address for mail, or took it back"),
    "token_made": N_("made a token for the API"),
    "token_ended": N_("ended a token for the API"),
    "actions_exported": N_("let tools read the actions of a plan"),
    "actions_kept": N_("ended that tools read the actions of a plan"),
}
OF_SESSIONS = frozenset({"admit", "remove", "set_role", "take_back"})
"""Commands of a session that the trail holds too: its own journal goes with the session."""


class Line(Base):
    """One line of the trail. `by_…` is who did it, the other ids are what it was done to; they are no foreign keys,
    for a line outlives what it names. `detail` is a word of the app's own, such as "record.pdf".
    """

    __tablename__ = "audit"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    act: Mapped[str] = mapped_column(String(24))
    by_account: Mapped[int | None] = mapped_column(index=True)
    by_seat: Mapped[str | None] = mapped_column(String(16))
    intervision_id: Mapped[int | None] = mapped_column(index=True)
    team_id: Mapped[int | None]
    account_id: Mapped[int | None]
    seat_id: Mapped[str | None] = mapped_column(String(16))
    detail: Mapped[str] = mapped_column(String(40), default="")


TRIGGERS = {
    "sqlite": (
        "CREATE TRIGGER audit_stays BEFORE UPDATE ON audit "
        "BEGIN SELECT RAISE(ABORT, 'a line of the audit trail is never changed'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'a line of the audit trail is never changed'; END $$",
        "CREATE TRIGGER audit_stays BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION audit_stays()",
    ),
}
"""As the migration makes them; for tables that are made without it."""
for _dialect, _statements in TRIGGERS.items():
    for _statement in _statements:
        event.listen(Line.__table__, "after_create", DDL(_statement).execute_if(dialect=_dialect))


def record(
    act: str,
    *,
    rows: Session | None = None,
    by_account: int | None = None,
    by_seat: str | None = None,
    intervision_id: int | None = None,
    team_id: int | None = None,
    account_id: int | None = None,
    seat_id: str | None = None,
    detail: str = "",
) -> None:
    """Add a line. `rows`: in that transaction, for what is written; without it (nothing may be half-written then) in
    one of its own, for what was only read or refused, and then a failure stays in the log.

    Who is signed in is named, unless `by_account` names somebody else.
    """
    assert act in ACTS
    line = Line(
        at=now(),
        act=act,
        by_account=by_account or _signed_in(),
        by_seat=by_seat,
        intervision_id=intervision_id,
        team_id=team_id,
        account_id=account_id,
        seat_id=seat_id,
        detail=detail,
    )
    if rows is not None:
        rows.add(line)
        return
    try:
        with db.sessionmaker() as own:
            own.add(line)
            own.commit()
    except DBAPIError:
        log.exception("a line of the audit trail could not be written")


def _signed_in() -> int | None:
    account = g.get("account") if has_app_context() else None
    return account.id if account else None
