"""Any sequence of commands by anybody, allowed or not: the laws hold all the same.

old snapshot + patch = new snapshot, for every seat · a refused command changes nothing, an accepted one raises the
version by one · the owner puts nothing in front of the group in phase 3 · time left never grows by itself.

Each run of the suite takes the same few walks. INTERVISE_MACHINE=500x80 takes five hundred others of eighty commands.
"""

import json
import os
import uuid
from collections.abc import Callable
from typing import Any
from unittest import mock

from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from app.extensions import db
from app.sessions import view
from app.sessions.access import Reader
from app.sessions.commands import COMMANDS, NEEDS_BASE, Change, Refused, changed, door
from app.sessions.models import Contribution, Journal
from app.sessions.phases import ALL, KINDS, STEP, STEPS, Role
from tests.sessions.cast import Cast

PEOPLE = ["Mia", "Otto", "Cara", "Carl", "Cleo"]
WORDS = st.sampled_from(["Map the contacts", "Ask Karim", "", "Who decides?"])
people = st.sampled_from(PEOPLE)
flags = st.booleans()


class SessionMachine(RuleBasedStateMachine):
    """A session that is prodded from all sides."""

    def __init__(self) -> None:
        super().__init__()
        self.cast = Cast()
        mock.patch.object(door, "now", side_effect=lambda: self.cast.now).start()
        changed.connect(self.take_patches)
        self.views: dict[str, view.View] = {}
        self.sent: list[tuple[str, str, dict[str, Any], str, int]] = []

    def teardown(self) -> None:
        changed.disconnect(self.take_patches)
        mock.patch.stopall()

    # --- what a browser does with what it is sent ---

    def take_patches(self, change: Change) -> None:
        if change.it.id != self.cast.id:
            return
        for name, seat_id in self.cast.seats.items():
            seat = change.room.seat(seat_id)
            assert seat
            if change.everything or name not in self.views:
                self.views[name] = view.snapshot(change.room, Reader(seat), change.now)
            else:
                self.views[name] = merge(self.views[name], view.patch(change, Reader(seat), change.now))

    # --- what people do ---

    @initialize(step=st.sampled_from([step.name for step in STEPS[:-1]]))
    def the_session_has_come_this_far(self, step: str) -> None:
        self.cast.go_to(step)

    @rule(name=st.sampled_from(["Cara", "Carl", "Cleo"]))
    def come(self, name: str) -> None:
        if name not in self.cast.seats:
            self.attempt(lambda: self.cast.come(name))

    @rule(seconds=st.integers(0, 400))
    def time_passes(self, seconds: int) -> None:
        before = self.left()
        self.cast.wait(seconds)
        after = self.left()
        assert before is None or after in (before, before - seconds)

    @rule(anyway=flags)
    def the_moderator_goes_on(self, anyway: bool) -> None:
        self.give("Mia", "open" if self.cast.step == "planned" else "advance", {"anyway": anyway})

    @rule(
        who=people, act=st.sampled_from(sorted(NEEDS_BASE - {"advance"})), seconds=st.integers(-70, 700), anyway=flags
    )
    def somebody_moves_or_sets_the_clock(self, who: str, act: str, seconds: int, anyway: bool) -> None:
        self.give(who, act, {"seconds": seconds} if act in ("extend", "set_time") else {})

    @rule(who=people)
    def somebody_accepts(self, who: str) -> None:
        self.give(who, "accept", {})

    @rule(
        who=people,
        act=st.sampled_from(
            ["note", "park", "question", "ask", "idea", "recommend", "fact", "lesson", "process", "plan"]
        ),
        text=WORDS,
    )
    def somebody_writes(self, who: str, act: str, text: str) -> None:
        self.give(who, act, {"text": text})

    @rule(who=people, text=WORDS, data=st.data())
    def somebody_answers_sorts_builds_or_stars(self, who: str, text: str, data: st.DataObject) -> None:
        parent = self.some_item(data)
        choices: list[tuple[str, dict[str, Any]]] = [
            ("answer", {"how": "written", "text": text}),
            ("answer", {"how": "passed"}),
            ("sort", {"verdict": "helps"}),
            ("idea", {"text": text}),
            ("star", {"on": True}),
            ("star", {"on": False}),
            ("interest", {"on": True}),
        ]
        act, fields = data.draw(st.sampled_from(choices))
        self.give(who, act, {"parent": parent, **fields})

    @rule(who=people, text=WORDS, data=st.data())
    def somebody_changes_or_takes_back(self, who: str, text: str, data: st.DataObject) -> None:
        item = self.some_item(data)
        act = data.draw(st.sampled_from(["withdraw", "note", "idea", "recommend"]))
        self.give(who, act, {"item": item} if act == "withdraw" else {"item": item, "text": text})

    @rule(whom=people, text=WORDS, data=st.data())
    def somebody_notes_down(self, whom: str, text: str, data: st.DataObject) -> None:
        act = data.draw(st.sampled_from(["question", "recommend", "lesson"]))
        self.give(data.draw(people), act, {"text": text, "for": self.cast.seats.get(whom, "nobody")})

    @rule(
        who=people,
        whom=people,
        act=st.sampled_from(["admit", "give_turn", "remove", "set_role"]),
        role=st.sampled_from(list(Role)),
    )
    def somebody_moderates(self, who: str, whom: str, act: str, role: Role) -> None:
        seat = self.cast.seats.get(whom, "nobody")
        self.give(who, act, {"seat": seat, "role": str(role)} if act == "set_role" else {"seat": seat})

    @rule(who=people, useful=st.integers(1, 5), on=flags)
    def somebody_ticks_a_box(self, who: str, useful: int, on: bool) -> None:
        self.give(who, "pulse", {"useful": useful, "safe": 5})
        self.give(who, "consult", {"on": on})
        self.give(who, "present", {"on": on})

    @rule(data=st.data())
    def the_network_delivers_twice(self, data: st.DataObject) -> None:
        if not self.sent:
            return
        who, act, fields, command_id, version = data.draw(st.sampled_from(self.sent))
        before = self.everything()
        assert self.cast.does(who, act, command_id=command_id, **fields).version == version
        assert self.everything() == before

    # --- how it is done ---

    def left(self) -> float | None:
        return self.cast.room().clock.left(self.cast.now)

    def give(self, who: str, act: str, fields: dict[str, Any]) -> None:
        if who not in self.cast.seats:
            return
        fields = {name: value for name, value in fields.items() if act in COMMANDS}
        if act == "open":
            fields = {}
        command_id = str(uuid.uuid4())
        step = self.cast.step

        def carry_out() -> None:
            left = self.left()
            done = self.cast.does(who, act, command_id=command_id, **fields)
            moved = self.cast.step != step or act in ("extend", "set_time", "share_out")
            assert moved or self.left() == left, f"{act} changed the time left"
            self.sent.append((who, act, fields, command_id, done.version))
            if step == "closed":
                raise AssertionError(f"{act} was accepted after the close")

        self.attempt(carry_out)

    def attempt(self, carry_out: Callable[[], None]) -> None:
        before = self.everything()
        try:
            carry_out()
        except Refused:
            assert self.everything() == before
        else:
            assert self.cast.room().it.version == before[0] + 1

    def everything(self) -> tuple[int, str]:
        room = self.cast.room()
        seen = {name: self.cast.sees(name) for name in self.cast.seats}
        return room.it.version, json.dumps(seen, sort_keys=True)

    def some_item(self, data: st.DataObject) -> str:
        query = select(Contribution.id).where(Contribution.intervision_id == self.cast.id).order_by(Contribution.place)
        found = list(db.session.scalars(query))
        return data.draw(st.sampled_from(found)) if found else "nothing"

    # --- what always holds ---

    @invariant()
    def everybody_has_what_a_fresh_snapshot_would_give(self) -> None:
        for name, had in self.views.items():
            fresh = self.cast.sees(name)
            assert {**had, "now": 0} == {**fresh, "now": 0}, name

    @invariant()
    def versions_are_counted_without_gaps(self) -> None:
        mine = Journal.intervision_id == self.cast.id
        versions = list(db.session.scalars(select(Journal.version).where(mine).order_by(Journal.version)))
        assert versions == list(range(len(versions)))
        assert self.cast.room().it.version == len(versions) - 1

    @invariant()
    def the_owner_said_nothing_to_the_group_in_phase_three(self) -> None:
        otto = self.cast.room().seat(self.cast.seats["Otto"])
        assert otto
        if otto.role == Role.OWNER:  # nobody becomes owner, or ceases to be, after phase 1
            said = select(Journal.act).where(
                Journal.intervision_id == self.cast.id,
                Journal.step.in_([step.name for step in STEPS if Role.OWNER in step.muted]),
                Journal.seat_id == otto.id,
            )
            assert not set(db.session.scalars(said)) & {kind.act for kind in KINDS.values() if kind.seen_by == ALL}

    @invariant()
    def the_path_through_the_steps_is_legal(self) -> None:
        assert self.cast.step in STEP
        moves = select(func.count()).where(Journal.intervision_id == self.cast.id, Journal.act == "open")
        assert (db.session.scalar(moves) or 0) <= 1

    @invariant()
    def there_is_a_moderator_and_one_owner_at_most(self) -> None:
        roles = [seat.role for seat in self.cast.room().present]
        assert roles.count(Role.MODERATOR) >= 1
        assert roles.count(Role.OWNER) <= 1


def merge(old: view.View, patch: view.View) -> view.View:
    """What store.js does with a patch."""
    assert patch["version"] == old["version"] + 1
    new = {**old, **{key: value for key, value in patch.items() if key not in ("people", "items")}}
    for key in ("people", "items"):
        merged = {**old[key], **patch.get(key, {})}
        new[key] = {id_: value for id_, value in merged.items() if value is not None}
    return new


def test_the_laws_of_a_session_hold_whatever_people_do(app: Flask) -> None:
    chosen = os.environ.get("INTERVISE_MACHINE", "")
    examples, steps = map(int, (chosen or "12x50").split("x"))
    SessionMachine.TestCase.settings = settings()
    run_state_machine_as_test(
        SessionMachine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=not chosen,
            database=None,
            phases=[Phase.generate],  # making a failure smaller takes minutes; add Phase.shrink when there is one
        ),
    )
