"""Seven questions to journals, database, record and downloads. Pure: evidence in, findings out.

It shares no table with the app: what the method allows is written down here once more, so that a hole in the app's
tables is a finding and not a blind spot.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from devtools.chaos import files
from devtools.chaos.evidence import Evidence, Row, Sent, Session, Witness
from devtools.chaos.timing import PULSE_GAP_S, STALE_S, pulse_gaps, staleness

TOKEN = re.compile(r"zq[a-z]{14}")
STEPS = (
    "planned", "lobby", "statement", "silent_questions", "questions", "ask", "silent_brainstorm", "brainstorm",
    "recommendations", "feedback", "reactions", "lessons", "closed",
)  # fmt: skip
MUTED = ("silent_brainstorm", "brainstorm")
OWNER_WHILE_MUTED = frozenset({"note", "star", "fact", "withdraw", "time_up", "stop", "take_back"})
MODERATORS_ONLY = frozenset(
    {"open", "advance", "back", "pause", "resume", "extend", "set_time", "share_out", "move_on", "give_turn",
     "skip_turn", "admit", "remove", "set_role"}
)  # fmt: skip
OWNERS_ONLY = frozenset({"statement", "ask", "star", "fact", "sort", "plan", "present"})
NEVER_OWNERS = frozenset({"idea", "park", "question", "recommend", "reaction", "pass_turn"})
CHANGES_CLOCK = frozenset(
    {"open", "advance", "back", "time_up", "stop", "pause", "resume", "extend", "set_time", "share_out"}
)
PRIVATE = frozenset({"note", "parked", "star"})
TIMER_MS, BETWEEN_TIMERS_MS = 500, 250
WINDOW_MS = 5000


@dataclass(frozen=True)
class Finding:
    """`point`: which of the seven; `kind`: lost, doubled, differs, leak or wrong."""

    point: int
    kind: str
    words: str


def check(evidence: Evidence) -> list[Finding]:
    """Everything that is not as it must be; empty: nothing was found."""
    return [finding for point in POINTS for session in evidence.sessions for finding in point(evidence, session)]


# --- 1. Every acknowledged command once, everywhere; the others at most once ----------------------------------------


def saved_once(evidence: Evidence, session: Session) -> Iterator[Finding]:
    rows: dict[str, list[Row]] = defaultdict(list)
    last_of: dict[str, Row] = {}
    for row in session.rows:
        rows[row.command_id or ""].append(row)
        if row.item:
            last_of[row.item] = row
    words = Counter(token for each in session.contributions for token in TOKEN.findall(_text(each)))
    screens = {
        witness.name: (witness, Counter(TOKEN.findall(_text(witness.last.items))))
        for witness in evidence.of(session)
        if witness.last
    }
    standing = {sent.id: sum(last_of.get(row.item or "") is row for row in rows.get(sent.id, []))
                for witness in evidence.of(session) for sent in witness.commands}  # fmt: skip
    helpful = {sent.data.get("parent") for witness in evidence.of(session) for sent in witness.commands
               if standing[sent.id] and sent.name == "sort" and sent.data.get("verdict") == "helps"}  # fmt: skip
    for witness in evidence.of(session):
        for sent in witness.commands:
            found = rows.get(sent.id, [])
            yield from _journalled(sent, found, witness)
            if not sent.token:
                continue
            stands = standing[sent.id]
            yield from _counted(words[sent.token], stands, sent, "the database")
            for other, seen in screens.values():
                entitled = stands and _may_see(session, sent, other, session.version)
                yield from _counted(seen[sent.token], int(bool(entitled)), sent, f"the screen of {other.name}")
            if session.step == "closed":
                helps = any(row.item in helpful for row in found)
                yield from _written(session, sent, stands, helps=helps)


def _written(session: Session, sent: Sent, stands: int, *, helps: bool) -> Iterator[Finding]:
    """In all that people take away, and in what a closed session is found by."""
    for (name, seat), text in session.downloads.items():
        if files.may_hold(name, sent):
            where = f"{name} as the {session.roles.get(seat)} opened it"
            yield from _counted(text.count(sent.token), stands * files.times(name, sent, helps=helps), sent, where)
    if sent.kind in files.IN_RECORD:
        yield from _counted((session.archived or "").count(sent.token), stands, sent, "the archive")


def _journalled(sent: Sent, rows: list[Row], witness: Witness) -> Iterator[Finding]:
    name = f"{sent.name} {sent.id} of {witness.name}"
    if len(rows) > 1:
        yield Finding(1, "doubled", f"{name} was carried out {len(rows)} times")
    if sent.accepted and not rows:
        yield Finding(1, "lost", f"{name} was acknowledged and is not there")
    if rows and not sent.accepted and sent.refused:
        yield Finding(1, "wrong", f"{name} was refused and carried out")
    if sent.accepted and rows and (rows[0].version, rows[0].item) != (sent.accepted["version"], sent.accepted["item"]):
        yield Finding(1, "wrong", f"{name} was acknowledged as {sent.accepted} and is {rows[0]}")


def _counted(count: int, expected: int, sent: Sent, where: str) -> Iterator[Finding]:
    if count == expected:
        return
    # What was never acknowledged may stand or not; but once, and where it stands it stands everywhere.
    kind = "lost" if sent.accepted and count < expected else "doubled" if count > max(1, expected) else "differs"
    yield Finding(1, kind, f"the words of {sent.name} {sent.id} are {count} times in {where}, not {expected}")


# --- 2. One order, and everybody sees the same -----------------------------------------------------------------------


def same_everywhere(evidence: Evidence, session: Session) -> Iterator[Finding]:
    versions = [row.version for row in session.rows]
    if versions != list(range(session.version + 1)):
        yield Finding(2, "wrong", f"the versions of session {session.id} are not 0…{session.version}: {versions}")
    shared = set()
    for witness in evidence.of(session):
        state, truth = witness.last, session.truths.get(witness.seat)
        if state is None:
            yield Finding(2, "wrong", f"nothing that {witness.name} heard is known")
        if state is None or truth is None:
            continue
        for part in state.parts:
            if state.parts[part] != truth[part]:
                yield Finding(2, "differs", f"{witness.name} has another {part} than the database: "
                              f"{_difference(state.parts[part], truth[part])}")  # fmt: skip
        shared.add(orjson.dumps(_common(state.parts), option=orjson.OPT_SORT_KEYS))
        yield from _drawn(witness)
        for late_s, version in staleness(witness, session, evidence.faults):
            if late_s > STALE_S:
                yield Finding(2, "differs", f"{witness.name} knew version {version} {late_s:.1f} s late")
        for gap_s in pulse_gaps(witness, evidence.faults):
            if gap_s > PULSE_GAP_S:
                yield Finding(2, "wrong", f"{witness.name} heard no pulse for {gap_s:.1f} s")
    if len(shared) > 1:
        yield Finding(2, "differs", f"{len(shared)} pictures of session {session.id} where there should be one")


def _common(parts: dict[str, Any]) -> dict[str, Any]:
    """What is the same for everybody."""
    items = {
        id_: {name: value for name, value in item.items() if name not in ("mine", "noted")}
        for id_, item in parts["items"].items()
        if item["kind"] not in PRIVATE and item["kind"] != "fact"
    }
    return {"session": parts["session"], "people": parts["people"], "items": items}


def _drawn(witness: Witness) -> Iterator[Finding]:
    """What a real browser has on the page, against what it should have: each word of its record once."""
    drawn = [line for line in witness.lines if line["what"] == "state"]
    if not drawn:
        return
    seen, owed = sorted(TOKEN.findall(drawn[-1]["body"]["page"])), sorted(drawn[-1]["body"]["owed"])
    if seen != owed:
        too_many, too_few = Counter(seen) - Counter(owed), Counter(owed) - Counter(seen)
        yield Finding(2, "differs", f"{witness.name} has drawn {list(too_many)} too often, {list(too_few)} not")


def _difference(mine: dict[str, Any], truth: dict[str, Any]) -> str:
    names = [name for name in mine.keys() | truth.keys() if mine.get(name) != truth.get(name)]
    return ", ".join(f"{name}: {mine.get(name)} ≠ {truth.get(name)}" for name in sorted(names)[:3])


# --- 3. The phases in a legal order, each transition once -----------------------------------------------------------


def legal_path(evidence: Evidence, session: Session) -> Iterator[Finding]:
    bases = {sent.id: sent.base for witness in evidence.of(session) for sent in witness.commands}
    for row in session.rows:
        before = session.step_before(row.version)
        if row.step != _after(row.act, before):
            yield Finding(3, "wrong", f"{row.act} led session {session.id} from {before} to {row.step}")
        base = bases.get(row.command_id or "")
        if row.act in CHANGES_CLOCK - {"stop"} and base is not None and base != before:
            yield Finding(3, "wrong", f"{row.act} was meant for {base} and carried out in {before}")


def _after(act: str, step: str) -> str | None:
    index = STEPS.index(step)
    match act:
        case "open":
            return "lobby" if step == "planned" else None
        case "advance" | "time_up":
            return STEPS[index + 1] if 0 < index < len(STEPS) - 1 else None
        case "back":
            return STEPS[index - 1] if index > 1 else None
        case "stop":
            return "closed"
    return step


# --- 4. Nobody did what their role does not do ----------------------------------------------------------------------


def roles_kept(evidence: Evidence, session: Session) -> Iterator[Finding]:
    for row in session.rows:
        role, step = session.roles.get(row.seat or ""), session.step_before(row.version)
        owner = role == "owner"
        if (
            (owner and step in MUTED and row.act not in OWNER_WHILE_MUTED)
            or (owner and row.act in NEVER_OWNERS)
            or (role is not None and not owner and row.act in OWNERS_ONLY)
            or (role is not None and role != "moderator" and row.act in MODERATORS_ONLY)
        ):
            yield Finding(4, "wrong", f"the {role} of session {session.id} did {row.act} in {step}")
    authors = {sent.token: sent for witness in evidence.of(session) for sent in witness.commands if sent.token}
    for each in session.contributions:
        if each["kind"] == "idea" and session.roles.get(each["seat"]) == "owner":
            yield Finding(4, "wrong", f"the owner of session {session.id} has an idea: {each['id']}")
        for token in TOKEN.findall(_text(each)):
            if token in authors and each["seat"] != (author := _author(session, authors[token])):
                yield Finding(4, "wrong", f"{each['id']} is credited to {each['seat']}, not to {author}")


def _author(session: Session, sent: Sent) -> str | None:
    """Whoever wrote it; but an answer that a moderator writes down is the owner's."""
    if sent.name == "answer" and session.roles.get(sent.seat) == "moderator":
        return next((seat for seat, role in session.roles.items() if role == "owner"), None)
    return sent.seat


# --- 5. One clock ---------------------------------------------------------------------------------------------------


def one_clock(evidence: Evidence, session: Session) -> Iterator[Finding]:
    errors: dict[int, list[tuple[float, str]]] = defaultdict(list)
    for witness in evidence.of(session):
        for line in witness.lines:
            if line["what"] == "timer":
                error = 1000 * line["left_s"] - (line["ends_at"] - line["t"])
                errors[int(line["t"] // WINDOW_MS)].append((error, witness.name))
                if abs(error) > TIMER_MS:
                    yield Finding(5, "wrong", f"the clock of {witness.name} is wrong by {error:.0f} ms")
    for samples in errors.values():
        low, high = min(samples), max(samples)
        if high[0] - low[0] > BETWEEN_TIMERS_MS:
            yield Finding(5, "wrong", f"{low[1]} and {high[1]} are {high[0] - low[0]:.0f} ms apart")
    yield from _ends_at_stays(evidence, session)


def _ends_at_stays(evidence: Evidence, session: Session) -> Iterator[Finding]:
    """Between two commands about step or clock everybody is told the same clock, whatever happens."""
    changes = [row.version for row in session.rows if row.act in CHANGES_CLOCK]
    told: dict[int, Any] = {}
    for witness in evidence.of(session):
        for _t, version, clock in witness.known:
            epoch = max((change for change in changes if change <= version), default=0)
            if told.setdefault(epoch, clock) != clock:
                yield Finding(5, "wrong", f"{witness.name} was told {clock} in version {version}, not {told[epoch]}")


# --- 6. Nobody received what they may not see -----------------------------------------------------------------------


def nothing_leaks(evidence: Evidence, session: Session) -> Iterator[Finding]:
    sent = {each.token: each for witness in evidence.of(session) for each in witness.commands if each.token}
    for witness in evidence.of(session):
        version = -1
        for body in witness.received():
            version = body.get("version", version)
            for token in set(TOKEN.findall(_text(body))):
                if token not in sent or not _may_see(session, sent[token], witness, version):
                    what = _what(sent.get(token))
                    yield Finding(6, "leak", f"{witness.name} received {what} ({token}) in version {version}")
            for item in (body.get("items") or {}).values():
                if item and item["kind"] == "idea":
                    yield from _unsigned(item, sent, witness)
    for (name, seat), text in session.downloads.items():
        for token in set(TOKEN.findall(text)):
            if token not in sent or not files.may_hold(name, sent[token]):
                reader = session.roles.get(seat)
                yield Finding(6, "leak", f"{name} as the {reader} opened it holds {_what(sent.get(token))} ({token})")


def _what(sent: Sent | None) -> str:
    return sent.name if sent else "a word of another session"


def _unsigned(item: dict[str, Any], sent: dict[str, Sent], witness: Witness) -> Iterator[Finding]:
    mine = any(sent[token].seat == witness.seat for token in TOKEN.findall(_text(item)) if token in sent)
    if item.get("seat") or (item.get("mine") and not mine):
        yield Finding(6, "leak", f"{witness.name} was told who wrote the idea {item['id']}")


def _may_see(session: Session, sent: Sent, witness: Witness, version: int) -> bool:
    if sent.seat == witness.seat:
        return True
    if sent.kind in PRIVATE:
        return False
    if sent.kind == "fact":
        return bool(witness.who["role"] == "moderator")
    since = {"statement": "statement", "idea": "brainstorm"}.get(sent.kind, "lobby")
    return STEPS.index(session.step_at(version)) >= STEPS.index(since)


# --- 7. After the close nothing changes -----------------------------------------------------------------------------


def closed_for_good(evidence: Evidence, session: Session) -> Iterator[Finding]:
    closing = session.closed_by
    if closing is None:
        return
    for row in session.rows:
        if row.version > closing.version:
            yield Finding(7, "wrong", f"{row.act} was accepted after session {session.id} had closed")
    for witness in evidence.of(session):
        for sent in witness.commands:
            if sent.accepted and sent.accepted["version"] > closing.version:
                yield Finding(7, "wrong", f"{sent.name} of {witness.name} was acknowledged after the close")


def _text(value: Any) -> str:
    return orjson.dumps(value).decode()


POINTS: tuple[Callable[[Evidence, Session], Iterator[Finding]], ...] = (
    saved_once, same_everywhere, legal_path, roles_kept, one_clock, nothing_leaks, closed_for_good,
)  # fmt: skip
