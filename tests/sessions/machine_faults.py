"""What happens to the people of the machine in test_machine.py: they come and go, lines are bad, the server dies."""

import uuid
from unittest import mock

from flask import current_app
from hypothesis import strategies as st
from hypothesis.stateful import rule

from app.accounts import links
from app.database import begin_write
from app.extensions import db
from app.sessions.commands import Refused, door, take_seat
from app.sessions.phases import Role
from tests.sessions import machine_laws as laws
from tests.sessions.machine_browsers import Browser
from tests.sessions.machine_people import WORDS, PeopleMachine, flags, people
from tests.sessions.sockets import cookie_of


class Dead(BaseException):
    """The process is killed here. No handler of the app may take it for an error."""


class FaultsMachine(PeopleMachine):
    """A session whose people leave and come back, over lines of any kind, to a server that may die."""

    # --- coming and going ---

    @rule(name=st.sampled_from(["Cara", "Carl", "Cleo"]))
    def somebody_joins(self, name: str) -> None:
        """Also whoever was taken out, under the same name: then they are somebody else, who waits."""
        old = self.cast.seats.get(name)
        if old and self.known.people[old].status != "removed":
            return
        if self.attempt(lambda: self.cast.come(name)) == "":
            guarded = any(person.status == "removed" for person in self.known.people.values())
            status = self.known.people[self.cast.seats[name]].status
            assert status == ("in" if self.known.step == "lobby" and not guarded else "waiting")
            if old:
                self.cast.seats[f"{name}, who was taken out ({len(self.cast.seats)})"] = old
            self.sit_down(name)

    @rule(who=people)
    def somebody_leaves(self, who: str) -> None:
        """A tab is closed. The seat stays theirs, and the session as it is."""
        browser = self.browsers.get(who)
        if browser and browser.is_live:
            before = self.known
            self.network.leave(browser)
            self.look()
            assert self.known == before

    @rule()
    def those_who_left_come_back(self) -> None:
        """With the cookies that they have."""
        before = self.known
        for browser in self.browsers.values():
            if not browser.is_live:
                assert self.network.connect(browser) == laws.may_come_in(self.known, browser.seat_id)
        self.look()
        assert self.known == before

    @rule(who=people)
    def somebody_takes_their_seat_on_another_device(self, who: str) -> None:
        """By a link that the moderator makes. The device before is told, and its cookie opens nothing any more."""
        seat = self.cast.seats.get(who)
        if seat is None:
            return
        begin_write(db.session)
        token = links.make("seat", hours=1, seat_id=seat)
        db.session.commit()
        link = links.find(token, "seat")
        assert link
        was_removed = self.known.people[seat].status == "removed"

        def take() -> None:
            take_seat(self.cast.id, seat, link)

        refused = self.attempt(take)
        assert bool(refused) == was_removed
        old = self.browsers.get(who)
        if not refused:
            if old:
                assert not old.is_live
                assert not self.network.connect(old)
            self.sit_down(who)

    def sit_down(self, name: str) -> None:
        """A device comes with a cookie that names the seat as it is now."""
        self.browsers[name] = Browser(self.cast.seats[name], cookie_of(current_app, self.cast, name))
        assert self.network.connect(self.browsers[name]) == laws.may_come_in(self.known, self.cast.seats[name])

    # --- what can go wrong on the way ---

    @rule(data=st.data())
    def the_network_delivers_a_command_twice(self, data: st.DataObject) -> None:
        # A session that forgets who did what forgets what was done, too; themes are then simply given once more.
        sent = [each for each in self.sent if not (self.known.forgets and each[1] == "themes")]
        if sent:
            before = self.known
            seat, act, fields, command_id, version = data.draw(st.sampled_from(sent))
            for who in [name for name, own in self.cast.seats.items() if own == seat]:
                try:
                    assert self.cast.does(who, act, command_id=command_id, **fields).version == version
                except Refused:
                    assert before.forgets, "it was carried out, and its answer is not known any more"
                self.look()
                assert self.known == before

    @rule(whose=st.sets(people, min_size=1), data=st.data(), heard_of=flags)
    def lines_get_bad_while_people_go_on(self, whose: set[str], data: st.DataObject, heard_of: bool) -> None:
        for name, browser in self.browsers.items():
            browser.line_is_bad = browser.line_is_bad or (name in whose and browser.is_live)
        for role in Role:
            self.go_on(role, data, times=2)
        if heard_of:
            self.everybody_hears_the_pulse()
        else:
            self.bad_lines_bring_some_of_it_in_any_order(data)

    @rule(data=st.data())
    def bad_lines_bring_more_of_it(self, data: st.DataObject) -> None:
        self.bad_lines_bring_some_of_it_in_any_order(data)

    def bad_lines_bring_some_of_it_in_any_order(self, data: st.DataObject) -> None:
        """Some of it twice, some of it late, some of it never; and whoever notices a gap asks for the whole state."""
        for browser in self.browsers.values():
            if browser.line_is_bad and browser.under_way:
                which = st.integers(0, len(browser.under_way) - 1)
                for place in data.draw(st.lists(which, max_size=6)):
                    had = browser.view["version"]
                    browser.hear(*browser.under_way[place])
                    assert browser.view["version"] >= had, "a page went back"
                    self.shows_what_was_true(browser)
                self.network.catch_up(browser)

    @rule(are_mended=flags)
    def the_pulse_beats(self, are_mended: bool) -> None:
        self.everybody_hears_the_pulse()
        for browser in self.browsers.values():
            browser.line_is_bad = browser.line_is_bad and not are_mended
        self.look()

    def everybody_hears_the_pulse(self) -> None:
        """Whatever was lost, whoever hears the pulse has everything a moment later."""
        before = self.known
        self.network.beat()
        self.look()
        assert self.known == before
        for browser in self.browsers.values():
            assert not browser.is_live or browser.view["version"] == self.known.version

    @rule(
        who=people,
        act=st.sampled_from(["note", "question", "idea", "recommend", "lesson"]),
        text=WORDS,
        when=st.sampled_from(["before it is saved", "after that"]),
    )
    def the_server_dies_in_the_middle_of_a_command(self, who: str, act: str, text: str, when: str) -> None:
        """All that it has in memory is gone, and so are all lines. The page sends its command again, and it counts
        once.
        """
        before, command_id, died = self.known, str(uuid.uuid4()), False
        early = mock.patch.object(door, "_journal", side_effect=Dead)
        late = mock.patch.object(door, "changed", mock.Mock(**{"send.side_effect": Dead}))
        with late if when == "after that" else early:
            try:
                if who in self.cast.seats:
                    self.cast.does(who, act, command_id=command_id, text=text)
            except Dead:
                died = True
            except Refused:
                pass
        if died:
            cut_off = self.network.restart()
            self.look()
            for browser in cut_off:  # they come back by themselves
                assert self.network.connect(browser) == laws.may_come_in(self.known, browser.seat_id)
            if when == "after that":
                assert self.known.version == before.version + 1
                self.sent.append((self.cast.seats[who], act, {"text": text}, command_id, self.known.version))
            else:
                assert self.known == before
                assert self.give(who, act, {"text": text}, command_id=command_id) == ""

    def shows_what_was_true(self, browser: Browser) -> None:
        if browser.view["version"] >= 0:
            shown = self.truth[browser.seat_id, browser.view["version"]]
            assert laws.timeless(browser.view) == shown, self.known.people[browser.seat_id]
