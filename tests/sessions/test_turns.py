from app.sessions.turns import next_seat

ORDER = ["Cara", "Carl", "Cleo"]


def turns(*names: str, ended: str = "done") -> list[tuple[str, str]]:
    return [(name, ended) for name in names]


def test_the_first_to_come_has_the_first_turn() -> None:
    assert next_seat(ORDER, [], one_round=False) == "Cara"


def test_whoever_had_the_fewest_turns_comes_next() -> None:
    assert next_seat(ORDER, turns("Cara", "Cleo"), one_round=False) == "Carl"


def test_a_second_round_follows_the_first() -> None:
    assert next_seat(ORDER, turns("Cara", "Carl", "Cleo"), one_round=False) == "Cara"


def test_in_one_round_everybody_has_one_turn() -> None:
    assert next_seat(ORDER, turns("Cara", "Carl"), one_round=True) == "Cleo"
    assert next_seat(ORDER, turns("Cara", "Carl", "Cleo"), one_round=True) is None


def test_a_latecomer_is_next() -> None:
    assert next_seat([*ORDER, "Cyd"], turns("Cara", "Carl", "Cleo", "Cara"), one_round=False) == "Cyd"


def test_a_round_of_passes_ends_the_turns() -> None:
    assert next_seat(ORDER, turns("Cara") + turns("Carl", "Cleo", "Cara", ended="passed"), one_round=False) is None


def test_nobody_to_ask_means_nobodys_turn() -> None:
    assert next_seat([], [], one_round=False) is None
