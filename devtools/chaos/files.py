"""What may stand in the files that people take away, and how often: written down here once more, like all that the
checker goes by.

Whoever was in the room may download all four documents; none of them holds anybody's private words, not even one's own.
"""

from devtools.chaos.evidence import Sent

IN_RECORD = frozenset(
    {"statement", "question", "answer", "ask", "idea", "recommendation", "verdict", "action", "reaction",
     "lesson", "process"}
)  # fmt: skip
IN_PLAN = frozenset({"statement", "ask", "action", "recommendation", "verdict", "reaction"})
ONCE_IN_ALL = frozenset({"statement", "ask", "action"})
"""What the record as data has in its plan alone; the rest of its plan is in it twice."""


def may_hold(name: str, sent: Sent) -> bool:
    """Whether the words of a command may stand in the file "plan.pdf", "lessons.json", …: the plan and the record are
    for those who were there; how it went, and the lessons, may leave the room.
    """
    if name.startswith(("plan.", "record.")):
        return sent.kind in IN_RECORD
    return sent.kind == "lesson" and bool(sent.data.get("share"))


def times(name: str, sent: Sent, *, helps: bool) -> int:
    """How often the words of something that stands are in a file that may hold them. `helps`: it is a recommendation
    that the owner found helpful.
    """
    document, ending = name.split(".")
    if document not in ("plan", "record"):
        return 1
    in_plan = sent.kind in IN_PLAN and (helps or sent.kind != "recommendation")
    if ending == "csv":
        return int(sent.kind == "action")
    if ending == "ics":  # in the name of the day, and in its description
        return 2 if sent.kind == "action" and sent.data.get("by") else 0
    if document == "plan":
        return int(in_plan)
    return 2 if ending == "json" and in_plan and sent.kind not in ONCE_IN_ALL else 1
