"""How long it took: answers, news, the way back after a fault. Pure, from the journals."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import inf

from devtools.chaos.client import SILENCE_S
from devtools.chaos.evidence import Evidence, Fault, Row, Session, Witness

STALE_S = 7.0
PULSE_GAP_S = 7.0
GRACE_S = 15.0
"""For so long after a fault nobody has to be up to date; how long it may take to come back is each fault's own."""

NEAR_MS, FELT_MS = 50, 2000
"""So near is "in the moment of"; and so soon whoever talked to a process has noticed that it is gone."""
CHANGES_PHASE = frozenset({"open", "advance", "back", "stop"})

HEARD = frozenset({"snapshot", "patch", "pulse", "synced", "presence", "ack"})


@dataclass
class Timings:
    """All in seconds. `harmed`: the answers to what was sent while a fault lasted before which it had been calm for a
    while, and `calm`: in that while.
    """

    answers: list[float] = field(default_factory=list)
    calm: list[float] = field(default_factory=list)
    harmed: list[float] = field(default_factory=list)
    news: list[float] = field(default_factory=list)
    """For each change and each client who was there: until it was known, by whichever way."""
    back: list[tuple[float, Fault]] = field(default_factory=list)
    stale: list[float] = field(default_factory=list)
    held_back: int = 0
    """Commands that were answered, at least once, that they are not saved yet."""
    at_a_change: set[Fault] = field(default_factory=set)
    """Those that came in the moment of a change of phase."""


def measure(evidence: Evidence, timings: Timings) -> Timings:
    """Put what these journals tell to what `timings` has."""
    for session in evidence.sessions:
        sent_at: dict[str | None, float] = {}
        for witness in evidence.of(session):
            sent_at |= _answers(witness, evidence.faults, timings)
        for witness in evidence.of(session):
            timings.news += [
                (known_at - sent_at[row.command_id]) / 1000
                for row, known_at in learned(witness, session)
                if row.command_id in sent_at
            ]
            timings.stale += [late_s for late_s, _version in staleness(witness, session, evidence.faults)]
            for fault in evidence.faults:
                if fault.back_within_s is not None and fault.concerns(witness.seat):
                    timings.back.append((way_back(witness, session, fault), fault))
                if came_at_a_change(fault, witness, session.rows):
                    timings.at_a_change.add(fault)
    return timings


def _answers(witness: Witness, faults: Sequence[Fault], timings: Timings) -> dict[str | None, float]:
    """How long this client waited for answers goes into `timings`; returns when each command was first sent."""
    compared = [fault for fault in faults if fault.calm_s]
    for sent in witness.commands:
        timings.held_back += sent.held_back
        took_s = [(t - sent.at) / 1000 for t, answer in sent.answers if answer["ok"]][:1]
        timings.answers += took_s
        for fault in compared:
            if fault.began - 1000 * fault.calm_s <= sent.at < fault.began:
                timings.calm += took_s
            elif fault.began <= sent.at <= fault.ended:
                timings.harmed += took_s
    return {sent.id: sent.at for sent in witness.commands}


def came_at_a_change(fault: Fault, witness: Witness, rows: Sequence[Row]) -> bool:
    """Whether a fault came within 50 ms of a change of phase that this client had sent, or that was committed for it,
    and took the process that the client was talking to.
    """
    if witness.who["role"] != "moderator":  # whatever anybody else sends is no change
        return False
    moves = {sent.id: sent for sent in witness.commands if sent.name in CHANGES_PHASE}
    moments = [sent.at for sent in moves.values() if all(answer["ok"] for _t, answer in sent.answers)]
    moments += [row.at for row in rows if row.command_id in moves]
    if all(abs(moment - fault.began) > NEAR_MS for moment in moments):
        return False
    lost = (line["t"] - fault.began for line in witness.lines if line["what"] == "disconnect")
    return any(0 <= after_ms <= FELT_MS for after_ms in lost)


def share(values: Sequence[float], part: float) -> float:
    """The value that `part` of all values do not exceed; 0 without values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


def way_back(witness: Witness, session: Session, fault: Fault) -> float:
    """Seconds from the end of a fault, or from the loss of the connection if the fault is counted as it was felt, until
    this client hears again and knows what had happened by then.
    """
    began = _lost(witness, fault) if fault.felt else fault.ended
    if began is None:
        return 0.0
    owed = max((row.version for row in session.rows if row.at <= began), default=0)
    for line in witness.lines:
        if line["t"] > began and line["what"] in HEARD and _version_at(witness, line["t"]) >= owed:
            return max(0.0, (line["t"] - began) / 1000)
    return float("inf")


def _lost(witness: Witness, fault: Fault) -> float | None:
    """When this client lost its connection to this fault, at the latest with the silence that it notices; None: not at
    all. Who was not connected when the fault began has lost it then.
    """
    changes = [line for line in witness.lines if line["what"] in ("connect", "disconnect")]
    before = [line["what"] for line in changes if line["t"] < fault.began]
    if before[-1:] != ["connect"]:
        return fault.began
    noticed = fault.ended + SILENCE_S * 1000
    return next((line["t"] for line in changes if fault.began <= line["t"] <= noticed), None)


def learned(witness: Witness, session: Session) -> Iterator[tuple[Row, float]]:
    """Each row that came when this client was there already, and when (ms) the client first knew its version: by a
    patch, or by a pulse and the whole state that it asked for then; infinity: never. Scripts only: when a browser heard
    something is not known well enough.
    """
    if witness.who["kind"] != "script" or not witness.known:
        return
    at = 0  # for every row the first that is known with its version, or none
    for row in session.rows:
        while at < len(witness.known) and witness.known[at].version < row.version:
            at += 1
        if row.at >= witness.known[0].t:
            yield row, witness.known[at].t if at < len(witness.known) else inf


def staleness(witness: Witness, session: Session, faults: Sequence[Fault]) -> Iterator[tuple[float, int]]:
    """For each version: the seconds that this client was behind it without the excuse of a fault."""
    excuses = _excuses(witness, faults)
    for row, known_at in learned(witness, session):
        until = known_at if known_at < inf else witness.lines[-1]["t"]
        yield max(0.0, (until - _excused_until(row.at, excuses)) / 1000), row.version


def _excused_until(owed_since: float, excuses: list[tuple[float, float]]) -> float:
    """From when on nothing excuses that something is not known: a fault that comes when it is overdue does not."""
    for begin, end in sorted(excuses):
        if begin <= owed_since + STALE_S * 1000:
            owed_since = max(owed_since, end)
    return owed_since


def pulse_gaps(witness: Witness, faults: Sequence[Fault]) -> Iterator[float]:
    """Seconds between two pulses while there was a connection, outside of faults."""
    if witness.who["kind"] != "script" or not witness.lines:
        return
    heard = [line for line in witness.lines if line["what"] in ("connect", "pulse", "disconnect")]
    excuses = _excuses(witness, faults)
    for begin, end in zip(heard, [*heard[1:], witness.lines[-1]], strict=True):
        cut_off = begin["what"] == "disconnect"  # as everybody is at the end of a session: the page knows it then
        if not cut_off:
            yield max(0.0, (end["t"] - _excused_until(begin["t"], excuses)) / 1000)


def _excuses(witness: Witness, faults: Sequence[Fault]) -> list[tuple[float, float]]:
    return [
        (fault.began, fault.ended + GRACE_S * 1000)
        for fault in faults
        if fault.concerns(witness.seat) and fault.back_within_s is not None
    ]


def _version_at(witness: Witness, t: float) -> int:
    index = bisect_right(witness.known, t, key=lambda known: known.t)
    return witness.known[index - 1].version if index else -1
