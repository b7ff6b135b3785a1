"""The app under measurement: as production runs it, on a database of its own that holds the demo's sessions."""

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select

from app import create_app
from app.accounts import auth
from app.accounts.models import Account
from app.demo import fill
from app.demo.scenes import SCENES
from app.extensions import db
from app.sessions import seats
from app.sessions.models import Intervision, Seat
from devtools.console import ROOT, free_port


@dataclass
class Running:
    """The served app; `near` is another one on the same database, to look things up. `folder` holds the files."""

    url: str
    near: Flask
    folder: Path

    def code_of(self, scene: str) -> str:
        """The code of a session of the demo."""
        it = fill.find(SCENES[scene])
        assert it
        return it.code

    def seat_cookie(self, code: str, who: str) -> str:
        """The cookie of a browser that holds somebody's seat."""
        at = select(Seat).join(Intervision).where(Intervision.code == code, Seat.name == who)
        return self._cookie(lambda: seats.hold(db.session.scalars(at).one()))

    def account_cookie(self, name: str) -> str:
        """The cookie of a browser that is signed in."""
        of_name = select(Account).where(Account.email == fill.email(name))
        return self._cookie(lambda: auth.sign_in(db.session.scalars(of_name).one()))

    def _cookie(self, prepare: Callable[[], None]) -> str:
        with self.near.test_request_context() as context:
            prepare()
            signer = SecureCookieSessionInterface().get_signing_serializer(self.near)
            assert signer
            assert context.session is not None
            return str(signer.dumps(dict(context.session)))


@contextmanager
def running() -> Iterator[Running]:
    """Fill a database with the demo and serve it; everything is gone afterwards."""
    with tempfile.TemporaryDirectory() as name:
        port = free_port("127.0.0.1", None)
        url = f"http://127.0.0.1:{port}"
        os.environ |= {"INSTANCE_FOLDER": name, "DATABASE_URL": "", "REDIS_URL": "", "HOST": "127.0.0.1",
                       "PORT": str(port), "PUBLIC_URL": url, "SECRET_KEY": secrets.token_urlsafe(48)}  # fmt: skip
        filled = os.environ | {"INTERVISE_ENV": "development"}
        subprocess.run([sys.executable, "-m", "app.demo"], cwd=ROOT, env=filled, check=True, stdout=sys.stderr)
        os.environ["INTERVISE_ENV"] = "production"
        log = (Path(name) / "server.log").open("w")
        server = subprocess.Popen([sys.executable, "wsgi.py"], cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=log)
        try:
            wait_for(server)
            near = create_app(ASYNC_MODE="threading")
            with near.app_context():
                yield Running(url, near, Path(name))
                db.session.rollback()
                db.engine.dispose()
        finally:
            server.terminate()
            server.communicate(timeout=10)
            log.close()


def wait_for(server: subprocess.Popen[str]) -> None:
    """Until it says where it is."""
    assert server.stdout
    if not any("Intervise is at " in line for line in server.stdout):
        raise AssertionError(f"the server ended with {server.wait()} before it said where it is")
