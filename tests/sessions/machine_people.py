"""What the people of the machine in test_machine.py do: anything, in any order, allowed or not."""

import uuid
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from sqlalchemy.exc import DBAPIError

from app.sessions.commands import COMMANDS, NEEDS_BASE, Refused
from app.sessions.forms import FORMS
from app.sessions.phases import KIND_OF_ACT, Role
from app.sessions.shapes import Day, Fields, OneOf, Several, Shape, Text, Whole, Yes
from tests.attacks.corpus import HOSTILE
from tests.sessions import machine_laws as laws
from tests.sessions.cast import Cast
from tests.sessions.machine_browsers import Browser, Network

PEOPLE = ["Mia", "Otto", "Cara", "Carl", "Cleo"]
WORDS = st.sampled_from(["Map the contacts", "Ask Karim", "", "Who decides?"]) | st.sampled_from([*HOSTILE.values()])
"""Some of the hostile ones are too long for some fields: refused is as good as taken, and an error is not."""
LONGEST_ID = 16
people = st.sampled_from(PEOPLE)
flags = st.booleans()
anything = st.recursive(
    st.none() | flags | st.integers(-(2**64), 2**64) | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
STAYS: dict[str, dict[str, bool]] = {"record": {}, "nameless": {"names": False}, "plan": {"transcript": False}}


class PeopleMachine(RuleBasedStateMachine):
    """A session, the people in it, and the commands that they give."""

    def __init__(self) -> None:
        super().__init__()
        self.plan_a_session()

    def plan_a_session(self, **fields: Any) -> None:
        self.cast = Cast(**fields)
        self.network = Network(self.cast)
        self.browsers: dict[str, Browser] = {}
        self.sent: list[tuple[str, str, dict[str, Any], str, int]] = []
        self.truth: dict[tuple[str, int], dict[str, Any]] = {}
        self.put_down: dict[str, float] = {}
        self.known = laws.look(self.cast)

    # --- what people do ---

    @rule(anyway=flags)
    def the_moderator_goes_on(self, anyway: bool) -> None:
        self.give("Mia", "open" if self.known.step == "planned" else "advance", {"anyway": anyway})

    @rule(who=people, act=st.sampled_from(sorted(NEEDS_BASE - {"advance"})), seconds=st.integers(-70, 700))
    def somebody_moves_or_sets_the_clock(self, who: str, act: str, seconds: int) -> None:
        self.give(who, act, {"seconds": seconds} if act in ("extend", "set_time") else {})

    @rule(who=people, act=st.sampled_from(["advance", *sorted(NEEDS_BASE)]), data=st.data())
    def somebody_presses_a_button_of_a_step_that_is_over(self, who: str, act: str, data: st.DataObject) -> None:
        left = sorted({done.step for done in self.known.journal} - {self.known.step})
        if left and who in self.cast.seats:
            base, before = data.draw(st.sampled_from(left)), self.known
            code = self.give(who, act, self.some_fields(act, data), base=base)
            assert code == "stale"
            assert self.known == before

    @rule(
        who=people,
        act=st.sampled_from(
            ["note", "park", "question", "ask", "idea", "recommend", "fact", "lesson", "process", "plan", "reaction"]
        ),
        text=WORDS,
    )
    def somebody_writes(self, who: str, act: str, text: str) -> None:
        self.give(who, act, {"text": text} | ({"sort": "risk"} if act == "reaction" else {}))

    @rule(
        who=people,
        whom=people,
        act=st.sampled_from(["admit", "give_turn", "remove", "set_role"]),
        role=st.sampled_from(list(Role)),
    )
    def somebody_moderates(self, who: str, whom: str, act: str, role: Role) -> None:
        seat = self.cast.seats.get(whom, "nobody")
        self.give(who, act, {"seat": seat, "role": str(role)} if act == "set_role" else {"seat": seat})

    @rule(whom=people, act=st.sampled_from(["admit", "remove"]))
    def a_moderator_lets_somebody_in_or_takes_them_out(self, whom: str, act: str) -> None:
        self.give(self.a_moderator(), act, {"seat": self.cast.seats.get(whom, "nobody")})

    @rule(data=st.data())
    def moderators_do_what_their_buttons_offer(self, data: st.DataObject) -> None:
        self.go_on(Role.MODERATOR, data)

    @rule(data=st.data())
    def owners_do_what_their_buttons_offer(self, data: st.DataObject) -> None:
        self.go_on(Role.OWNER, data)

    @rule(data=st.data())
    def consultants_do_what_their_buttons_offer(self, data: st.DataObject) -> None:
        self.go_on(Role.CONSULTANT, data)

    @rule(who=people, act=st.sampled_from(sorted(COMMANDS)), data=st.data())
    def somebody_sends_anything(self, who: str, act: str, data: st.DataObject) -> None:
        self.give(who, act, self.some_fields(act, data))

    @rule(who=people, act=st.sampled_from(sorted(COMMANDS)), data=st.data())
    def somebody_sends_what_no_page_would(self, who: str, act: str, data: st.DataObject) -> None:
        names = st.sampled_from([*FORMS[act].shapes, "role", "now"])
        self.give(who, act, data.draw(st.dictionaries(names, anything, max_size=4)))

    @rule(act=st.sampled_from(sorted(COMMANDS)), data=st.data())
    def whoever_was_taken_out_tries_to_go_on(self, act: str, data: st.DataObject) -> None:
        out = [name for name, seat in self.cast.seats.items() if self.known.people[seat].status == "removed"]
        if out:
            before = self.known
            assert self.give(data.draw(st.sampled_from(sorted(out))), act, self.some_fields(act, data))
            assert self.known == before

    # --- how it is done ---

    def go_on(self, role: Role, data: st.DataObject, times: int = 3) -> None:
        """Most of what is drawn elsewhere is refused; by this the session gets somewhere."""
        for _ in range(times):
            names = sorted(name for name, seat in self.cast.seats.items() if self.known.people[seat].role == role)
            if names:
                who = data.draw(st.sampled_from(names))
                offered = self.known.seen[self.cast.seats[who]]["can"].keys() & COMMANDS.keys() - {"stop"}
                acts = sorted(offered & KIND_OF_ACT.keys()) or sorted(offered)
                if acts:
                    act = data.draw(st.sampled_from(acts + sorted(offered)))
                    self.give(who, act, self.some_fields(act, data))

    def give(self, who: str, act: str, fields: dict[str, Any], *, base: str = "", command_id: str = "") -> str:
        """Returns the code of the refusal, or nothing."""
        if who not in self.cast.seats:
            return "nobody"
        command_id = command_id or str(uuid.uuid4())
        step = self.known.step
        fields = {} if act == "open" else fields

        def carry_out() -> None:
            done = self.cast.does(who, act, command_id=command_id, base=base or step, **fields)
            self.sent.append((self.cast.seats[who], act, fields, command_id, done.version))

        return self.attempt(carry_out)

    def attempt(self, carry_out: Callable[[], None]) -> str:
        before = self.known
        refused = None
        try:
            carry_out()
        except Refused as found:
            refused = found
        self.look()
        if refused:
            assert self.known == before
            assert not isinstance(refused.__cause__, DBAPIError), (
                "what the rules let through, the database did not take"
            )
            return refused.code
        assert self.known.version == before.version + 1
        laws.only_who_is_in_changes_anything(before, self.known)
        laws.every_author_is_a_member(before, self.known)
        laws.the_owner_shows_the_group_nothing_in_phase_three(before, self.known)
        laws.what_was_said_stays_after_the_close(before, self.known)
        laws.time_is_given_by_hand_alone(before, self.known, self.cast.now)
        laws.a_step_has_what_it_was_left_with(self.put_down, before, self.known, self.cast.now)
        return ""

    def look(self) -> None:
        """Let everything arrive that is under way, and read anew what there is."""
        self.network.deliver()
        self.known = laws.look(self.cast)
        self.truth |= {(seat, self.known.version): seen for seat, seen in self.known.seen.items()}
        # Whoever was never let in leaves no trace; nor, without a transcript, does who was there.
        self.cast.seats = {name: seat for name, seat in self.cast.seats.items() if seat in self.known.people}

    def a_moderator(self) -> str:
        people = {name: self.known.people[seat] for name, seat in self.cast.seats.items()}
        return next(name for name, one in people.items() if one.role == Role.MODERATOR and one.status == "in")

    def left(self) -> float | None:
        return self.cast.room().clock.left(self.cast.now)

    def some_fields(self, act: str, data: st.DataObject) -> dict[str, Any]:
        """Whatever has the right shape, with real people and real words in it where ids are asked for."""
        people, said = ["", "nobody", *self.known.people], ["", "nothing", *self.known.said]
        return {
            name: data.draw(fits(shape, people if name in ("seat", "for") else said))
            for name, shape in FORMS[act].shapes.items()
        }


def fits(shape: Shape, ids: list[str]) -> st.SearchStrategy[Any]:
    match shape:
        case Text():
            return st.sampled_from(ids) if shape.longest == LONGEST_ID else WORDS
        case OneOf():
            return st.sampled_from(sorted(shape.values))
        case Yes():
            return flags
        case Whole():
            return st.integers(shape.least, shape.most)
        case Day():
            return st.sampled_from(["", "2026-03-05"])
        case Several():
            return st.lists(fits(shape.entry, ids), max_size=min(shape.most, 3))
        case Fields():
            return st.fixed_dictionaries({name: fits(each, ids) for name, each in shape.shapes.items()})
    return st.just(shape.missing)
