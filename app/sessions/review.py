"""Looking back on a session: how it went, its replay, and a facilitator's notes to the moderator."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from app.accounts.auth import Answer
from app.extensions import db
from app.sessions import access, once, words
from app.sessions.access import Level
from app.sessions.commands import Refused, following
from app.sessions.exports import dates
from app.sessions.phases import N_, PHASES, STEPS
from app.sessions.planning import sessions
from app.sessions.record import closed, process_page
from app.sessions.replay import Replay, data, replay
from app.sessions.room import Room
from app.sessions.shapes import LONGEST
from app.times import now


@sessions.get("/<code>/process")
def process(code: str) -> str:
    """How it went, for those too who may read the record."""
    return process_page(closed(code))


@sessions.get("/<code>/replay", endpoint="replay")
def replay_page(code: str) -> str:
    """The session over again, moment by moment."""
    opened = closed(code, Level.FULL)
    opened.note("replayed")
    found = replay(Room(db.session, opened.it), opened.snapshot) if opened.it.tells_who else Replay((), ())
    return render_template(
        "sessions/replay.html",
        it=opened.it,
        replay=found,
        moments=data(found, {step.name: _(step.title) for step in STEPS}),
        phases=PHASES,
        dates=dates,
        held_at=opened.held_at,
        language=str(get_locale()),
    )


@sessions.post("/<code>/notes")
def note(code: str) -> Answer:
    """A facilitator's note to the moderator."""
    opened = closed(code)
    account = opened.reader.account
    if account is None or not access.advises(opened.reader, opened.it, now()):
        abort(404)
    text = words.clean(request.form.get("text", ""))
    try:
        if len(text) > LONGEST:
            raise Refused("too_long", N_("This text is too long. Please shorten it; nothing is lost."))
        following.note(opened.it.id, account, text, command_id=once.command_id("feed_forward", {"text": text}))
    except Refused as refused:
        db.session.rollback()
        return process_page(closed(code), refused=refused.sentence(), typed=text), 409
    flash(_("The moderator sees your note from now on."))
    return redirect(url_for("sessions.process", code=code, _anchor="notes"))
