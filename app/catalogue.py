"""The translations that the browser needs: the same catalogue as the server's."""

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

TRANSLATIONS = Path(__file__).parent / "translations"


@cache
def browser_messages(locale: str, folder: Path = TRANSLATIONS) -> dict[str, str]:
    """English sentence → translation; for a plural, both of its English forms. Empty for English itself."""
    path = folder / locale / "LC_MESSAGES" / "messages.po"
    if not path.is_file():
        return {}
    messages: dict[str, str] = {}
    with path.open("rb") as file:
        for message in read_po(file, locale):
            ids = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
            texts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
            if ids[0] and all(texts):
                messages |= {str(ids[0]): str(texts[0]), str(ids[-1]): str(texts[-1])}
    return messages
