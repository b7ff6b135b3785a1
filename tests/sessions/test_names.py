"""Names: made clean, and folded so that nobody can pass for somebody else."""

import pytest

from app.sessions.names import LONGEST, clean_name, look, named, reserved
from app.sessions.rules import Refused


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Cara   de  Vries ", "Cara de Vries"),
        ("Ca\u200bra\u200d", "Cara"),
        ("\u202earaC\u202c", "araC"),
        ("Cara\nCarl\tKo", "Cara Carl Ko"),
        ("Cara\u00a0Ko", "Cara Ko"),
        ("Ca\x00ra\x1b[31m", "Cara[31m"),
        ("C\ud800ara", "Cara"),
        ("\uff23\uff41\uff52\uff41", "Cara"),
        ("Cara\u3164\u2800", "Cara"),
        ("Zoë", "Zoë"),
        ("Søren Ørsted", "Søren Ørsted"),
        ("김철수", "김철수"),
        ("Нина", "Нина"),
        ("محمد", "محمد"),
        ("{{7*7}}", "{{7*7}}"),
        ("🙂", "🙂"),
    ],
)
def test_a_name_is_kept_without_what_nobody_sees(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept


@pytest.mark.parametrize("typed", ["", "   ", "\u200b\u200d", "\u3164", "\u0301\u0302", "\x00", "\n"])
def test_a_name_that_cannot_be_seen_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        clean_name(typed)
    assert refused.value.code == "empty"


def test_forty_characters_are_a_name_and_forty_one_are_too_many() -> None:
    assert clean_name("x" * LONGEST) == "x" * LONGEST
    with pytest.raises(Refused) as refused:
        clean_name("x" * (LONGEST + 1))
    assert refused.value.code == "too_long"


def test_a_letter_that_grows_under_normalisation_counts_as_what_it_becomes() -> None:
    with pytest.raises(Refused):
        clean_name("\ufdfa" * 3)  # one character, eighteen after NFKC


def test_a_storm_of_marks_calms_down() -> None:
    assert len(clean_name("C" + "\u0338" * 30 + "ara")) <= 7


@pytest.mark.parametrize(
    "twin",
    [
        "otto",
        "OTTO",
        "0tto",
        "Ott0",
        "О𝗍to",
        "ΟΤΤΟ",
        "Öttö",
        "O t t o",
        "Otto.",
        "Otto 🙂",
        "O\u200btto",
        "o-tto",
        "Оттo",
    ],
)
def test_a_name_that_could_be_mistaken_for_otto_has_his_look(twin: str) -> None:
    assert look(twin) == look("Otto")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Iris", "lris"),
        ("Ian", "1an"),
        ("Bernd", "Bemd"),
        ("Łukasz", "Lukasz"),
        ("Влад", "ВЛАД"),
        ("Straße", "STRASSE"),
    ],
)
def test_names_that_look_alike_have_one_look(one: str, other: str) -> None:
    assert look(one) == look(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cara", "Carl"),
        ("Otto", "Ottilie"),
        ("Anna", "Anna 2"),
        ("Nina", "Hina"),
        ("मीना", "मोना"),
        ("김철수", "김영희"),
        ("Нина", "Инна"),
        ("🙂", "🙃"),
        ("Νίκος", "Γιάννης"),
        ("محمد", "أحمد"),
    ],
)
def test_two_people_with_different_names_keep_them(one: str, other: str) -> None:
    assert look(one) != look(other)


def test_a_look_fits_its_column() -> None:
    assert len(look("㎉" * LONGEST)) <= 80
    assert len(look("각" * LONGEST)) <= 80


@pytest.mark.parametrize(
    "name",
    [
        "Moderator",
        "M0DERAT0R",
        "Мoderator",
        "m o d e r a t o r",
        "Moderator Mia",
        "Co-moderator",
        "Owner",
        "The Owner 1",
        "Issue owner",
        "Facilitator",
        "Consultant 2",
        "Intervise",
        "Adm1n",
        "Adrnin",
        "Gespreksleider",
        "Animateur",
        "Fallgeberin",
    ],
)
def test_a_name_that_claims_a_role_is_reserved(name: str) -> None:
    assert reserved(look(name))


@pytest.mark.parametrize(
    "name", ["Mia", "Otto", "Cara", "Carl", "Stan", "Ali", "Bo", "Theo", "Bowne", "Hosta", "Théodore Admink", "🙂"]
)
def test_a_name_of_a_person_is_not(name: str) -> None:
    assert not reserved(look(name))


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("Ines with Mei", {"Mei"}),
        ("Meike", set()),
        ("mei, Ann", {"Mei", "Ann"}),
        ("Ann Marie", {"Ann Marie"}),
        ("ann marie and Mei", {"Ann Marie", "Mei"}),
        ("Ann Marie, then Ann", {"Ann Marie", "Ann"}),
        ("Marie", set()),
        ("J. (Ops)", {"J. (Ops)"}),
        ("", set()),
    ],
)
def test_words_name_those_whose_whole_name_stands_in_them(words: str, meant: set[str]) -> None:
    assert named(words, ["Ann", "Mei", "Ann Marie", "J. (Ops)", ""]) == meant


def test_in_an_empty_room_nobody_is_named() -> None:
    assert named("Ines with Mei", []) == frozenset()
