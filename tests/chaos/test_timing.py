"""How long things took, from small journals by hand."""

from math import inf

import pytest

from devtools.chaos.evidence import Evidence, Fault, Row, Session, Witness
from devtools.chaos.journal import Line
from devtools.chaos.timing import Timings, came_at_a_change, measure, pulse_gaps
from tests.chaos.test_points import CLOSE, T0, Story, somebody_is_late

PARTS: dict[str, dict[str, object]] = {"session": {}, "me": {}, "can": {}, "people": {}, "items": {}}


def snapshot(t: float, version: int, what: str = "snapshot") -> Line:
    return {"t": t, "what": what, "body": {"version": version} | PARTS}


def patch(t: float, version: int) -> Line:
    return {"t": t, "what": "patch", "body": {"version": version}}


def said(t: float, id_: str, name: str = "idea") -> Line:
    return {"t": t, "what": "send", "id": id_, "name": name, "base": None, "data": {}, "token": ""}


def acked(t: float, id_: str, **answer: object) -> Line:
    return {"t": t, "what": "ack", "id": id_, "answer": {"ok": True, "version": 1, "item": None} | answer}


def witness(*lines: Line, role: str = "consultant", name: str = "cara") -> Witness:
    who: Line = {"t": 0, "what": "who", "session": 1, "seat": name, "name": name, "role": role, "kind": "script"}
    return Witness(who, [who, *lines])


def measured(*witnesses: Witness, faults: tuple[Fault, ...] = ()) -> Timings:
    """Of a session in which somebody said something at 1,000 ms and at 2,000 ms."""
    rows = [Row(0, "plan", "brainstorm", 0)]
    rows += [Row(number, "idea", "brainstorm", 1000 * number + 5, "mia", f"id-{number}") for number in (1, 2)]
    return measure(Evidence([Session(1, 2, "brainstorm", rows)], list(witnesses), faults), Timings())


AUTHOR = witness(snapshot(100, 0), said(1000, "id-1"), patch(1010, 1), said(2000, "id-2"), patch(2010, 2), name="mia")


def test_news_are_counted_from_what_was_said_until_everybody_knows_it() -> None:
    assert measured(AUTHOR, witness(snapshot(100, 0), patch(1020, 1), patch(2030, 2))).news == [0.01, 0.01, 0.02, 0.03]


def test_whoever_learns_it_by_the_pulse_counts_with_that_time() -> None:
    by_pulse = witness(snapshot(100, 0), patch(1020, 1), snapshot(6500, 2, "synced"))
    assert measured(AUTHOR, by_pulse).news[2:] == [0.02, 4.5]


def test_a_patch_that_fits_on_nothing_is_no_news() -> None:
    gap = witness(snapshot(100, 0), patch(2020, 2), snapshot(2100, 2, "synced"))
    assert measured(AUTHOR, gap).news[2:] == [1.1, 0.1]


def test_whoever_never_learns_it_counts_for_ever() -> None:
    assert measured(AUTHOR, witness(snapshot(100, 0), patch(1020, 1))).news[2:] == [0.02, inf]


def test_whoever_comes_later_is_not_counted_for_what_was_before() -> None:
    assert measured(AUTHOR, witness(snapshot(1500, 1), patch(2020, 2))).news[2:] == [0.02]


def test_answers_are_told_apart_by_whether_there_was_harm() -> None:
    lines = [line for n in (1, 2, 3, 4) for line in (said(1000 * n, f"id-{n}"), acked(1000 * n + 10 * n, f"id-{n}"))]
    found = measured(witness(*lines), faults=(Fault("deaf devices", 2500, 3500, calm_s=1),))
    assert (found.calm, found.harmed) == ([0.02], [0.03])
    assert found.answers == [0.01, 0.02, 0.03, 0.04]


# --- Kills at a change of phase -------------------------------------------------------------------------------------

KILL = Fault("kill -9", 1000, 3000, None, 5)
GONE: Line = {"t": 1015, "what": "disconnect"}


def moderator(*lines: Line) -> Witness:
    return witness(*lines, role="moderator", name="mia")


def test_a_kill_is_at_a_change_when_the_change_has_just_been_sent() -> None:
    assert came_at_a_change(KILL, moderator(said(960, "id-1", "advance"), GONE), ())
    assert not came_at_a_change(KILL, moderator(said(940, "id-1", "advance"), GONE), ())
    assert not came_at_a_change(KILL, moderator(said(960, "id-1", "note"), GONE), ())


def test_a_kill_is_at_a_change_when_the_change_has_just_been_committed() -> None:
    row = Row(1, "advance", "questions", 980, "mia", "id-1")
    assert came_at_a_change(KILL, moderator(said(900, "id-1", "advance"), GONE), [row])
    assert not came_at_a_change(KILL, moderator(said(900, "id-2", "advance"), GONE), [row])


def test_a_change_that_was_refused_or_that_nobody_may_make_is_none() -> None:
    refused = acked(970, "id-1", ok=False, code="stale", retryable=False)
    assert not came_at_a_change(KILL, moderator(said(960, "id-1", "advance"), refused, GONE), ())
    assert not came_at_a_change(KILL, witness(said(960, "id-1", "advance"), GONE), ())


def test_a_kill_of_another_process_than_the_moderators_is_not_at_the_change() -> None:
    assert not came_at_a_change(KILL, moderator(said(960, "id-1", "advance")), ())
    later = {"t": 9000, "what": "disconnect"}
    assert not came_at_a_change(KILL, moderator(said(960, "id-1", "advance"), later), ())


def test_kills_at_a_change_are_counted_once_however_many_sessions_changed() -> None:
    both = [moderator(said(960, f"id-{n}", "advance"), GONE) for n in (1, 2)]
    assert measured(*both, faults=(KILL, Fault("kill -9", 5000, 7000, None, 5))).at_a_change == {KILL}


# --- The way back ---------------------------------------------------------------------------------------------------


def test_a_fault_excuses_whoever_it_concerned_and_the_way_back_is_measured() -> None:
    story = Story()
    somebody_is_late(story)
    story.faults = [Fault("line cut", T0 + 9500, T0 + 15_000, frozenset({"mia"}), 10)]
    assert story.findings() == []
    ((back_s, _fault),) = measure(story.evidence(), Timings()).back
    assert back_s == pytest.approx(3.02)


def test_whoever_is_cut_off_waits_for_no_pulse() -> None:
    lines = [{"t": t, "what": what} for t, what in ((0, "connect"), (5000, "pulse"), (6000, "disconnect"))]
    lines += [{"t": t, "what": what} for t, what in ((16_000, "connect"), (17_000, "pulse"))]
    assert list(pulse_gaps(Witness({"kind": "script", "seat": "cara"}, lines), [])) == [5, 1, 1, 0]
    unaware = [line for line in lines if line["what"] != "disconnect"]
    assert 11 in pulse_gaps(Witness({"kind": "script", "seat": "cara"}, unaware), [])


def test_a_fault_that_is_counted_as_it_was_felt_begins_with_the_loss_of_the_line() -> None:
    story = Story()
    story.lines["mia"] += [{"t": T0 + 10_600, "what": "disconnect"}, {"t": T0 + 10_900, "what": "connect"}]
    story.lines["mia"] += [{"t": T0 + 10_950, "what": "snapshot", "body": story.view("mia", CLOSE)}]
    story.lines["mia"].sort(key=lambda line: float(line["t"]))
    story.faults = [Fault("SIGTERM", T0 + 10_100, T0 + 14_000, None, 5, felt=True)]
    back = sorted(back_s for back_s, _fault in measure(story.evidence(), Timings()).back)
    assert back == [0, 0, pytest.approx(0.35)]
