"""The pages that are measured, and who looks at them."""

from dataclasses import dataclass

from app.demo.cases import HOSPITALS
from app.demo.scenes import SCENES
from devtools.bench.app import Running

SCENE = SCENES["brainstorm"]
PEOPLE = {"owner": HOSPITALS.owner, "consultant": SCENE.consultant, "moderator": HOSPITALS.moderator}


@dataclass(frozen=True)
class Place:
    """A page by its address, with the cookie of who looks at it."""

    title: str
    address: str
    cookie: str = ""

    @property
    def is_room(self) -> bool:
        return self.address.endswith("/room")


def places(app: Running) -> list[Place]:
    room, past = app.code_of("brainstorm"), app.code_of("hospitals")
    lotte = app.account_cookie(HOSPITALS.moderator)
    return [
        Place("home", "/"),
        Place("join", "/join"),
        Place("plan a session", "/sessions/new", lotte),
        *(Place(f"room, {role}", f"/sessions/{room}/room", app.seat_cookie(room, who)) for role, who in PEOPLE.items()),
        Place("record", f"/sessions/{past}/record", lotte),
        Place("archive", "/archive", lotte),
    ]
