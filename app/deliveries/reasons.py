"""Why something could not be sent, in a sentence for whom it concerns."""

from flask_babel import gettext as _

from app.sessions.phases import N_

REASONS = {
    "timeout": N_("The other side took too long to answer."),
    "no_host": N_("No server was found under this address."),
    "private": N_("The address leads into a private network, and nothing is sent there."),
    "unreachable": N_("The other side could not be reached."),
    "certificate": N_("The other side could not prove who it is: its certificate is not valid."),
    "redirect": N_("The other side sent us on to another address, and we do not follow."),
    "status": N_("The other side refused it (%(number)s)."),
    "mail_server": N_("The mail server could not be reached, or did not let us in."),
    "mail_refused": N_("The mail server did not take the mail."),
    "ours": N_("Something went wrong on our side; the log says more."),
}


def sentence(error: str) -> str:
    """What a Delivery's or Webhook's error says; "" for none."""
    name, _colon, number = error.partition(":")
    if not name:
        return ""
    found = _(REASONS.get(name, REASONS["ours"]))
    return found % {"number": number} if number else found
