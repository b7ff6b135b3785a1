"""Making a file from a snapshot, as a download does."""

from typing import Any

from app.sessions.exports import formats, pdf, plan_document, record, record_document, rows
from app.sessions.exports.document import Document


def made(snapshot: dict[str, Any], document: str, extension: str) -> bytes:
    """The "plan" or the "record" in the format with this ending."""
    found = rows.plan(snapshot) if document == "plan" else record.record(snapshot)
    return formats.of(document)[extension].write(found)()


def worded(snapshot: dict[str, Any], document: str) -> Document:
    if document == "plan":
        return plan_document.document(rows.plan(snapshot))
    return record_document.document(record.record(snapshot))


def paper(snapshot: dict[str, Any], document: str = "plan") -> dict[str, Any]:
    """What page.typ is given."""
    return pdf.paper(worded(snapshot, document))


def without_transcript(full: dict[str, Any]) -> dict[str, Any]:
    """What the close leaves of such a session: the actions, the shared lessons, and who stands for them."""
    full["session"]["transcript"] = False
    lessons = {id_ for id_, item in full["items"].items() if item["kind"] == "lesson" and item["data"]["share"]}
    full["items"] = {
        id_: item | {"parent": None}
        for id_, item in full["items"].items()
        if item["kind"] == "action" or id_ in lessons
    }
    for id_ in lessons:
        if not full["items"][id_]["data"]["named"]:
            full["items"][id_]["seat"] = None
    full["people"] = {id_: full["people"][id_] for id_ in ("s-lotte", "s-ines", "s-pieter")}
    return full


def stopped_early(full: dict[str, Any]) -> dict[str, Any]:
    """Stopped among the questions: nothing of the later steps was ever shown."""
    full["session"]["stopped"] = True
    for time in full["session"]["steps"]:
        if time["name"] not in ("lobby", "statement", "silent_questions", "questions"):
            time["used_s"] = None
    return full


def two_hundred_recommendations(full: dict[str, Any]) -> dict[str, Any]:
    for number in range(200):
        advice = {"id": f"more{number}", "text": f"Advice number {number}!", "place": 1000 + number}
        verdict = {"id": f"verdict{number}", "parent": f"more{number}", "place": 2000 + number}
        full["items"][advice["id"]] = full["items"]["r1"] | advice
        full["items"][verdict["id"]] = full["items"]["v1"] | verdict
    return full
