"""The shape of every command's data: types and lengths, never rules. A table, one line for each act."""

from typing import Any

from app.followup.states import State, Told
from app.sessions.phases import KIND_OF_ACT, MOST_THEMES, N_, Role
from app.sessions.rules import Refused
from app.sessions.shapes import LONGEST, Day, Fields, OneOf, Several, Shape, Text, Whole, Yes
from app.teams.models import THEME_LONGEST

SHORT = 200


def text(longest: int = LONGEST) -> Text:
    return Text(longest)


def ref() -> Text:
    """The id of a seat or a contribution, or nothing."""
    return Text(16)


def yes(default: bool = False) -> Yes:
    return Yes(default)


def number(least: int, most: int) -> Whole:
    return Whole(least, most)


def one_of(*values: str) -> OneOf:
    return OneOf(frozenset(map(str, values)))


def day() -> Day:
    return Day()


def form(**shapes: Shape) -> Fields:
    return Fields(shapes)


PERSON = form(
    name=text(SHORT),
    role=text(SHORT),
    influence=one_of("", "low", "medium", "high"),
    stage=one_of("", "not_aware", "interested", "decided", "choosing", "negotiating"),
)

NOTHING = form()
NOTED: dict[str, Shape] = {"item": ref(), "aloud": yes(), "for": ref()}

FORMS: dict[str, Fields] = {
    **dict.fromkeys(("open", "back", "time_up", "pause", "resume", "share_out", "pass_turn"), NOTHING),
    **dict.fromkeys(("accept", "stop", "take_back"), NOTHING),
    **dict.fromkeys(("admit", "remove", "give_turn", "skip_turn"), form(seat=ref())),
    **dict.fromkeys(("move_on", "consult", "present", "export_actions"), form(on=yes(True))),
    **dict.fromkeys(("interest", "star"), form(parent=ref(), on=yes(True))),
    **dict.fromkeys(("note", "park"), form(text=text(), item=ref())),
    **dict.fromkeys(("fact", "process"), form(text=text())),
    "advance": form(anyway=yes()),
    "extend": form(seconds=number(-3600, 3600)),
    "set_time": form(seconds=number(10, 86_400)),
    "set_role": form(seat=ref(), role=one_of(*Role)),
    "rename": form(seat=ref(), name=text(80)),
    "offer_case": form(title=text(SHORT), text=text(), on=yes(True)),
    "statement": form(
        issue=text(300),
        situation=text(),
        tried=text(),
        stakes=text(),
        customer=text(SHORT),
        offer=text(SHORT),
        size=text(SHORT),
        key_date=text(SHORT),
        decide=text(),
        nothing=text(),
        people=Several(PERSON, 10),
        **{"for": ref()},
    ),
    "question": form(text=text(), **NOTED, **{"from": ref()}),
    "answer": form(parent=ref(), text=text(), how=one_of("written", "aloud", "passed"), **{"for": ref()}),
    "ask": form(text=text(), not_needed=text()),
    "idea": form(text=text(), item=ref(), parent=ref(), **{"from": ref()}),
    "recommend": form(text=text(), first_step=text(), reason=text(), parent=ref(), **NOTED),
    "sort": form(parent=ref(), verdict=one_of("helps", "maybe", "not_now"), text=text()),
    "plan": form(
        text=text(),
        who=text(SHORT),
        by=day(),
        trigger=text(),
        first_step=text(),
        sign=text(),
        parent=ref(),
        item=ref(),
    ),
    "reaction": form(sort=one_of("strength", "risk"), text=text(), **NOTED),
    "lesson": form(text=text(), situation=text(SHORT), share=yes(), named=yes(), item=ref(), **{"for": ref()}),
    "themes": form(themes=Several(Text(THEME_LONGEST, one_line=True), MOST_THEMES)),
    "pulse": form(useful=number(1, 5), safe=number(1, 5)),
    "withdraw": form(item=ref()),
    "state": form(item=ref(), state=one_of(*State)),
    "word": form(item=ref(), text=text()),
    "move_date": form(item=ref(), by=day()),
    "add_step": form(text=text(SHORT), by=day()),
    "check_in": form(number=number(1, 3), first=text(), second=text(), helped=number(0, 5)),
    "tell": form(tell=one_of(*Told)),
    "support": form(item=ref(), text=text()),
    "give_address": form(email=text(254)),
}


def check(act: object, data: object) -> dict[str, Any]:
    """The fields of a command, complete and clean. Raises Refused with `unknown_event`, `invalid` or `too_long`."""
    form = FORMS.get(act) if isinstance(act, str) else None
    if form is None:
        raise Refused("unknown_event", N_("This page is out of date. Please reload it."))
    return form.take(data)


assert FORMS.keys() >= KIND_OF_ACT.keys()
