"""Which sessions the demo has: two that are closed, and one for the lobby and for each of the six phases."""

from dataclasses import dataclass

from app.demo.cases import ENERGY, HOSPITALS, Case
from app.demo.script import Act
from app.sessions.phases import N_, PHASES, STEP


@dataclass(frozen=True)
class Scene:
    """One session of the demo.

    It stands in `step`, where everything up to the act `until` (a key, or how many acts) has been done, and `then`. A
    closed one was held on the latest working day at least `days` days ago, at `hour`. `consultant` is the one whose
    seat is offered; `why` says what there is to see.
    """

    name: str
    case: Case
    step: str
    consultant: str
    why: str
    until: str | int | None = None
    then: tuple[Act, ...] = ()
    days: int = 0
    hour: int = 0

    @property
    def is_live(self) -> bool:
        return self.step != "closed"

    @property
    def title(self) -> str:
        """The session's title; no two scenes have the same, so a scene's session is found by it."""
        if not self.is_live:
            return self.case.title
        phase = STEP[self.step].phase
        return f"{self.case.title} · {PHASES[phase] if phase else STEP[self.step].title}"


SCENES: dict[str, Scene] = {
    scene.name: scene
    for scene in (
        Scene("lobby", HOSPITALS, "lobby", "Mei", N_("People arrive, and accept the agreement."), until=-1),
        Scene("statement", ENERGY, "statement", "Tess", N_("The owner tells what is stuck; the others listen.")),
        Scene(
            "questions",
            HOSPITALS,
            "questions",
            "Mei",
            N_("It is Mei’s turn to ask, and one question still waits for its answer."),
            until="question 4",
            then=(Act(HOSPITALS.moderator, "skip_turn"),),
        ),
        Scene(
            "brainstorm",
            HOSPITALS,
            "brainstorm",
            "Pieter",
            N_("The ideas are on the board; the owner is muted."),
            until="idea 8",
        ),
        Scene(
            "recommendations",
            ENERGY,
            "recommendations",
            "Ruben",
            N_("It is Ruben’s turn to recommend something."),
            until="recommendation 2",
        ),
        Scene(
            "feedback",
            HOSPITALS,
            "feedback",
            "Jonas",
            N_("The owner sorts what was recommended, and the plan grows."),
            until="action 2",
        ),
        Scene("lessons", ENERGY, "lessons", "Tess", N_("Everybody writes what they take along."), until="lesson 2"),
        Scene("hospitals", HOSPITALS, "closed", "Aïcha", N_("The plan and the record."), days=9, hour=14),
        Scene("energy", ENERGY, "closed", "Sofie", N_("The plan and the record."), days=2, hour=10),
    )
}
