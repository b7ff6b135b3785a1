"""The forms of teams: a new one, its members, and how long it keeps its sessions."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from app.accounts.models import Account
from app.privacy.retention import LONGEST_DAYS, SHORTEST_DAYS
from app.sessions.words import one_line
from app.teams.models import MemberKind

KINDS = [
    SelectChoice(MemberKind.MODERATOR.value, _l("Moderator: plans the team’s sessions and leads them")),
    SelectChoice(
        MemberKind.FACILITATOR.value, _l("Facilitator: reviews the past sessions that are open to facilitators")
    ),
]


class NewTeamForm(FlaskForm):
    name = StringField(
        _l("Name of the team"),
        [
            DataRequired(_l("Please give the team a name.")),
            Length(max=80, message=_l("That is long. Please use at most %(max)d characters.")),
        ],
        filters=[one_line],
        render_kw={"maxlength": 80, "autocomplete": "off"},
    )


class MemberForm(FlaskForm):
    account = SelectField(_l("Who?"), coerce=int)
    kind = RadioField(_l("As what?"), choices=KINDS, default=MemberKind.MODERATOR.value)

    @classmethod
    def of(cls, accounts: Iterable[Account], **how: Any) -> "MemberForm":
        """The form with these accounts to choose from."""
        form = cls(**how)
        form.account.choices = [SelectChoice(account.id, f"{account.name} · {account.email}") for account in accounts]
        return form


class LeaveForm(FlaskForm):
    """A button beside a member."""

    account = HiddenField(validators=[InputRequired()])
    kind = HiddenField(validators=[InputRequired()])


class RetentionForm(FlaskForm):
    days = IntegerField(
        _l("Days from the close of a session"),
        [
            InputRequired(_l("Please give a number of days.")),
            NumberRange(SHORTEST_DAYS, LONGEST_DAYS, _l("Please choose from %(min)s to %(max)s days.")),
        ],
        description=_l("From 30 days to ten years. A year has 365."),
        render_kw={"min": SHORTEST_DAYS, "max": LONGEST_DAYS, "inputmode": "numeric"},
    )
