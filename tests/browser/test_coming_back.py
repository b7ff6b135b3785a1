"""The moments around coming back: a welcome that takes its time or never comes, words that are refused on the way."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import WebSocketRoute, expect

from app.times import now
from tests.browser.conftest import Enter
from tests.browser.people import Person
from tests.browser.walk import Walk
from tests.conftest import Server

HELLO = "40"  # a packet of Socket.IO, https://socket.io/docs/v4/socket-io-protocol/


class Held:
    """Lines on which the page's hello waits until the test lets it go on."""

    def __init__(self) -> None:
        self.lines: list[WebSocketRoute] = []
        self.hellos: list[tuple[WebSocketRoute, str | bytes]] = []

    def join(self, line: WebSocketRoute) -> None:
        server = line.connect_to_server()
        self.lines.append(line)

        def from_page(message: str | bytes) -> None:
            if str(message).startswith(HELLO):
                self.hellos.append((server, message))
            else:
                server.send(message)

        line.on_message(from_page)
        server.on_close(lambda *_: None)  # on a dead line the page does not hear of its end

    def let_go(self) -> None:
        for server, hello in self.hellos:
            server.send(hello)
        self.hellos.clear()


@pytest.fixture
def held() -> Held:
    return Held()


def test_a_network_that_comes_while_the_page_waits_at_the_door_does_not_turn_it_away(
    walk: Walk, enter: Enter, held: Held
) -> None:
    walk.go_to("brainstorm")
    mia = enter("Mia")
    mia.page.route_web_socket(re.compile("/socket.io/"), held.join)
    mia.page.reload()
    mia.waits_until(lambda: bool(held.hellos))
    mia.page.evaluate("window.dispatchEvent(new Event('online'))")
    mia.page.wait_for_function("() => true")
    held.let_go()
    mia.is_in("Brainstorm")
    mia.does_not_see("This room does not know you")


def test_a_line_on_which_no_welcome_comes_is_given_up_after_a_while(walk: Walk, enter: Enter, held: Held) -> None:
    walk.go_to("brainstorm")
    mia = enter("Mia")
    mia.page.route_web_socket(re.compile("/socket.io/"), held.join)
    mia.page.clock.install()
    mia.page.reload()
    mia.waits_until(lambda: bool(held.hellos))
    held.hellos.clear()
    mia.page.clock.pause_at(now() + timedelta(seconds=5))
    mia.page.clock.run_for(13_000)
    for _ in range(50):  # ten seconds more to connect anew; Engine.IO itself would notice after 45
        if held.hellos:
            break
        mia.page.clock.run_for(200)
        mia.page.wait_for_timeout(20)
    assert len(held.lines) == 2
    held.let_go()
    mia.is_in("Brainstorm")


def test_in_the_last_step_nobody_says_again_and_again_that_the_time_is_up(
    walk: Walk, enter: Enter, server: Server
) -> None:
    walk.run_up_to("lessons")
    walk.does("Mia", "move_on", on=True)
    walk.does("Mia", "set_time", seconds=10)
    server.set_clock(60)
    mia = enter("Mia")
    said = frames(mia)
    mia.page.clock.install()
    mia.page.reload()
    mia.is_in("Lessons learned")
    mia.page.clock.pause_at(now() + timedelta(seconds=5))
    mia.page.clock.run_for(8000)
    expect(mia.page.get_by_role("timer").first).to_contain_text("+")
    assert not [each for each in said if "time_up" in each]


def test_what_is_said_in_passing_is_seen_above_a_window(walk: Walk, enter: Enter) -> None:
    walk.go_to("brainstorm")
    mia = enter("Mia", phone=True)
    mia.presses(" here")
    mia.page.get_by_role("dialog").get_by_role("button", name=re.compile("Cara")).click()
    mia.page.get_by_role("textbox", name="Name").fill("Clara")
    mia.page.get_by_role("dialog").last.get_by_role("button", name="Save").click()
    saved = mia.page.get_by_role("dialog").last.get_by_text("Saved.")
    expect(saved).to_be_visible()
    box = saved.bounding_box()
    assert box
    on_top = "([x, y]) => document.elementFromPoint(x, y).textContent"
    assert mia.page.evaluate(on_top, [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]) == "Saved."


def test_a_paste_with_what_nobody_sees_is_saved_once(walk: Walk, enter: Enter) -> None:
    walk.go_to("statement")
    otto = enter("Otto")
    said = frames(otto)
    otto.page.clock.install()
    otto.page.reload()
    otto.is_in("Issue statement")
    otto.writes("The issue in one sentence", "Nine contacts,\x0bno decider")
    for _ in range(4):
        otto.page.clock.run_for(3000)
        otto.page.wait_for_timeout(50)  # the answer comes in the server's time
    otto.sees("Saved.")
    assert len([each for each in said if '"statement"' in each]) == 1


def frames(person: Person) -> list[str]:
    """What this person's page sends from now on."""
    said: list[str] = []
    person.page.on("websocket", lambda line: line.on("framesent", lambda frame: said.append(str(frame))))
    return said


def test_a_page_from_before_an_update_is_loaded_anew_and_keeps_what_was_written(walk: Walk, enter: Enter) -> None:
    walk.go_to("brainstorm")
    cara = enter("Cara")
    spoken = ["1"]

    def join(line: WebSocketRoute) -> None:
        server = line.connect_to_server()
        line.on_message(lambda message: server.send(str(message).replace('"protocol":1', f'"protocol":{spoken[0]}')))

    cara.page.route_web_socket(re.compile("/socket.io/"), join)
    cara.page.reload()
    cara.is_in("Brainstorm")
    spoken[0] = "0"
    cara.page.evaluate("window.dispatchEvent(new Event('offline'))")
    cara.writes("Your idea", "Map the contacts")
    cara.presses("Add the idea")
    cara.sees("There is a newer version")
    spoken[0] = "1"
    cara.presses("Load it anew")
    cara.is_in("Brainstorm")
    cara.sees("Map the contacts")


def test_what_was_noted_for_the_owner_is_replaced_and_not_emptied(walk: Walk, enter: Enter) -> None:
    walk.go_to("statement")
    walk.does("Mia", "statement", issue="Nobody decides", for_=walk.seats["Otto"])
    otto = enter("Otto")
    said = frames(otto)
    otto.page.clock.install()
    otto.page.reload()
    otto.is_in("Issue statement")
    otto.writes("The issue in one sentence", "")
    for _ in range(4):
        otto.page.clock.run_for(3000)
        otto.page.wait_for_timeout(50)
    assert [each for each in said if '"statement"' in each] == []
    otto.presses("Show it now")
    otto.page.clock.run_for(1000)
    expect(otto.field("The issue in one sentence")).to_have_value("Nobody decides")
    assert walk.sees_kind("Mia", "statement")[0]["text"] == "Nobody decides"
