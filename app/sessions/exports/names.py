"""Names for downloaded files that no system stumbles over, whatever the session is called."""

import re
import unicodedata
from urllib.parse import quote

SLUG_LENGTH_MAX = 60
KINDS = {
    "plan": "action-plan",
    "record": "record",
    "lessons": "lessons",
    "process": "how-it-went",
    "follow-up": "follow-up",
}


def filename(document: str, title: str, extension: str) -> str:
    """ASCII letters, digits and hyphens: "plan", "Über alles / neu" and "pdf" give "action-plan-uber-alles-neu.pdf"."""
    letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", letters)[:SLUG_LENGTH_MAX].strip("-")
    return "-".join(part for part in (KINDS[document], slug) if part) + "." + extension


def content_disposition(document: str, title: str, extension: str) -> str:
    """The header of a download: the ASCII name for all, and after RFC 5987 (in RFC 6266) the title's own letters."""
    own = re.sub(r"[^\w .,!()&+-]+|\.{2,}", "-", unicodedata.normalize("NFC", title))[:SLUG_LENGTH_MAX].strip(" .-")
    own_name = quote(f"{KINDS[document]} {own}".strip() + f".{extension}", safe="")
    return f"attachment; filename=\"{filename(document, title, extension)}\"; filename*=UTF-8''{own_name}"
