"""Hostile text in every field, and every page that there is: it is there to be read, and is nothing else."""

from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

import pytest

from app.sessions import forms
from tests.attacks.corpus import HOSTILE, NAME, TEXT
from tests.attacks.everything import Everything, everything  # noqa: F401 - a fixture
from tests.attacks.marks import NO_WORDS, Held, filled, places, text_columns
from tests.attacks.pages import Shape, squeezed
from tests.attacks.test_words_in_exports import FILES, bare
from tests.attacks.typed import BY_FORM, SAID, has_words

HARMLESS = "Plain words"
WORDS, LINE, NAMES, NOTHING = "words", "line", "name", ""
"""What of a text a page shows: the whole, the beginning (a title, a team, a theme …), or what a name keeps of it."""


@dataclass(frozen=True)
class Row:
    """A page as `who` sees it, of the session that is at the step `of`; `shows`: what of the text stands on it."""

    rule: str
    who: str
    shows: str = NOTHING
    of: str = "closed"
    status: int = 200

    def __str__(self) -> str:
        return f"{self.rule} ({self.who}, {self.of})"


PAGES = (
    Row("/", "Mia", NAMES),
    Row("/account", "Mia", NAMES),
    Row("/account/erase", "Mia", LINE),
    Row("/account/new", "Invited"),
    Row("/account/password/new", "Forgetful", NAMES),
    Row("/account/tokens", "Mia", LINE),
    Row("/api", "Mia", NAMES),
    Row("/archive", "Mia", LINE),
    Row("/audit", "Mia", NAMES),
    Row("/dashboard", "Mia", LINE),
    Row("/follow-up", "Returning", NAMES),
    Row("/follow-ups", "Mia", LINE),
    Row("/join", "Stan"),
    Row("/join/<code>/name", "Gast", LINE, of="planned"),
    Row("/lessons", "Fay", WORDS),
    Row("/lessons/feeds", "Mia", LINE),
    Row("/lessons/today", "Fay", WORDS),
    Row("/seat", "Seatless", LINE, of="planned"),
    Row("/sessions/", "Mia", LINE),
    Row("/sessions/<code>", "Mia", WORDS, of="planned"),
    Row("/sessions/<code>", "Mia", LINE, of="lobby"),
    Row("/sessions/<code>/delete", "Mia", LINE),
    Row("/sessions/<code>/edit", "Mia", LINE, of="planned"),
    Row("/sessions/<code>/follow-up", "Otto", WORDS),
    Row("/sessions/<code>/follow-up", "Cara", WORDS),
    Row("/sessions/<code>/mine", "Otto", LINE),
    Row("/sessions/<code>/people", "Mia", NAMES),
    Row("/sessions/<code>/people/<seat_id>", "Mia", NAMES),
    Row("/sessions/<code>/process", "Fay", WORDS),
    Row("/sessions/<code>/process", "Mia", WORDS),
    Row("/sessions/<code>/record", "Mia", WORDS),
    Row("/sessions/<code>/record", "Otto", WORDS),
    Row("/sessions/<code>/replay", "Mia", WORDS),
    Row("/sessions/<code>/room", "Cara", LINE),
    Row("/sessions/<code>/room", "Mia", LINE, of="lobby"),
    Row("/sessions/new", "Mia", LINE),
    Row("/sign-in", "Stan"),
    Row("/styleguide", "Stan"),
    Row("/teams", "Mia", LINE),
    Row("/teams/<int:team_id>", "Mia", NAMES),
    Row("/teams/<int:team_id>/news", "Mia", LINE),
    # What is no page to read: doors that lead on, and the demo, which there is none of beside real accounts.
    Row("/account/new/<token>", "Stan", status=302),
    Row("/account/password/<token>", "Stan", status=302),
    Row("/demo", "Stan", status=404),
    Row("/follow-up/<token>", "Stan", status=302),
    Row("/join/<token>", "Stan", status=302),
    Row("/seat/<token>", "Stan", status=302),
    Row("/sessions/<code>/join", "Stan", status=302),
    Row("/sessions/past", "Mia", status=301),
)
ASKED = (
    "/archive?q={0}", "/archive?q={0}&team={0}&theme={0}&moderator={0}&owner={0}&method={0}&since={0}&sort={0}",
    "/lessons?q={0}", "/lessons?q={0}&team={0}&theme={0}&page={0}", "/lessons/today?card={0}", "/join?code={0}",
    "/sign-in?next={0}", "/sign-in?next=/{0}", "/audit?act={0}&page={0}", "/dashboard?quarter={0}",
    "/dashboard?team={0}", "/{0}", "/sessions/{0}", "/join/{0}", "/seat/{0}", "/feeds/{0}.atom",
)  # fmt: skip
"""Pages that are asked by an address, which may hold anything."""
IN_ADDRESSES = ("html", "attribute", "end of script", "template", "links", "sql", "path", "control", "right to left")
BROUGHT = {("b",), ("script",), ("img", "onerror", "src"), ("svg", "onload")}
"""Elements as the corpus has them, and no page of ours."""
TOKENS = {"/account/new/": "account", "/account/password/": "password", "/follow-up/": "follow_up", "/join/": "join",
          "/seat/": "seat"}  # fmt: skip


def address(it: Everything, row: Row) -> str:
    found = row.rule.replace("<code>", it.codes[row.of]).replace("<int:team_id>", str(it.team_id))
    found = found.replace("<seat_id>", it.closed.seats["Otto"])
    return found.replace("<token>", it.tokens[TOKENS[found.removesuffix("<token>")]]) if "<token>" in found else found


def seen(it: Everything) -> dict[Row, Shape]:
    """Every page, read by whom it is for."""
    shapes = {}
    for row in PAGES:
        answer = it.browsers[row.who].get(address(it, row))
        assert answer.status_code == row.status, f"{row}: {answer.status_code}"
        if row.status == 200:
            assert answer.mimetype == "text/html", row
            shapes[row] = Shape(answer.text)
    return shapes


@cache
def plain() -> dict[Row, Shape]:
    """Every page with words that harm nobody."""
    return {}


@cache
def marks() -> dict[Row, int]:
    """How often the mark stands on every page."""
    return {}


def harmless(it: Everything) -> dict[Row, Shape]:
    if not plain():
        it.restore()
        marks().update({row: shape.words.count(TEXT) for row, shape in seen(it).items()})
        it.holds(HARMLESS)
        plain().update(seen(it))
    return plain()


def check(it: Everything, held: Held) -> None:
    expected = {WORDS: held.words, LINE: held.line, NAMES: held.name, NOTHING: ""}
    for row, shape in seen(it).items():
        assert squeezed(expected[row.shows]) in shape.words, f"{row} does not show what was typed"
        assert bare(shape.words).count(bare(held.line)) >= marks()[row], f"{row} shows something else somewhere"
        assert shape.elements == harmless(it)[row].elements, f"{row} has elements of its own"
        assert shape.alive == [], row


def test_every_page_has_a_row(everything: Everything) -> None:  # noqa: F811
    rules = {rule.rule for rule in everything.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    rows = {row.rule for row in PAGES} | set(FILES) | {"/static/<path:filename>"}
    assert rules - rows == set(), "a new page: give it a row"
    assert rows - rules == set(), "there is no such page any more"


def test_every_command_with_words_has_been_given() -> None:
    assert {act for act, form in forms.FORMS.items() if has_words(form)} == {*SAID, *BY_FORM}


def test_every_column_with_words_has_been_typed_into(everything: Everything) -> None:  # noqa: F811
    assert text_columns() - filled() == NO_WORDS, "a new column: let somebody type into it, or say that nobody does"
    assert len(places(TEXT, NAME)) > 45


def test_no_text_turns_the_words_beside_it(everything: Everything) -> None:  # noqa: F811
    """What people typed stands in an element whose direction is its own: a mark for the other one ends with it."""
    assert {text for shape in seen(everything).values() for text in shape.loose if TEXT in text} == set()


def test_every_page_shows_what_was_typed_as_text(everything: Everything) -> None:  # noqa: F811
    harmless(everything)
    everything.restore()
    check(everything, Held(TEXT, TEXT, NAME))


@pytest.mark.parametrize("name", HOSTILE)
def test_every_page_shows_it_as_text_and_as_nothing_else(everything: Everything, name: str) -> None:  # noqa: F811
    harmless(everything)
    check(everything, everything.holds(HOSTILE[name]))


@pytest.mark.parametrize("name", IN_ADDRESSES)
def test_what_an_address_asks_for_is_text_too(everything: Everything, name: str) -> None:  # noqa: F811
    text = HOSTILE[name].encode("utf-8", "ignore").decode()[:200]
    for asked in ASKED:
        answer = everything.browsers["Stan" if "/sign-in" in asked else "Mia"].get(asked.format(quote(text, safe="")))
        assert answer.status_code < 500, asked
        if answer.mimetype == "text/html":
            shape = Shape(answer.text)
            assert shape.alive == [], asked
            assert not shape.elements.keys() & BROUGHT, asked
