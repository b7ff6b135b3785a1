"""What goes wrong on a working day: reloads, lost lines, restarts, clocks that are hours off, slips."""

import re
from datetime import datetime, timedelta

from playwright.sync_api import WebSocketRoute, expect

from app.extensions import db
from app.sessions.models import Contribution
from app.times import now
from tests.browser.conftest import Enter, Meet
from tests.browser.people import Person
from tests.browser.walk import Walk
from tests.conftest import Server, start_server, stop_server
from tests.sessions.cast import Cast

DISCONNECT = "41"  # a packet of Socket.IO, https://socket.io/docs/v4/socket-io-protocol/


class LateEnd:
    """A line on which the server's "it ends here" arrives only when the page has sent one more command."""

    def __init__(self, line: WebSocketRoute) -> None:
        self.line = line
        self.is_over = False
        self.server = line.connect_to_server()
        self.server.on_message(self._from_server)
        line.on_message(self._from_page)

    def _from_server(self, message: str | bytes) -> None:
        self.is_over = self.is_over or message == DISCONNECT
        if not self.is_over:
            self.line.send(message)

    def _from_page(self, message: str | bytes) -> None:
        if not self.is_over:
            self.server.send(message)
        elif '"command"' in str(message):
            self.line.send(DISCONNECT)
            self.line.close()


def ideas(cast: Cast) -> list[str]:
    cast.room()
    rows = db.session.query(Contribution).filter_by(intervision_id=cast.id, kind="idea")
    return sorted(row.text for row in rows)


def test_a_reload_keeps_the_seat_the_words_and_half_a_thought(cast: Cast, enter: Enter) -> None:
    cast.go_to("silent_brainstorm")
    cara = enter("Cara", phone=True)
    cara.writes("Your idea", "Map the contacts")
    cara.presses("Add the idea")
    cara.sees("Map the contacts")
    cara.writes("Your idea", "Half a thought")
    cara.page.reload()
    cara.is_in("Brainstorm: write in silence")
    cara.sees("Map the contacts")
    expect(cara.field("Your idea")).to_have_value("Half a thought")


def test_without_a_line_the_page_says_so_keeps_the_text_and_sends_it_once(cast: Cast, enter: Enter) -> None:
    cast.go_to("brainstorm")
    cara, mia = enter("Cara"), enter("Mia")
    cara.is_in("Brainstorm")
    cara.may_fail = True
    cara.context.set_offline(True)
    cara.sees("offline")
    cara.writes("Your idea", "Written without a line")
    cara.presses("Add the idea")
    cara.sees("Not saved yet")
    mia.does_not_see("Written without a line")
    cara.context.set_offline(False)
    mia.sees("Written without a line")
    expect(cara.page.get_by_text("Not saved yet")).to_have_count(0)
    assert ideas(cast) == ["Written without a line"]


def test_what_was_written_without_a_line_survives_a_reload_as_well(cast: Cast, enter: Enter, server: Server) -> None:
    cast.go_to("brainstorm")
    cara = enter("Cara")
    cara.is_in("Brainstorm")
    cara.may_fail = True
    cara.context.set_offline(True)
    cara.writes("Your idea", "Kept in the tab")
    cara.presses("Add the idea")
    cara.sees("Not saved yet")
    cara.context.set_offline(False)
    cara.page.reload()
    expect(cara.page.locator("#main").get_by_text("Kept in the tab").first).to_be_visible()
    expect(cara.page.get_by_text("Not saved yet")).to_have_count(0)
    assert ideas(cast) == ["Kept in the tab"]


def test_a_restart_of_the_server_loses_nothing_and_keeps_the_clock(cast: Cast, enter: Enter, server: Server) -> None:
    cast.go_to("brainstorm")
    cara = enter("Cara")
    cara.is_in("Brainstorm")
    cara.may_fail = True
    ends_at = cast.room().it.ends_at
    stop_server(server)
    cara.sees("Intervise restarts")
    cara.writes("Your idea", "Written while the server slept")
    cara.presses("Add the idea")
    port = server.url.rsplit(":", 1)[1]
    again = start_server(server.clock_file.parent, PORT=port)
    try:
        expect(cara.page.get_by_text("Not saved yet")).to_have_count(0, timeout=20_000)
        cara.sees("Written while the server slept")
        assert ideas(cast) == ["Written while the server slept"]
        assert cast.room().it.ends_at == ends_at
    finally:
        stop_server(again)


AT_THE_NEXT_SECOND = """() => new Promise(tell => {
  const clock = document.querySelector(".clock-time");
  new MutationObserver((_, watch) => { watch.disconnect(); tell(clock.textContent); })
    .observe(clock, { childList: true, characterData: true, subtree: true });
})"""


def error_of_the_clock(person: Person, ends_at: datetime) -> float:
    """By how many seconds the clock on the page is wrong, at the moment at which it shows the next second."""
    minutes, seconds = map(int, person.page.evaluate(AT_THE_NEXT_SECOND).split(":"))
    return abs((ends_at - now()).total_seconds() - 60 * minutes - seconds)


def test_the_clock_is_right_on_a_device_that_is_hours_off(cast: Cast, enter: Enter) -> None:
    cast.go_to("brainstorm")
    ends_at = cast.room().it.ends_at
    assert ends_at
    for who, hours in (("Cara", 11), ("Carl", -7)):
        person = enter(who)
        person.page.clock.install(time=now() + timedelta(hours=hours))
        person.page.reload()
        person.is_in("Brainstorm")
        assert min(error_of_the_clock(person, ends_at) for _ in range(3)) < 0.25


def test_the_silence_ends_by_itself_and_everybody_sees_the_ideas(cast: Cast, enter: Enter, server: Server) -> None:
    cast.go_to("silent_brainstorm")
    cast.does("Cara", "idea", text="Map the contacts")
    otto, carl = enter("Otto"), enter("Carl", phone=True)
    otto.is_in("Brainstorm: write in silence")
    carl.does_not_see("Map the contacts")
    server.set_clock(269)
    for person in (otto, carl):
        person.is_in("Brainstorm")
        person.sees("Map the contacts")


def test_a_seat_is_taken_along_to_a_phone(cast: Cast, enter: Enter, meet: Meet) -> None:
    cast.go_to("statement")
    cara = enter("Cara")
    cara.presses("Your name and devices")
    cara.presses("Use another device")
    link = cara.page.locator("input[readonly]").first.input_value()
    phone = meet("Cara’s phone", phone=True)
    phone.goes_to(link)
    phone.presses("Take my seat on this device")
    phone.is_in("Issue statement")
    stan = meet("Stan")
    stan.may_fail = True
    stan.goes_to(link)
    expect(stan.page.get_by_role("button", name="Take my seat on this device")).to_have_count(0)


def test_whoever_is_removed_is_told_kindly_and_does_not_come_back(cast: Cast, enter: Enter) -> None:
    cast.go_to("statement")
    mia, cara = enter("Mia"), enter("Cara")
    cara.is_in("Issue statement")
    mia.presses("More about Cara")
    mia.presses("Remove from the session")
    mia.page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    cara.sees("no longer")
    cara.page.reload()
    expect(cara.page).not_to_have_url(re.compile(r"/room$"))


def test_a_step_back_by_mistake_costs_nobody_anything(cast: Cast, enter: Enter) -> None:
    cast.run_up_to("brainstorm")
    mia, cara = enter("Mia"), enter("Cara")
    cara.writes("Your idea", "Half a thought")
    mia.presses("Step back")
    cara.is_in("Brainstorm: write in silence")
    expect(cara.field("Your idea")).to_have_value("Half a thought")
    mia.presses("Reveal the ideas")
    anyway = mia.page.get_by_role("button", name="Go on anyway")
    expect(mia.heading("Brainstorm").or_(anyway)).to_be_visible()
    if anyway.is_visible():
        anyway.click()
    cara.is_in("Brainstorm")
    cara.sees("Map the contacts")
    expect(cara.field("Your idea")).to_have_value("Half a thought")


def test_what_is_pressed_at_the_moment_in_which_the_session_ends_its_lines_counts_all_the_same(
    walk: Walk, enter: Enter
) -> None:
    earlier = Cast(walk.account, title="An earlier one").go_to("lessons")
    earlier.does("Mia", "themes", themes=["Renewal"])
    walk.run_up_to("lessons")
    mia = enter("Mia")
    lines: list[LateEnd] = []
    mia.page.route_web_socket(re.compile("/socket.io/"), lambda line: lines.append(LateEnd(line)))
    mia.page.reload()
    mia.is_in("Lessons learned")
    walk.does("Mia", "advance")
    mia.sees("Thank you, all of you.")
    mia.waits_until(lambda: lines[0].is_over)
    mia.page.get_by_role("button", name="Renewal").click()
    expect(mia.page.get_by_role("button", name="Renewal")).to_have_attribute("aria-pressed", "true")
    assert len(lines) == 2
    assert walk.sees("Mia")["session"]["themes"] == ["Renewal"]


def test_a_pulse_that_overtakes_the_patch_of_the_same_change_asks_for_nothing(walk: Walk, enter: Enter) -> None:
    walk.go_to("brainstorm")
    mia = enter("Mia")
    asked: list[str] = []

    def overtake(line: WebSocketRoute) -> None:
        server = line.connect_to_server()

        def from_server(message: str | bytes) -> None:
            if told := re.match(r'42\["patch",.*?("version":\d+)', str(message)):
                line.send(f'42["pulse",{{{told[1]},"now":{now().timestamp() * 1000}}}]')
            line.send(message)

        def from_page(message: str | bytes) -> None:
            asked.extend(["sync"] * ('"sync"' in str(message)))
            server.send(message)

        server.on_message(from_server)
        line.on_message(from_page)

    mia.page.route_web_socket(re.compile("/socket.io/"), overtake)
    mia.page.clock.install()
    mia.page.reload()
    mia.is_in("Brainstorm")
    mia.page.clock.pause_at(now() + timedelta(seconds=5))
    walk.does("Cara", "idea", text="Map the contacts")
    mia.sees("Map the contacts")
    mia.page.clock.run_for(1000)
    assert asked == []


class OwnTime:
    """A line on which the server's time passes only where a test says so, and on which the test answers the probes."""

    def __init__(self, person: Person, ends_at: datetime | None, left_s: float) -> None:
        assert ends_at
        self.person = person
        self.server_ms = ends_at.timestamp() * 1000 - left_s * 1000
        self.asked: list[str] = []
        person.page.route_web_socket(re.compile("/socket.io/"), self._join)
        person.page.clock.install()
        person.page.clock.pause_at(now() + timedelta(seconds=5))
        person.page.reload()

    def _join(self, line: WebSocketRoute) -> None:
        self.line, self.server = line, line.connect_to_server()
        self.server.on_message(self._from_server)
        line.on_message(self._from_page)

    def _from_server(self, message: str | bytes) -> None:
        if not str(message).startswith('42["pulse"'):
            self.line.send(re.sub(r'"now":[0-9.]+', f'"now":{self.server_ms}', str(message)))

    def _from_page(self, message: str | bytes) -> None:
        if probe := re.match(r'42(\d+)\["probe"', str(message)):
            self.asked.append(probe[1])
        elif '"sync"' not in str(message):
            self.server.send(message)

    def passes(self, ms: int) -> bool:
        self.person.page.clock.run_for(ms)
        self.server_ms += ms
        return True

    def is_asked(self, number: int) -> None:
        """Wait until so many probes have been sent."""
        self.person.waits_until(lambda: len(self.asked) >= number or (not self.asked and not self.passes(1)))

    def answers(self, number: int) -> None:
        self.is_asked(number)
        self.line.send(f'43{self.asked[number - 1]}[{{"ok":true,"now":{self.server_ms}}}]')

    def loses(self, *numbers: int) -> None:
        for number in numbers:
            self.is_asked(number)
            self.passes(2000)

    def tells(self, ms: float) -> None:
        self.line.send(f'42["pulse",{{"version":0,"now":{ms}}}]')


def test_a_clock_that_was_learned_while_the_line_stood_still_is_learned_again_with_the_next_pulse(
    walk: Walk, enter: Enter
) -> None:
    walk.go_to("brainstorm")
    mia = enter("Mia")
    line = OwnTime(mia, walk.room().it.ends_at, left_s=300.4)
    line.is_asked(1)
    line.passes(1900)
    line.answers(1)
    line.loses(2, 3, 4, 5)
    mia.sees("4:50")  # 290.5 s are left, but for all that the page knows it may be anything from 288.6 to 290.5
    line.tells(line.server_ms - 200)
    for number in range(6, 11):
        line.answers(number)
    line.passes(1)
    mia.sees("4:51")


def test_a_clock_that_is_right_stays_right_when_answers_and_news_come_late(walk: Walk, enter: Enter) -> None:
    walk.go_to("brainstorm")
    mia = enter("Mia")
    line = OwnTime(mia, walk.room().it.ends_at, left_s=300.5)
    for number in range(1, 6):
        line.answers(number)
    mia.sees("5:01")
    old_ms = line.server_ms
    line.passes(1500)
    line.tells(old_ms)
    line.is_asked(6)
    line.passes(1900)
    line.answers(6)
    line.loses(7, 8, 9, 10)
    mia.sees("4:50")  # 289.1 s; in the middle of that answer's way it would be 288.15
