"""The action plan in words: a page that a manager would hand round."""

from collections.abc import Iterable

from flask_babel import gettext as _

from app.sessions.exports.dates import day_words, moment_words
from app.sessions.exports.document import (
    ActionRow,
    Actions,
    Block,
    Document,
    Heading,
    Issue,
    Line,
    Notice,
    Point,
    Points,
)
from app.sessions.exports.rows import Action, Help, Plan, Voice


def document(plan: Plan) -> Document:
    """To be called in the locale of the session."""
    full_title = _("Action plan: %(title)s", title=plan.title)
    return assembled(plan, _("Action plan"), full_title, _blocks(plan))


def assembled(plan: Plan, kind: str, full_title: str, blocks: Iterable[Block]) -> Document:
    """A document about the session that `plan` is from."""
    return Document(
        kind=kind,
        title=plan.title,
        full_title=full_title,
        headline=_headline(plan),
        authors=(plan.owner,) if plan.owner else (),
        language=plan.language,
        made_at=plan.closed_at or plan.held_at,
        page_of=_("%(page)s of %(pages)s", page="{page}", pages="{pages}"),
        blocks=tuple(blocks),
    )


def _blocks(plan: Plan) -> Iterable[Block]:
    yield from notices(plan)
    yield from core(plan)
    yield from section(_("What helps"), [_help(help_) for help_ in plan.helps])
    yield from aftermath(plan)
    yield from section(_("Strengths of the plan"), [said(voice) for voice in plan.strengths])
    yield from section(_("Risks to watch"), [said(voice) for voice in plan.risks])
    yield from people(plan)


def notices(plan: Plan) -> Iterable[Block]:
    if plan.stopped:
        yield Notice(_("This session was stopped before its end."))
    if not plan.transcript:
        yield Notice(_("This session leaves no transcript: only the plan and the shared lessons were kept."))
    elif not plan.names:
        yield Notice(_("This record names nobody but the moderator: at the close all other names were taken out."))


def core(plan: Plan) -> Iterable[Block]:
    """The issue, the ask and the actions."""
    if plan.transcript:
        yield Issue(plan.issue or _("The issue was not written down."), details(*_ask(plan)))
    yield Heading(2, _("Actions"))
    if plan.actions:
        yield Actions(action_heads(), tuple(_row(action, plan.language) for action in plan.actions))
    else:
        yield Line(_("No actions were written down."))


def aftermath(plan: Plan) -> Iterable[Block]:
    """Who stands beside the owner, and when somebody asks how it goes."""
    yield from section(_("Supporters"), [Point("", plan.supporters)] if plan.supporters else [])
    days = [day_words(day, plan.language) for day in plan.check_ins]
    yield from section(_("Check-ins"), [Point(*pair) for pair in zip(days, _check_in_questions(), strict=False)])


def people(plan: Plan) -> Iterable[Block]:
    groups = (
        Point(_("Moderator"), plan.moderators),
        Point(_("Issue owner"), (plan.owner,) if plan.owner else ()),
        Point(_("Consultants"), plan.consultants),
    )
    yield from section(_("In the room"), [group for group in groups if group.words])


def section(title: str, points: list[Point], level: int = 2) -> Iterable[Block]:
    """A list with a heading, or nothing at all."""
    if points:
        yield Heading(level, title)
        yield Points(tuple(points))


def said(voice: Voice) -> Point:
    return Point(voice.name, voice.text or _("said aloud, not written down"))


def details(*pairs: tuple[str, str]) -> tuple[Point, ...]:
    """Those that have words."""
    return tuple(Point(label, words) for label, words in pairs if words)


def action_heads() -> tuple[str, str, str]:
    return _("What"), _("Who"), _("By when")


def detail_labels() -> tuple[str, str, str, str]:
    """What else may be known of an action."""
    return _("When …, I will …"), _("First step"), _("Sign of success"), _("Came from")


def details_of(action: Action) -> tuple[str, str, str, str]:
    """The words to `detail_labels`; any may be empty."""
    origin = action.origin and said(action.origin)
    came_from = ": ".join(str(part) for part in (origin.name, origin.words) if part) if origin else ""
    return action.trigger, action.first_step, action.sign, came_from


def _headline(plan: Plan) -> tuple[str, ...]:
    owner = (_("Issue owner: %(name)s", name=plan.owner),) if plan.owner else ()
    return (plan.team, moment_words(plan.held_at, plan.language), *owner)


def _ask(plan: Plan) -> tuple[tuple[str, str], ...]:
    return (_("The ask"), plan.ask), (_("Not needed"), plan.not_needed)


def _row(action: Action, language: str) -> ActionRow:
    known = tuple(Point(*pair) for pair in zip(detail_labels(), details_of(action), strict=True))
    return ActionRow(action.what, action.who, day_words(action.by, language), known)


def _check_in_questions() -> tuple[str, ...]:
    """One for each check-in (`cadence.AFTER`): open questions, for nobody is being checked on."""
    return (
        _("How did it go? What has begun, and what stands in the way?"),
        _("How did it go? What happened, and what has changed in the plan?"),
        _("How did it go? Where is the deal now, and what would you tell a colleague?"),
    )


def _help(help_: Help) -> Point:
    point = said(help_.recommendation)
    return Point(point.name, point.words, help_.word)
