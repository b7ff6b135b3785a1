"""The Atom feed (RFC 4287) of a team's shared lessons, for a member's feed reader, which has no cookie.

Its address is the member's own: 192 random bits, of which the table holds the hash. It leads nowhere once they leave
the team, and a new one ends the old one.
"""

import hashlib
import hmac
import re
import secrets
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree as Xml
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.addresses import public_url
from app.followup import cadence
from app.followup.models import CheckIn
from app.lessons import shared
from app.lessons.models import Feed
from app.lessons.shared import Lesson
from app.sessions.models import Intervision
from app.teams.models import Membership, Team

BYTES = 24
ATOM = "http://www.w3.org/2005/Atom"
CHECK_INS_FOR = timedelta(days=30)
"""So long a check-in stays in the feed after its day."""
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def make(rows: Session, account_id: int, team_id: int) -> str:
    """The token of a new address, in place of the one that there was. The caller commits."""
    mine = (Membership.account_id == account_id, Membership.team_id == team_id)
    rows.execute(select(Membership.kind).where(*mine).with_for_update())  # one at a time, where a press comes twice
    close(rows, account_id, team_id)
    token = secrets.token_urlsafe(BYTES)
    rows.add(Feed(account_id=account_id, team_id=team_id, token_hash=_hash(token)))
    return token


def close(rows: Session, account_id: int, team_id: int) -> bool:
    """Let the address lead nowhere; False if there was none. The caller commits."""
    mine = delete(Feed).where(Feed.account_id == account_id, Feed.team_id == team_id).returning(Feed.team_id)
    return rows.scalar(mine) is not None


def find(rows: Session, token: str) -> tuple[Account, Team] | None:
    """Whose feed of which team this address is; None if it leads nowhere (any more)."""
    is_member = exists().where(Membership.account_id == Feed.account_id, Membership.team_id == Feed.team_id)
    query = select(Account, Team).select_from(Feed).join(Account, Account.id == Feed.account_id)
    found = rows.execute(
        query.join(Team, Team.id == Feed.team_id).where(Feed.token_hash == _hash(token), is_member)
    ).one_or_none()
    return (found[0], found[1]) if found else None


def atom(rows: Session, account: Account, team: Team, now: datetime) -> bytes:
    """The feed: the newest lessons, and for who moderates the team's sessions, that a check-in is due."""
    entries = [_of_lesson(lesson) for lesson in shared.newest(rows, account, team.id)]
    entries += [_of_check_in(it, asked) for it, asked in _due(rows, account, team, now)]
    entries.sort(key=lambda entry: entry.findtext("updated") or "", reverse=True)
    feed = Xml.Element("feed", {"xmlns": ATOM})
    _text(feed, "id", _tag(f"team:{team.id}"))
    _text(feed, "title", _("Lessons of %(team)s", team=team.name))
    _text(feed, "updated", entries[0].findtext("updated") if entries else _moment(account.created_at))
    _text(Xml.SubElement(feed, "author"), "name", team.name)
    Xml.SubElement(feed, "link", {"href": public_url("lessons.index"), "type": "text/html"})
    feed.extend(entries)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(feed, encoding="utf-8") + b"\n"


def _of_lesson(lesson: Lesson) -> Xml.Element:
    title = " · ".join((_("A new lesson"), *lesson.themes))
    entry = _entry(f"lesson:{lesson.id}", title, lesson.shared_at, public_url("lessons.index"))
    _text(Xml.SubElement(entry, "author"), "name", lesson.name or lesson.team)
    _text(entry, "content", "\n\n".join(filter(None, (lesson.situation, lesson.text)))).set("type", "text")
    return entry


def _of_check_in(it: Intervision, asked: CheckIn) -> Xml.Element:
    """Only that it is due: whose it is and of which case, the pages say, to whom they may. Its name is made from the
    server's key: a session's code is short, and could be found from a hash by trying them all.
    """
    key = current_app.config["SECRET_KEY"].encode()
    name = hmac.digest(key, f"check-in|{it.code}|{asked.number}".encode(), "sha256").hex()[:24]
    moment = cadence.mail_at(asked.due_on, it.timezone)
    title = _("A check-in is due after one of your sessions")
    return _entry(f"check-in:{name}", title, moment, public_url("followup.due_now"))


def _entry(name: str, title: str, moment: datetime, link: str) -> Xml.Element:
    entry = Xml.Element("entry")
    _text(entry, "id", _tag(name))
    _text(entry, "title", title)
    _text(entry, "updated", _moment(moment))
    Xml.SubElement(entry, "link", {"href": link, "type": "text/html"})
    return entry


def _due(rows: Session, account: Account, team: Team, now: datetime) -> list[tuple[Intervision, CheckIn]]:
    """Check-ins whose day has come, of sessions that this account planned; answered or not, which is nobody's else."""
    since: date = (now - CHECK_INS_FOR).date()
    query = select(Intervision, CheckIn).join(CheckIn, CheckIn.intervision_id == Intervision.id)
    mine = (Intervision.account_id == account.id, Intervision.team_id == team.id, CheckIn.due_on >= since)
    return [(it, asked) for it, asked in rows.execute(query.where(*mine)) if _has_come(it, asked, now)]


def _has_come(it: Intervision, asked: CheckIn, now: datetime) -> bool:
    return datetime.combine(asked.due_on, time(), ZoneInfo(it.timezone)) <= now


def _text(parent: Xml.Element, name: str, text: str | None) -> Xml.Element:
    element = Xml.SubElement(parent, name)
    element.text = _NOT_XML.sub("", text or "")
    return element


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _tag(name: str) -> str:
    """An id for ever (RFC 4151), whatever address it is read from."""
    host = urlsplit(public_url("pages.home")).hostname or "localhost"
    return f"tag:{host},2026:intervise:{name}"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
