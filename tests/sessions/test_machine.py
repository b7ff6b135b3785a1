"""Any sequence of commands by anybody, allowed or not, over lines of any kind: the laws hold all the same.

old snapshot + patch = new snapshot, for every seat · whatever is lost, doubled or late on the way, a page shows what
was true at one version, and after a pulse what is true now · a refused command changes nothing, an accepted one raises
the version by one · nobody is shown what is not theirs · who was taken out changes nothing · the owner puts nothing in
front of the group in phase 3 · time left never grows by itself · nothing hangs on what a process has in memory · the
record holds everything once.

What people do is in machine_people.py, what goes wrong in machine_faults.py; the laws are in machine_laws.py.

Each run of the suite takes the same few walks. INTERVISE_MACHINE=500x80 takes five hundred others of eighty commands.
"""

import os
from unittest import mock

from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from app.sessions.commands import door
from app.sessions.phases import STEPS, Role
from tests.sessions import machine_laws as laws
from tests.sessions.machine_export import the_export_holds_everything_once
from tests.sessions.machine_faults import FaultsMachine
from tests.sessions.machine_people import flags


class SessionMachine(FaultsMachine):
    """A session that is prodded from all sides, while people come and go, lines are bad and the server dies."""

    def __init__(self) -> None:
        self.clock = mock.patch.object(door, "now", side_effect=lambda: self.cast.now)
        self.clock.start()
        super().__init__()

    def teardown(self) -> None:
        """However the walk ends: the session is closed at last, and its record handed out."""
        try:
            self.stop_at_last()
            the_export_holds_everything_once(self.cast, self.known)
        finally:
            self.network.end()
            self.clock.stop()

    def stop_at_last(self) -> None:
        if self.known.step == "planned":
            assert self.give("Mia", "open", {}) == ""
        if self.known.step != "closed":
            assert self.give(self.a_moderator(), "stop", {}) == ""

    @initialize(step=st.sampled_from([step.name for step in STEPS[:-1]]), in_words=flags, without_carl=flags)
    def the_session_has_come_this_far(self, step: str, in_words: bool, without_carl: bool) -> None:
        self.cast.recipe = None  # no walk from the shelf: there are other sessions in this database
        (self.cast.run_up_to if in_words else self.cast.go_to)(step)
        self.look()
        for name in self.cast.seats:
            self.sit_down(name)
        if without_carl:
            self.give("Mia", "remove", {"seat": self.cast.seats.get("Carl", "nobody")})

    @rule(seconds=st.integers(0, 400))
    def time_passes(self, seconds: int) -> None:
        before = self.left()
        self.cast.wait(seconds)
        after = self.left()
        assert before is None or after in (before, before - seconds)

    # --- what always holds ---

    @invariant()
    def every_page_shows_what_a_fresh_snapshot_would_give(self) -> None:
        """At once where the line is good; elsewhere what it would have given at the version that came last."""
        assert not self.network.astray, "somebody was sent something who is not here"
        for browser in self.browsers.values():
            if browser.is_live:
                self.shows_what_was_true(browser)
                assert browser.line_is_bad or browser.view["version"] == self.known.version
                assert not browser.misses_something

    @invariant()
    def whoever_was_taken_out_is_cut_off(self) -> None:
        for browser in self.browsers.values():
            person = self.known.people.get(browser.seat_id)
            if person is None or person.status == "removed":
                assert not browser.is_live

    @invariant()
    def nobody_sees_what_is_not_theirs(self) -> None:
        laws.nobody_sees_what_is_not_theirs(self.known)
        for browser in self.browsers.values():
            if browser.is_live and not browser.line_is_bad:
                assert browser.online <= laws.may_be_told_is_here(self.known, self.known.people[browser.seat_id])

    @invariant()
    def the_path_through_the_steps_is_legal(self) -> None:
        laws.the_path_is_legal(self.known)

    @invariant()
    def versions_are_counted_without_gaps(self) -> None:
        assert [done.version for done in self.known.journal] == list(range(self.known.version + 1))

    @invariant()
    def there_is_a_moderator_and_one_owner_at_most(self) -> None:
        roles = [person.role for person in self.known.people.values() if person.status == "in"]
        assert roles.count(Role.MODERATOR) >= 1
        assert roles.count(Role.OWNER) <= 1


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
