import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from devtools.console import Stop, explain, free_port

ROOT = Path(__file__).parent.parent


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_port_in_use_ends_in_one_sentence(taken: int):
    with pytest.raises(Stop, match=rf"^Port {taken} .* choose another one with --port\.$"):
        free_port("127.0.0.1", taken)


def test_without_a_wish_the_next_free_port_is_taken():
    assert 5000 <= free_port("127.0.0.1", None) < 5100


def test_no_network_is_said_in_one_sentence_without_the_tools_own_words():
    said = explain("WARNING: Retrying… NewConnectionError('[Errno -2] Name or service not known')", "Packages failed")
    assert said == "Packages failed: no connection. Connect to the internet and run this again."


def test_other_failures_show_what_the_tool_said():
    assert "No space left on device" in explain("OSError: No space left on device", "Packages failed")


def test_lock_files_name_no_registry_and_hash_everything():
    for lock in ROOT.glob("requirements*.txt"):
        text = lock.read_text()
        assert "://" not in text
        assert "--index" not in text
        for package in re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)):
            assert "--hash=sha256:" in package
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()
