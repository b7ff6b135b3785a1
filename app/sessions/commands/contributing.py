"""What people put in: one way for every kind, by the table `phases.KINDS`."""

import secrets
from datetime import date
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, bindparam, func, select

from app.sessions import rules
from app.sessions.commands import turning
from app.sessions.commands.door import Change
from app.sessions.models import Contribution, Pulse, Seat, new_id
from app.sessions.phases import KIND_OF_ACT, KINDS, MOST_ACTIONS, N_, NOBODY, POSITION, Kind, Role
from app.sessions.rules import Refused

MOST_CONTRIBUTIONS = 2000
_PLACE_OF_VERSIONS = 1_000_000
_table = cast(Table, Contribution.__table__)
SINGLE = select(_table.c.id).where(
    _table.c.intervision_id == bindparam("session"),
    _table.c.kind == bindparam("kind"),
    _table.c.parent_id.is_not_distinct_from(bindparam("parent")),
    _table.c.seat_id == bindparam("seat"),
)
"""What somebody has only one of, put together once: it is asked at every answer."""

_NOT_DATA = frozenset({"text", "item", "parent", "for", "from", "aloud", "on"})


def contribute(change: Change, data: dict[str, Any]) -> None:
    """Add, change or (with `on: false`) take away a contribution of the kind that the act makes."""
    kind = KIND_OF_ACT[change.act]
    author = _author(change, kind, data)
    parent = _parent(change, kind, data.get("parent"), data.get("item"))
    _check_form(kind, data)
    found = _existing(change, kind, author, parent, data.get("item"))
    if data.get("on") is False:
        if found:
            _take_away(change, found)
        return
    contribution = found or _new(change, kind, author, parent)
    noted = _noted_for_them(change, contribution, author, data)
    if not _is_in_their_own_words(change, contribution, author, data):
        _fill(change, contribution, author, data)
        contribution.text = contribution.text or noted
        _hang(contribution, kind, parent)
    if not found:
        change.insert(contribution)
        change.room.latest.append(contribution)
    change.item = contribution.id
    change.touch(contribution)
    _use_up(change, data.get("from"))
    _then(change, kind, author, parent, is_new=found is None)


def _noted_for_them(change: Change, found: Contribution, author: Seat, data: dict[str, Any]) -> str:
    """What was noted for somebody stays until they bring words of their own, or pass. A mark that they said it aloud
    has none, nor has what their browser sent before it knew of the note.
    """
    if author is not change.seat or found.noted_by in (None, author.id):
        return ""
    if data.get("text") or data.get("issue") or data.get("how") == "passed":
        found.noted_by = None
        return ""
    return found.text


def _is_in_their_own_words(change: Change, found: Contribution, author: Seat, data: dict[str, Any]) -> bool:
    """What somebody wrote themselves is not overwritten by a note; a mark that they also said it leaves it as it is."""
    if author is change.seat or found.noted_by is not None:
        return False
    if data.get("text") or data.get("issue"):
        raise Refused("taken", N_("They have written this themselves, so it stays as it is."))
    return True


def _hang(contribution: Contribution, kind: Kind, parent: Contribution | None) -> None:
    """What grew out of what may be changed later; only an idea stays where it was built."""
    if kind.parent and kind.name not in kind.parent:
        contribution.parent_id = parent.id if parent else None


def _author(change: Change, kind: Kind, data: dict[str, Any]) -> Seat:
    """Who said it: the one who acts, or the one for whom a moderator notes it down."""
    assert change.seat is not None
    noting_for = data.get("for")
    if kind.name == "answer" and change.seat.role == Role.MODERATOR:
        if change.room.owner is None:
            raise Refused("gone", N_("There is no issue owner in this session at the moment."))
        noting_for = change.room.owner.id
    if not noting_for or noting_for == change.seat.id:
        return change.seat
    author = change.room.seat(noting_for)
    if change.seat.role != Role.MODERATOR or not kind.noted or not kind.attributed:
        raise Refused("forbidden", N_("Only the moderator notes down what somebody else said."))
    if author is None or author.status != "in":
        raise Refused("gone", N_("That person is not in the room."))
    if POSITION[change.step.name] < POSITION[kind.since]:
        raise Refused("forbidden", N_("This is not open in the phase that the group is in."))
    refusal = rules.why_not(change.room.situation(author), change.act, noted=True, editing=bool(data.get("item")))
    if refusal:
        raise refusal
    return author


def _parent(change: Change, kind: Kind, parent_id: str | None, own_id: str | None) -> Contribution | None:
    if not parent_id:
        if kind.parent and kind.single:
            raise Refused("invalid", N_("Something is missing in what your browser sent. Please reload the page."))
        return None
    assert change.seat is not None
    parent = _get(change, parent_id)
    if parent.id == own_id or parent.kind not in kind.parent or (parent.parent_id and parent.kind == kind.name):
        raise Refused("invalid", N_("That does not belong there."))
    if kind.name == "idea" and (refusal := rules.why_not(change.room.situation(change.seat), "build")):
        raise refusal
    return parent


def _get(change: Change, item_id: str) -> Contribution:
    contribution = change.rows.get(Contribution, item_id)
    if contribution is None or contribution.intervision_id != change.it.id:
        raise Refused("gone", N_("That is not there any more."))
    return contribution


def _check_form(kind: Kind, data: dict[str, Any]) -> None:
    """Text may be empty only where it was said aloud, and where the kind has no text of its own."""
    optional = data.get("aloud") or data.get("how") in ("aloud", "passed")
    if "text" in data and not data["text"] and not optional and kind.name not in ("statement", "verdict", "case"):
        raise Refused("empty", N_("There is no text yet."))


def _existing(
    change: Change, kind: Kind, author: Seat, parent: Contribution | None, item_id: str | None
) -> Contribution | None:
    if item_id:
        found = _own(change, item_id, kind)
        if found.seat_id != author.id:
            raise Refused("invalid", N_("That does not belong there."))
        return found
    if not kind.single:
        return None
    which = {"session": change.it.id, "kind": kind.name, "parent": parent.id if parent else None, "seat": author.id}
    item_id = change.rows.connection().execute(SINGLE, which).scalar()
    return change.rows.get(Contribution, item_id) if item_id else None


def _own(change: Change, item_id: str, kind: Kind | None) -> Contribution:
    assert change.seat is not None
    contribution = _get(change, item_id)
    if change.seat.id not in (contribution.seat_id, contribution.noted_by):
        raise Refused("gone", N_("That is not there any more."))
    if kind and contribution.kind != kind.name:
        raise Refused("invalid", N_("That does not belong there."))
    return contribution


def _new(change: Change, kind: Kind, author: Seat, parent: Contribution | None) -> Contribution:
    assert change.seat is not None
    _check_limits(change, kind)
    noted = author is not change.seat or (
        kind.name == "idea" and not change.room.situation(author).roles & {Role.CONSULTANT}
    )
    return Contribution(
        id=new_id(),
        intervision_id=change.it.id,
        seat_id=author.id,
        noted_by=change.seat.id if noted else None,
        kind=kind.name,
        parent_id=parent.id if parent else None,
        place=_place(change),
        due=None,
        erased=False,
    )


def _place(change: Change) -> int:
    """By arrival; while people write in silence by chance, so that the order says nothing about who wrote what."""
    if change.step.name == "silent_brainstorm":
        return secrets.randbelow(_PLACE_OF_VERSIONS)
    return _PLACE_OF_VERSIONS + change.it.version


def _check_limits(change: Change, kind: Kind) -> None:
    if kind.name == "action" and _count(change, Contribution.kind == "action") >= MOST_ACTIONS:
        raise Refused("too_many", N_("Four actions are enough for one plan. Change or remove one first."))
    # Every contribution raised the version when it came, so below the limit nothing has to be counted.
    if change.it.version > MOST_CONTRIBUTIONS and _count(change) >= MOST_CONTRIBUTIONS:
        raise Refused("too_many", N_("This session is full. What is there stays, but nothing more fits in."))


def _count(change: Change, *which: ColumnElement[bool]) -> int:
    mine = Contribution.intervision_id == change.it.id
    return change.rows.scalar(select(func.count()).select_from(Contribution).where(mine, *which)) or 0


def _fill(change: Change, contribution: Contribution, author: Seat, data: dict[str, Any]) -> None:
    contribution.text = data.get("text", "")
    contribution.aloud = bool(data.get("aloud")) or data.get("how") == "aloud"
    before = contribution.data
    contribution.data = {name: value for name, value in data.items() if name not in _NOT_DATA}
    if contribution.kind == "lesson" and contribution.noted_by:
        contribution.data |= {"share": False, "named": False}  # consent is given by its author alone
    if contribution.kind == "statement":
        contribution.text = contribution.data.pop("issue", "")
        if author is not change.seat:
            contribution.data = before or {}  # a note is that sentence; all else is the owner's
    if contribution.kind == "case":
        change.people.add(contribution.seat_id or "")
    if contribution.kind == "action":
        by = contribution.data.get("by") or None
        contribution.due = date.fromisoformat(by) if by else None


def _use_up(change: Change, source_id: str | None) -> None:
    """A private note that has become a question, a parked idea that has become an idea: the private one goes."""
    if source_id:
        source = _own(change, source_id, None)
        if source.kind in ("note", "parked"):
            change.delete(source)


def _then(change: Change, kind: Kind, author: Seat, parent: Contribution | None, *, is_new: bool) -> None:
    """Turns run by themselves: a question waits for its answer, the answer or a recommendation passes the turn on."""
    turn = change.room.turn
    if turn is None:
        return
    if is_new and kind.act == change.step.turn and turn.seat_id == author.id and turn.contribution_id is None:
        change.update(turn, contribution_id=change.item)
        change.session = True
        if kind.name != "question":
            turning.end_turn(change, "done")
            turning.begin_next(change)
    elif kind.name == "answer" and parent is not None and parent.id == turn.contribution_id:
        turning.end_turn(change, "done")
        turning.begin_next(change)


def withdraw(change: Change, data: dict[str, Any]) -> None:
    """Take back one's own, or what one noted down, where it could be given."""
    assert change.seat is not None
    contribution = _own(change, data["item"], None)
    kind = KINDS[contribution.kind]
    allowed = change.step.may.get(kind.act, NOBODY)
    noted = bool(allowed) and contribution.noted_by == change.seat.id
    if not noted and not change.room.situation(change.seat).roles & allowed:
        raise Refused("forbidden", N_("This is not open in the phase that the group is in."))
    _take_away(change, contribution)
    change.item = contribution.id


def _take_away(change: Change, contribution: Contribution) -> None:
    """Remove it with the marks that hang on it; what others built on it stays, on its own."""
    for child in change.rows.scalars(
        select(Contribution).where(
            Contribution.intervision_id == change.it.id, Contribution.parent_id == contribution.id
        )
    ):
        if KINDS[child.kind].single:
            change.delete(child)
        else:
            child.parent_id = None
            change.touch(child)
    for turn in change.room.turns:
        if turn.contribution_id == contribution.id:
            change.update(turn, contribution_id=None)
            change.session = True
    change.delete(contribution)


def pulse(change: Change, data: dict[str, Any]) -> None:
    """Useful? Safe? One answer each, kept apart from who gave it."""
    assert change.seat is not None
    if change.seat.pulsed:
        raise Refused("taken", N_("You have answered these two questions already. Thank you."))
    change.seat.pulsed = True
    change.rows.add(Pulse(intervision_id=change.it.id, useful=data["useful"], safe=data["safe"]))
    change.people.add(change.seat.id)
    # The answers stand in the database in the order in which they came. So the journal, which has the same order, names
    # nobody here; that somebody has answered is written on their seat, in no order.
    change.seat = None
