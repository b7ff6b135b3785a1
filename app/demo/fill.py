"""Filling a database with the demo, and making single rooms of it anew. A database with real accounts is left alone."""

import base64
import hmac
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import delete, func, inspect, select, update

from app.accounts import passwords
from app.accounts.models import Account, AccountKind
from app.database import Base, begin_write
from app.demo import staging
from app.demo.aftermath import follow_up
from app.demo.cases import ENERGY, HOSPITALS
from app.demo.scenes import SCENES, Scene
from app.demo.year import YEAR
from app.extensions import db
from app.sessions import presence
from app.sessions.commands.door import change
from app.sessions.commands.erasing import take_out
from app.sessions.models import Intervision, Journal
from app.teams.models import MemberKind, Membership, Team
from app.times import now

DOMAIN = "@demo.invalid"
"""The e-mail addresses of the demo end like this, and those of real people cannot: the name is reserved (RFC 6761)."""

FACILITATOR = "Femke"
"""She facilitates both teams."""

ACCOUNTS = {
    HOSPITALS.moderator: AccountKind.MODERATOR,
    ENERGY.moderator: AccountKind.MODERATOR,
    FACILITATOR: AccountKind.FACILITATOR,
}

QUIET = timedelta(minutes=1)
"""A room in which nobody is, and in which nothing has happened for so long, is made anew for whoever comes next."""


class NotForDemo(Exception):
    """The demo has no place here; the message is one sentence that says why, and what to do."""


def fill() -> None:
    """Fill the database with the demo, in place of an older one. Raises NotForDemo."""
    check()
    _empty()
    accounts = _make_accounts()
    for scene in SCENES.values():
        _make(scene, accounts[scene.case.moderator])
    _let_facilitate(accounts[FACILITATOR])
    for past in YEAR:
        session = staging.live_through(past, accounts[past.case.moderator], _working_day(past.days, past.hour))
        follow_up(session, past, accounts[FACILITATOR])
        db.session.rollback()


def check() -> None:
    """Raise NotForDemo unless the database is empty or holds the demo, outside production."""
    if current_app.config["INTERVISE_ENV"] == "production":
        raise NotForDemo("The demo is for development; it does not run with INTERVISE_ENV=production.")
    if _has_accounts() and not is_demo():
        raise NotForDemo(
            "This database holds real accounts, so it is left as it is; "
            "give the demo a database of its own in DATABASE_URL, or leave that unset."
        )


def is_demo() -> bool:
    """Whether this is a database of the demo, and not in production."""
    if current_app.config["INTERVISE_ENV"] == "production":
        return False
    known = Account.email.endswith(DOMAIN, autoescape=True) | (Account.name == "")
    real = select(Account.id).where(~known).limit(1)
    return _has_accounts() and db.session.scalar(real) is None


def is_whole() -> bool:
    """Whether every session of the demo is there."""
    titles = {scene.title for scene in SCENES.values()} | {past.case.title for past in YEAR}
    there = select(func.count(Intervision.title.distinct())).where(Intervision.title.in_(titles))
    return is_demo() and db.session.scalar(there) == len(titles)


def find(scene: Scene) -> Intervision | None:
    """The session of a scene."""
    return db.session.scalars(select(Intervision).where(Intervision.title == scene.title)).first()


def ready(scene: Scene) -> Intervision:
    """The session of a scene, to walk in: made anew when nobody is there and it is not fresh any more."""
    it = find(scene)
    if it and scene.is_live and _is_left(it):
        with change(it.id, "delete") as under_way:
            take_out(under_way)
        it = None
    if it is None:
        account = db.session.scalars(select(Account).where(Account.email == email(scene.case.moderator))).one()
        _make(scene, account)
        it = find(scene)
    assert it
    return it


def password() -> str:
    """The password of the demo's accounts: made from the secret key, so it can be shown, and differs elsewhere."""
    digest = hmac.digest(current_app.config["SECRET_KEY"].encode(), b"the demo's password", "sha256")
    return base64.b32encode(digest).decode()[:12].lower()


def email(name: str) -> str:
    return f"{name.lower()}{DOMAIN}"


def _has_accounts() -> bool:
    if not inspect(db.engine).has_table(Account.__tablename__):
        return False  # a new database, without any tables yet
    return db.session.scalar(select(Account.id).limit(1)) is not None


def _is_left(it: Intervision) -> bool:
    """Whether nobody is in the room, and nothing has happened there lately."""
    latest = db.session.scalar(select(func.max(Journal.at)).where(Journal.intervision_id == it.id))
    return not presence.of(it.id) and (latest is None or now() - latest > QUIET)


def _empty() -> None:
    begin_write(db.session)
    db.session.execute(update(Intervision).values(sealed=False))
    for table in reversed(Base.metadata.sorted_tables):
        db.session.execute(delete(table))
    db.session.commit()


def _make_accounts() -> dict[str, Account]:
    hashed = passwords.hash_password(password())
    accounts = {
        name: Account(email=email(name), name=name, kind=kind.value, password_hash=hashed)
        for name, kind in ACCOUNTS.items()
    }
    db.session.add_all(accounts.values())
    db.session.commit()
    return accounts


def _make(scene: Scene, account: Account) -> None:
    if scene.is_live:
        staging.begin(scene.case, account, scene.title, scene.step, scene.until, scene.then)
    else:
        staging.hold(scene.case, account, _working_day(scene.days, scene.hour))
    db.session.rollback()


def _let_facilitate(account: Account) -> None:
    for team in db.session.scalars(select(Team)).all():
        db.session.add(Membership(account_id=account.id, team_id=team.id, kind=MemberKind.FACILITATOR))
    db.session.commit()


def _working_day(days: int, hour: int) -> datetime:
    """The latest Monday to Friday that is at least `days` days ago, at `hour` o'clock in the demo's time zone."""
    then = now().astimezone(ZoneInfo(staging.ZONE)) - timedelta(days=days)
    then -= timedelta(days=max(0, then.weekday() - 4))
    return then.replace(hour=hour, minute=0, second=0, microsecond=0)
