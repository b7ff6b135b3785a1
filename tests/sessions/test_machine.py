"""Any sequence of commands by anybody, allowed or not, over lines of any kind: the laws hold all the same.

old snapshot + patch = new snapshot, for every seat · whatever is lost, doubled or late on the way, a page shows what
was true at one version, and after a pulse what is true now · a refused command changes nothing, an accepted one
raises the version by one · whatever is typed is taken or refused, and never an error · nobody is shown what is not
theirs · who was taken out changes nothing · the owner puts nothing in front of the group in phase 3 · time left never
grows by itself, and a step that ends itself has no overtime · nothing hangs on what a process has in memory · the
record holds everything once, and no more of who said it than was agreed.

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
from tests.sessions.machine_people import STAYS, flags


class SessionMachine(FaultsMachine):
    """A session that is prodded from all sides, while people come and go, lines are bad and the server dies."""

    def __init__(self) -> None:
        self.clock = mock.patch.object(door, "now", side_effect=lambda: self.cast.now)
        self.clock.start()
        self.over_unseen = ""
        super().__init__()

    def teardown(self) -> None:
        """However the walk ends: the session is closed at last, and its record handed out."""
        try:
            self.stop_at_last()
            laws.nothing_is_left_of_who_said_what(self.known)
            the_export_holds_everything_once(self.cast, self.known)
        finally:
            self.network.end()
            self.clock.stop()

    def stop_at_last(self) -> None:
        if self.known.step == "planned":
            assert self.give("Mia", "open", {}) == ""
        if self.known.step != "closed":
            assert self.give(self.a_moderator(), "stop", {}) == ""

    @initialize(
        stays=st.sampled_from([*STAYS]),
        step=st.sampled_from([step.name for step in STEPS[:-1]]),
        in_words=flags,
        without_carl=flags,
    )
    def the_session_has_come_this_far(self, stays: str, step: str, in_words: bool, without_carl: bool) -> None:
        self.network.end()
        self.plan_a_session(**STAYS[stays])
        self.cast.recipe = None  # no walk from the shelf: there are other sessions in this database
        (self.cast.run_up_to if in_words else self.cast.go_to)(step)
        self.look()
        for name in self.cast.seats:
            self.sit_down(name)
        if without_carl:
            self.give("Mia", "remove", {"seat": self.cast.seats.get("Carl", "nobody")})

    @rule(seconds=st.integers(0, 400))
    def time_passes(self, seconds: int) -> None:
        """Whoever has the room open sees when the clock comes to zero, and their page says so."""
        left = self.left()
        if self.known.step in laws.ENDS_ITSELF and self.known.clock.running and left is not None and left <= seconds:
            self.waits(max(left, 0))
            if pages := [name for name, seat in self.cast.seats.items() if self.has_the_room_open(name, seat)]:
                assert self.give(pages[-1], "time_up", {}) == ""
                self.over_unseen = ""
            else:
                self.over_unseen = self.known.step
            seconds -= int(max(left, 0))
        self.waits(seconds)

    @rule()
    def the_time_of_the_step_is_used_up(self) -> None:
        self.time_passes(int(max(self.left() or 0, 0)))

    @rule(seconds=st.integers(0, 100))
    def the_clock_is_stopped_and_started_again(self, seconds: int) -> None:
        self.give(self.a_moderator(), "pause", {})
        self.waits(seconds)
        self.give(self.a_moderator(), "resume", {})

    def waits(self, seconds: float) -> None:
        before = self.left()
        self.cast.wait(seconds)
        assert self.left() == (before - seconds if before is not None and self.known.clock.running else before)

    def has_the_room_open(self, name: str, seat: str) -> bool:
        browser = self.browsers.get(name)
        return browser is not None and browser.is_live and self.known.people[seat].status == "in"

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
    def a_step_that_ends_itself_knows_no_overtime(self) -> None:
        """But for the time in which nobody looked."""
        left = self.left()
        in_overtime = self.known.step in laws.ENDS_ITSELF and left is not None and left < 0
        assert not in_overtime or self.over_unseen == self.known.step

    @invariant()
    def what_was_to_be_forgotten_is(self) -> None:
        laws.nothing_is_left_of_who_said_what(self.known)

    @invariant()
    def the_path_through_the_steps_is_legal(self) -> None:
        laws.the_path_is_legal(self.known)

    @invariant()
    def versions_are_counted_without_gaps(self) -> None:
        versions = [done.version for done in self.known.journal]
        if self.known.forgets:  # most of what was done, too
            assert versions == sorted(set(versions) & set(range(self.known.version + 1)))
            assert versions[-1] == self.known.version
        else:
            assert versions == list(range(self.known.version + 1))

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
