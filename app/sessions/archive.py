"""The archive on the moderator's page: past sessions, found by words, team, owner and day."""

from typing import Any

from flask import g, render_template, request
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, Field, SearchField, SelectChoice, SelectField
from wtforms.validators import Length, Optional, ValidationError

from app.accounts.auth import moderator_only
from app.sessions import archive_search
from app.sessions.exports import dates
from app.sessions.planning import sessions
from app.sessions.planning_forms import one_line


class ArchiveForm(FlaskForm):
    """What to look for. It only reads, so it is sent by GET, and its address can be kept."""

    class Meta:
        csrf = False

    q = SearchField(
        _l("Words in title, issue or lessons"),
        [Length(max=200, message=_l("That is long. Please use at most %(max)d characters."))],
        filters=[one_line],
        render_kw={"maxlength": 200, "autocomplete": "off"},
    )
    team = SelectField(_l("Team"), filters=[one_line], validate_choice=False)
    owner = SelectField(_l("Issue owner"), filters=[one_line], validate_choice=False)
    since = DateField(_l("From"), [Optional()])
    until = DateField(_l("Until"), [Optional()])

    def validate_until(self, field: Field) -> None:
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(_l("This day comes before the first one."))

    @property
    def narrowed(self) -> bool:
        """Whether more than words is asked for."""
        return any(field.data or field.errors for field in (self.team, self.owner, self.since, self.until))

    def wanted(self) -> archive_search.Wanted:
        """What was asked, without what could not be understood."""
        asked = {name: None if self[name].errors else self[name].data for name in ("since", "until")}
        words = "" if self.q.errors else self.q.data or ""
        return archive_search.Wanted(words, self.team.data or "", self.owner.data or "", **asked)


@sessions.get("/past")
@moderator_only
def past() -> str:
    form = ArchiveForm(request.args)
    form.team.choices = _choices(_l("All teams"), archive_search.teams_of(g.account), form.team.data)
    form.owner.choices = _choices(_l("Everybody"), archive_search.owners_of(g.account), form.owner.data)
    form.validate()
    page = archive_search.find(g.account, form.wanted(), request.args.get("page", 1, type=int))
    return render_template(
        "sessions/past.html", form=form, page=page, asked=_asked(form), dates=dates, language=str(get_locale())
    )


def _choices(everything: Any, known: Any, typed: str | None) -> list[SelectChoice]:
    # An address that was kept may name somebody who is not there any more: it stays visible what was asked.
    names = [*known, *([typed] if typed and typed not in known else [])]
    return [SelectChoice("", everything), *(SelectChoice(name, name) for name in names)]


def _asked(form: ArchiveForm) -> dict[str, str]:
    """What was asked, as it stands in the address."""
    return {name: value for name in form.data if (value := request.args.get(name, ""))}
