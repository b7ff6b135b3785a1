"""Two processes of the app with PostgreSQL and Redis, behind nginx with the very site of deploy/: paths, names, ports
are others here.
"""

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.extensions import db
from devtools.rig.app import App
from devtools.rig.postgres import Postgres
from devtools.rig.programs import Program, find, free_port, listens, missing
from devtools.rig.proxy import FaultProxy
from devtools.rig.redis import Redis

SITE = Path(__file__).parents[2] / "deploy" / "nginx" / "intervise.conf"
NAME = "intervise.example.org"
AROUND = """
daemon off;
user root;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@dataclass
class Installation:
    """`url`: where people come, by TLS; `line`: a way there that speaks it for them; `apps`: the processes, each with
    an address of its own, past nginx.
    """

    url: str
    line: str
    apps: list[App]
    database_url: str
    redis: Redis
    certificate: Path


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    if lack := missing() or (
        "" if shutil.which("openssl") else "openssl not found; on Debian: apt-get install openssl"
    ):
        pytest.skip(lack)
    folder = tmp_path_factory.mktemp("installation")
    port = free_port()
    url = f"https://127.0.0.1:{port}"
    certificate = make_certificate(folder)
    with Postgres() as postgres, Redis(folder) as redis:
        settings = {"DATABASE_URL": postgres.database(), "REDIS_URL": redis.url, "TRUSTED_PROXIES": "1"}
        first, second = (App(folder, name, **settings) for name in ("one", "two"))
        with first, second:
            program = nginx(folder, port, [first.port, second.port])
            program.start(lambda _said: listens(port))
            with FaultProxy(port, tls=ssl.create_default_context(cafile=str(certificate))) as proxy:
                line = proxy.line("everybody").url
                yield Installation(url, line, [first, second], settings["DATABASE_URL"], redis, certificate)
            program.stop()


def make_certificate(folder: Path) -> Path:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
         "-addext", f"subjectAltName=DNS:{NAME},IP:127.0.0.1",
         "-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder / "fullchain.pem"


def nginx(folder: Path, port: int, apps: list[int]) -> Program:
    site = SITE.read_text()
    for written, here in {
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        f"/etc/letsencrypt/live/{NAME}": str(folder),
        "client_body_timeout 10s;": "client_body_timeout 1s;",
        "127.0.0.1:5001 ": f"127.0.0.1:{apps[0]} ",
        "127.0.0.1:5002 ": f"127.0.0.1:{apps[1]} ",
    }.items():
        assert written in site
        site = site.replace(written, here)
    (folder / "site.conf").write_text(site)
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder))
    words = ["-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
    return Program([find("nginx") or "", *words], folder / "nginx.log")


@pytest.fixture
def behind(installation: Installation) -> Iterator[Flask]:
    """An app of our own on the same database, to set the stage."""
    app = create_app(
        DATABASE_URL=installation.database_url.replace("postgresql://", "postgresql+psycopg2://"),
        ASYNC_MODE="threading",
        SECRET_KEY="for trials alone: 0123456789 abcdefghij",
    )
    with app.app_context():
        yield app
        db.session.rollback()
        db.engine.dispose()
