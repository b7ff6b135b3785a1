"""What moves the whole group counts when it is pressed, or never: it does not wait for the line, as words do, for when
that is back the group may be somewhere else.
"""

import re

import pytest
from playwright.sync_api import Locator, WebSocketRoute, expect
from sqlalchemy import select

from app.extensions import db
from app.sessions.models import Journal
from tests.browser.conftest import Enter
from tests.browser.people import Person
from tests.browser.test_words_kept import offline
from tests.browser.walk import Walk

SENTENCE = "You are offline. Try again when the connection is back."
AT_ONCE_MS = 3000
"""A command without an answer is given up after ten seconds: this sentence did not wait for that."""

BUTTONS = {"the next step": "On to recommendations", "pause": "Pause"}
ACTS = {"the next step": "advance", "pause": "pause"}

# The page greys its buttons out as soon as it has no line. A finger may be faster than that, and so is this one.
PRESSED_AS_IT_GOES = "button => { button.disabled = false; button.click(); }"


@pytest.fixture(params=BUTTONS)
def what(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def mia(walk: Walk, enter: Enter) -> Person:
    walk.go_to("brainstorm")
    mia = enter("Mia")
    mia.is_in("Brainstorm")
    return mia


def button(mia: Person, name: str) -> Locator:
    return mia.page.get_by_role("button", name=name, exact=True)


def reads_it_at_once(mia: Person) -> None:
    expect(mia.page.get_by_text(SENTENCE).filter(visible=True).first).to_be_visible(timeout=AT_ONCE_MS)


def acts(walk: Walk) -> list[str]:
    """All that anybody has done in this session, in its order."""
    walk.room()
    query = select(Journal.act).where(Journal.intervision_id == walk.id).order_by(Journal.version)
    return list(db.session.scalars(query))


def waiting(mia: Person) -> list[str]:
    """What this tab keeps to be sent later."""
    kept: list[str] = mia.page.evaluate("Object.keys(sessionStorage).filter((name) => name.endsWith(':outbox'))")
    return kept


def nothing_comes_of_it(mia: Person, walk: Walk, before: list[str], title: str) -> None:
    """Neither when the line is back nor after a reload. Commands are handled in their order: what was kept would have
    come before the minute that Mia adds now.
    """
    for minutes in (1, 2):
        button(mia, "+1 minute").click()
        mia.waits_until(lambda: acts(walk).count("extend") == minutes)  # noqa: B023 - asked before the loop goes on
        assert acts(walk) == [*before, *["extend"] * minutes]
        assert waiting(mia) == []
        mia.is_in(title)
        mia.page.reload()
        mia.is_in(title)


def test_what_is_pressed_without_a_line_is_refused_at_once_and_never_sent(walk: Walk, mia: Person, what: str) -> None:
    before = acts(walk)
    pressed = button(mia, BUTTONS[what])
    # What came with the step may still rest, so that one tap does not move the group twice.
    expect(button(mia, BUTTONS["the next step"])).to_have_attribute("aria-disabled", "false")
    with offline(mia):
        expect(pressed).to_be_disabled()
        pressed.evaluate(PRESSED_AS_IT_GOES)
        reads_it_at_once(mia)
        assert waiting(mia) == []
        mia.is_in("Brainstorm")
    nothing_comes_of_it(mia, walk, before, "Brainstorm")


def test_what_is_lost_with_the_line_that_it_was_sent_on_is_refused_at_once_and_not_sent_again(
    walk: Walk, mia: Person, what: str
) -> None:
    lost: list[str] = []

    def lose_it(line: WebSocketRoute) -> None:
        server = line.connect_to_server()

        def from_page(message: str | bytes) -> None:
            if f'"name":"{ACTS[what]}"' in str(message):
                lost.append(str(message))
                line.close()
            else:
                server.send(message)

        line.on_message(from_page)

    mia.page.route_web_socket(re.compile("/socket.io/"), lose_it)
    mia.page.reload()
    mia.is_in("Brainstorm")
    before = acts(walk)
    expect(button(mia, BUTTONS["the next step"])).to_have_attribute("aria-disabled", "false")
    button(mia, BUTTONS[what]).click()
    reads_it_at_once(mia)
    nothing_comes_of_it(mia, walk, before, "Brainstorm")
    assert len(lost) == 1


def test_a_question_that_is_answered_without_a_line_closes_no_session(walk: Walk, enter: Enter) -> None:
    walk.go_to("lessons")
    mia = enter("Mia")
    mia.is_in("Lessons learned")
    before = acts(walk)
    expect(button(mia, "Close the session")).to_have_attribute("aria-disabled", "false")
    button(mia, "Close the session").click()
    sure = mia.page.get_by_role("dialog").get_by_role("button", name="Close the session")
    with offline(mia):
        sure.click()
        reads_it_at_once(mia)
        assert waiting(mia) == []
    nothing_comes_of_it(mia, walk, before, "Lessons learned")
