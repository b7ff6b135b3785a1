"""A session on its way through every step, told over real sockets, so that each browser hears at once what happened."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask

from app.accounts.models import Account
from app.sessions.commands import Done
from app.times import now
from tests.sessions.cast import Cast
from tests.sessions.sockets import Person as Line
from tests.sessions.sockets import cookie_of


class Walk(Cast):
    """The cast, each at a socket of their own: what they do goes through the running server."""

    def __init__(self, app: Flask, url: str, account: Account | None = None, **fields: Any) -> None:
        super().__init__(account, **{"starts_at": now()} | fields)
        self.app = app
        self.url = url
        self.lines: dict[str, Line] = {}

    def does(
        self, actor: str, act: str, /, *, command_id: str | None = None, base: str | None = None, **data: Any
    ) -> Done:
        fields = {name.rstrip("_"): value for name, value in data.items()}
        packet = {"id": command_id or str(uuid.uuid4()), "name": act, "base": base or self.step, "data": fields}
        answer = self._line(actor).send("command", packet)
        assert answer["ok"], f"{actor} wanted to {act}: {answer}"
        return Done(answer["version"], answer["item"])

    def leave(self) -> None:
        for line in self.lines.values():
            line.leave()

    def _line(self, who: str) -> Line:
        if who not in self.lines:
            self.lines[who] = Line(self.url, self.room().it.code, cookie_of(self.app, self, who))
        return self.lines[who]

    def moments(self) -> Iterator[str]:
        """Go from the first step to the last, and stop where something was said. Gives each stop's name: the step's,
        and what is special where a step has two.
        """
        self.come("Cara", "Carl")
        for name, happens in MOMENTS.items():
            if name == "lobby":
                self.does("Mia", "open")  # and nobody has accepted yet
            self.go_to(name.partition("-")[0])
            happens(self)
            yield name


def lobby(it: Walk) -> None:
    it.does("Mia", "accept")
    it.does("Carl", "accept")
    it.does("Carl", "offer_case", title="A renewal that nobody signs", text="It ended in March; all are polite.")


def lobby_agreed(it: Walk) -> None:
    it.does("Otto", "accept")
    it.does("Cara", "accept")
    it.does("Cara", "interest", parent=it.sees_kind("Cara", "case")[0]["id"])


def nothing_more(it: Walk) -> None:
    pass


def statement(it: Walk) -> None:
    it.come("Stan")  # and waits to be let in
    it.does(
        "Otto",
        "statement",
        issue="Nine contacts, four months, and nobody will name a decider",
        situation="Maintenance software for a hospital group. Every site is friendly: "
        "https://intranet.example.org/purchasing/guidelines/2026/maintenance-and-service-contracts-for-all-sites",
        tried="Two demonstrations, one pilot at the northern site.",
        stakes="My quarter, and their lifts.",
        customer="Lakeside",
        offer="Maintenance planning",
        size="five sites",
        key_date="End of June, when the old contract ends",
        decide="Technik asks, purchasing compares, somebody signs.",
        nothing="They go on with paper.",
        people=[
            {"name": "Karim", "role": "Technical manager", "influence": "medium", "stage": "decided"},
            {"name": "Dr. Wiesengrund-Hohenlohe", "role": "Finance", "influence": "high", "stage": "not_aware"},
            {"name": "", "role": "Works council", "influence": "", "stage": ""},
        ],
    )
    it.does("Cara", "note", text="Who pays for the lifts today?")


def silent_questions(it: Walk) -> None:
    it.does("Cara", "note", text="Since when do they know that the contract ends?")
    it.does("Cara", "park", text="Let Karim draw the last approval")
    it.does("Otto", "note", text="Ask Karim about June")


def questions(it: Walk) -> None:
    """Two questions are answered, and it is Cara’s turn again."""
    for question, answer in (
        ("Who asked for the first meeting?", "The technical manager"),
        ("Who signed last time?", ""),
    ):
        item = it.does(it.whose_turn(), "question", text=question).item
        it.does("Otto", "answer", parent=item, text=answer, how="written" if answer else "aloud")
    assert it.whose_turn() == "Cara"


def questions_waiting(it: Walk) -> None:
    it.does("Cara", "question", text="What happens to the lifts when the old contract ends in June?")


def ask(it: Walk) -> None:
    it.does(
        "Otto", "ask", text="Help me find who decides, and one reason for them to meet me", not_needed="Product facts"
    )


def silent_brainstorm(it: Walk) -> None:
    it.does("Cara", "idea", text="Map the contacts by role")
    it.does("Carl", "idea", text="Ask Karim to draw how the last purchase was approved")
    it.does("Otto", "fact", text="There are five sites, not four.")


def brainstorm(it: Walk) -> None:
    """What was written in silence comes up in any order: Cara writes hers again, so that it is the second."""
    mine = next(item for item in it.sees_kind("Cara", "idea") if item.get("mine"))
    it.does("Cara", "withdraw", item=mine["id"])
    it.does("Cara", "idea", text=mine["text"])
    first = it.sees_kind("Mia", "idea")[0]["id"]
    it.does("Mia", "idea", text="Invite three sites to one short meeting")
    it.does("Carl", "idea", text="And let him add the dates", parent=first)
    it.does("Otto", "star", parent=first)


def recommendations(it: Walk) -> None:
    """Carl has given his, and it is Cara’s turn."""
    it.does("Mia", "give_turn", seat=it.seats["Carl"])
    it.does(
        "Carl", "recommend", text="Draw the map together with Karim", first_step="Call him on Monday", reason="Trust"
    )
    assert it.whose_turn() == "Cara"


def feedback(it: Walk) -> None:
    """One is sorted, one is not yet, and nothing is in the plan."""
    it.does("Otto", "sort", parent=it.sees_kind("Otto", "recommendation")[0]["id"], verdict="helps", text="At once")


def reactions(it: Walk) -> None:
    """The plan stands; Carl has reacted, Cara has not."""
    it.does("Otto", "plan", text="Draw the approval with Karim", who="Otto", by="2026-06-05",
            trigger="When somebody hands me on, I will ask for a call with three", first_step="Call Karim",
            sign="A name", parent=it.sees_kind("Otto", "recommendation")[0]["id"])  # fmt: skip
    it.does("Carl", "reaction", sort="risk", text="Karim may not know who signs")


def lessons(it: Walk) -> None:
    it.does("Carl", "lesson", text="Count roles, not contacts", share=True, named=True)
    it.does("Otto", "lesson", text="A friendly contact is not a decision")
    it.does("Carl", "process", text="The silence did us good")
    it.does("Otto", "pulse", useful=5, safe=5)


MOMENTS: dict[str, Callable[[Walk], None]] = {
    "planned": nothing_more,
    "lobby": lobby,
    "lobby-agreed": lobby_agreed,
    "statement": statement,
    "silent_questions": silent_questions,
    "questions": questions,
    "questions-waiting": questions_waiting,
    "ask": ask,
    "silent_brainstorm": silent_brainstorm,
    "brainstorm": brainstorm,
    "recommendations": recommendations,
    "feedback": feedback,
    "reactions": reactions,
    "lessons": lessons,
    "closed": nothing_more,
}
