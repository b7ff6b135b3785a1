"""In production `python wsgi.py` serves, and nothing else does: another server would put more processes on one SQLite
file, bring no tables up to date, and hear nothing of what happens in its other processes.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from app.server import NOT_BEGUN
from devtools.rig.programs import free_port
from tests.conftest import ROOT, start_server, stop_server

NAME = "intervise.example.org"
PRODUCTION = {
    "INTERVISE_ENV": "production",
    "PUBLIC_URL": f"https://{NAME}",
    "SECRET_KEY": "in production: 0123456789 abcdefghij",
}
PATHS = ("/", "/healthz", "/readyz", "/sign-in", "/socket.io/?EIO=4&transport=websocket&room=QQQQQQ")

# The standard library's stands for every server that is given the app, as in `gunicorn wsgi:app`.
ANOTHER = """
from wsgiref.simple_server import make_server
{imports}
server = make_server("127.0.0.1", 0, {app})
print(f"http://127.0.0.1:{{server.server_port}}", flush=True)
server.serve_forever()
"""
OTHERS = {
    "another server": ("-c", ANOTHER.format(imports="import wsgi", app="wsgi.app")),
    "another server that makes the app": ("-c", ANOTHER.format(imports="import app", app="app.create_app()")),
    "flask run": ("-m", "flask", "run", "--port", "0"),
}

Begin = Callable[..., str]


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Begin]:
    """Starts a program with the settings of an installation on SQLite; gives its address."""
    processes: list[subprocess.Popen[str]] = []
    own = {"DATABASE_URL": f"sqlite:///{tmp_path / 'server.db'}", "INSTANCE_FOLDER": str(tmp_path / "instance")}

    def begin(*program: str, **settings: str) -> str:
        process = subprocess.Popen(
            [sys.executable, *program],
            cwd=ROOT,
            env=os.environ | own | PRODUCTION | settings,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        processes.append(process)
        assert process.stdout
        for line in process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                return found[0]
        raise AssertionError(f"it ended with {process.wait()}")

    yield begin
    for process in processes:
        process.kill()
        process.communicate()


def ask(url: str) -> requests.Response:
    return requests.get(url, headers={"Host": NAME}, timeout=10)


@pytest.mark.parametrize("program", OTHERS.values(), ids=OTHERS)
def test_whoever_starts_it_otherwise_is_told_so_and_serves_nobody(
    program: tuple[str, ...], begin: Begin, tmp_path: Path
):
    for url in [begin(*program) for _worker in range(2)]:
        for path in PATHS:
            answer = ask(url + path)
            assert (answer.status_code, answer.text) == (503, NOT_BEGUN)
    assert not (tmp_path / "server.db").exists(), "it was opened, without its tables and without the lock"


@pytest.mark.parametrize("program", OTHERS.values(), ids=OTHERS)
def test_whoever_develops_may_start_it_as_they_like(program: tuple[str, ...], begin: Begin):
    assert ask(begin(*program, INTERVISE_ENV="development") + "/healthz").text == "ok\n"


def test_what_wsgi_py_itself_serves_in_production_answers_and_is_alone(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    port = str(free_port())
    running = start_server(tmp_path, **PRODUCTION, PORT=port)
    try:
        assert [ask(f"http://127.0.0.1:{port}{path}").status_code for path in PATHS[:-1]] == [200] * 4
        with pytest.raises(AssertionError, match="ended with 1"):
            start_server(tmp_path, **PRODUCTION)
        assert "Another process serves " in capfd.readouterr().err
    finally:
        stop_server(running)
