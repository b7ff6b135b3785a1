"""What can be asked of the archive, as it stands in an address that can be kept."""

from collections.abc import Iterable
from typing import Any

from flask import g
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateField, Field, SearchField, SelectChoice, SelectField
from wtforms.validators import Length, Optional, ValidationError

from app.archive import search
from app.sessions.words import number, one_line


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
    method = SelectField(_l("Method"), filters=[one_line], validate_choice=False)
    still_open = BooleanField(_l("With actions that are still open"))
    due = BooleanField(_l("With a check-in that is due"))
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

    @classmethod
    def of(cls, asked: MultiDict[str, str]) -> "ArchiveForm":
        """Filled in, looked through, and with the choices that whoever is signed in has."""
        form = cls(asked)
        offered = search.offered(g.account)
        form.team.choices = _choices(_l("All teams"), offered.teams, form.team.data)
        form.theme.choices = _choices(_l("All themes"), search.themes_of(g.account), form.theme.data)
        form.owner.choices = _choices(_l("Everybody"), search.owners_of(g.account), form.owner.data)
        form.moderator.choices = _moderators(offered.moderators, form.moderator.data)
        form.method.choices = _choices(_l("All methods"), offered.methods, form.method.data)
        form.validate()
        return form

    def validate_until(self, field: Field) -> None:
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(_l("This day comes before the first one."))

    @property
    def narrowed(self) -> bool:
        """Whether more than words is asked for."""
        fields = (self.team, self.theme, self.moderator, self.owner, self.method, self.still_open, self.due,
                  self.since, self.until)  # fmt: skip
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
            method=self.method.data or "",
            still_open=self.still_open.data,
            due=self.due.data,
            sort=self.sort.data if self.sort.data in search.SORTS else "newest",
        )

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked, as it stands in the address: nothing that says nothing."""
        given = {field.name: _typed(field) for field in self}
        return {name: value for name, value in given.items() if value and (name, value) != ("sort", "newest")}


def _typed(field: Field) -> str:
    if isinstance(field, BooleanField):
        return "yes" if field.data else ""
    return str(field.raw_data[0]) if field.raw_data else ""


def _id(typed: str | None) -> int | None:
    """The account that an address names; 0, which nobody has, for what is no id."""
    if not typed:
        return None
    return number(typed) or 0


def _choices(everything: Any, known: Iterable[str], typed: str | None) -> list[SelectChoice]:
    # An address that was kept may name somebody who is not there any more: it stays visible what was asked.
    names = list(known)
    names += [typed] if typed and typed not in names else []
    return [SelectChoice("", everything), *(SelectChoice(name, name) for name in names)]


def _moderators(known: Iterable[tuple[int, str]], typed: str | None) -> list[SelectChoice]:
    choices = [SelectChoice("", _l("Everybody"))]
    choices += [SelectChoice(str(id_), name) for id_, name in known]
    if typed and typed not in [choice.value for choice in choices]:
        choices.append(SelectChoice(typed, _l("Somebody who is not here any more")))
    return choices
