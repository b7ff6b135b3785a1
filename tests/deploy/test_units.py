"""What systemd is told: in deploy/, and on the page that is copied from."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "deploy" / "systemd"


def services() -> dict[str, str]:
    """Every service that we give to others, by where it stands."""
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    written = {block: block for block in re.findall(r"```\n(.*?)```", page, re.DOTALL) if "[Service]" in block}
    return {path.name: path.read_text(encoding="utf-8") for path in UNITS.glob("*.service")} | written


def test_no_service_does_two_things_of_which_the_second_waits_for_the_first_to_succeed():
    assert len(services()) >= 4
    for name, text in services().items():
        assert text.count("ExecStart=") == 1, name


def test_the_app_is_started_again_however_often_it_has_failed():
    serving = [text for text in services().values() if "wsgi.py" in text]
    assert len(serving) == 2
    for text in serving:
        assert "\nRestart=always\nRestartSec=2\n" in text
        assert "\nStartLimitIntervalSec=0\n" in text.partition("[Service]")[0]


def test_what_counts_ages_waits_for_the_database_and_for_the_clock():
    for name in ("intervise-backup.service", "intervise-purge.service"):
        before = re.findall(r"^After=(.*)$", (UNITS / name).read_text(encoding="utf-8"), re.MULTILINE)
        assert {"postgresql.service", "time-sync.target"} <= set(before[0].split())


def test_every_backup_goes_to_the_folder_that_was_made_for_it():
    texts = [*services().values(), *((ROOT / name).read_text() for name in ("docs/operations.md", "deploy/README.md"))]
    folders = set(re.findall(r"flask backup (/\S+)", "\n".join(texts)))
    assert {folder.rstrip("`)") for folder in folders} == {"/srv/backup"}
