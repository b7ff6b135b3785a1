"""The product's main job, from the first link to the plan in hand: a moderator, an owner and three consultants, one on
a phone.
"""

import io
import re
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import expect
from pypdf import PdfReader

from app.sessions.exports.formats import FORMATS
from app.times import now
from tests.browser.conftest import Meet
from tests.browser.people import Person
from tests.conftest import Server

ISSUE = "Nine contacts, four months, and nobody will name a decider."


def test_five_people_run_a_session_from_the_plan_to_the_pdf(meet: Meet, server: Server, tmp_path: Path) -> None:
    lotte = meet("Lotte")
    make_the_first_account(lotte, server)
    link, owner_link = plan_a_session(lotte)

    ines = meet("Ines")
    prepare(ines, owner_link)
    pieter, sam, mei = meet("Pieter"), meet("Sam", phone=True), meet("Mei")
    come_early(pieter, link)
    open_the_room(lotte)
    ines.is_in("Lobby")
    pieter.is_in("Lobby")
    for late in (sam, mei):
        come(late, link)
    everybody = [lotte, ines, pieter, sam, mei]
    faces = [lotte, ines, sam]
    accept(everybody)
    check(faces)

    go_on(lotte, "Start with the issue statement", "Issue statement", everybody)
    tell_the_case(ines, pieter, sam)
    check(faces)

    go_on(lotte, "On to clarifying questions", "Clarifying questions: write in silence", everybody)
    write_questions(pieter, sam, mei)
    check(faces)
    go_on(lotte, "Start the questions", "Clarifying questions", everybody)
    ask_and_answer(lotte, ines, pieter, sam, mei)
    check(faces)

    word_the_ask(lotte, ines, sam, everybody)
    check(faces)

    go_on(lotte, "Start the brainstorm", "Brainstorm: write in silence", everybody)
    brainstorm_in_silence(lotte, ines, pieter, sam, mei)
    check(faces)
    go_on(lotte, "Reveal the ideas", "Brainstorm", everybody)
    build_on_ideas(lotte, ines, sam, mei)
    check(faces)

    go_on(lotte, "On to recommendations", "Recommendations", everybody)
    recommend(lotte, ines, pieter, sam, mei)
    check(faces)

    go_on(lotte, "On to the owner’s feedback", "Owner feedback and action plan", everybody)
    decide(ines, pieter)
    check(faces)
    go_on(lotte, "Hear the reactions", "Reactions to the plan", everybody)
    react(ines, pieter, sam)
    check(faces)

    go_on(lotte, "On to lessons learned", "Lessons learned", everybody)
    learn(ines, pieter, sam)
    check(faces)

    close(lotte, everybody)
    check(faces)
    take_the_plan_home(ines, sam)
    read_the_record(lotte)
    stan_gets_nothing(meet("Stan"), lotte)


def make_the_first_account(lotte: Person, server: Server) -> None:
    line = next(line for line in server.lines if "first account" in line)
    lotte.goes_to(line.split()[-1])
    lotte.finds_nothing_wrong()
    lotte.writes("Your name", "Lotte")
    lotte.writes("E-mail", "lotte@example.org")
    for field in lotte.page.locator("input[type=password]").all():
        field.fill("a long sentence as password")
    lotte.page.locator("main form button").first.click()
    expect(lotte.page).to_have_url(re.compile(r"/sessions/?$"))
    lotte.finds_nothing_wrong()


def plan_a_session(lotte: Person) -> tuple[str, str]:
    """Returns the link for everybody and the owner's own link."""
    lotte.presses("Plan a session")
    lotte.writes("Title", "Lost in the hospital group")
    lotte.writes("Team", "North")
    lotte.writes("Issue owner, if you know who it is", "Ines")
    lotte.writes("Link of the video call", "https://meet.example.org/north")
    tomorrow = now() + timedelta(days=1)
    lotte.page.get_by_label("Date").fill(tomorrow.date().isoformat())
    lotte.page.get_by_label("Time", exact=True).fill("09:00")
    lotte.writes("People you expect", "5")
    lotte.finds_nothing_wrong()
    lotte.page.locator("form#plan button[type=submit], form#plan button.is-primary").last.click()
    expect(lotte.page).to_have_url(re.compile(r"/sessions/[A-Z0-9]{6}$"))
    lotte.finds_nothing_wrong()
    link = lotte.page.locator("input[readonly][value*='/join/']").first.input_value()
    lotte.presses("Make the link")
    owner_link = lotte.page.locator("input[readonly][value*='/seat/']").first.input_value()
    return link, owner_link


def prepare(ines: Person, owner_link: str) -> None:
    ines.goes_to(owner_link)
    ines.finds_nothing_wrong()
    ines.page.locator("main form button").first.click()
    expect(ines.page).to_have_url(re.compile(r"/room$"))
    ines.writes("The issue in one sentence", ISSUE)
    ines.writes("The situation is…", "Maintenance software for a hospital group of five sites.")
    ines.page.get_by_role("button", name="Save", exact=True).first.click()
    ines.sees("Saved.")
    ines.finds_nothing_wrong()


def come_early(person: Person, link: str) -> None:
    come(person, link)
    person.sees("You are early")
    person.finds_nothing_wrong()


def come(person: Person, link: str) -> None:
    person.goes_to(link)
    person.finds_nothing_wrong()
    person.writes("Your name", person.name)
    person.presses("Come in")
    expect(person.page).to_have_url(re.compile(r"/room$"))


def open_the_room(lotte: Person) -> None:
    lotte.presses("Go to the room")
    lotte.presses("Open the room")
    lotte.is_in("Lobby")


def accept(everybody: list[Person]) -> None:
    for person in everybody:
        person.page.get_by_role("button", name="I accept").click()
        expect(person.page.get_by_role("button", name="I accept")).to_have_count(0)


def go_on(lotte: Person, button: str, title: str, everybody: list[Person]) -> None:
    lotte.presses(button)
    # Whoever is seen writing at that moment is asked about first; half a thought has been left in a field on purpose.
    anyway = lotte.page.get_by_role("button", name="Go on anyway")
    expect(lotte.heading(title).or_(anyway)).to_be_visible()
    if anyway.is_visible():
        lotte.sees("still writing")
        anyway.click()
    for person in everybody:
        person.is_in(title)


def check(faces: list[Person]) -> None:
    for person in faces:
        person.finds_nothing_wrong()


def tell_the_case(ines: Person, pieter: Person, sam: Person) -> None:
    pieter.sees(ISSUE)
    sam.sees(ISSUE)
    pieter.sees("Maintenance software for a hospital group of five sites.")
    ines.page.get_by_text("About the deal (optional)").click()
    ines.writes("Customer, under another name", "Lakeside")
    ines.page.get_by_role("button", name="Show it now").click()
    sam.sees("Lakeside")


def write_questions(pieter: Person, sam: Person, mei: Person) -> None:
    pieter.writes("A question for later", "Who asked for the first meeting?")
    pieter.presses("Note it")
    sam.writes("A question for later", "Which departments are the nine from?")
    sam.presses("Note it")
    sam.sees("Which departments are the nine from?")
    mei.does_not_see("Which departments are the nine from?")
    mei.does_not_see("Who asked for the first meeting?")


def ask_and_answer(lotte: Person, ines: Person, pieter: Person, sam: Person, mei: Person) -> None:
    pieter.sees("It is your turn.")
    mei.sees("has the turn.")
    pieter.page.locator(".from-notes button").first.click()
    pieter.page.get_by_role("button", name="Ask", exact=True).click()
    ines.sees("Who asked for the first meeting?")
    ines.writes("Your answer", "The technical manager at site North, after a lift breakdown.")
    ines.presses("Save the answer")
    sam.sees("The technical manager at site North")
    sam.sees("It is your turn.")
    sam.writes("Your question", "Which departments are the nine from?")
    sam.page.get_by_role("button", name="Ask", exact=True).click()
    ines.presses("Answered aloud")
    mei.sees("It is your turn.")
    lotte.presses("Said aloud")
    ines.sees("Asked aloud in the call.")
    ines.presses("I pass")
    pieter.sees("It is your turn.")


def word_the_ask(lotte: Person, ines: Person, sam: Person, everybody: list[Person]) -> None:
    go_on(lotte, "On to the ask", "The ask", everybody)
    lotte.presses("Start the brainstorm")
    lotte.sees("The owner has not saved the ask yet.")
    lotte.presses("Not yet")
    ines.writes("What I expect from you is…", "Help me find who decides, and give me one reason for them to meet me.")
    ines.writes("What I do not need is…", "Product arguments.")
    ines.presses("Save the ask")
    sam.sees("Help me find who decides")


def brainstorm_in_silence(lotte: Person, ines: Person, pieter: Person, sam: Person, mei: Person) -> None:
    ines.sees("You are listening")
    expect(ines.page.get_by_label("Your idea")).to_have_count(0)
    for person, idea in ((pieter, "Map the contacts by role"), (sam, "Ask Karim to sketch the last approval")):
        person.writes("Your idea", idea)
        person.presses("Add the idea")
        person.sees(idea)
    for other in (lotte, ines, mei):
        other.does_not_see("Map the contacts by role")
    mei.writes("Your idea", "Half a thought about the fiscal")


def build_on_ideas(lotte: Person, ines: Person, sam: Person, mei: Person) -> None:
    # Nothing of what was half written is lost when the group moves on.
    expect(mei.page.get_by_label("Your idea").first).to_have_value("Half a thought about the fiscal")
    for person in (lotte, ines, mei):
        person.sees("Map the contacts by role")
        expect(person.page.locator("#main")).not_to_contain_text("Pieter")
    sam.page.get_by_role("button", name=re.compile("Build")).first.click()
    sam.page.get_by_label(re.compile("Building on", re.IGNORECASE)).last.fill("And let him add the dates")
    sam.page.locator("form").filter(has=sam.page.get_by_label(re.compile("Building on", re.IGNORECASE))).get_by_role(
        "button", name=re.compile("Add")
    ).last.click()
    ines.sees("And let him add the dates")
    ines.page.locator("summary", has_text="A fact is wrong").click()
    ines.writes("What is the right fact?", "There are five sites, not four.")
    ines.presses("Tell the moderator")
    lotte.sees("There are five sites, not four.")
    mei.does_not_see("There are five sites, not four.")


def recommend(lotte: Person, ines: Person, pieter: Person, sam: Person, mei: Person) -> None:
    ines.sees("Receive and thank.")
    pieter.sees("It is your turn.")
    pieter.writes("Your recommendation", "Draw the map together with Karim")
    pieter.writes("A first step", "Call him on Monday")
    pieter.presses("Give it")
    ines.sees("Draw the map together with Karim")
    sam.sees("It is your turn.")
    sam.presses("Pass")
    mei.sees("It is your turn.")
    mei.writes("Your recommendation", "Propose a session of 40 minutes with three sites")
    mei.presses("Give it")
    lotte.sees("Everybody has had a turn.")


def decide(ines: Person, pieter: Person) -> None:
    ines.page.locator(".chip", has_text="Helps").first.click()
    ines.page.locator(".chip", has_text="Not now").last.click()
    ines.writes("What I will do", "Sketch the approval with Karim")
    ines.writes("By when", (now() + timedelta(days=4)).date().isoformat())
    ines.writes("When …, I will …", "When someone hands me over, I will ask for a three-way call.")
    ines.writes("First step", "Call Karim")
    ines.presses("Add to the plan")
    pieter.sees("Sketch the approval with Karim")
    ines.presses("Present my plan")


def react(ines: Person, pieter: Person, sam: Person) -> None:
    pieter.page.locator(".chip", has_text="A strength").first.click()
    pieter.page.get_by_label(re.compile("strength|strong", re.IGNORECASE)).and_(
        pieter.page.locator("textarea, input")
    ).first.fill("A strong first step")
    pieter.presses("Give it")
    ines.sees("A strong first step")
    sam.sees("A strong first step")


def learn(ines: Person, pieter: Person, sam: Person) -> None:
    sam.writes("What I will use myself", "A friendly planner can beat a title")
    sam.page.get_by_label("It may be shared with the team").check()
    sam.presses("Add my lesson")
    ines.sees("A friendly planner can beat a title")
    for group in (
        pieter.page.get_by_role("radiogroup").all()
        or pieter.page.locator("fieldset").filter(has=pieter.page.locator("input[type=radio]")).all()
    ):
        group.locator("input[type=radio]").last.check(force=True)
    pieter.presses("Give my answers")
    pieter.sees("Thank you. Your two answers are counted")


def close(lotte: Person, everybody: list[Person]) -> None:
    lotte.presses("Close the session")
    lotte.page.get_by_role("dialog").get_by_role("button", name="Close the session").click()
    for person in everybody:
        person.sees("Thank you")


def take_the_plan_home(ines: Person, sam: Person) -> None:
    for person in (ines, sam):
        with person.page.expect_download() as download:
            person.presses("The plan as PDF")
        reader = PdfReader(io.BytesIO(Path(download.value.path()).read_bytes()))
        text = " ".join(page.extract_text() for page in reader.pages)
        assert "Sketch the approval with Karim" in " ".join(text.split())
        assert len(reader.pages) == 1
    ines.page.get_by_text("The plan in other formats").click()
    with ines.page.expect_download() as download:
        ines.presses("Markdown")
    assert "three-way call" in Path(download.value.path()).read_text(encoding="utf-8")
    ines.presses("Read the whole record")
    ines.sees("Who asked for the first meeting?")
    ines.finds_nothing_wrong()


def read_the_record(lotte: Person) -> None:
    lotte.goes_to("/sessions/")
    lotte.presses("Record")
    lotte.sees("Map the contacts by role")
    lotte.sees("Sketch the approval with Karim")
    lotte.finds_nothing_wrong()


def stan_gets_nothing(stan: Person, lotte: Person) -> None:
    code = lotte.page.url.split("/sessions/")[1].split("/")[0]
    for path in ("record", *(f"{document}.{ending}" for document in ("plan", "record") for ending in FORMATS)):
        answer = stan.context.request.get(f"{stan.url}/sessions/{code}/{path}")
        assert answer.status == 404
