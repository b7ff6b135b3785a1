"""The method as data: the steps of a session, their minutes, who may do what, and the sentences for each role.

A session passes through six numbered *phases*. A phase has one or more *steps*; a step is what the clock and the rules
know. To change the method, change the tables in this file: rules, views, buttons and the planning form all read them.

Sources: peer consultation as practised in sales teams (issue statement, factual questions, an explicit ask, silent
owner, recommendations, feedback, lessons); the minutes and the silent shares are our own choice, see docs/method.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


def N_(sentence: str) -> str:  # noqa: N802 - the usual name for it
    """Mark a sentence for translation; it is translated where it is shown."""
    return sentence


class Role(StrEnum):
    """A person's part in one session."""

    MODERATOR = "moderator"
    OWNER = "owner"
    CONSULTANT = "consultant"


M = frozenset({Role.MODERATOR})
O = frozenset({Role.OWNER})  # noqa: E741 - the method's own initial
C = frozenset({Role.CONSULTANT})
ALL = M | O | C
NOBODY: frozenset[Role] = frozenset()


# --- The minutes ----------------------------------------------------------------------------------------------------

LENGTHS = (45, 60, 75, 90)

MINUTES: Mapping[str, tuple[int, int, int, int]] = {
    # slot:            45  60  75  90
    "lobby": (3, 4, 5, 6),
    "statement": (5, 6, 7, 8),
    "questions": (10, 14, 18, 22),
    "ask": (2, 3, 3, 4),
    "brainstorm": (8, 11, 14, 17),
    "recommendations": (6, 8, 10, 12),
    "feedback": (5, 6, 8, 9),
    "reactions": (2, 3, 4, 5),
    "lessons": (3, 4, 5, 6),
    "buffer": (1, 1, 1, 1),
}

SECONDS_EACH: Mapping[str, int] = {"questions": 75, "recommendations": 45, "reactions": 20, "lessons": 20}
"""What one person needs in a slot, in seconds; below that the planning form warns."""


# --- The steps ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One step of the session.

    `phase` is 1-6, or None outside the six. `slot` names the row of MINUTES that gives the time, `share` the part of
    it. `may` says which roles may do an act here. `turn` is the act that people do in turn, if they do (`one_round`:
    once each). A step that `ends_itself` is left when its clock reaches zero. `protected` steps give no time away.
    `muted` roles show the group no sign of themselves.
    """

    name: str
    title: str
    phase: int | None
    slot: str | None
    may: Mapping[str, frozenset[Role]]
    purpose: Mapping[Role, str]
    share: float = 1.0
    turn: str | None = None
    one_round: bool = False
    ends_itself: bool = False
    protected: bool = False
    muted: frozenset[Role] = NOBODY
    next_button: str = ""
    starters: tuple[str, ...] = field(default=())


PHASES: Mapping[int, str] = {
    1: N_("Issue statement"),
    2: N_("Clarifying questions"),
    3: N_("Brainstorm"),
    4: N_("Recommendations"),
    5: N_("Owner feedback"),
    6: N_("Lessons learned"),
}

STEPS: tuple[Step, ...] = (
    Step(
        name="planned",
        title=N_("Not open yet"),
        phase=None,
        slot=None,
        may={"open": M, "statement": O, "set_role": M, "choose_owner": M, "rename": ALL, "remove": M},
        next_button=N_("Open the room"),
        purpose={
            Role.MODERATOR: N_("Guests wait until you open the room."),
            Role.OWNER: N_("You can prepare your statement while you wait. Nobody sees it before the session."),
            Role.CONSULTANT: N_("You are early. The moderator opens the room; this page moves on by itself."),
        },
    ),
    Step(
        name="lobby",
        title=N_("Lobby"),
        phase=None,
        slot="lobby",
        may={
            "accept": ALL,
            "offer_case": O | C,
            "interest": ALL,
            "statement": O,
            "choose_owner": M,
            "consult": M,
            "rename": ALL,
        },
        next_button=N_("Start with the issue statement"),
        purpose={
            Role.MODERATOR: N_("Agree the rules together and pick one case."),
            Role.OWNER: N_("Your case is up today. Accept the agreement, and prepare your statement if you like."),
            Role.CONSULTANT: N_("Get ready with the others. If you are stuck somewhere yourself, offer it as a case."),
        },
        starters=(N_("I am stuck with…"),),
    ),
    Step(
        name="statement",
        title=N_("Issue statement"),
        phase=1,
        slot="statement",
        may={"accept": ALL, "statement": O, "note": ALL, "choose_owner": M, "consult": M},
        next_button=N_("On to clarifying questions"),
        purpose={
            Role.MODERATOR: N_("Protect the floor: one person talks, everybody else listens."),
            Role.OWNER: N_("Tell what is stuck, your part in it, and what is at stake."),
            Role.CONSULTANT: N_("Listen. Note your questions for later; only you see them."),
        },
        starters=(N_("The situation is…"), N_("I have tried…"), N_("It matters because…")),
    ),
    Step(
        name="silent_questions",
        title=N_("Clarifying questions: write in silence"),
        phase=2,
        slot="questions",
        share=0.2,
        ends_itself=True,
        may={"accept": ALL, "note": ALL, "park": C},
        next_button=N_("Start the questions"),
        purpose={
            Role.MODERATOR: N_("Give everybody a quiet moment to write questions."),
            Role.OWNER: N_("Catch your breath. The others are writing their questions."),
            Role.CONSULTANT: N_("Write the questions you want to ask. Only you see them until you ask."),
        },
        starters=(N_("Who…"), N_("What happened when…"), N_("Since when…")),
    ),
    Step(
        name="questions",
        title=N_("Clarifying questions"),
        phase=2,
        slot="questions",
        share=0.8,
        turn="question",
        may={"accept": ALL, "note": ALL, "park": C, "question": C, "answer": O | M},
        next_button=N_("On to the ask"),
        purpose={
            Role.MODERATOR: N_("Facts before solutions: one question each, in turn."),
            Role.OWNER: N_("Answer briefly, one question at a time. You may pass."),
            Role.CONSULTANT: N_("Understand the case, do not steer it. One open, factual question on your turn."),
        },
        starters=(N_("Who…"), N_("What happened when…"), N_("Since when…")),
    ),
    Step(
        name="ask",
        title=N_("The ask"),
        phase=2,
        slot="ask",
        may={"accept": ALL, "note": ALL, "park": C, "answer": O | M, "ask": O},
        next_button=N_("Start the brainstorm"),
        purpose={
            Role.MODERATOR: N_("No clear ask, no brainstorm. Give the owner time to word it."),
            Role.OWNER: N_("Say exactly what help you want from the group."),
            Role.CONSULTANT: N_("The owner says what help is wanted. Your ideas come next."),
        },
        starters=(N_("What I expect from you is…"), N_("At the end I want to leave with…")),
    ),
    Step(
        name="silent_brainstorm",
        title=N_("Brainstorm: write in silence"),
        phase=3,
        slot="brainstorm",
        share=0.4,
        ends_itself=True,
        muted=O,
        may={"accept": M | C, "note": ALL, "idea": C | M, "star": O, "fact": O},
        next_button=N_("Reveal the ideas"),
        purpose={
            Role.MODERATOR: N_("Everybody types in silence. Then you reveal all ideas at once."),
            Role.OWNER: N_("You are listening. The group is thinking for you; nothing is asked of you."),
            Role.CONSULTANT: N_("Type as many options as you can. Nobody sees who wrote what."),
        },
        starters=(N_("One option is…"), N_("What would happen if…")),
    ),
    Step(
        name="brainstorm",
        title=N_("Brainstorm"),
        phase=3,
        slot="brainstorm",
        share=0.6,
        muted=O,
        may={"accept": M | C, "note": ALL, "idea": C | M, "build": C | M, "star": O, "fact": O},
        next_button=N_("On to recommendations"),
        purpose={
            Role.MODERATOR: N_("Keep it moving, no judging. Everything stays on the list."),
            Role.OWNER: N_("You are listening. Star what strikes you; only you see it."),
            Role.CONSULTANT: N_("Add options and build on what you see. No “yes, but”."),
        },
        starters=(N_("One option is…"), N_("Building on that…")),
    ),
    Step(
        name="recommendations",
        title=N_("Recommendations"),
        phase=4,
        slot="recommendations",
        turn="recommend",
        one_round=True,
        may={"accept": ALL, "note": ALL, "recommend": C},
        next_button=N_("On to the owner’s feedback"),
        purpose={
            Role.MODERATOR: N_("One recommendation each, in turn. No discussion."),
            Role.OWNER: N_("Receive and thank. You will answer in the next phase."),
            Role.CONSULTANT: N_("On your turn, offer your best one, with a first step."),
        },
        starters=(N_("In your place I would…"),),
    ),
    Step(
        name="feedback",
        title=N_("Owner feedback and action plan"),
        phase=5,
        slot="feedback",
        protected=True,
        may={"accept": ALL, "note": ALL, "sort": O, "plan": O, "present": O},
        next_button=N_("Hear the reactions"),
        purpose={
            Role.MODERATOR: N_("The owner decides. Nobody sells their advice again."),
            Role.OWNER: N_("Say what helps and what does not, then write what you will do."),
            Role.CONSULTANT: N_("Listen. You give one short reaction to the plan in a moment."),
        },
        starters=(N_("What helps me is…"), N_("I will…")),
    ),
    Step(
        name="reactions",
        title=N_("Reactions to the plan"),
        phase=5,
        slot="reactions",
        protected=True,
        may={"accept": ALL, "note": ALL, "sort": O, "plan": O, "reaction": C},
        next_button=N_("On to lessons learned"),
        purpose={
            Role.MODERATOR: N_("One strength or one risk from each person, short."),
            Role.OWNER: N_("Listen to the reactions. You may still sharpen your plan."),
            Role.CONSULTANT: N_("Give the plan one strength or one risk."),
        },
        starters=(N_("What is strong is…"), N_("A risk I see is…")),
    ),
    Step(
        name="lessons",
        title=N_("Lessons learned"),
        phase=6,
        slot="lessons",
        protected=True,
        may={"accept": ALL, "note": ALL, "lesson": ALL, "process": ALL, "pulse": ALL, "themes": M},
        next_button=N_("Close the session"),
        purpose={
            Role.MODERATOR: N_("Everybody leaves with something. Do not go back to the case."),
            Role.OWNER: N_("Name what you take with you."),
            Role.CONSULTANT: N_("Name what you will use in your own deals."),
        },
        starters=(N_("In my own deals I will…"), N_("I learned that…")),
    ),
    Step(
        name="closed",
        title=N_("Closed"),
        phase=None,
        slot=None,
        may={
            "themes": M,
            **dict.fromkeys(("state", "word", "move_date", "add_step", "check_in", "tell", "export_actions"), O),
            "support": M | C,
            "give_address": ALL,
        },
        purpose={
            Role.MODERATOR: N_("The session is closed. The plan and the record are here to read and download."),
            Role.OWNER: N_("Your plan is ready. The record stays here for you."),
            Role.CONSULTANT: N_("The plan and the record stay here for you."),
        },
    ),
)

STEP: Mapping[str, Step] = {step.name: step for step in STEPS}
POSITION: Mapping[str, int] = {step.name: index for index, step in enumerate(STEPS)}
TIMED: tuple[Step, ...] = tuple(step for step in STEPS if step.slot)

LIVE_ACTS: Mapping[str, frozenset[Role]] = {
    # Allowed in every step from the lobby to the lessons, on top of the step's own table.
    "advance": M,
    "back": M,
    "time_up": ALL,
    "pause": M,
    "resume": M,
    "extend": M,
    "set_time": M,
    "share_out": M,
    "move_on": M,
    "give_turn": M,
    "skip_turn": M,
    "pass_turn": C,
    "admit": M,
    "remove": M,
    "rename": M,
    "set_role": M,
    "take_back": ALL,
    "withdraw": ALL,
    "stop": M | O,
}


# --- What people contribute -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """One kind of contribution.

    `act` makes and changes it. `seen_by` are the roles that see other people's, from step `since` on; its author
    always sees it. `attributed` says whether its author's seat is shown. `single` means one for each author (and for
    each parent, where there is one): a second replaces the first. `parent` names the kinds that it may hang on.
    `noted` says that the moderator may note it down for somebody.
    """

    name: str
    act: str
    seen_by: frozenset[Role] = ALL
    since: str = "lobby"
    attributed: bool = True
    single: bool = False
    parent: tuple[str, ...] = ()
    noted: bool = False


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("case", "offer_case", single=True),
        Kind("interest", "interest", attributed=False, single=True, parent=("case",)),
        Kind("statement", "statement", since="statement", single=True, noted=True),
        Kind("note", "note", seen_by=NOBODY),
        Kind("parked", "park", seen_by=NOBODY),
        Kind("question", "question", noted=True),
        Kind("answer", "answer", single=True, parent=("question",), noted=True),
        Kind("ask", "ask", single=True),
        Kind("idea", "idea", since="brainstorm", attributed=False, parent=("idea",), noted=True),
        Kind("star", "star", seen_by=NOBODY, single=True, parent=("idea",)),
        Kind("fact", "fact", seen_by=M, since="silent_brainstorm", single=True),
        Kind("recommendation", "recommend", parent=("idea",), noted=True),
        Kind("verdict", "sort", single=True, parent=("recommendation",)),
        Kind("action", "plan", parent=("recommendation",)),
        Kind("presented", "present", single=True),
        Kind("reaction", "reaction", single=True, noted=True),
        Kind("lesson", "lesson", noted=True),
        Kind("process", "process", single=True),
    )
}

KIND_OF_ACT: Mapping[str, Kind] = {kind.act: kind for kind in KINDS.values()}
PRIVATE_KINDS = tuple(kind.name for kind in KINDS.values() if kind.seen_by == NOBODY)

MOST_ACTIONS = 4
MOST_STEPS = 12
"""Steps that the owner adds to the plan after the close."""
MOST_THEMES = 5
SMALL_GROUP = 4
"""In groups of at most this many people the moderator may also consult."""


# --- The moderator's cue cards --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cue:
    """A line that helps when something goes wrong; `steps` are where it is offered."""

    trouble: str
    line: str
    steps: tuple[str, ...]


CUES: tuple[Cue, ...] = (
    Cue(N_("A long story"), N_("In one sentence: what is stuck?"), ("lobby", "statement")),
    Cue(
        N_("Advice dressed as a question"),
        N_("Park that idea. What fact is behind it?"),
        ("silent_questions", "questions"),
    ),
    Cue(N_("The owner rambles"), N_("Which question are you answering?"), ("questions",)),
    Cue(N_("A vague ask"), N_("Finish: at the end I want to leave with…"), ("ask",)),
    Cue(
        N_("The owner reacts"),
        N_("Write it down; your turn comes."),
        ("silent_brainstorm", "brainstorm", "recommendations"),
    ),
    Cue(N_("Debate"), N_("Both stay on the list. Next idea."), ("brainstorm", "recommendations", "reactions")),
    Cue(N_("“Yes, but…”"), N_("What part could you use?"), ("brainstorm", "feedback")),
    Cue(N_("No time left to reflect"), N_("We stop here; the lessons are protected."), ("feedback", "reactions")),
)

AGREEMENT: tuple[str, ...] = (
    N_("What is said here stays in this group."),
    N_("Bringing a case is voluntary. The owner may stop, and may have words taken out or deleted."),
    N_("Customers get another name."),
    N_("Nobody records the call."),
    N_("Nothing said here is used in appraisals, forecasts or pay."),
    N_("A lesson leaves the room only when its author agrees."),
)
