"""A year of sessions of one team, as data: what there is to find again, to look back on and to follow up.

They are shorter than the two cases that are played live, and each goes its own way: some take their time, one is
stopped, one leaves no transcript. As everything in the demo, they are invented.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.demo.cases import HOSPITALS, Action, Case, Idea, Lesson, Question, Recommendation
from app.sessions.models import Visibility

TEAM = ("Ines", "Pieter", "Sam", "Aïcha", "Jonas", "Mei")

Moves = Mapping[str, tuple[tuple[str, dict[str, Any]], ...]]


@dataclass(frozen=True)
class Past:
    """A session that was held on the latest working day at least `days` days ago, at `hour`.

    `pace` says how much of its minutes a step took, where that differs from most; `moves` what the moderator did to the
    clock, by step; it was stopped in `stops_in`. Since then: `states` are state and word for each action, `answers`
    those to the check-ins with how much it helped (0: not asked), `note` is the facilitator's.
    """

    case: Case
    days: int
    hour: int = 14
    pace: Mapping[str, float] = field(default_factory=dict)
    moves: Moves = field(default_factory=dict)
    stops_in: str = ""
    states: tuple[tuple[str, str], ...] = ()
    answers: tuple[tuple[str, str, int], ...] = ()
    note: str = ""


def case(
    title: str,
    owner: str,
    issue: str,
    ask: str,
    *,
    questions: Sequence[tuple[str, str]],
    ideas: Sequence[str],
    advice: Sequence[tuple[str, str]],
    actions: Sequence[tuple[str, int]],
    lessons: Sequence[str],
    themes: tuple[str, ...],
    visibility: str = Visibility.FACILITATORS,
    transcript: bool = True,
) -> Case:
    """A session of the team with four consultants, who take turns: `questions` with their answers, `advice` with how
    the owner sorted it, `actions` with their days. The last idea builds on the first.
    """
    after = TEAM.index(owner) + 1
    consultants = tuple((TEAM * 2)[after : after + 4])
    everybody = (*consultants, owner)
    return Case(
        title=title,
        team=HOSPITALS.team,
        length=45,
        moderator=HOSPITALS.moderator,
        owner=owner,
        consultants=consultants,
        statement={"issue": issue},
        questions=tuple(Question(who, *each) for who, each in zip(consultants, questions, strict=True)),
        ask=ask,
        not_needed="",
        ideas=tuple(Idea(text, builds_on=1 if text is ideas[-1] else 0) for text in ideas),
        recommendations=tuple(
            Recommendation(who, text, verdict) for who, (text, verdict) in zip(consultants, advice, strict=False)
        ),
        actions=tuple(Action(text, owner, days, number) for number, (text, days) in enumerate(actions, 1)),
        reactions=((consultants[0], "strength", "It begins this week."), (consultants[1], "risk", "A lot at once.")),
        lessons=tuple(
            Lesson(who, text, named=number % 2 == 0)
            for number, (who, text) in enumerate(zip(everybody, lessons, strict=False))
        ),
        process=(consultants[-1], "Writing in silence first gave everybody a word."),
        themes=themes,
        visibility=visibility,
        transcript=transcript,
    )


YEAR: tuple[Past, ...] = (
    Past(
        case(
            "The new buyer wants to start over", "Pieter",
            "A new head of purchasing stops a deal that was agreed, and wants three offers.",
            "Help me find what is in it for her to keep what was agreed.",
            questions=[
                ("What is she measured by?", "Savings in her first year."),
                ("Who chose us before she came?", "The head nurses, with the IT department."),
                ("What did you say to her so far?", "That everything had been agreed. She did not like that."),
                ("What happens if she takes half a year?", "The old system runs out in May."),
            ],
            ideas=["Let the head nurses tell her why", "Show what was saved already", "Ask what she would change",
                   "Offer a first step that carries her name", "Bring her predecessor to the table"],
            advice=[("Ask her first, and do not defend the past.", "helps"), ("Let the nurses invite her.", "helps"),
                    ("Give her a saving that is hers.", "maybe"), ("Name the date in May.", "not_now")],
            actions=[("Ask her what a good first year would be", 4), ("Bring the head nurses and her together", 12)],
            lessons=["Somebody new needs a decision of their own.", "Defending what was agreed makes it older.",
                     "I ask newcomers first what they are measured by."],
            themes=("New decider", "Purchasing"),
        ),
        days=352, hour=10, pace={"statement": 1.3, "ask": 0.9},
        moves={"questions": (("extend", {"seconds": 120}),)},
        states=(("done", "She wants to be asked, it turned out."), ("done", "")),
        answers=(("I have called her.", "Nothing so far.", 0), ("She sets the agenda now.", "The order.", 5),
                 ("Signed, with her changes.", "Ask before you explain.", 0)),
    ),
    Past(
        case(
            "A discount that everybody expects", "Mei",
            "The customer asks for 20%, because they got it last time.",
            "How do I talk about the price without beginning with the price?",
            questions=[
                ("Why did they get it last time?", "The quarter was ending."),
                ("What has changed for them since?", "They opened two more wards."),
                ("Who asks for it?", "Purchasing; the users have never mentioned it."),
                ("What would they miss without us?", "The night shift would go back to paper."),
            ],
            ideas=["Trade: a longer term for a lower price", "Talk to the night shift first", "Split the offer in two",
                   "Say what the discount had paid for", "A price for the new wards only"],
            advice=[("Give nothing without getting something.", "helps"), ("Let the users speak.", "maybe"),
                    ("Offer two versions, and let them choose.", "helps"), ("Write down what for.", "helps")],
            actions=[("Prepare two versions of the offer", 3), ("Meet the night shift", 6), ("Talk to purchasing", 14)],
            lessons=["A discount without a reason becomes a price.", "Two versions turn a no into a choice."],
            themes=("Price", "Renewal"),
        ),
        days=310,
        states=(("done", ""), ("changed_my_mind", "They came to us."), ("done", "A longer term it is.")),
        answers=(("Both versions stand.", "My own nerves.", 0), ("They chose the bigger one.", "Nothing.", 4)),
        note="The silent minutes before the ideas paid off. Next time the ask could be read aloud once more.",
    ),
    Past(
        case(
            "Two managers, one budget", "Sam",
            "Two department heads want the same thing, and each waits for the other to pay.",
            "Who of them do I talk to first, and about what?",
            questions=[
                ("Who lost more by waiting?", "The laboratory: they send samples away."),
                ("Do they talk to each other?", "Once a month, in a meeting of twelve."),
                ("Who decides when they do not agree?", "The medical director, who does not like to."),
                ("What would half of it be worth?", "To the laboratory nearly as much."),
            ],
            ideas=["Begin with half of it, in the laboratory", "Show both the cost of a month",
                   "A shared first step with two signatures", "Ask the director how they settle such things",
                   "A small half, paid by the one who loses most"],
            advice=[("Start where waiting hurts.", "helps"), ("Do not go to the director yet.", "helps"),
                    ("Let them draw the split themselves.", "maybe"), ("Show the cost of a month.", "maybe")],
            actions=[("Work out the laboratory’s half", 5), ("Show what a month costs", 9)],
            lessons=["The one who loses most by waiting moves first.", "Half a decision is a decision."],
            themes=("Several deciders", "No decision"), visibility=Visibility.PROCESS,
        ),
        days=275, hour=9, pace={"questions": 1.3},
        moves={"brainstorm": (("pause", {}), ("resume", {})), "recommendations": (("share_out", {}),)},
        states=(("done", ""), ("under_way", "Waiting for figures.")),
        answers=(("The half is worked out.", "Their holidays.", 0),),
        note="A pause in the brainstorm, and nobody lost the thread: well led.",
    ),
    Past(
        case(
            "They read everything and never answer", "Aïcha",
            "Eleven mails, each opened within the hour, and no answer since March.",
            "What could I do that is not a twelfth mail?",
            questions=[
                ("When did they answer last?", "After the demonstration."),
                ("What did you ask for in the mails?", "A meeting, each time."),
                ("Who else was in the demonstration?", "A ward manager who asked a lot."),
                ("What may have happened in March?", "Their merger was announced."),
            ],
            ideas=["Ask the ward manager how they are", "Send something that needs no answer",
                   "Say that you close the file", "Write about the merger", "Visit, with the ward manager"],
            advice=[("Write one line that allows a no.", "helps"), ("Call the ward manager.", "helps"),
                    ("Let a month go by.", "not_now"), ("Offer help with the merger.", "maybe")],
            actions=[("Call the ward manager", 2), ("Write the line that allows a no", 7)],
            lessons=["Silence has a reason that is theirs.", "Allow the no, and an answer comes."],
            themes=("Silence", "No decision"),
        ),
        days=240,
        states=(("done", "She called back within the day."), ("changed_my_mind", "Not needed any more.")),
        answers=(("We talked.", "", 0), ("The merger was it.", "Everything: we wait until autumn.", 5)),
    ),
    Past(
        case(
            "My champion leaves in six weeks", "Jonas",
            "The only person who wants us changes jobs.",
            "Who could carry this on, and how do I get to know them in time?",
            questions=[
                ("Who will do her work?", "Nobody yet; her deputy at first."),
                ("Does she want to help?", "Yes, she asked how."),
                ("Who asked her for results?", "The board’s controller."),
                ("What does the deputy think?", "I do not know. That is the answer, I suppose."),
            ],
            ideas=["Ask her to introduce three people", "Write the story so far together",
                   "Meet the deputy without her", "A farewell with a decision", "Three people, three lunches"],
            advice=[("Ask for three names, not for one.", "helps"), ("Meet the deputy this week.", "helps"),
                    ("Let her present it one last time.", "maybe"), ("Talk to the controller.", "helps")],
            actions=[("Ask her for three names", 1), ("Meet the deputy", 6), ("Send the controller one page", 10)],
            lessons=["One contact is no contact.", "People who leave like to leave well."],
            themes=("Champion leaves", "Several deciders"),
        ),
        days=205, hour=11, pace={"lobby": 1.6, "lessons": 0.7},
        moves={"ask": (("back", {}), ("advance", {"anyway": True}))},
        states=(("done", ""), ("done", ""), ("under_way", "A first page exists.")),
        answers=(("Two of three met.", "", 0), ("The deputy is for it.", "", 4), ("It goes on.", "Ask early.", 0)),
        note="The step back to the questions was the turning point. It costs less than it seems.",
    ),
    Past(
        case(
            "A complaint in the middle of the renewal", "Ines",
            "A failure on a Sunday, and on Monday they were to sign for three years.",
            "How do I talk about both, without one spoiling the other?",
            questions=[
                ("Who was called that Sunday?", "The technician on duty, four times."),
                ("Have you said sorry?", "Support has, by form letter."),
                ("Who signs?", "The director, who was called as well."),
                ("What do they want repaired?", "The hours, not the machine, I believe."),
            ],
            ideas=["Two meetings, the failure first", "Visit the technician", "Tell what has changed since",
                   "Offer to end the contract at any time", "Bring the person who repaired it"],
            advice=[("Separate the two, and say so.", "helps"), ("Go there before you call.", "helps"),
                    ("Take the form letter back.", "maybe"), ("Wait a month with the renewal.", "not_now")],
            actions=[("Visit the technician on duty", 2), ("Tell the director what has changed", 5)],
            lessons=["First the failure, then the future.", "A visit says more than a letter."],
            themes=("Complaint", "Renewal"), transcript=False,
        ),
        days=170,
        states=(("done", ""), ("done", "")),
        answers=(("I was there.", "", 0), ("They signed for one year.", "", 4)),
    ),
    Past(
        case(
            "The tender that was written for somebody else", "Pieter",
            "Forty pages of demands, and a third of them describe a competitor.",
            "Do I take part at all, and if so, how?",
            questions=[
                ("Who wrote it?", "A consultant who has worked with them before."),
                ("What do the users say?", "They have not been asked."),
                ("What would a no cost you?", "Three weeks less work."),
                ("Whom could you still ask?", "The questions close on Friday."),
            ],
            ideas=["Ask three questions that open it", "Say no, with a reason", "An offer for a part of it",
                   "Call the users", "Three questions, asked by all"],
            advice=[("Ask first.", "helps"), ("Say a friendly no.", "maybe"), ("Offer the part.", "not_now")],
            actions=[("Send the three questions", 2)],
            lessons=["A no with a reason is remembered."],
            themes=("Tender", "Purchasing"), visibility=Visibility.ROOM,
        ),
        days=140, hour=15,
        states=(("done", "They changed two of the demands."),),
        answers=(("Sent.", "", 0),),
    ),
    Past(
        case(
            "Everybody is polite", "Mei",
            "Four good meetings, and I still do not know what they think of it.",
            "Help me find the question that I do not dare to ask.",
            questions=[
                ("What did they criticise?", "Nothing, ever."),
                ("What would you ask a friend?", "Whether they mean it."),
                ("Who was silent?", "The head of finance."),
                ("What would the worst answer be?", "That it was settled long ago."),
            ],
            ideas=["Ask what speaks against it", "Meet the silent one alone", "Draw a scale from one to ten",
                   "Say what you would worry about", "Ask the silent one for the number"],
            advice=[("Ask what is missing for a ten.", "helps"), ("Say your own doubt first.", "helps"),
                    ("Meet finance.", "maybe"), ("Let it rest.", "not_now")],
            actions=[("Ask for the number, and what is missing", 3), ("Meet the head of finance", 10)],
            lessons=["Politeness is an answer, too.", "The number makes it easy to be honest."],
            themes=("No decision",),
        ),
        days=112, hour=10, pace={"brainstorm": 0.8},
        moves={"questions": (("extend", {"seconds": 180}),), "feedback": (("extend", {"seconds": -60}),)},
        states=(("done", "A six, and they said why."), ("under_way", "")),
        answers=(("I asked.", "", 0), ("Finance has a fear, and a reason.", "", 4)),
    ),
    Past(
        case(
            "A pilot without an end", "Sam",
            "The trial was to last six weeks; now it is month five, and nobody complains.",
            "How do I end it in a way that makes it begin?",
            questions=[
                ("What was the trial to show?", "Less overtime. It does."),
                ("Who knows that?", "The ward. Nobody above it."),
                ("What does it cost them?", "Nothing. That may be the point."),
                ("What would end it?", "The licence: it is mine to end."),
            ],
            ideas=["Set an end together", "Show the overtime to the board", "Bill it from the next month",
                   "Ask the ward to ask", "An end with a small party"],
            advice=[("Agree on a last day.", "helps"), ("Let the ward show it.", "helps"),
                    ("Send a bill.", "not_now"), ("Ask who would miss it.", "maybe")],
            actions=[("Agree on a last day", 4), ("Draw the overtime on one page", 8), ("Let the ward present it", 20)],
            lessons=["A trial without an end is a gift.", "Who would miss it should say so."],
            themes=("Pilot", "No decision"),
        ),
        days=77, hour=14, pace={"statement": 1.5, "reactions": 1.2},
        moves={"statement": (("pause", {}), ("resume", {})), "lessons": (("set_time", {"seconds": 300}),)},
        states=(("done", ""), ("under_way", "Half of it is drawn."), ("not_started", "")),
        answers=(("They chose the last day themselves.", "", 0), ("The page helps.", "The dates.", 3)),
        note="The owner had a long story. Ask for one sentence earlier; the tone was right.",
    ),
    Past(
        case(
            "A case that was not mine to bring", "Aïcha",
            "Half-way through we found that the customer had already chosen.",
            "",
            questions=[
                ("When do they decide?", "This month."),
                ("Who told you so?", "The assistant."),
                ("What did the director say?", "That we are good people."),
                ("Have they seen the contract?", "I have just read it: it is for somebody else."),
            ],
            ideas=["Say thank you, and stay in touch", "Ask what decided it", "Stay in touch by their birthday list"],
            advice=[("Ask what decided it.", "helps")], actions=[("Ask what decided it", 7)],
            lessons=["A lost case is a lesson."], themes=("Lost",),
        ),
        days=49, hour=16, stops_in="ask",
    ),
    Past(
        case(
            "They want it, and fear the change", "Jonas",
            "The nurses love the demonstration and then list what could go wrong.",
            "How do I take the fear seriously without feeding it?",
            questions=[
                ("What went wrong last time?", "A change of system took a year."),
                ("Who paid for it?", "The evenings of the nurses."),
                ("What do they list?", "Training, night shifts, the printer."),
                ("What do they love?", "That it reads aloud."),
            ],
            ideas=["Write the list together", "Begin with one ward at night", "Let them set the pace",
                   "Visit a ward that has done it", "The list, and who takes care of what"],
            advice=[("Make their list your plan.", "helps"), ("Start small, where it is loved.", "helps"),
                    ("Visit a ward.", "helps"), ("Promise the printer.", "maybe")],
            actions=[("Write the list with them", 5), ("Find a ward to visit", 14)],
            lessons=["A list of fears is a plan in disguise.", "Who sets the pace comes along."],
            themes=("Change", "Pilot"),
        ),
        days=28, hour=9, pace={"ask": 1.2},
        moves={"brainstorm": (("extend", {"seconds": 120}),), "recommendations": (("pause", {}), ("resume", {}))},
        states=(("done", "Eleven points, four of them mine."), ("under_way", "")),
        answers=(("The list hangs on the wall.", "Nothing.", 0),),
    ),
    Past(
        case(
            "The offer that came too early", "Ines",
            "They asked for a price in the first meeting, and I gave one.",
            "How do I get back to what they need?",
            questions=[
                ("What did they say to the price?", "Thank you."),
                ("Do you know what it is for?", "For one of three sites, I think."),
                ("Who will use it?", "I have not met them."),
                ("What would you ask, had you not sent it?", "What a good day looks like."),
            ],
            ideas=["Take the offer back", "Ask for a day on the site", "Send three questions",
                   "Say that it was too early", "A day on the site, with the three questions"],
            advice=[("Say that it was too early.", "helps"), ("Spend a day there.", "helps"),
                    ("Add an option.", "not_now"), ("Ask about a good day.", "helps")],
            actions=[("Call, and say that it was too early", 1), ("Spend a day on the site", 9)],
            lessons=["An offer ends the questions.", "It is never too late to ask.", "I ask about a good day first."],
            themes=("Offer too early",),
        ),
        days=15, hour=13, moves={"feedback": (("extend", {"seconds": 120}),)},
        states=(("done", "They laughed, and invited me."), ("under_way", "")),
        answers=(("I called the same day.", "", 0),),
    ),
)  # fmt: skip
