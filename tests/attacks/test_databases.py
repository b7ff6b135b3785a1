"""What people type has the same result on both databases, through the door that everything goes through."""

from flask import Flask
from sqlalchemy import select

from app.archive import search
from app.extensions import db
from app.sessions import names, words
from app.sessions.commands import Refused, planning
from app.sessions.models import Contribution
from tests.attacks.corpus import HOSTILE
from tests.sessions.cast import FIELDS, Cast
from tests.sessions.doors import mias_browser

STRANGE = HOSTILE | {
    "nul": "a\x00b",
    "nul alone": "\x00",
    "c0": "".join(map(chr, range(32))) + "end",
    "c1": "".join(map(chr, range(0x7F, 0xA0))) + "end",
    "half a pair": "\ud83d and \ude00",
    "pair in two halves": "\ud83d\ude00",
    "no characters": "\ufffe\uffff\U0001ffff end",
    "emoji": "👩‍👩‍👧‍👦 🇧🇪 👍🏽 🏴‍☠️ 1️⃣",
    "beyond the first plane": "𝒜 𠜎 \U0010fffd",
    "storm": "Z" + "\u0301\u0327\u0338\u0489" * 200,
    "storms on every letter": "".join(letter + "\u0336\u0489\u20dd" * 9 for letter in "Nobody decides"),
    "apart and together": "e\u0301 é ﬁ Å Å 각 각",
    "line ends": "a\r\nb\rc\nd\u2028e\u2029f\x0bg\x0ch",
    "too long once it is composed or not": "e\u0301" * 4000,
    "too long": "a" * 4001,
    "blank": " \u00a0\u2003 ",
    "backslashes": "\\x00 \\u0000 \\ud83d \\",
}


def contributed(cast: Cast, text: str) -> str:
    """What becomes of an idea of Cara's: the code of the refusal, or the words that are kept, and shown to Carl."""
    try:
        item = cast.does("Cara", "idea", text=text).item
    except Refused as refused:
        return f"refused: {refused.code}"
    db.session.rollback()
    kept = db.session.scalars(select(Contribution.text).where(Contribution.id == item)).one()
    assert cast.sees("Carl")["items"][item]["text"] == kept
    return f"kept: {kept}"


def expected(text: str) -> str:
    kept = words.clean(text)
    return "refused: empty" if not kept else "refused: too_long" if len(kept) > 4000 else f"kept: {kept}"


def test_a_contribution_has_the_same_result_on_both_databases(on_either: Flask) -> None:
    cast = Cast().go_to("brainstorm")
    found = {name: contributed(cast, text) for name, text in STRANGE.items()}
    assert found == {name: expected(text) for name, text in STRANGE.items()}
    assert {found["nul"], found["nul alone"], found["too long"], found["blank"]} == {
        "kept: ab",
        "refused: empty",
        "refused: too_long",
    }


def renamed(cast: Cast, name: str) -> str:
    """What becomes of Cara's name: the code of the refusal, or what she is called from now on."""
    try:
        cast.does("Mia", "rename", seat=cast.seats["Cara"], name=name)
    except Refused as refused:
        return f"refused: {refused.code}"
    return f"kept: {next(seat.name for seat in cast.room().seats if seat.id == cast.seats['Cara'])}"


def expected_name(name: str) -> str:
    try:
        clean = names.clean_name(words.clean(name))
    except Refused as refused:
        return f"refused: {refused.code}"
    return "refused: taken" if names.reserved(names.look(clean)) else f"kept: {clean}"


def test_a_name_has_the_same_result_on_both_databases(on_either: Flask) -> None:
    cast = Cast().opened("Cara")
    found = {name: renamed(cast, text[:36]) for name, text in STRANGE.items()}
    assert found == {name: expected_name(text[:36]) for name, text in STRANGE.items()}
    assert found["nul"] == "kept: ab"
    assert len([each for each in found.values() if each.startswith("kept: ")]) > 20


def test_titles_have_the_same_result_on_both_databases(on_either: Flask) -> None:
    cast = Cast()
    for name, text in STRANGE.items():
        if title := words.one_line(text)[:100].strip():
            planning.replan(cast.id, FIELDS | {"title": title})
            assert cast.room().it.title == title, name


def test_a_search_has_the_same_result_on_both_databases(on_either: Flask) -> None:
    cast = Cast().run_up_to("lessons")
    cast.does("Cara", "lesson", text=STRANGE["emoji"] + " 決める déjà vu", share=True, named=True)
    cast.does("Mia", "advance")
    mia = mias_browser(on_either, cast)
    for name, text in STRANGE.items():
        answer = mia.get("/archive", query_string={"q": text.encode("utf-8", "ignore").decode()[:100]})
        assert answer.status_code in (200, 302), name
    for looked_for, count in (
        ("決める", 1),
        ("👍🏽", 1),
        ("DEJA vu", 1),
        ("👎", 0),
        ("%", 0),
        ("d_ja", 0),
        ("\x00", 1),
    ):
        wanted = search.Wanted(words=words.clean(looked_for))
        assert search.find(cast.account, wanted).count == count, looked_for
