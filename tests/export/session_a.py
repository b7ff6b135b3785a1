"""A whole closed session as its moderator Lotte sees it, made by hand after docs/protocol.md."""

from datetime import UTC, datetime
from typing import Any

Snapshot = dict[str, Any]

PEOPLE = {
    "s-lotte": ("Lotte", "moderator"),
    "s-ines": ("Ines", "owner"),
    "s-pieter": ("Pieter", "consultant"),
    "s-sam": ("Sam", "consultant"),
    "s-aicha": ("Aïcha", "consultant"),
    "s-jonas": ("Jonas", "consultant"),
    "s-mei": ("Mei", "consultant"),
}
STEPS = (  # name, planned, used (s)
    ("lobby", 240, 251.0),
    ("statement", 360, 402.0),
    ("silent_questions", 168, 168.0),
    ("questions", 672, 718.0),
    ("ask", 180, 121.0),
    ("silent_brainstorm", 264, 264.0),
    ("brainstorm", 396, 371.0),
    ("recommendations", 480, 455.0),
    ("feedback", 360, 388.0),
    ("reactions", 180, 94.0),
    ("lessons", 240, 236.0),
)
QUESTIONS = (
    ("pieter", "Who asked for the first meeting?", "The technical manager at site North, after a lift breakdown."),
    ("sam", "Which departments are the nine from?", "Six technical, two IT, one purchasing."),
    ("aicha", "What contact has there been with finance?", "None."),
    ("jonas", "What did the last person say on handing you over?", "“It goes through the group office now.”"),
    ("mei", "What does a breakdown cost them?", "I do not know. North mentioned postponed operations."),
    ("pieter", "How have such purchases been approved before?", None),
    ("sam", "Who answers you fastest?", ""),
)
IDEAS = (
    "Map contacts by role",
    "Ask Karim to sketch the last approval",
    "Quantify one breakdown with North",
    "Request a joint session, not serial ones",
    "Find the group-office owner of uptime",
    "Pause new contacts",
    "Ask purchasing for the approval threshold",
    "Compare two sites",
    "Use the fiscal deadline",
)
RECOMMENDATIONS = (  # author, text, first step, reason, verdict, the owner's word
    ("pieter", "Draw the map with Karim.", "Ask him for half an hour.", "He knows who signed last time.",
     "helps", "Karim as a guide"),
    ("sam", "Stop accepting hand-overs without a three-way call.", "Say so in the next one.", "", "helps", ""),
    ("aicha", "Cost one breakdown, then ask finance to check it.", "Ask North for one date.",
     "A number opens the door to finance.", "helps", "The cost"),
    ("jonas", "Ask purchasing only about process.", "", "", "maybe", ""),
    ("mei", "Propose a 40-minute three-site session.", "", "", "not_now", "Comparing sites is politically sensitive"),
)  # fmt: skip
ACTIONS = (  # what, who, by, trigger, first step, sign, recommendation
    ("Sketch the last approval with Karim", "Ines", "2026-03-15", "", "Call Karim on Friday morning",
     "A drawing with names on it", 0),
    ("Make a breakdown cost sheet", "Ines with Mei", "2026-03-20", "", "Ask North for the date of one breakdown",
     "", 2),
    ("Call purchasing about the approval threshold", "Ines", "2026-03-17", "", "", "One number", 3),
    ("Send the joint-session invitation", "Ines", "2026-03-26",
     "When someone hands me over, I will ask for a three-way call.", "", "", 1),
)  # fmt: skip
LESSONS = (  # author, text, share, named
    ("pieter", "A friendly planner can beat a title.", True, True),
    ("sam", "Count roles, not contacts.", True, False),
    ("aicha", "Hand-overs are a moment to ask.", False, False),
)


def snapshot() -> Snapshot:
    """A fresh one for each test, to be changed at will."""
    return {
        "version": 112,
        "now": millis(15, 10),
        "session": session(),
        "me": {"seat": "s-lotte", "name": "Lotte", "role": "moderator", "status": "in"},
        "can": {},
        "people": {
            id_: {"id": id_, "name": name, "role": role, "consults": False, "status": "in", "number": number}
            for number, (id_, (name, role)) in enumerate(PEOPLE.items(), 1)
        },
        "items": items(),
    }


def session() -> Snapshot:
    return {
        "code": "HXK4TQ",
        "title": "Lost in the hospital group",
        "team": "Team North",
        "language": "en",
        "call_url": "",
        "length": 60,
        "starts_at": millis(14),
        "timezone": "Europe/Brussels",
        "step": "closed",
        "started_at": millis(14, 1),
        "closed_at": millis(15, 0),
        "stopped": False,
        "move_on": False,
        "overridden": False,
        "transcript": True,
        "names": True,
        "themes": ["Several deciders", "Hospitals"],
        "readable_until": millis(15, 0) + 90 * 86_400_000,
        "readable_days": 90,
        "clock": {"ends_at": None, "left_s": None},
        "steps": [{"name": name, "planned_s": plan, "allotted_s": plan, "used_s": used} for name, plan, used in STEPS],
        "buffer_s": 60,
        "turn": None,
        "spoken": [],
    }


def millis(hour: int, minute: int = 0) -> int:
    """12 March 2026 in Brussels (an hour ahead of UTC), in ms since 1970 UTC."""
    return int(datetime(2026, 3, 12, hour - 1, minute, tzinfo=UTC).timestamp() * 1000)


def items() -> Snapshot:
    found: Snapshot = {}

    def add(id_: str, kind: str, text: str = "", seat: str = "", parent: str | None = None, **more: Any) -> None:
        author = {"seat": f"s-{seat}"} if seat else {}
        data = more.pop("data", {})
        place = len(found) + 1
        found[id_] = {"id": id_, "kind": kind, "parent": parent, "place": place, "text": text, "data": data}
        found[id_] |= author | more

    add("case-1", "case", "Nine contacts, and nobody decides.", "ines", data={"title": "Lost in the hospital group"})
    add("case-2", "case", "", "jonas", data={"title": "A tender that will not end"})
    add("statement", "statement", "Nine contacts, four months, and nobody will name a decider.", "ines", data=STATEMENT)
    add("note", "note", "Lotte’s private note", "lotte", mine=True)
    for number, (who, question, answer) in enumerate(QUESTIONS, 1):
        add(f"q{number}", "question", question, who, noted=number == 5, aloud=number == 2)
        how = {None: "passed", "": "aloud"}.get(answer, "written")
        add(f"a{number}", "answer", answer or "", "ines", f"q{number}", data={"how": how}, aloud=how == "aloud")
    found["a7"] |= {"text": "Karim, North’s planner, the same day.", "noted": True}
    add("ask", "ask", "Help me find who decides and give me one reason for them to meet me.", "ines",
        data={"not_needed": "I do not need product arguments."})  # fmt: skip
    add("fact", "fact", "It was a crane, not a lift.", "ines")
    for number, idea in enumerate(IDEAS, 1):
        add(f"i{number}", "idea", idea, noted=number == 6)
    add("i10", "idea", "And ask what it cost the last time", parent="i3")
    for number, (who, text, first_step, reason, verdict, word) in enumerate(RECOMMENDATIONS):
        add(f"r{number}", "recommendation", text, who, "i2" if number == 0 else None,
            data={"first_step": first_step, "reason": reason})  # fmt: skip
        add(f"v{number}", "verdict", word, "ines", f"r{number}", data={"verdict": verdict})
    for number, (what, who, by, trigger, first_step, sign, origin) in enumerate(ACTIONS):
        fields = {"who": who, "by": by, "trigger": trigger, "first_step": first_step, "sign": sign}
        add(f"p{number}", "action", what, "ines", f"r{origin}", data=fields)
    add("shown", "presented", "", "ines")
    add("re1", "reaction", "A strong first step.", "jonas", data={"sort": "strength"})
    add("re2", "reaction", "Karim may lack insight into the group.", "sam", data={"sort": "risk"}, noted=True)
    for number, (who, text, share, named) in enumerate(LESSONS):
        add(f"l{number}", "lesson", text, who, data={"share": share, "named": named})
    add("process", "process", "Writing in silence first was worth it.", "mei")
    return found


STATEMENT = {
    "situation": "Maintenance software for five hospitals.\nEach meeting ends with “talk to my colleague”.",
    "tried": "Asking every contact who decides.",
    "stakes": "€180k; the fiscal year closes in ten weeks.",
    "customer": "A hospital group",
    "offer": "",
    "size": "€180k",
    "key_date": "End of May",
    "decide": "",
    "nothing": "",
    "people": [
        {"name": "Karim", "role": "Planner at North", "influence": "medium", "stage": "interested"},
        {"name": "The technical manager", "role": "North", "influence": "", "stage": ""},
    ],
}
