"""The forms of privacy: how somebody wants to be erased."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, RadioField, SelectChoice
from wtforms.validators import DataRequired

WORDS, NAME = "words", "name"


class EraseForm(FlaskForm):
    how = RadioField(
        _l("What should go?"),
        choices=[
            SelectChoice(NAME, _l("The name; what was said stays")),
            SelectChoice(WORDS, _l("Name and words")),
        ],
        default=NAME,
    )
    sure = BooleanField(
        _l("I know that nobody can bring it back"),
        [DataRequired(_l("Please tick this if you are sure. It cannot be undone."))],
    )

    @property
    def words(self) -> bool:
        return bool(self.how.data == WORDS)


class EraseAccountForm(EraseForm):
    password = PasswordField(
        _l("Your password"),
        [DataRequired(_l("Please type the password that you sign in with."))],
        render_kw={"autocomplete": "current-password"},
    )
