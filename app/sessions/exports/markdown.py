"""The action plan as Markdown: CommonMark with GitHub's tables.

What people typed stays what they typed: nothing of it is markup.
"""

import re
from collections.abc import Iterable

from flask_babel import gettext as _

from app.sessions.exports.dates import day_words, moment_words
from app.sessions.exports.rows import Action, Help, Plan, Voice

# Everywhere: what begins emphasis, code, links, HTML, entities, cells or mathematics, and what ends a heading.
_MARKUP = re.compile(r"([\\`*_\[\]<>&|~$#])")
# At the beginning of a line: lists, rules, underlines of headings.
_LINE_START = re.compile(r"^(\d{0,9})([-+=.)])")
# GitHub makes links of these without any brackets.
_BARE_LINK = re.compile(r"(?i)\b(https?|ftp)(:)(?=//)|\b(www)(\.)")


def render(plan: Plan) -> str:
    """The whole document, ending with a line break."""
    return "\n\n".join(part for part in _parts(plan) if part) + "\n"


def _parts(plan: Plan) -> Iterable[str]:
    yield "# " + _("Action plan: %(title)s", title=inline(plan.title))
    yield " · ".join(_headline(plan))
    if plan.stopped:
        yield "**" + _("This session was stopped before its end.") + "**"
    yield "> " + block(plan.issue, "> ") if plan.issue else _("The issue was not written down.")
    yield _labelled(_("The ask"), plan.ask)
    yield _labelled(_("Not needed"), plan.not_needed)
    yield "## " + _("Actions")
    yield _table(plan) if plan.actions else _("No actions were written down.")
    yield from _list(_("What helps"), [_help(help_) for help_ in plan.helps])
    yield from _list(_("Supporters"), [inline(name) for name in plan.supporters])
    yield from _list(_("Strengths of the plan"), [_voice(voice) for voice in plan.strengths])
    yield from _list(_("Risks to watch"), [_voice(voice) for voice in plan.risks])
    yield from _list(_("In the room"), _people(plan))


def _headline(plan: Plan) -> Iterable[str]:
    yield inline(plan.team)
    yield inline(moment_words(plan.held_at, plan.language))
    if plan.owner:
        yield _("Issue owner: %(name)s", name=inline(plan.owner))


def _table(plan: Plan) -> str:
    heads = (
        _("What"), _("Who"), _("By when"), _("When …, I will …"), _("First step"), _("Sign of success"), _("Came from")
    )  # fmt: skip
    rows = [heads, ["---"] * len(heads), *(_row(action, plan.language) for action in plan.actions)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _row(action: Action, language: str) -> list[str]:
    return [
        *(_cell(words) for words in (action.what, action.who, day_words(action.by, language))),
        *(_cell(words) for words in (action.trigger, action.first_step, action.sign)),
        _voice(action.origin) if action.origin else "",  # on one line already
    ]


def _help(help_: Help) -> str:
    words = _voice(help_.recommendation)
    return f"{words} — *{inline(help_.word)}*" if help_.word else words


def _voice(voice: Voice) -> str:
    words = block(voice.text, "  ") or _("said aloud, not written down")
    return f"**{inline(voice.name)}:** {words}" if voice.name else words


def _people(plan: Plan) -> list[str]:
    groups = (
        (_("Moderator"), plan.moderators),
        (_("Issue owner"), (plan.owner,) if plan.owner else ()),
        (_("Consultants"), plan.consultants),
    )
    return [f"{title}: {', '.join(inline(name) for name in names)}" for title, names in groups if names]


def _labelled(label: str, words: str) -> str:
    return f"**{label}:** {block(words)}" if words else ""


def _list(title: str, entries: list[str]) -> Iterable[str]:
    if entries:
        yield f"## {title}"
        yield "\n".join(f"- {entry}" for entry in entries)


def _cell(words: str) -> str:
    return "<br>".join(_escaped(line) for line in _lines(words))


def inline(words: str) -> str:
    """User text on one line."""
    return _escaped(" ".join(words.split()))


def block(words: str, indent: str = "") -> str:
    """User text with its line breaks, as one paragraph; `indent` begins each line after the first."""
    return f"\\\n{indent}".join(_escaped(line) for line in _lines(words))


def _lines(words: str) -> list[str]:
    """Lines with something on them: an empty one would end the paragraph, the list or the table."""
    return [" ".join(line.split()) for line in words.splitlines() if line.strip()]


def _escaped(line: str) -> str:
    line = _LINE_START.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", line))
    return _BARE_LINK.sub(lambda found: rf"{found[1] or found[3]}\{found[2] or found[4]}", line)
