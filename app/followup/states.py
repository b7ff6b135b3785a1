"""What an owner says of an action, and of what others may hear. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from app.sessions.phases import N_


class State(StrEnum):
    """Where an action stands, as its owner says; none is better than another."""

    NOT_STARTED = "not_started"
    UNDER_WAY = "under_way"
    DONE = "done"
    CHANGED_MY_MIND = "changed_my_mind"


STATES: Mapping[str, str] = {
    State.NOT_STARTED: N_("Not started"),
    State.UNDER_WAY: N_("Under way"),
    State.DONE: N_("Done"),
    State.CHANGED_MY_MIND: N_("Changed my mind"),
}


class Told(StrEnum):
    """What the team may hear when its next session opens: nothing, the actions and where they stand, or the owner's
    words on them too.
    """

    NOTHING = "nothing"
    ACTIONS = "actions"
    WORDS = "words"


TOLD: Mapping[str, str] = {
    Told.NOTHING: N_("Nothing"),
    Told.ACTIONS: N_("The actions, and where they stand"),
    Told.WORDS: N_("The actions, where they stand, and my words on them"),
}
