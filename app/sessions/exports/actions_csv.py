"""The actions as a table for a spreadsheet: RFC 4180, in UTF-8 with a byte order mark, without which Excel takes the
letters for others.
"""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from flask_babel import gettext as _

from app.sessions.exports.plan_document import action_heads, detail_labels, details_of
from app.sessions.exports.rows import Action, Plan

# What a spreadsheet takes for a formula (also in the wide letters of East Asian keyboards), or stumbles over.
_DANGEROUS = tuple("=+-@\t\r\0＝＋－＠")


def render(plan: Plan) -> bytes:
    """A line of titles and a line for each action, in the locale of the session; days are written 2026-03-15."""
    return table([_titles(), *_rows(plan)])


def together(plans: Iterable[Plan]) -> bytes:
    """The actions of several sessions, each with where they came from; in the locale of whoever asks."""
    titles = [*_titles(), _("Team"), _("Day"), _("Themes")]
    return table([titles, *([*row, *_whence(plan)] for plan in plans for row in _rows(plan))])


def table(rows: Iterable[Sequence[str]]) -> bytes:
    """Every cell is a text, whatever it begins with."""
    out = StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(
        [cell(words) for words in row] for row in rows
    )
    return out.getvalue().encode("utf-8-sig")


def cell(words: str) -> str:
    """`words`, after an apostrophe if a spreadsheet would reckon with them."""
    return f"'{words}" if words.lstrip(" ").startswith(_DANGEROUS) else words


def _titles() -> list[str]:
    return [*action_heads(), *detail_labels(), _("Session")]


def _rows(plan: Plan) -> list[list[str]]:
    return [[*_row(action), plan.title] for action in plan.actions]


def _whence(plan: Plan) -> list[str]:
    return [plan.team, plan.held_at.date().isoformat(), "; ".join(plan.themes)]


def _row(action: Action) -> list[str]:
    by = action.by.isoformat() if action.by else ""
    return [action.what, action.who, by, *details_of(action)]
