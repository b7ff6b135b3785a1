"""How a session went, in words: for those who may know of the process alone, and of the group only."""

from collections.abc import Iterable
from dataclasses import replace

from flask_babel import gettext as _

from app.sessions.exports.dates import day_words, minutes
from app.sessions.exports.document import Block, Document, Heading, Line, Notice, Point, Points
from app.sessions.exports.sheet import clean
from app.sessions.process import PhaseOfGroup, Process, Share


def cleaned(process: Process) -> Process:
    """The same with every text as a file may hold it."""
    return replace(
        process,
        team=clean(process.team),
        moderator=clean(process.moderator),
        themes=tuple(map(clean, process.themes)),
        lessons=tuple(map(clean, process.lessons)),
    )


def document(process: Process) -> Document:
    """To be called in the locale of the session."""
    moderator = (_("Moderator: %(name)s", name=process.moderator),) if process.moderator else ()
    return Document(
        kind=_("How it went"),
        title=process.team,
        full_title=_("How it went: %(team)s", team=process.team),
        headline=(process.team, day_words(process.held_at.date(), process.language), *moderator, *process.themes),
        authors=(),
        language=process.language,
        made_at=process.held_at,
        page_of=_("%(page)s of %(pages)s", page="{page}", pages="{pages}"),
        blocks=tuple(_blocks(process)),
    )


def share_words(share: Share, nothing: str) -> str:
    """ "3 of 5", or why there is no such figure."""
    if not share.whole:
        return nothing
    if share.part is None:
        return _("not shown: it would tell of one person")
    return _("%(part)s of %(whole)s", part=share.part, whole=share.whole)


def _blocks(process: Process) -> Iterable[Block]:
    if process.stopped:
        yield Notice(_("This session was stopped before its end."))
    yield Heading(2, _("The six phases"))
    yield Points(tuple(_phase(phase, process.people) for phase in process.phases), "numbers")
    if process.overridden:
        yield Line(_("The moderator opened the brainstorm before there was an ask."))
    if process.transcript and process.names:
        yield Points(tuple(_figures(process)), "details")
    elif process.transcript:
        yield Line(_("The record of this session names nobody, so nothing is known of who spoke."))
    else:
        yield Line(_("This session leaves no transcript, so nothing is known of who took part."))
    yield Heading(2, _("Lessons"))
    if process.lessons:
        yield Points(tuple(Point(words=lesson) for lesson in process.lessons))
    else:
        yield Line(_("No lesson may be shared."))


def _phase(phase: PhaseOfGroup, people: int) -> Point:
    if phase.used_s is None:
        return Point(_(phase.title), _("The session did not get to this phase."))
    time = _("%(used)s min used, %(planned)s min planned", used=minutes(phase.used_s), planned=minutes(phase.planned_s))
    spoke = _("%(part)s of %(whole)s people spoke", part=phase.spoke, whole=people) if phase.spoke is not None else ""
    return Point(_(phase.title), time, marks=(spoke,) if spoke else ())


def _figures(process: Process) -> Iterable[Point]:
    yield Point(_("Questions answered"), share_words(process.answered, _("no questions")))
    yield Point(_("Recommendations that the owner kept"), share_words(process.kept, _("no recommendations")))
