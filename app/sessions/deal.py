"""The people of a deal in words: where they stand in the buying journey, and how much say they have."""

from app.sessions.phases import N_

STAGES = {
    "not_aware": N_("not aware"),
    "interested": N_("interested"),
    "decided": N_("decided to change"),
    "choosing": N_("choosing"),
    "negotiating": N_("negotiating"),
}
INFLUENCES = {"low": N_("little influence"), "medium": N_("some influence"), "high": N_("much influence")}
