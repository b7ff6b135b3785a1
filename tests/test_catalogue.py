"""Every sentence that people read is in the catalogue, those of the browser too."""

import io
from pathlib import Path

from app.catalogue import browser_messages
from devtools.catalogue import extract_room

NESTED = """
html`<p>${names.length > 1 && html`<b>${_("Here: %(names)s", { names })}</b>`}</p>
  ${ngettext("%(count)s person", "%(count)s people", { count })} ${_("He said \\"yes\\".")}`
"""


def test_a_sentence_within_a_template_within_a_template_is_found() -> None:
    found = [words for _, _, words, _ in extract_room(io.BytesIO(NESTED.encode()), (), (), {})]
    assert found == ["Here: %(names)s", ("%(count)s person", "%(count)s people"), 'He said "yes".']


def test_the_browser_gets_both_forms_of_a_plural(tmp_path: Path) -> None:
    folder = tmp_path / "nl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(
        """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Lobby"
msgstr "Ontvangst"

msgid "%(count)s person"
msgid_plural "%(count)s people"
msgstr[0] "%(count)s persoon"
msgstr[1] "%(count)s personen"

msgid "Not translated yet"
msgstr ""
""",
        encoding="utf-8",
    )
    assert browser_messages("nl", tmp_path) == {
        "Lobby": "Ontvangst",
        "%(count)s person": "%(count)s persoon",
        "%(count)s people": "%(count)s personen",
    }
    assert browser_messages("en", tmp_path) == {}
