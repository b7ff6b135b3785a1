"""Each of the checker's seven points on a small journal by hand: silent about a good one, loud about a bad one."""

from collections.abc import Callable
from typing import Any

import pytest

from devtools.chaos.checker import Finding, check
from devtools.chaos.evidence import Evidence, Fault, Row, Session, Witness
from devtools.chaos.journal import Line

CARAS, OTTOS, MIAS = "zqaaaaaaaaaaaaaa", "zqbbbbbbbbbbbbbb", "zqcccccccccccccc"
RECORD = "record.md"
T0 = 1_000_000.0
IDEA_ID, NOTE_ID, FACT_ID = "idea-1", "note-1", "fact-1"
ROWS = (("plan", "planned", None), ("open", "lobby", "mia"), ("advance", "statement", "mia"),
        ("advance", "silent_questions", "mia"), ("advance", "questions", "mia"), ("advance", "ask", "mia"),
        ("advance", "silent_brainstorm", "mia"), ("advance", "brainstorm", "mia"), ("idea", "brainstorm", "cara"),
        ("note", "brainstorm", "otto"), ("stop", "closed", "mia"))  # fmt: skip
IDEA, NOTE, CLOSE = 8, 9, 10
ROLES = {"mia": "moderator", "otto": "owner", "cara": "consultant"}


class Story:
    """Mia leads to the brainstorm; Cara has an idea, Otto makes a private note; Mia stops. Everybody saw it all."""

    def __init__(self) -> None:
        self.rows = [
            Row(version, act, step, T0 + 1000 * version, seat, f"id-{version}")
            for version, (act, step, seat) in enumerate(ROWS)
        ]
        self.rows[IDEA] = Row(IDEA, "idea", "brainstorm", T0 + 1000 * IDEA, "cara", "id-8", IDEA_ID)
        self.rows[NOTE] = Row(NOTE, "note", "brainstorm", T0 + 1000 * NOTE, "otto", "id-9", NOTE_ID)
        self.contributions = [
            {"id": IDEA_ID, "kind": "idea", "seat": "cara", "text": CARAS, "data": {}},
            {"id": NOTE_ID, "kind": "note", "seat": "otto", "text": OTTOS, "data": {}},
        ]
        self.lines = {seat: self._lines(seat) for seat in ROLES}
        self.said("cara", IDEA, "idea", CARAS, IDEA_ID)
        self.said("otto", NOTE, "note", OTTOS, NOTE_ID)
        self.downloads = {(RECORD, "mia"): f"The idea {CARAS}", ("plan.md", "cara"): "No actions."}
        self.archived: str | None = f"North\n{CARAS}"
        self.faults: list[Fault] = []

    def _lines(self, seat: str) -> list[Line]:
        lines: list[Line] = [
            {"t": T0 - 500, "what": "who", "session": 1, "seat": seat, "name": seat, "role": ROLES[seat]}
            | {"kind": "script"},
            {"t": T0 - 400, "what": "connect"},
        ]  # fmt: skip
        for row in self.rows:
            body = self.view(seat, row.version)
            lines.append({"t": row.at + 20, "what": "snapshot", "body": body})
            lines.append({"t": row.at + 500, "what": "pulse", "body": {"version": row.version, "now": row.at + 500}})
        return lines

    def view(self, seat: str, version: int) -> dict[str, Any]:
        items: dict[str, Any] = {}
        if version >= IDEA:
            items[IDEA_ID] = {"id": IDEA_ID, "kind": "idea", "text": CARAS, "data": {}} | (
                {"mine": True} if seat == "cara" else {}
            )
        if version >= NOTE and seat == "otto":
            items[NOTE_ID] = {"id": NOTE_ID, "kind": "note", "text": OTTOS, "data": {}, "seat": seat, "mine": True}
        clock = {"ends_at": T0 + 60_000 + 1000 * min(version, 7), "left_s": None} if version < CLOSE else None
        return {
            "version": version,
            "session": {"step": ROWS[version][1], "clock": clock},
            "me": {"seat": seat},
            "can": {},
            "people": {},
            "items": items,
        }

    def said(self, seat: str, version: int, name: str, token: str, item: str | None, **answer: Any) -> None:
        at = T0 + 1000 * version
        id_ = f"id-{version}"
        full = {"ok": True, "version": version, "item": item} | answer
        new: list[Line] = [
            {"t": at - 5, "what": "send", "id": id_, "name": name, "base": None, "data": {}, "token": token},
            {"t": at + 10, "what": "ack", "id": id_, "answer": full},
        ]  # fmt: skip
        self.lines[seat] = sorted([*self.lines[seat], *new], key=lambda line: float(line["t"]))

    def snapshot(self, seat: str, version: int) -> dict[str, Any]:
        """What this seat was sent in this version: change it to make it wrong."""
        found: dict[str, Any] = next(
            line["body"]
            for line in self.lines[seat]
            if line["what"] == "snapshot" and line["body"]["version"] == version
        )
        return found

    def evidence(self) -> Evidence:
        last = self.rows[-1]
        session = Session(
            id=1,
            version=last.version,
            step=last.step,
            rows=self.rows,
            contributions=self.contributions,
            roles=ROLES,
            truths={seat: self.view(seat, CLOSE) for seat in ROLES},
            downloads=self.downloads,
            archived=self.archived,
        )
        return Evidence([session], [Witness(lines[0], lines) for lines in self.lines.values()], self.faults)

    def findings(self) -> list[Finding]:
        return check(self.evidence())


def test_of_a_good_story_there_is_nothing_to_say() -> None:
    assert Story().findings() == []


def acked_and_gone(story: Story) -> None:
    story.rows[IDEA] = Row(IDEA, "rename", "brainstorm", T0 + 8000, "mia", "another")


def words_gone(story: Story) -> None:
    del story.contributions[0]


def carried_out_twice(story: Story) -> None:
    story.rows[NOTE] = Row(NOTE, "idea", "brainstorm", T0 + 9000, "cara", "id-8", "idea-2")


def there_twice(story: Story) -> None:
    story.contributions.append(story.contributions[0] | {"id": "idea-2"})


def twice_in_the_record(story: Story) -> None:
    story.downloads[RECORD, "mia"] += CARAS


def missing_in_the_record(story: Story) -> None:
    story.downloads[RECORD, "mia"] = ""


def missing_in_the_archive(story: Story) -> None:
    story.archived = None


def refused_and_carried_out(story: Story) -> None:
    story.said("cara", IDEA, "idea", CARAS, IDEA_ID, ok=False, retryable=False)
    story.lines["cara"] = [line for line in story.lines["cara"] if line["what"] != "ack" or not line["answer"]["ok"]]


def a_version_is_missing(story: Story) -> None:
    del story.rows[NOTE]


def somebody_misses_an_idea(story: Story) -> None:
    story.snapshot("mia", CLOSE)["items"] = {}


def somebody_is_late(story: Story) -> None:
    for line in story.lines["mia"]:
        if line["what"] == "snapshot" and line["body"]["version"] == CLOSE:
            line["t"] += 8000


def nobody_knows_what_somebody_heard(story: Story) -> None:
    story.lines["mia"] = story.lines["mia"][:1]


def no_pulse(story: Story) -> None:
    story.lines["mia"] = [line for line in story.lines["mia"] if line["what"] != "pulse"]


def the_page_shows_it_twice(story: Story) -> None:
    body = {"page": f"{CARAS} {CARAS}", "owed": [CARAS]}
    story.lines["mia"].append({"t": T0 + 11_000, "what": "state", "body": body})


def a_step_is_skipped(story: Story) -> None:
    del story.rows[4:6]


def meant_for_another_step(story: Story) -> None:
    story.said("mia", 7, "advance", "", None)
    for line in story.lines["mia"]:
        if line["what"] == "send":
            line["base"] = "ask"


def the_owner_has_an_idea(story: Story) -> None:
    story.rows[NOTE] = Row(NOTE, "idea", "brainstorm", T0 + 9000, "otto", "id-9", NOTE_ID)


def a_consultant_moves_on(story: Story) -> None:
    story.rows[7] = Row(7, "advance", "brainstorm", T0 + 7000, "cara", "id-7")


def credited_to_another(story: Story) -> None:
    story.contributions[0]["seat"] = "mia"


def a_clock_is_wrong(story: Story) -> None:
    ends_at = T0 + 67_000
    story.lines["mia"].append({"t": T0 + 8500, "what": "timer", "left_s": 58.5 + 0.6, "ends_at": ends_at})


def two_clocks_differ(story: Story) -> None:
    ends_at = T0 + 67_000
    for seat, error in (("mia", 0.2), ("cara", -0.2)):
        story.lines[seat].append({"t": T0 + 8500, "what": "timer", "left_s": 58.5 + error, "ends_at": ends_at})


def the_end_of_the_step_moved(story: Story) -> None:
    story.snapshot("mia", NOTE)["session"]["clock"]["ends_at"] += 1


def a_private_note_leaks(story: Story) -> None:
    story.lines["cara"].append({"t": T0 + 9100, "what": "presence", "body": {"typing": [OTTOS]}})


def an_answer_leaks(story: Story) -> None:
    story.said("cara", IDEA, "idea", CARAS, IDEA_ID, hint=f"Otto thinks {OTTOS}")


def a_pulse_leaks(story: Story) -> None:
    story.lines["cara"].append({"t": T0 + 9100, "what": "pulse", "body": {"version": 9, "now": 0, "last": OTTOS}})


def a_private_note_is_in_the_record(story: Story) -> None:
    story.downloads["record.pdf", "otto"] = f"{CARAS} and, for Otto alone, {OTTOS}"


def an_idea_leaves_the_room(story: Story) -> None:
    story.downloads["process.json", "mia"] = CARAS


def another_session_is_in_the_plan(story: Story) -> None:
    story.downloads["plan.md", "cara"] += MIAS


def an_idea_leaks_early(story: Story) -> None:
    story.snapshot("mia", 6)["items"] = story.view("mia", IDEA)["items"]


def an_idea_is_signed(story: Story) -> None:
    story.snapshot("mia", IDEA)["items"][IDEA_ID]["seat"] = "cara"


def accepted_after_the_close(story: Story) -> None:
    story.rows.append(Row(11, "note", "closed", T0 + 11_000, "cara", "late"))


def acknowledged_after_the_close(story: Story) -> None:
    story.said("cara", 11, "note", "", None)


@pytest.mark.parametrize(
    ("spoil", "point", "kind"),
    [
        (acked_and_gone, 1, "lost"),
        (words_gone, 1, "lost"),
        (missing_in_the_record, 1, "lost"),
        (missing_in_the_archive, 1, "lost"),
        (carried_out_twice, 1, "doubled"),
        (there_twice, 1, "doubled"),
        (twice_in_the_record, 1, "doubled"),
        (refused_and_carried_out, 1, "wrong"),
        (a_version_is_missing, 2, "wrong"),
        (somebody_misses_an_idea, 2, "differs"),
        (somebody_is_late, 2, "differs"),
        (nobody_knows_what_somebody_heard, 2, "wrong"),
        (no_pulse, 2, "wrong"),
        (the_page_shows_it_twice, 2, "differs"),
        (a_step_is_skipped, 3, "wrong"),
        (meant_for_another_step, 3, "wrong"),
        (the_owner_has_an_idea, 4, "wrong"),
        (a_consultant_moves_on, 4, "wrong"),
        (credited_to_another, 4, "wrong"),
        (a_clock_is_wrong, 5, "wrong"),
        (two_clocks_differ, 5, "wrong"),
        (the_end_of_the_step_moved, 5, "wrong"),
        (a_private_note_leaks, 6, "leak"),
        (an_answer_leaks, 6, "leak"),
        (a_pulse_leaks, 6, "leak"),
        (a_private_note_is_in_the_record, 6, "leak"),
        (an_idea_leaves_the_room, 6, "leak"),
        (another_session_is_in_the_plan, 6, "leak"),
        (an_idea_leaks_early, 6, "leak"),
        (an_idea_is_signed, 6, "leak"),
        (accepted_after_the_close, 7, "wrong"),
        (acknowledged_after_the_close, 7, "wrong"),
    ],
)
def test_a_bad_story_is_noticed(spoil: Callable[[Story], None], point: int, kind: str) -> None:
    story = Story()
    spoil(story)
    assert (point, kind) in {(finding.point, finding.kind) for finding in story.findings()}


def test_what_was_never_acknowledged_may_be_there_or_not() -> None:
    story = Story()
    story.lines["cara"] = [line for line in story.lines["cara"] if line["what"] != "ack"]
    assert story.findings() == []
