"""The room in one file: served while it is made of what is there, and never after that."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import assets
from devtools import bundle, setup

NODE = shutil.which("node") or setup.find_node()


@pytest.fixture
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of static/ with nothing built in it."""
    copy = tmp_path / "static"
    shutil.copytree(assets.STATIC, copy, ignore=shutil.ignore_patterns("built", "img", "*.woff2"))
    for module in (assets, bundle):
        monkeypatch.setattr(module, "STATIC", copy)
    return copy


@pytest.fixture
def in_a_request(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def make() -> None:
    assert NODE
    bundle.main(NODE)


def test_both_files_are_served_once_they_are_made(static: Path, in_a_request: None):
    assert assets.built("js") is assets.built("css") is None
    make()
    for kind in ("js", "css"):
        address = assets.built(kind)
        assert address
        assert re.fullmatch(rf"/static/built/room-\w{{12}}\.{kind}\?v=\w{{12}}", address)


@pytest.mark.parametrize("source", ["room/clock.js", "css/stage.css", "vendor/preact.js"])
def test_they_are_not_served_any_more_once_a_source_has_changed(static: Path, in_a_request: None, source: str):
    make()
    with (static / source).open("a") as file:
        file.write("\n/* one more word */\n")
    assert assets.built("js") is assets.built("css") is None


def test_a_new_module_makes_them_old_too(static: Path, in_a_request: None):
    make()
    (static / "room" / "views" / "new.js").write_text("export const nothing = null;\n")
    assert assets.built("js") is None


def test_the_file_holds_every_module_and_asks_for_no_other(static: Path):
    make()
    code = (static / assets.built_name("js")).read_text()
    assert not re.search(r"""["'](room/[\w/]+\.js|preact|htm|socket\.io-client)["']""", code)
    for path in (static / "room" / "views").glob("*.js"):
        for sentence in re.findall(r'_\("([^"\\]{20,})"', path.read_text()):
            assert sentence in code, path.name


def test_the_styles_hold_the_tokens_and_the_stage_and_ask_for_no_other(static: Path):
    make()
    styles = (static / assets.built_name("css")).read_text()
    assert "--space-1" in styles
    assert ".composer.is-pinned" in styles
    assert "@import" not in styles


def test_what_was_made_before_goes_away(static: Path):
    make()
    (static / "room" / "act.js").write_text((static / "room" / "act.js").read_text() + "\n")
    make()
    assert len(list((static / "built").glob("*.js"))) == 1
