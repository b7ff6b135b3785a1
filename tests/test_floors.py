"""The house has floors: imports go down, rules know no framework, commands know no sockets, and nobody else writes."""

import re
from pathlib import Path

import pytest

SESSIONS = Path(__file__).parent.parent / "app" / "sessions"
FLOORS = (
    {"pace", "phases", "words", "folding", "clock", "turns", "once"},
    {"rules", "minutes", "deal"},
    {"names", "shapes"},
    {"models", "forms"},
    {"access", "room", "sealing", "join_links", "sessions_found"},
    {"seats"},
    {"commands"},
    {"view", "process", "timeline", "notes", "presence", "crossing"},
    {"standing"},
    {"exports", "farewell"},
    {"invitations", "planning_forms", "joining_forms", "replay", "pulse", "telling"},
    {"planning", "live"},
    {"across"},
    {"joining", "record", "theming", "exporting"},
    {"room_page", "review"},
)
PURE = ("pace", "phases", "words", "folding", "clock", "turns", "minutes", "rules")
FLOOR = {name: number for number, names in enumerate(FLOORS) for name in names}
FILES = sorted(path for path in SESSIONS.rglob("*.py") if path.name != "__init__.py" or path.parent != SESSIONS)


def room_of(path: Path) -> str:
    return path.relative_to(SESSIONS).parts[0].removesuffix(".py")


def rooms_imported(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    direct = set(re.findall(r"^from app\.sessions\.(\w+)", text, re.MULTILINE))
    for names in re.findall(r"^from app\.sessions import (.+)$", text, re.MULTILINE):
        direct |= {name.split(" as ")[0].strip() for name in names.split(",")}
    return direct - {room_of(path)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SESSIONS)))
def test_imports_go_down(path: Path) -> None:
    own = room_of(path)
    assert own in FLOOR, f"{own} has no floor yet: give it one in FLOORS"
    assert {name for name in rooms_imported(path) if FLOOR[name] >= FLOOR[own]} == set()


@pytest.mark.parametrize("name", PURE)
def test_a_rule_knows_no_framework_and_no_database(name: str) -> None:
    imports = re.findall(r"^(?:from|import) (\w+)", (SESSIONS / f"{name}.py").read_text(), re.MULTILINE)
    assert not {"flask", "sqlalchemy", "flask_babel", "eventlet", "socketio"} & set(imports)


@pytest.mark.parametrize("path", sorted((SESSIONS / "commands").glob("*.py")), ids=lambda path: path.name)
def test_a_command_knows_no_socket(path: Path) -> None:
    assert not re.search(r"socketio|presence|\blive\b", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "path", [path for path in FILES if room_of(path) != "commands"], ids=lambda path: str(path.relative_to(SESSIONS))
)
def test_only_the_commands_write_sessions(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"session\.add|rows\.add|session\.delete|rows\.delete|sql_delete|\binsert\(", text)
