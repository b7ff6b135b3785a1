"""The record of a closed session as a file, held against what was said: for the machine in test_machine.py."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from app.sessions import view
from app.sessions.access import Reader
from app.sessions.exports import data as json_export
from app.sessions.exports.record import record
from tests.sessions.cast import Cast
from tests.sessions.machine_laws import FOR_MODERATORS, Said, Sight, is_shown_to_the_group


def the_export_holds_everything_once(cast: Cast, now: Sight) -> None:
    """All that the group came to see, each once, by its author or by nobody; nothing else; the same for everybody."""
    assert now.step == "closed"
    room = cast.room()
    readers = [seat for seat in room.present if now.stays != "plan" or seat.role != "consultant" or seat.account_id]
    exports = {json_export.render(record(view.snapshot(room, Reader(seat), cast.now))) for seat in readers}
    assert len(exports) == 1, "two people were handed out different records"
    holds_everything_once(json.loads(exports.pop()), now)


def holds_everything_once(found: dict[str, Any], now: Sight) -> None:
    in_order = sorted(now.said.values(), key=lambda item: (item.place, item.id))
    shown = [item for item in in_order if is_shown_to_the_group(now, item) and item.kind not in FOR_MODERATORS]

    def voices(kind: str) -> Counter[Any]:
        return Counter((name(item), on_paper(item)) for item in shown if item.kind == kind)

    def name(item: Said) -> str:
        if item.kind == "lesson" and not item.data["named"]:
            return ""
        return now.people[item.author].name if item.author else ""

    def the_one(kind: str, parent: str | None = None) -> Said | None:
        """Of what the owner has one of: the owner's, or the last, should the role have changed hands."""
        of_kind = [item for item in shown if item.kind == kind and parent in (None, item.parent)]
        owners = {each.seat for each in now.people.values() if (each.role, each.status) == ("owner", "in")}
        of_owner = [item for item in of_kind if item.author in owners]
        return next(reversed(of_owner or of_kind), None)

    statement, ask = the_one("statement"), the_one("ask")
    assert found["plan"]["issue"] == (on_paper(statement) if statement else "")
    assert found["plan"]["ask"] == (on_paper(ask) if ask else "")
    assert [action["id"] for action in found["plan"]["actions"]] == [a.id for a in shown if a.kind == "action"]
    assert Counter((case["name"], case["text"]) for case in found["cases"]) == voices("case")
    assert heard(each["asked"] for each in found["questions"]) == voices("question")
    answers = [the_one("answer", item.id) for item in shown if item.kind == "question"]
    assert heard(each["answer"] for each in found["questions"]) == Counter((name(a), on_paper(a)) for a in answers if a)
    ideas = [each for idea in found["ideas"] for each in (idea, *idea["built"])]
    assert Counter(idea["text"] for idea in ideas) == Counter(on_paper(item) for item in shown if item.kind == "idea")
    assert heard(each["said"] for each in found["recommendations"]) == voices("recommendation")
    verdicts = [the_one("verdict", item.id) for item in shown if item.kind == "recommendation"]
    assert [each["verdict"] for each in found["recommendations"]] == [v.data["verdict"] if v else "" for v in verdicts]
    assert heard([*found["strengths"], *found["risks"]]) == voices("reaction")
    assert heard(each["said"] for each in found["lessons"]) == voices("lesson")
    assert heard(found["process"]) == voices("process")


def heard(voices: Iterable[Any]) -> Counter[Any]:
    return Counter((voice["name"], voice["text"]) for voice in voices if voice)


def on_paper(item: Said) -> str:
    """The words without what would turn all that follows on a page, and without blanks at the ends of lines."""
    return re.sub("[\u202a-\u202e\u2066-\u2069]", "", "\n".join(line.rstrip() for line in item.text.splitlines()))
