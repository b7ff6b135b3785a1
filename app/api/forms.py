"""The form by which somebody makes a token."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, PasswordField, SelectChoice, SelectField, SelectMultipleField, StringField, widgets
from wtforms.validators import DataRequired, Length, ValidationError

from app.accounts import passwords
from app.api.scopes import SCOPES
from app.sessions.words import one_line

DAYS = (30, 90, 365)


def at_least_one(_form: FlaskForm, field: Field) -> None:
    """Not InputRequired: a browser would then want every single box to be ticked."""
    if not field.data:
        raise ValidationError(_l("Please choose at least one."))


class TokenForm(FlaskForm):
    name = StringField(
        _l("What is it for?"),
        [
            DataRequired(_l("Please say what it is for, so that you know it again.")),
            Length(max=60, message=_l("That is long. Please use at most %(max)d characters.")),
        ],
        filters=[one_line],
        description=_l("Such as “Our CRM”. Only you see it."),
        render_kw={"maxlength": 60, "autocomplete": "off"},
    )
    scopes = SelectMultipleField(
        _l("What it may do"),
        [at_least_one],
        choices=[SelectChoice(scope, _l(sentence)) for scope, sentence in SCOPES.items()],
        option_widget=widgets.CheckboxInput(),
    )
    days = SelectField(
        _l("It is good for"),
        choices=[SelectChoice(days, _l("%(count)s days", count=days)) for days in DAYS],
        coerce=int,
        default=90,
    )
    password = PasswordField(
        _l("Your password"),
        [DataRequired(_l("Please type your password.")), Length(max=passwords.LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )
