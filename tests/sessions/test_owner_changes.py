"""Another owner, and what the one before had prepared: it stays with them, all of it, as notes that they can change."""

from app.sessions.shapes import LONGEST
from tests.sessions.cast import Cast

KARIM = {"name": "Karim", "role": "Technical manager", "influence": "medium", "stage": "decided"}
COUNCIL = {"name": "", "role": "Works council", "influence": "", "stage": ""}


def notes(cast: Cast) -> list[str]:
    return [note["text"] for note in cast.sees_kind("Otto", "note")]


def test_the_people_of_the_deal_stay_with_whoever_had_put_them_on_the_map(cast: Cast) -> None:
    cast.opened("Cara")
    cast.does("Otto", "statement", issue="Nobody decides", situation="Nine contacts", people=[KARIM, COUNCIL])
    cast.does("Mia", "set_role", seat=cast.seats["Cara"], role="owner")
    [note] = notes(cast)
    assert note.splitlines() == [
        "Nobody decides",
        "Nine contacts",
        "Karim, Technical manager, some influence, decided to change",
        "Works council",
    ]


def test_what_is_longer_than_a_note_becomes_several_that_can_each_be_changed(cast: Cast) -> None:
    cast.opened("Cara")
    long = {name: name[0] * LONGEST for name in ("situation", "tried", "stakes", "decide", "nothing")}
    people = [KARIM | {"name": f"{number}".rjust(200, "k"), "role": "r" * 200} for number in range(10)]
    cast.does("Otto", "statement", issue="Nobody decides", people=people, **long)
    cast.does("Mia", "set_role", seat=cast.seats["Cara"], role="owner")
    kept = "\n".join(notes(cast)).splitlines()
    assert kept[:6] == ["Nobody decides", *long.values()]
    assert [line.partition(",")[0] for line in kept[6:]] == [person["name"] for person in people]
    cast.go_to("statement")
    for note in cast.sees_kind("Otto", "note"):
        cast.does("Otto", "note", item=note["id"], text=note["text"])


def test_nobody_else_sees_these_notes(cast: Cast) -> None:
    cast.opened("Cara")
    cast.does("Otto", "statement", situation="s" * LONGEST, tried="t" * LONGEST)
    cast.does("Mia", "set_role", seat=cast.seats["Cara"], role="owner")
    assert len(notes(cast)) == 2
    assert cast.sees_kind("Mia", "note") == cast.sees_kind("Cara", "note") == []
