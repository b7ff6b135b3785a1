"""What `dev.py bench pages` works out of what it sees in a page."""

import pytest

from devtools.bench.contrast import ground, over, ratio, written
from devtools.bench.loads import blocked
from devtools.bench.looks import Looks, edge_pairs, short_side, text_pairs
from devtools.bench.pages import closest
from devtools.bench.steady import moved, score
from devtools.bench.tables import kib, table

BLACK, WHITE, NOTHING = (0, 0, 0, 255), (255, 255, 255, 255), (0, 0, 0, 0)
GREY = (118, 118, 118, 255)


def text(colour: tuple[int, ...], *layers: tuple[int, ...], opacity: float = 1, off: bool = False) -> dict[str, object]:
    return {"colour": colour, "layers": layers, "opacity": opacity, "off": off, "text": "words"}


def test_the_contrast_of_known_pairs():
    assert ratio(BLACK, WHITE) == pytest.approx(21)
    assert ratio(WHITE, WHITE) == pytest.approx(1)
    assert ratio(GREY, WHITE) == ratio(WHITE, GREY) == pytest.approx(4.54, abs=0.01)  # the lightest grey that is enough


def test_what_is_half_transparent_takes_half_of_what_is_below():
    assert over((255, 0, 0, 127.5), WHITE) == (255, 127.5, 127.5, 255)
    assert ground([(0, 0, 0, 127.5), BLACK]) == (0, 0, 0, 255)
    assert ground([]) == WHITE
    assert written(over((255, 0, 0, 127.5), BLACK)) == "#800000"


def test_a_faded_text_is_measured_as_it_is_seen():
    (clear,) = text_pairs([text(BLACK, WHITE)])
    (faded,) = text_pairs([text(BLACK, WHITE, opacity=0.4)])
    assert (clear.ratio, clear.colours) == (21, "#000000 on #ffffff")
    assert faded.ratio == pytest.approx(ratio((153, 153, 153, 255), WHITE), abs=0.01)


def test_what_is_switched_off_need_not_be_readable():
    assert list(text_pairs([text(WHITE, WHITE, off=True)])) == []


def test_a_control_shows_by_its_edge_or_by_its_fill():
    edged = {"name": "field", "edge": BLACK, "fill": WHITE, "outside": [WHITE]}
    filled = {"name": "button", "edge": NOTHING, "fill": GREY, "outside": [WHITE]}
    lost = {"name": "lost", "edge": WHITE, "fill": NOTHING, "outside": [WHITE]}
    assert [pair.ratio for pair in edge_pairs([edged, filled, lost])] == [21, 4.54, 1]


def test_the_smallest_target_counts_by_its_shorter_side_and_links_in_a_sentence_do_not():
    button, link, box = (
        {"name": name, "width": width, "height": height, "inline": name == "link"}
        for name, width, height in (("button", 200, 44.04), ("link", 80, 20), ("box", 43, 90))
    )
    assert [each["name"] for each in Looks(targets=[button, link, box]).smallest] == ["box", "button"]
    assert short_side(button) == 44


def test_the_worst_pairs_are_those_closest_to_what_their_kind_needs():
    pairs = [
        (9.0, "text", "a", "", ""),
        (3.1, "edge", "b", "", ""),
        (4.6, "text", "c", "", ""),
        (4.4, "text", "d", "", ""),
    ]
    assert [pair[2] for pair in closest(pairs)] == ["d", "c", "b", "a"]


def test_only_what_long_tasks_take_beyond_50_ms_after_the_first_paint_blocks():
    assert blocked([[0, 400], [500, 70], [600, 40], [380, 140]], fcp=400) == (20 + 0 + 70)


def test_every_shift_counts_and_the_furthest_way_from_where_something_was():
    assert score([{"value": 0.01, "input": True}, {"value": 0.02, "input": False}]) == pytest.approx(0.03)
    assert moved([100, 104, 90, 100]) == 10


def test_a_table_in_markdown():
    assert table("Weights", ["page", "KiB"], [["a|b", kib(1536)]]).splitlines() == [
        "**Weights**",
        "",
        "| page | KiB |",
        "| --- | ---: |",
        "| a\\|b | 1.5 |",
    ]
