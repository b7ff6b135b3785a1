"""The record in words: minutes, phase by phase, as a colleague would write them up."""

from collections.abc import Callable, Iterable

from flask_babel import gettext as _

from app.sessions.deal import INFLUENCES, STAGES
from app.sessions.exports import record as minutes
from app.sessions.exports.dates import minutes as whole_minutes
from app.sessions.exports.document import Block, Document, Heading, Line, Notice, Point, Points
from app.sessions.exports.plan_document import aftermath, assembled, core, details, notices, people, said, section
from app.sessions.exports.record import Record
from app.sessions.exports.rows import Voice


def document(record: Record) -> Document:
    """To be called in the locale of the session."""
    full_title = _("Record: %(title)s", title=record.plan.title)
    return assembled(record.plan, _("Record"), full_title, _blocks(record))


def _blocks(record: Record) -> Iterable[Block]:
    yield from notices(record.plan)
    if record.plan.themes:
        yield Points((Point(_("Themes"), record.plan.themes),), "details")
    yield from people(record.plan)
    yield from core(record.plan)
    yield from aftermath(record.plan)
    if record.plan.transcript:
        yield from section(_("Cases on offer"), [_case(case) for case in record.cases])
        for number, phase in PHASE_WRITERS.items():
            yield from _phase_head(record, number)
            if record.phases[number].used_s is not None:
                yield from phase(record)
    else:
        yield from section(_("Lessons"), [_lesson(lesson) for lesson in record.lessons])


def _phase_head(record: Record, number: int) -> Iterable[Block]:
    phase = record.phases[number]
    yield Heading(2, f"{number}. {_(phase.title)}")
    if phase.used_s is None:
        yield Line(_("The session did not get to this phase."))
    else:
        used, planned = whole_minutes(phase.used_s), whole_minutes(phase.planned_s)
        yield Line(_("%(used)s min used, %(planned)s min planned", used=used, planned=planned))


def _statement(record: Record) -> Iterable[Block]:
    """The issue itself stands at the top, in the plan."""
    parts = tuple(Point(_(minutes.STATEMENT_PARTS[part]), words) for part, words in record.statement.items())
    if parts:
        yield Points(parts, "details")
    elif not record.plan.issue:
        yield Line(_("The statement was given aloud and not written down."))
    yield from section(_("The people involved"), [_contact(contact) for contact in record.contacts], level=3)


def _questions(record: Record) -> Iterable[Block]:
    questions = [_question(question, record.plan.owner) for question in record.questions]
    yield from _numbered(questions, _("No questions were written down."))
    if record.overridden:
        yield Notice(_("The moderator opened the brainstorm before there was an ask."))


def _ideas(record: Record) -> Iterable[Block]:
    yield from _bullets([_idea(idea) for idea in record.ideas], _("No ideas were written down."))


def _recommendations(record: Record) -> Iterable[Block]:
    recommendations = [_recommendation(advice) for advice in record.recommendations]
    yield from _numbered(recommendations, _("No recommendations were written down."))


def _feedback(record: Record) -> Iterable[Block]:
    if record.plan.actions:
        yield Line(_("The action plan is at the beginning of this record."))
    yield from section(_("Strengths of the plan"), [_voice(voice) for voice in record.strengths], level=3)
    yield from section(_("Risks to watch"), [_voice(voice) for voice in record.risks], level=3)
    if not record.strengths and not record.risks:
        yield Line(_("No reactions were written down."))


def _lessons(record: Record) -> Iterable[Block]:
    yield from _bullets([_lesson(lesson) for lesson in record.lessons], _("No lessons were written down."))
    yield from section(_("About the way we worked"), [_voice(voice) for voice in record.process], level=3)


PHASE_WRITERS: dict[int, Callable[[Record], Iterable[Block]]] = {
    1: _statement,
    2: _questions,
    3: _ideas,
    4: _recommendations,
    5: _feedback,
    6: _lessons,
}


def _numbered(points: list[Point], nothing: str) -> Iterable[Block]:
    yield Points(tuple(points), "numbers") if points else Line(nothing)


def _bullets(points: list[Point], nothing: str) -> Iterable[Block]:
    yield Points(tuple(points)) if points else Line(nothing)


def _case(case: minutes.Case) -> Point:
    return Point(case.name, case.title, points=(Point(words=case.text),) if case.text else ())


def _contact(contact: minutes.Contact) -> Point:
    known = [contact.role if contact.name else ""]
    known += [_(INFLUENCES[contact.influence])] if contact.influence else []
    known += [_(STAGES[contact.stage])] if contact.stage else []
    return Point(contact.name or contact.role, tuple(word for word in known if word))


def _question(question: minutes.Question, owner: str) -> Point:
    if question.passed:
        answer = Point(words=_("%(name)s passed.", name=(question.answer and question.answer.name) or owner))
    else:
        answer = _voice(question.answer) if question.answer else Point(words=_("Not answered."))
    return _voice(question.asked, answer)


def _idea(idea: minutes.Idea) -> Point:
    built = tuple(_idea(child) for child in idea.built)
    return Point(words=idea.text, marks=_marks(noted=idea.noted), points=built)


def _recommendation(advice: minutes.Recommendation) -> Point:
    about = details(
        (_("First step"), advice.first_step),
        (_("Because"), advice.reason),
        (_("Grown out of the idea"), advice.idea),
    )
    if advice.verdict:
        about += (Point(_("The owner’s feedback"), _(minutes.VERDICTS[advice.verdict]), advice.word),)
    return _voice(advice.said, *about)


def _lesson(lesson: minutes.Lesson) -> Point:
    sharing = _("may be shared with the team") if lesson.share else _("stays in this group")
    marks = (*_marks(noted=lesson.said.noted), sharing)
    return Point(lesson.said.name, lesson.said.text, lesson.situation, marks)


def _voice(voice: Voice, *points: Point) -> Point:
    point = said(voice)
    aloud = voice.aloud and bool(voice.text)  # without a text the words themselves say so
    return Point(point.name, point.words, marks=_marks(voice.noted, aloud), points=points)


def _marks(noted: bool, aloud: bool = False) -> tuple[str, ...]:
    marks = ((noted, _("noted by the moderator")), (aloud, _("said aloud")))
    return tuple(words for is_so, words in marks if is_so)
