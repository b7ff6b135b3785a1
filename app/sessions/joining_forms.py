"""The short forms of people who come in. The name itself is judged where it is stored, beside the other names."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired

from app.sessions.names import LONGEST


class CodeForm(FlaskForm):
    code = StringField(
        _l("Code of the session"),
        [InputRequired(_l("Please type the six letters and digits of the code."))],
        description=_l("Six letters and digits, such as ABC DEF. The moderator has it."),
        render_kw={
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "maxlength": 20,
            "class": "code-input",
        },
    )


class NameForm(FlaskForm):
    name = StringField(
        _l("Your name"),
        description=_l("As the others know you. They see it beside what you say."),
        render_kw={"autocomplete": "name", "maxlength": LONGEST, "autofocus": True},
    )


class SeatForm(FlaskForm):
    """A button."""
