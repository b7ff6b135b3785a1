"""A person's own data as one ZIP: who they are here, where they took part, what they said, and what the trail says."""

import json
import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, or_, select

from app.accounts.models import Account
from app.api import tokens
from app.api.models import ApiToken
from app.extensions import db
from app.followup.models import FollowUp, MailAddress
from app.lessons.models import Feed
from app.privacy.audit import Line
from app.sessions.models import Contribution, Intervision, Seat
from app.teams.models import Team


def of_account(account: Account) -> bytes:
    """The ZIP of somebody with an account, with every session that they took part in."""
    seats = db.session.scalars(select(Seat).where(Seat.account_id == account.id).order_by(Seat.joined_at)).all()
    profile = {
        "name": account.name,
        "email": account.email,
        "kind": account.kind,
        "administrator": account.admin,
        "teams": [{"team": each.team.name, "as": each.kind} for each in account.memberships],
        "made_at": account.created_at.isoformat(),
        "api_tokens": [_token(each) for each in tokens.of(account)],
        "feeds": _feeds(account),
    }
    notes = db.session.scalars(select(FollowUp).where(FollowUp.account_id == account.id).order_by(FollowUp.at))
    return _packed(profile, seats, _lines(seats, account), [_said_later(note) for note in notes])


def _token(token: ApiToken) -> dict[str, Any]:
    return {
        "name": token.name,
        "scopes": token.scopes,
        "made_at": token.created_at.isoformat(),
        "good_until": token.expires_at.isoformat(),
        "last_used_on": token.last_used_on.isoformat() if token.last_used_on else None,
    }


def _feeds(account: Account) -> list[dict[str, str]]:
    query = select(Team.name, Feed.made_at).join(Team, Team.id == Feed.team_id).where(Feed.account_id == account.id)
    found = db.session.execute(query.order_by(Team.name))
    return [{"team": team, "made_at": made_at.isoformat()} for team, made_at in found]


def of_seat(seat: Seat) -> bytes:
    """The ZIP of somebody without an account, for one session."""
    return _packed({"name": seat.name}, [seat], _lines([seat], None))


def _packed(
    profile: dict[str, Any], seats: Sequence[Seat], lines: Sequence[Line], notes: Sequence[dict[str, Any]] = ()
) -> bytes:
    files = {
        "profile.json": _json(profile),
        "memberships.json": _json([_membership(seat) for seat in seats]),
        **{f"sessions/{seat.intervision.code}.json": _json(_words(seat)) for seat in seats},
        **{f"after/{seat.intervision.code}.json": _json(_after(seat)) for seat in seats},
        "notes.json": _json(list(notes)),
        "audit.json": _json(_readable(lines)),
        "README.txt": _readme(),
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def _membership(seat: Seat) -> dict[str, Any]:
    it = seat.intervision
    held_at = (it.started_at or it.starts_at).astimezone(ZoneInfo(it.timezone))
    return {
        "session": it.code,
        "title": it.title,
        "team": it.team.name,
        "day": held_at.date().isoformat(),
        "name": seat.name,
        "role": seat.role,
        "status": seat.status,
        "joined_at": seat.joined_at.isoformat(),
        "agreement_accepted_at": seat.accepted_at.isoformat() if seat.accepted_at else None,
    }


def _words(seat: Seat) -> list[dict[str, Any]]:
    """What this person said, private notes included. What it answers or builds on is other people's, and left out."""
    mine = select(Contribution).where(Contribution.seat_id == seat.id).order_by(Contribution.place, Contribution.id)
    return [
        {
            "kind": item.kind,
            "text": item.text,
            "details": item.data,
            "said_aloud": item.aloud,
            "noted_down_by_the_moderator": item.noted_by not in (None, seat.id),
        }
        for item in db.session.scalars(mine)
    ]


def _after(seat: Seat) -> dict[str, Any]:
    """What this person said after the close, and where mail goes."""
    address = db.session.get(MailAddress, seat.id)
    said = select(FollowUp).where(FollowUp.seat_id == seat.id).order_by(FollowUp.version)
    words = [_said_later(each) for each in db.session.scalars(said)]
    return {"mail": address.email if address else None, "said": words}


def _said_later(said: FollowUp) -> dict[str, Any]:
    return {
        "kind": said.kind,
        "at": said.at.isoformat(),
        "text": said.text,
        "details": said.data,
        "check_in": said.number,
    }


def _lines(seats: Sequence[Seat], account: Account | None) -> Sequence[Line]:
    ids = [seat.id for seat in seats]
    concerned: list[ColumnElement[bool]] = [Line.by_seat.in_(ids), Line.seat_id.in_(ids)]
    if account:
        concerned += [Line.by_account == account.id, Line.account_id == account.id]
    return db.session.scalars(select(Line).where(or_(*concerned)).order_by(Line.id)).all()


def _readable(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """With codes for sessions. Who else had a part in it stays unsaid."""
    wanted = {line.intervision_id for line in lines if line.intervision_id}
    found = select(Intervision.id, Intervision.code).where(Intervision.id.in_(wanted))
    codes = dict(db.session.execute(found).all())
    return [
        {
            "at": line.at.isoformat(),
            "act": line.act,
            "session": codes.get(line.intervision_id or 0),
            "detail": line.detail,
        }
        for line in lines
    ]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _readme() -> str:
    lines = (
        _("This is what Intervise keeps about you."),
        "",
        "profile.json: " + _("your name, and if you have an account, how you sign in."),
        "memberships.json: "
        + _("the sessions that you took part in, your part in them, and when you accepted the agreement."),
        "sessions/…: "
        + _("what you said in each of them, your private notes included. What others said is theirs, and not here."),
        "after/…: "
        + _("what you said after each of them: how your actions went, what you answered, and where mail goes."),
        "notes.json: " + _("the notes that you left the moderators of your teams."),
        "audit.json: " + _("what the audit trail says about you: what was done and when, never what was said."),
    )
    return "\n".join(lines) + "\n"
