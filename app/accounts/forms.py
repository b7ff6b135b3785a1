"""The forms of accounts: shape and length."""

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, PasswordField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, EqualTo, Length, ValidationError

from app.accounts import passwords
from app.accounts.models import Account, AccountKind
from app.sessions.names import LONGEST as NAME_LONGEST
from app.sessions.names import clean_name, look, reserved
from app.sessions.rules import Refused
from app.teams.models import Team

_PART = r"[^@\s\x00-\x1f\x7f,;:<>()\[\]\\\"]+"
EMAIL = re.compile(rf"{_PART}@{_PART}\.{_PART}")
"""One address and no list of them, and nothing that a header would read as a name and an address."""


def tidy_email(typed: str | None) -> str:
    """One way to write an address, for storing and for looking up."""
    return (typed or "").strip().casefold()


def is_email(_form: FlaskForm, field: Field) -> None:
    # The length first: over thousands of dots the pattern takes very long.
    if len(field.data or "") > 254 or not EMAIL.fullmatch(field.data or ""):
        raise ValidationError(_l("That does not look like an e-mail address. It has the form name@example.org."))


def is_personal_name(_form: FlaskForm, field: Field) -> None:
    try:
        field.data = clean_name(field.data or "")
    except Refused as refused:
        raise ValidationError(refused.sentence()) from None
    if reserved(look(field.data)):
        raise ValidationError(_l("That name stands for a role here. Please use your own name."))


def new_password(label: LazyString) -> PasswordField:
    return PasswordField(
        label,
        [
            DataRequired(_l("Please choose a password.")),
            Length(
                min=passwords.SHORTEST,
                max=passwords.LONGEST,
                message=_l("A password has at least %(min)d characters, and at most %(max)d."),
            ),
        ],
        description=_l("At least ten characters. A few words in a row are easy to remember and hard to guess."),
        render_kw={"autocomplete": "new-password", "minlength": passwords.SHORTEST},
    )


def again(label: LazyString, other: str) -> PasswordField:
    return PasswordField(
        label,
        [EqualTo(other, _l("The two passwords differ. Please type the same one twice."))],
        render_kw={"autocomplete": "new-password"},
    )


class SignInForm(FlaskForm):
    email = EmailField(_l("E-mail"), filters=[tidy_email], render_kw={"autocomplete": "username"})
    password = PasswordField(_l("Password"), render_kw={"autocomplete": "current-password"})


class NewAccountForm(FlaskForm):
    name = StringField(
        _l("Your name"),
        [is_personal_name],
        description=_l("The name that your team sees in a session."),
        render_kw={"autocomplete": "name", "maxlength": NAME_LONGEST},
    )
    email = EmailField(_l("E-mail"), [is_email], filters=[tidy_email], render_kw={"autocomplete": "username"})
    password = new_password(_l("Password"))
    repeated = again(_l("The same password again"), "password")


class PasswordForm(FlaskForm):
    current = PasswordField(
        _l("Your password now"),
        [DataRequired(_l("Please type the password that you sign in with now."))],
        render_kw={"autocomplete": "current-password"},
    )
    password = new_password(_l("New password"))
    repeated = again(_l("The new password again"), "password")


class NewPasswordForm(FlaskForm):
    password = new_password(_l("New password"))
    repeated = again(_l("The new password again"), "password")


class ForgottenForm(FlaskForm):
    whose = SelectField(_l("Who has forgotten the password?"), coerce=int)

    @classmethod
    def of(cls, accounts: Iterable[Account], **how: Any) -> "ForgottenForm":
        """The form with these accounts to choose from."""
        form = cls(**how)
        form.whose.choices = [SelectChoice(account.id, f"{account.name} · {account.email}") for account in accounts]
        return form


class InviteForm(FlaskForm):
    kind = RadioField(
        _l("What the new account is for"),
        choices=[
            SelectChoice(AccountKind.MODERATOR.value, _l("Moderator: plans sessions and leads them")),
            SelectChoice(AccountKind.FACILITATOR.value, _l("Facilitator: reviews past sessions of a team")),
        ],
        default=AccountKind.MODERATOR.value,
    )
    team = SelectField(
        _l("Team"),
        coerce=int,
        default=0,
        description=_l("They can be added to others later, on the page of a team."),
    )

    @classmethod
    def of(cls, teams: Iterable[Team], **how: Any) -> "InviteForm":
        """The form with these teams to choose from; 0 is none of them."""
        form = cls(**how)
        form.team.choices = [SelectChoice(0, _l("None yet")), *(SelectChoice(team.id, team.name) for team in teams)]
        return form
