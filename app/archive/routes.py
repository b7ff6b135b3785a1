"""The archive: past sessions, found by words, team, theme, moderator, owner and day."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, Field, SearchField, SelectChoice, SelectField
from wtforms.validators import Length, Optional, ValidationError

from app.accounts.auth import Answer, signed_in
from app.archive import search
from app.sessions.exports import dates
from app.sessions.words import one_line

archive = Blueprint("archive", __name__)


class ArchiveForm(FlaskForm):
    """What to look for. It only reads, so it is sent by GET, and its address can be kept."""

    class Meta:
        csrf = False

    q = SearchField(
        _l("Words in the sessions that you can read"),
        [Length(max=200, message=_l("That is long. Please use at most %(max)d characters."))],
        filters=[one_line],
        render_kw={"maxlength": 200, "autocomplete": "off"},
    )
    team = SelectField(_l("Team"), filters=[one_line], validate_choice=False)
    theme = SelectField(_l("Theme"), filters=[one_line], validate_choice=False)
    moderator = SelectField(_l("Moderator"), filters=[one_line], validate_choice=False)
    owner = SelectField(_l("Issue owner"), filters=[one_line], validate_choice=False)
    since = DateField(_l("From"), [Optional()])
    until = DateField(_l("Until"), [Optional()])
    sort = SelectField(
        _l("Order"),
        choices=[
            SelectChoice("newest", _l("Newest first")),
            SelectChoice("oldest", _l("Oldest first")),
            SelectChoice("title", _l("By title")),
        ],
        default="newest",
    )

    def validate_until(self, field: Field) -> None:
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(_l("This day comes before the first one."))

    @property
    def narrowed(self) -> bool:
        """Whether more than words is asked for."""
        fields = (self.team, self.theme, self.moderator, self.owner, self.since, self.until)
        return any(field.data or field.errors for field in fields) or self.sort.data != "newest"

    def wanted(self) -> search.Wanted:
        """What was asked, without what could not be understood."""
        return search.Wanted(
            words="" if self.q.errors else self.q.data or "",
            team=self.team.data or "",
            owner=self.owner.data or "",
            since=None if self.since.errors else self.since.data,
            until=None if self.until.errors else self.until.data,
            moderator=_id(self.moderator.data),
            theme=self.theme.data or "",
            sort=self.sort.data if self.sort.data in search.SORTS else "newest",
        )


@archive.get("/archive")
@signed_in
def index() -> str:
    form = ArchiveForm(request.args)
    form.team.choices = _choices(_l("All teams"), search.teams_of(g.account), form.team.data)
    form.theme.choices = _choices(_l("All themes"), search.themes_of(g.account), form.theme.data)
    form.owner.choices = _choices(_l("Everybody"), search.owners_of(g.account), form.owner.data)
    form.moderator.choices = _moderators(form.moderator.data)
    form.validate()
    page = search.find(g.account, form.wanted(), request.args.get("page", 1, type=int))
    return render_template(
        "archive/archive.html", form=form, page=page, asked=_asked(form), dates=dates, language=str(get_locale())
    )


@archive.get("/sessions/past")
def moved() -> Answer:
    """Where the archive was."""
    asked = request.query_string.decode()
    return redirect(url_for("archive.index") + (f"?{asked}" if asked else ""), 301)


def _id(typed: str | None) -> int | None:
    """The account that an address names; 0, which nobody has, for what is no id."""
    if not typed:
        return None
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _choices(everything: Any, known: Iterable[str], typed: str | None) -> list[SelectChoice]:
    # An address that was kept may name somebody who is not there any more: it stays visible what was asked.
    names = list(known)
    names += [typed] if typed and typed not in names else []
    return [SelectChoice("", everything), *(SelectChoice(name, name) for name in names)]


def _moderators(typed: str | None) -> list[SelectChoice]:
    choices = [SelectChoice("", _l("Everybody"))]
    choices += [SelectChoice(str(id_), name) for id_, name in search.moderators_of(g.account)]
    if typed and typed not in [choice.value for choice in choices]:
        choices.append(SelectChoice(typed, _l("Somebody who is not here any more")))
    return choices


def _asked(form: ArchiveForm) -> dict[str, str]:
    """What was asked, as it stands in the address."""
    return {name: value for name in form.data if (value := request.args.get(name, ""))}
