"""Days and times as the reader's language writes them."""

from datetime import date, datetime

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time


def locale_of(language: str) -> Locale:
    """The locale of a session's language; English where there is no such language, and then not the American."""
    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        locale = Locale("en")
    return Locale("en", "GB") if str(locale) == "en" else locale


def day_words(day: date | None, language: str) -> str:
    """Such as "15 Mar 2026"; "" for no day."""
    return format_date(day, "medium", locale_of(language)) if day else ""


def moment_words(moment: datetime, language: str) -> str:
    """Such as "Thursday 12 March 2026, 14:00 (Europe/Brussels)": the zone by name, for readers in other places."""
    locale = locale_of(language)
    return f"{format_date(moment, 'full', locale)}, {format_time(moment, 'short', locale=locale)} ({moment.tzinfo})"


def minutes(seconds: float) -> int:
    return round(seconds / 60)
