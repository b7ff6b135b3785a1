"""The action plan as PDF, set by Typst (docs/decisions/0005-pdf-by-typst.md says why).

The page is laid out in plan.typ; words go in as JSON only.
"""

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst
from flask_babel import gettext as _

from app.sessions.exports.dates import day_words, locale_of, moment_words
from app.sessions.exports.rows import Action, Help, Plan, Voice, shortened

FOOTER_LENGTH_MAX = 60
TEMPLATE = Path(__file__).with_name("plan.typ")

FONT_PACKAGES = ("manimgx_fonts", "manimgx_fonts_cjk")
FONTS = ("Noto Sans", "Noto Sans Hebrew", "Noto Sans Arabic", "Noto Sans CJK SC", "Noto Emoji", "Noto Sans Symbols")
"""In this order; after them every other font there is, the system's too. A letter that none has is drawn as a box."""


def render(plan: Plan) -> bytes:
    """The document. The same plan gives the same bytes on a machine with the same fonts."""
    return typeset(page(plan))


def typeset(page: dict[str, Any]) -> bytes:
    """What `page` gave, as PDF. Takes tens of milliseconds, and nothing of Flask: it may run in another thread."""
    compiler = typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=fonts())
    pdf = compiler.compile(format="pdf", sys_inputs={"plan": json.dumps(page)}, timestamp=page["made_at"])
    assert isinstance(pdf, bytes)
    return pdf


@cache
def fonts() -> typst.Fonts:
    """Read once: looking through a machine's fonts takes longer than setting the page."""
    return typst.Fonts(font_paths=font_folders())


def font_folders() -> list[str]:
    """The folders with the fonts that are installed with the app."""
    return [str(files(package)) for package in FONT_PACKAGES]


def page(plan: Plan) -> dict[str, Any]:
    """Everything that plan.typ shows, worded."""
    locale = locale_of(plan.language)
    return {
        "lang": locale.language,
        "region": locale.territory,
        "fonts": FONTS,
        "made_at": int((plan.closed_at or plan.held_at).timestamp()),  # the session's time, not the download's
        "document_title": _("Action plan: %(title)s", title=plan.title),
        "authors": [plan.owner] if plan.owner else [],
        "kind": _("Action plan"),
        "title": plan.title,
        "headline": _headline(plan),
        "footer": [_("Action plan"), shortened(plan.title, FOOTER_LENGTH_MAX)],
        "stopped": plan.stopped,
        "issue": plan.issue,
        "ask": _details((_("The ask"), plan.ask), (_("Not needed"), plan.not_needed)),
        "actions": [_action(action, plan.language) for action in plan.actions],
        "sections": [section for section in _sections(plan) if section["voices"]],
        "labels": _labels(),
    }


def _labels() -> dict[str, str]:
    return {
        "page": _("%(page)s of %(pages)s", page="{page}", pages="{pages}"),
        "stopped": _("This session was stopped before its end."),
        "no_issue": _("The issue was not written down."),
        "actions": _("Actions"),
        "no_actions": _("No actions were written down."),
        "what": _("What"),
        "who": _("Who"),
        "by": _("By when"),
    }


def _headline(plan: Plan) -> list[str]:
    owner = [_("Issue owner: %(name)s", name=plan.owner)] if plan.owner else []
    return [plan.team, moment_words(plan.held_at, plan.language), *owner]


def _action(action: Action, language: str) -> dict[str, Any]:
    origin = f"{action.origin.name}: {_words(action.origin)}" if action.origin else ""
    return {
        "what": action.what,
        "who": action.who,
        "by": day_words(action.by, language),
        "details": _details(
            (_("When …, I will …"), action.trigger),
            (_("First step"), action.first_step),
            (_("Sign of success"), action.sign),
            (_("Came from"), origin),
        ),
    }


def _details(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"label": label, "words": words} for label, words in pairs]


def _sections(plan: Plan) -> list[dict[str, Any]]:
    people = (
        (_("Moderator"), plan.moderators),
        (_("Issue owner"), (plan.owner,) if plan.owner else ()),
        (_("Consultants"), plan.consultants),
    )
    return [
        _section(_("What helps"), [_help(help_) for help_ in plan.helps]),
        _section(_("Supporters"), [_line("", plan.supporters)] if plan.supporters else []),
        _section(_("Strengths of the plan"), [_said(voice) for voice in plan.strengths]),
        _section(_("Risks to watch"), [_said(voice) for voice in plan.risks]),
        _section(_("In the room"), [_line(title, names) for title, names in people if names]),
    ]


def _section(title: str, voices: list[dict[str, Any]]) -> dict[str, Any]:
    return {"title": title, "voices": voices}


def _help(help_: Help) -> dict[str, Any]:
    return _said(help_.recommendation) | {"remark": help_.word}


def _said(voice: Voice) -> dict[str, Any]:
    return _line(voice.name, _words(voice))


def _line(name: str, words: str | tuple[str, ...]) -> dict[str, Any]:
    return {"name": name, "words": words, "remark": ""}


def _words(voice: Voice) -> str:
    return voice.text or _("said aloud, not written down")
