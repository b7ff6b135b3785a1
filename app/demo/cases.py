"""Two whole sessions as data: what the people in the demo say; `app/demo/script.py` makes acts of it.

The company, its customers and everybody in it are invented.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Question:
    """A question with its answer. `advice` is what was on the tip of the tongue first: advice dressed as a question."""

    who: str
    text: str
    answer: str
    advice: str = ""
    aloud: bool = False


@dataclass(frozen=True)
class Idea:
    """An idea; `builds_on` is the number of another one, counted from 1."""

    text: str
    builds_on: int = 0


@dataclass(frozen=True)
class Recommendation:
    """A recommendation, the number of the idea that it grew out of (0: none), and what the owner says to it."""

    who: str
    text: str
    verdict: str
    first_step: str = ""
    reason: str = ""
    idea: int = 0
    word: str = ""


@dataclass(frozen=True)
class Action:
    """An action of the plan, `days` after the session; `recommendation` is the number of the one that it came from."""

    what: str
    who: str
    days: int
    recommendation: int
    trigger: str = ""
    first_step: str = ""
    sign: str = ""


@dataclass(frozen=True)
class Lesson:
    who: str
    text: str
    share: bool = True
    named: bool = True
    situation: str = ""


@dataclass(frozen=True)
class Case:
    """One session: who is there, and what is said from the statement to the lessons.

    `statement` holds the statement's fields, `reactions` are (who, strength or risk, text), `process` is (who, text).
    Without an `ask` the group goes on without one. `visibility` says who else reads it afterwards.
    """

    title: str
    team: str
    length: int
    moderator: str
    owner: str
    consultants: tuple[str, ...]
    statement: dict[str, Any]
    questions: tuple[Question, ...]
    ask: str
    not_needed: str
    ideas: tuple[Idea, ...]
    recommendations: tuple[Recommendation, ...]
    actions: tuple[Action, ...]
    reactions: tuple[tuple[str, str, str], ...]
    lessons: tuple[Lesson, ...]
    process: tuple[str, str]
    themes: tuple[str, ...]
    visibility: str
    transcript: bool = True

    @property
    def people(self) -> tuple[str, ...]:
        return (self.moderator, self.owner, *self.consultants)


HOSPITALS = Case(
    title="Lost in the hospital group",
    team="Team Health",
    length=60,
    moderator="Lotte",
    owner="Ines",
    consultants=("Pieter", "Sam", "Aïcha", "Jonas", "Mei"),
    statement={
        "issue": "Nine contacts, four months, and nobody will name a decider.",
        "situation": "A group of five hospitals looks at our maintenance software. Every meeting ends with "
        "the same words: “Talk to my colleague.”",
        "tried": "I followed every hand-over. That makes nine people by now.",
        "stakes": "€180k, and their fiscal year closes in ten weeks.",
        "customer": "A hospital group with five sites",
        "offer": "Maintenance software",
        "size": "€180k",
        "key_date": "In ten weeks: the fiscal year closes",
        "people": [
            {"name": "The technical manager", "role": "Site North", "influence": "medium", "stage": "interested"},
            {"name": "Karim", "role": "Planner at site North", "influence": "low", "stage": "interested"},
            {"name": "Two people from IT", "role": "IT", "influence": "", "stage": "not_aware"},
            {"name": "The buyer", "role": "Purchasing", "influence": "", "stage": "not_aware"},
        ],
    },
    questions=(
        Question("Pieter", "Who asked for the first meeting?", "North’s technical manager, after a lift broke down."),
        Question("Sam", "Which departments are the nine from?", "Six are technical, two from IT, one from purchasing."),
        Question("Aïcha", "What contact has there been with finance?", "None.", advice="Have you tried the CFO?"),
        Question("Jonas", "What did the last one say on handing you over?", "“It goes through the group office now.”"),
        Question("Mei", "What does a breakdown cost them?", "I do not know. North spoke of operations put off."),
        Question("Pieter", "How have such purchases been approved before?", "Unknown."),
        Question("Sam", "Who answers you fastest?", "Karim, the planner at North: the same day.", aloud=True),
    ),
    ask="Help me find who decides, and give me one reason for them to meet me.",
    not_needed="Product arguments.",
    ideas=(
        Idea("Map the contacts by role"),
        Idea("Ask Karim to sketch how the last approval went"),
        Idea("Work out with North what one breakdown costs"),
        Idea("Ask for one joint session instead of one meeting after the other"),
        Idea("Find out who in the group office owns uptime"),
        Idea("No new contacts for a while"),
        Idea("Ask purchasing from which amount on they need an approval"),
        Idea("Compare two sites", builds_on=3),
        Idea("Use the end of the fiscal year"),
    ),
    recommendations=(
        Recommendation("Pieter", "Draw the map together with Karim.", "helps", idea=2, word="Karim as my guide",
                       first_step="Ask him how the last approval went."),
        Recommendation("Sam", "Accept no hand-over any more without a call of three.", "helps"),
        Recommendation("Aïcha", "Work out what one breakdown costs, then ask finance to check it.", "helps", idea=3,
                       first_step="Take one breakdown at North.", word="The cost"),
        Recommendation("Jonas", "Ask purchasing about the process, and about nothing else.", "maybe", idea=7),
        Recommendation("Mei", "Propose a session of 40 minutes with three sites.", "maybe", idea=4,
                       word="Without comparing the sites: that is sensitive between them"),
    ),
    actions=(
        Action("Sketch with Karim how the last approval went", "Ines", 3, 1),
        Action("Call purchasing about the amount that needs an approval", "Ines", 5, 4),
        Action("Make a sheet of what a breakdown costs", "Ines with Mei", 8, 3),
        Action("Send the invitation to a joint session", "Ines", 14, 5,
               trigger="When someone hands me over, I will ask for a call of three."),
    ),
    reactions=(
        ("Jonas", "strength", "A strong first step."),
        ("Sam", "risk", "Karim may know his own site and not the group."),
    ),
    lessons=(
        Lesson(
            "Pieter",
            "A friendly planner can open more doors than a title.",
            situation="Everybody at the customer’s is friendly, and for months nobody has said who decides.",
        ),
        Lesson("Sam", "Count roles, not contacts.", named=False),
        Lesson("Aïcha", "A hand-over is a moment to ask."),
        Lesson("Ines", "I collected contacts instead of a map.", share=False, named=False),
    ),
    process=("Mei", "Writing in silence first gave us ideas that nobody had said aloud."),
    themes=("Several deciders", "Public sector"),
    visibility="facilitators",
)  # fmt: skip

ENERGY = Case(
    title="Everyone likes it, nobody signs",
    team="Team Industry",
    length=90,
    moderator="Hanna",
    owner="Claire",
    consultants=("Malik", "Sofie", "Ruben", "Tess"),
    statement={
        "issue": "Put off for the third time: the pilot worked, and still there is no decision.",
        "situation": "Energy monitoring for a food producer. The pilot saved 9% on one line. The next date: “after "
        "summer”.",
        "tried": "A pilot, which went well, and three dates for the decision.",
        "stakes": "A deal that everybody likes, and that nobody signs.",
        "customer": "A food producer",
        "offer": "Energy monitoring",
        "key_date": "“After summer”",
        "people": [
            {"name": "The plant director", "role": "Runs the plant", "influence": "high", "stage": "interested"},
            {"name": "The energy manager", "role": "Hears from the pilot", "influence": "medium", "stage": "decided"},
            {"name": "The production head", "role": "Runs the lines", "influence": "high", "stage": "not_aware"},
        ],
    },
    questions=(
        Question("Malik", "Since when has the date been moving?", "First it was February, then April, now September."),
        Question("Sofie", "What happened just before each postponement?", "Somebody new joined the steering group."),
        Question("Ruben", "Who gains most if nothing changes?", "Perhaps the production head: he is afraid of audits."),
        Question("Tess", "What happens for them if they wait until September?",
                 "They lose about €11k a month. I never showed it.", advice="Why don’t you set a deadline?"),
        Question("Malik", "How did the pilot team report the result?", "By word of mouth, to the energy manager."),
        Question("Sofie", "What must they change to roll it out?", "The routine of two shifts, and a link to IT."),
        Question("Ruben", "Which other projects compete with it?", "A new filling line."),
        Question("Tess", "What has the plant director said?", "“Interesting”, and never more.", aloud=True),
    ),
    ask="Help me understand what holds them back, and find a next step that they would choose themselves.",
    not_needed="",
    ideas=(
        Idea("A sheet that shows what waiting costs"),
        Idea("Talk to the production head alone"),
        Idea("Let the pilot team present"),
        Idea("A smaller second step"),
        Idea("Tie it to the filling line"),
        Idea("List what worries each member of the steering group"),
        Idea("Ask what would make “no” the right answer"),
        Idea("Share the work of the roll-out"),
        Idea("Visit a customer who has it"),
        Idea("Agree on the way to a decision, not on a date"),
        Idea("Offer to close the file", builds_on=7),
    ),
    recommendations=(
        Recommendation("Malik", "Let the pilot team present, not yourself.", "maybe", idea=3),
        Recommendation("Sofie", "Draw a map of how ready each member is.", "helps", idea=6, word="The map"),
        Recommendation("Ruben", "Meet the production head about his fear of audits.", "maybe", idea=2),
        Recommendation("Tess", "Show what a month costs, and ask whether the figure is right.", "maybe", idea=1),
        Recommendation("Malik", "Propose a step of two lines within the filling-line project.", "maybe", idea=5),
        Recommendation("Sofie", "Invite an honest “no”.", "helps", idea=7,
                       word="The honest “no”; a visit comes too early"),
    ),
    actions=(
        Action("Draw the map of readiness, and go through it with Sofie", "Claire", 5, 2,
               trigger="When somebody new joins, I will meet them before the next meeting."),
        Action("Have a coffee with the production head", "Claire", 10, 3),
        Action("Give the pilot team a slot to present", "The energy manager, asked by Claire", 21, 1),
        Action("Propose a step of two lines", "Claire", 28, 5),
    ),
    reactions=(
        ("Ruben", "strength", "The order is strong."),
        ("Tess", "risk", "The energy manager may have no time: prepare something to fall back on."),
    ),
    lessons=(
        Lesson(
            "Malik",
            "The rival is often “do nothing”.",
            situation="The customer likes the offer, no rival is in sight, and the date moves for the third time.",
        ),
        Lesson("Sofie", "Somebody new sets the clock back.", named=False),
        Lesson("Tess", "Show early what waiting costs."),
        Lesson("Claire", "I sold the product to people who were not convinced yet that they should change."),
    ),
    process=("Ruben", "The ask took time, and it gave the brainstorm its direction."),
    themes=("No decision", "Pilot"),
    visibility="process",
)  # fmt: skip
