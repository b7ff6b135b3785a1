"""How people hear of a session: the link, the short code, a QR code, a text for the chat, an entry for the calendar."""

from datetime import timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import segno
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from icalendar import Calendar, Event
from markupsafe import Markup

from app.addresses import public_url
from app.sessions import access, join_links
from app.sessions.exports import dates
from app.sessions.models import Intervision, Visibility
from app.sessions.names import isolated
from app.times import now


def join_link(it: Intervision) -> str:
    """The link by which anybody may join."""
    return public_url("joining.by_link", token=join_links.token(it))


def spoken_code(it: Intervision) -> str:
    """The short code in groups that can be read aloud: "ABC DEF"."""
    half = len(it.join_code) // 2
    return f"{it.join_code[:half]} {it.join_code[half:]}"


def when(it: Intervision) -> str:
    """Day, hour and time zone of a session, in words."""
    return dates.moment_words(it.starts_at.astimezone(ZoneInfo(it.timezone)), str(get_locale()))


def what_stays(it: Intervision) -> Markup:
    """What is kept of a session, and for how long, for a page: to be read before anybody comes in."""
    stays = _("Those who take part can read the record for %(count)s days after the close.", count=it.readable_days)
    if not it.transcript:
        stays = _(
            "This session leaves no transcript: at the close everything but the owner’s plan and the lessons that may "
            "be shared is deleted."
        )
    elif not it.names:
        stays += " " + _(
            "It names nobody but the moderator: at the close it is deleted who said what. In a small group it can "
            "still be guessed."
        )
    kept = _("Kept for %(time)s, then deleted.", time=kept_for(it.team.retention_days))
    return Markup("{} {} {}").format(stays, who_reads(it), kept)


def who_reads(it: Intervision) -> Markup:
    """Who comes to read it afterwards, for a page; the lobby says the same (static/room/views/lobby.js)."""
    sentence = _("Afterwards only the people in the room can read it.")
    match access.open_to(it):
        case Visibility.FACILITATORS:
            sentence = _(
                "Afterwards the people in the room and the facilitators of %(team)s can read it. When the team meets "
                "next, the owner’s actions are on the table, unless the owner keeps them back."
            )
        case Visibility.PROCESS:
            sentence = _(
                "Afterwards only the people in the room can read it; the facilitators of %(team)s see how it went and "
                "the shared lessons, and no words of the case."
            )
    return Markup(sentence) % {"team": isolated(it.team.name)}  # noqa: S704 - our own words, or their translation


def kept_for(days: int) -> str:
    """How long a team keeps its sessions: in months where the days make whole years."""
    if days % 365 == 0:
        return ngettext("%(num)s month", "%(num)s months", days // 365 * 12)
    return ngettext("%(num)s day", "%(num)s days", days)


def chat_text(it: Intervision) -> str:
    """What the moderator pastes into the team's chat."""
    lines = [
        _("Intervision: %(title)s", title=it.title),
        when(it),
        _("Join: %(link)s", link=join_link(it)),
        _("Or type the code %(code)s at %(page)s", code=spoken_code(it), page=public_url("joining.by_code")),
    ]
    if it.call_url:
        lines.append(_("Video call: %(link)s", link=it.call_url))
    return "\n".join(lines)


def qr_svg(link: str) -> str:
    """A QR code as an <svg> element, black on white in any colour scheme; without a size, the page gives it one."""
    return segno.make(link, error="m", micro=False).svg_inline(omitsize=True, light="#fff", border=4)


def qr_image(link: str) -> str:
    """The same as the address of an image (data:image/svg+xml…)."""
    return segno.make(link, error="m", micro=False).svg_data_uri(light="#fff", border=4, scale=8)


def calendar(it: Intervision) -> bytes:
    """The session as an iCalendar file (RFC 5545); planned anew, it replaces the entry of before."""
    starts_at = it.starts_at.astimezone(ZoneInfo(it.timezone))
    event = Event()
    event.add("uid", f"session-{it.id}@{urlsplit(join_link(it)).hostname}")
    event.add("sequence", it.version)
    event.add("dtstamp", now())
    event.add("dtstart", starts_at)
    event.add("dtend", (it.starts_at + timedelta(minutes=it.length)).astimezone(starts_at.tzinfo))
    event.add("summary", it.title)
    event.add("description", chat_text(it))
    event.add("url", join_link(it))
    if it.call_url:
        event.add("location", it.call_url)
    calendar = Calendar()
    calendar.add("prodid", "-//Intervise//Intervise//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()
