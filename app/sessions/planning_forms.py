"""The form that plans a session: shape and bounds. Whether the minutes are enough is said, and never refused."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TimeField,
    URLField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from app.sessions import minutes
from app.sessions.models import Intervision, Visibility
from app.sessions.names import LONGEST as NAME_LONGEST
from app.sessions.names import clean_name
from app.sessions.phases import LENGTHS, MINUTES
from app.sessions.rules import Refused
from app.sessions.words import one_line
from app.teams.models import THEME_LONGEST
from app.times import now

LANGUAGES = (("en", "English"), ("nl", "Nederlands"), ("fr", "Français"), ("de", "Deutsch"))
FURTHEST = timedelta(days=730)
LATEST_START = timedelta(hours=12)
"""A session may be planned while it is already late: somebody is waiting in the call."""
READABLE_DAYS = (7, 30, 90, 365)
VISIBILITIES = {
    Visibility.ROOM: _l("Only the people in the room."),
    Visibility.FACILITATORS: _l("The people in the room, and the team’s facilitators."),
    Visibility.PROCESS: _l(
        "The people in the room; the team’s facilitators see how it went and the shared lessons, and no words of the "
        "case."
    ),
}
STAYS = {
    "record": _l("A record of what was said, and by whom."),
    "nameless": _l(
        "A record without names. At the close it is deleted who said what, and who was there, but for the moderators. "
        "In a small group it can still be guessed, and names that somebody typed into a text stay."
    ),
    "plan": _l(
        "No transcript. Only the owner’s plan and the lessons that may be shared stay; everything else is deleted at "
        "the close, and nobody can bring it back, not even you."
    ),
}
ZONES = ["UTC", *sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))]


def at_most(characters: int) -> Length:
    return Length(max=characters, message=_l("That is long. Please use at most %(max)d characters."))


def is_web_address(_form: FlaskForm, field: Field) -> None:
    try:
        parts = urlsplit(field.data)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in field.data
    except ValueError:
        fine = False
    if not fine:
        raise ValidationError(_l("Please paste the whole link of the call; it starts with https://."))


class PlanForm(FlaskForm):
    title = StringField(
        _l("Title"),
        [DataRequired(_l("Please give the session a title, such as “The stalled renewal”.")), at_most(120)],
        filters=[one_line],
        description=_l("Everybody who joins reads it. Leave the customer’s real name out."),
        render_kw={"maxlength": 120},
    )
    team = StringField(
        _l("Team"),
        [DataRequired(_l("Please name the team that holds this session.")), at_most(80)],
        filters=[one_line],
        description=_l("Its name as everybody knows it. A name that is new makes a new team."),
        render_kw={"maxlength": 80, "list": "teams", "autocomplete": "off"},
    )
    language = SelectField(
        _l("Language that the group speaks"),
        choices=[SelectChoice(code, name) for code, name in LANGUAGES],
        default="en",
        description=_l("For the texts and documents of this session. The app’s own words are English for now."),
    )
    owner_name = StringField(
        _l("Issue owner, if you know who it is"),
        filters=[one_line],
        description=_l("They get a link of their own to prepare the case. You can also pick the owner in the lobby."),
        render_kw={"maxlength": NAME_LONGEST, "autocomplete": "off"},
    )
    theme = StringField(
        _l("Theme, if you know it"),
        [at_most(THEME_LONGEST)],
        filters=[one_line],
        description=_l("In a word or two, such as “pricing”. You see what colleagues learned about it before."),
        render_kw={"maxlength": THEME_LONGEST, "list": "themes", "autocomplete": "off"},
    )
    call_url = URLField(
        _l("Link of the video call"),
        [Optional(), at_most(2000), is_web_address],
        filters=[one_line],
        description=_l("Teams, Zoom, Meet or another. It becomes a button in the room."),
        render_kw={"maxlength": 2000, "placeholder": "https://", "autocomplete": "off"},
    )
    date = DateField(_l("Date"), [InputRequired(_l("Please choose a date."))])
    time = TimeField(_l("Time"), [InputRequired(_l("Please choose a time."))], render_kw={"step": 300})
    timezone = SelectField(_l("Time zone"), choices=[SelectChoice(zone, zone) for zone in ZONES], default="UTC")
    expected = IntegerField(
        _l("People you expect"),
        [
            InputRequired(_l("Please say how many people you expect.")),
            NumberRange(
                minutes.FEWEST,
                minutes.MOST,
                _l("An intervision works with %(min)s to %(max)s people, the issue owner and you included."),
            ),
        ],
        default=6,
        description=_l("From three to twelve, the issue owner and you included."),
        render_kw={"min": minutes.FEWEST, "max": minutes.MOST},
    )
    length = RadioField(
        _l("Length"),
        choices=[SelectChoice(length, _l("%(count)s minutes", count=length)) for length in LENGTHS],
        coerce=int,
        default=60,
    )
    move_on = BooleanField(
        _l("Move on by itself when a phase’s time is up"),
        description=_l("Otherwise the clock counts on, and you move the group on when it is ready."),
    )

    stays = RadioField(
        _l("What stays of it?"),
        choices=[SelectChoice(stays, sentence) for stays, sentence in STAYS.items()],
        default="record",
    )
    readable_days = SelectField(
        _l("Participants can read the record for"),
        choices=[SelectChoice(days, _l("%(count)s days", count=days)) for days in READABLE_DAYS],
        coerce=int,
        default=90,
        description=_l(
            "Counted from the close. You keep the record until it is deleted: after 12 months, or as the page of the "
            "team says."
        ),
    )

    visibility = RadioField(
        _l("Who can read it afterwards?"),
        choices=[SelectChoice(each.value, sentence) for each, sentence in VISIBILITIES.items()],
        default=Visibility.ROOM.value,
    )

    def validate_owner_name(self, field: Field) -> None:
        if not field.data:
            return
        try:
            field.data = clean_name(field.data)
        except Refused as refused:
            raise ValidationError(refused.sentence()) from None

    def validate(self, extra_validators: Any = None) -> bool:
        return bool(super().validate(extra_validators)) and self._moment_is_fine()

    def _moment_is_fine(self) -> bool:
        # Whole days first: a date at the end of time cannot be converted.
        today = now().date()
        if self.date.data > today + FURTHEST:
            self.date.errors = [_l("That is far away. Choose a day within the next two years.")]
        elif self.date.data < today - timedelta(days=1) or self.starts_at() < now() - LATEST_START:
            self.date.errors = [_l("That moment has passed. Choose today or a later day.")]
        elif self.starts_at().astimezone(ZoneInfo(self.timezone.data)).time() != self.time.data:
            self.time.errors = [_l("The clocks change on that day and skip this hour. Choose another time.")]
        return not (self.date.errors or self.time.errors)

    def starts_at(self) -> datetime:
        """The moment that date, time and time zone name, in UTC."""
        local = datetime.combine(self.date.data, self.time.data, ZoneInfo(self.timezone.data))
        return local.astimezone(UTC)

    def slot_field(self, slot: str) -> Field:
        return self[f"minutes_{slot}"]

    def slots(self) -> dict[str, int]:
        """The minutes of each slot: as typed, else as usual for the length."""
        usual = minutes.usual(self.length.data if self.length.data in LENGTHS else LENGTHS[1])
        return {slot: usual[slot] if (typed := self.slot_field(slot).data) is None else typed for slot in MINUTES}

    def fields(self) -> dict[str, Any]:
        """What the planning commands take."""
        texts = {name: self[name].data or "" for name in ("title", "team", "theme", "call_url", "owner_name")}
        numbers = {name: self[name].data for name in ("language", "timezone", "expected", "length", "move_on")}
        keeping = {"transcript": self.stays.data != "plan", "names": self.stays.data != "nameless"}
        read = {"readable_days": self.readable_days.data, "visibility": self.visibility.data}
        return {**texts, **numbers, **keeping, **read, "starts_at": self.starts_at(), "minutes": self.slots()}


class NarrowForm(FlaskForm):
    """Who can read a session after it was opened: fewer than before."""

    visibility = RadioField(_l("Let fewer people read it"))

    @classmethod
    def of(cls, it: Intervision) -> "NarrowForm":
        form = cls()
        order = list(Visibility)
        narrower = order[: order.index(Visibility(it.visibility))]
        form.visibility.choices = [SelectChoice(each.value, VISIBILITIES[each]) for each in narrower]
        return form


def _slot_field(slot: str) -> IntegerField:
    shortest = 0 if slot == "buffer" else 1
    message = _l("Please give this a whole number of minutes, from %(min)s to %(max)s.")
    return IntegerField(
        _l(minutes.slot_title(slot)),
        # Left empty, a slot has the usual minutes of the session's length.
        [Optional(), NumberRange(shortest, minutes.LONGEST_SLOT, message)],
        render_kw={"min": shortest, "max": minutes.LONGEST_SLOT, "data-slot": slot},
    )


for _slot in MINUTES:
    setattr(PlanForm, f"minutes_{_slot}", _slot_field(_slot))


def stays(transcript: bool, names: bool) -> str:
    """The key of STAYS."""
    return ("record" if names else "nameless") if transcript else "plan"


def filled(it: Intervision, owner_name: str, theme: str = "") -> dict[str, Any]:
    """The values that the form starts from when a session is planned anew."""
    local = it.starts_at.astimezone(ZoneInfo(it.timezone))
    same = ("title", "language", "call_url", "timezone", "expected", "length", "move_on", "readable_days", "visibility")
    return {
        **{name: getattr(it, name) for name in same},
        "team": it.team.name,
        "owner_name": owner_name,
        "theme": theme,
        "stays": stays(it.transcript, it.names),
        "date": local.date(),
        "time": local.time(),
        **{f"minutes_{slot}": count for slot, count in it.minutes.items()},
    }
