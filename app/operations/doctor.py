"""`flask doctor`: one line for each thing that can be wrong with an installation, with what to do about it. It asks
nobody but the database and Redis.
"""

import os
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from shutil import disk_usage
from time import time
from urllib.parse import urlsplit

import redis
from flask import Flask
from sqlalchemy import Engine, text

from app.assets import STATIC
from app.operations import readiness, unfinished
from app.operations.backup import ERASURES, sqlite_path

GOOD, DOUBTFUL, BAD = "✓", "!", "✗"
FREE_BYTES_MIN, FREE_BYTES_FEW = 200 * 2**20, 2**30
DRIFT_MAX_S = 2
WORDS_MAX = 300
MADE_IN = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock that is right shows an earlier time."""


@dataclass(frozen=True)
class Finding:
    """`mark` is GOOD, DOUBTFUL or BAD; `words` say what was found, and for the last two what to do."""

    mark: str
    name: str
    words: str

    def __str__(self) -> str:
        return f"{self.mark} {self.name}: {self.words}"


Found = Iterator[tuple[str, str]]


def look(app: Flask, engine: Engine) -> list[Finding]:
    """All findings, in the order of CHECKS. A check that fails itself is a finding too."""
    return [Finding(mark, name, words) for name, check in CHECKS.items() for mark, words in _safely(check, app, engine)]


def _safely(check: Callable[[Flask, Engine], Found], app: Flask, engine: Engine) -> list[tuple[str, str]]:
    try:
        return list(check(app, engine))
    except Exception as error:
        said = f"{type(error).__name__}: {' '.join(str(error).split())[:WORDS_MAX]}".removesuffix(": ")
        return [(BAD, f"could not be looked at ({said}).")]


def _secret_key(app: Flask, _engine: Engine) -> Found:
    if app.config["INTERVISE_ENV"] == "production" or os.environ.get("SECRET_KEY"):
        yield GOOD, "set, and long enough."
    else:
        yield GOOD, f"in {app.instance_path}/secret_key; production wants it in SECRET_KEY."


def _environment(app: Flask, _engine: Engine) -> Found:
    env = app.config["INTERVISE_ENV"]
    if env != "production":
        yield DOUBTFUL, f"{env}; set INTERVISE_ENV=production where people work."
    else:
        yield GOOD, "production."


def _public_url(app: Flask, _engine: Engine) -> Found:
    url = urlsplit(app.config["PUBLIC_URL"])
    if not url.hostname:
        yield DOUBTFUL, "not set; set PUBLIC_URL to the address that people use, for links are made from it."
    elif _is_local(url.hostname):
        yield DOUBTFUL, f"{url.hostname} is reached from this network alone; set PUBLIC_URL to what people use."
    elif url.scheme != "https":
        yield DOUBTFUL, "without https; put a proxy with a certificate in front, and change PUBLIC_URL."
    else:
        yield GOOD, f"{app.config['PUBLIC_URL']}"


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost" or "." not in host


def _hosts(app: Flask, _engine: Engine) -> Found:
    hosts, host = app.config["TRUSTED_HOSTS"], urlsplit(app.config["PUBLIC_URL"]).hostname
    if not hosts:
        yield DOUBTFUL, "requests may name any host; set PUBLIC_URL or TRUSTED_HOSTS."
    elif host and not any(host == name or (name.startswith(".") and host.endswith(name)) for name in hosts):
        yield BAD, f"TRUSTED_HOSTS does not name {host}, so no page opens there; add it, or leave TRUSTED_HOSTS out."
    else:
        yield GOOD, f"{', '.join(hosts)}; live connections from its pages alone."


def _proxies(app: Flask, _engine: Engine) -> Found:
    secure, proxies = app.config["PUBLIC_URL"].startswith("https://"), app.config["TRUSTED_PROXIES"]
    if secure and not proxies:
        yield (
            BAD,
            "PUBLIC_URL has https, and no proxy is trusted, so everybody seems to come from one address: "
            "set TRUSTED_PROXIES to the number of proxies in front, usually 1.",
        )
    elif proxies and app.config["HOST"] not in ("127.0.0.1", "::1", "localhost"):
        yield (
            DOUBTFUL,
            f"whoever reaches {app.config['HOST']} past the proxy can make up an address; set HOST=127.0.0.1.",
        )
    else:
        yield GOOD, f"{proxies} in front."


def _database(app: Flask, engine: Engine) -> Found:
    where = engine.url.render_as_string(hide_password=True)
    checks = readiness.look_at_database(app, engine)
    if "schema" not in checks:
        yield BAD, f"{where} {checks['database']} ({checks.get('why')}); check DATABASE_URL, and run: flask migrate"
    elif checks["schema"] != "ok":
        yield BAD, f"{where} has other tables than this version wants; run: flask migrate"
    else:
        yield GOOD, f"{where} can be written and has this version's tables."


def _restore(app: Flask, _engine: Engine) -> Found:
    if said := unfinished.sentence(Path(app.instance_path)):
        yield BAD, said
    else:
        yield GOOD, "none is unfinished."


def _folders(app: Flask, engine: Engine) -> list[Path]:
    """That of the installation's own files, and that of SQLite's, where it is another one."""
    path = sqlite_path(engine)
    return list(dict.fromkeys([Path(app.instance_path), *([path.absolute().parent] if path else [])]))


def _disk(app: Flask, engine: Engine) -> Found:
    for folder in _folders(app, engine):
        if folder.exists():  # one that does not is told under "files"
            yield _room_in(folder)


def _room_in(folder: Path) -> tuple[str, str]:
    free = disk_usage(folder).free
    words = f"{free / 2**30:.1f} GB free in {folder}"
    if free < FREE_BYTES_MIN:
        return BAD, f"{words}; make room, for soon nothing can be saved."
    if free < FREE_BYTES_FEW:
        return DOUBTFUL, f"{words}; make room before it gets less."
    return GOOD, f"{words}."


def _clock(_app: Flask, engine: Engine) -> Found:
    if datetime.now(UTC) < MADE_IN:
        yield BAD, "shows a time in the past; set it, and switch on NTP (timedatectl set-ntp true)."
        return
    if engine.dialect.name == "sqlite":
        yield GOOD, f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC by this machine."
        return
    with engine.connect() as connection:
        began = time()
        theirs = connection.scalar(text("SELECT extract(epoch FROM clock_timestamp())"))
        drift = float(theirs or 0) - (began + time()) / 2
    if abs(drift) > DRIFT_MAX_S:
        yield DOUBTFUL, f"{drift:+.1f} s off the database server's; switch on NTP on both (timedatectl set-ntp true)."
    else:
        yield GOOD, f"{drift:+.2f} s off the database server's."


def _redis(app: Flask, _engine: Engine) -> Found:
    if not (url := app.config["REDIS_URL"]):
        yield GOOD, "not used; counts of tries are kept in this process."
        return
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2) as client:
            client.ping()
        yield GOOD, "answers."
    except (redis.RedisError, OSError) as error:
        yield BAD, f"does not answer ({type(error).__name__}); start it, or correct or unset REDIS_URL."


def _files(app: Flask, engine: Engine) -> Found:
    folders = _folders(app, engine)
    shut = [folder for folder in folders if not os.access(folder, os.W_OK | os.X_OK)]
    for folder in shut:
        yield BAD, f"{folder} cannot be written; make it, and give it to the user that runs the app."
    if shut:
        return
    files = [folders[0] / name for name in ("secret_key", ERASURES)]
    if path := sqlite_path(engine):
        files += [path.absolute().with_name(path.name + ending) for ending in ("", "-wal")]
    open_files = [each for each in files if each.exists() and _is_open(each)]
    for each in open_files:
        yield DOUBTFUL, f"{each} can be read by others on this machine; run: chmod 600 {each}"
    if not open_files:
        yield GOOD, f"{' and '.join(map(str, folders))} can be written, and what is in there is closed to others."


def _is_open(file: Path) -> bool:
    """Whether others can read it: those for whom its folder is open, too."""
    own, folder = (path.stat().st_mode for path in (file, file.parent))
    pairs = ((stat.S_IRGRP, stat.S_IXGRP), (stat.S_IROTH, stat.S_IXOTH))
    return any(own & reads and folder & enters for reads, enters in pairs)


def _fonts(_app: Flask, _engine: Engine) -> Found:
    from app.sessions.exports import pdf

    if any(any(Path(folder).rglob("*.[to]tf")) for folder in pdf.font_folders()):
        yield GOOD, "there, for PDF files."
    else:
        yield BAD, "missing, so PDF files would lack letters; install the packages anew: python3 dev.py migrate"


def _libraries(_app: Flask, _engine: Engine) -> Found:
    if list((STATIC / "vendor").glob("**/*.js")):
        yield GOOD, "there."
    else:
        yield BAD, "missing, so no room opens; run: python3 dev.py migrate"


def _python(_app: Flask, _engine: Engine) -> Found:
    yield GOOD, f"{sys.version.split()[0]}."  # in which mode it serves is not known here: see wsgi.py


CHECKS: dict[str, Callable[[Flask, Engine], Found]] = {
    "Python": _python,
    "environment": _environment,
    "secret key": _secret_key,
    "public address": _public_url,
    "host names": _hosts,
    "proxies": _proxies,
    "database": _database,
    "restore": _restore,
    "disk": _disk,
    "clock": _clock,
    "Redis": _redis,
    "files": _files,
    "fonts": _fonts,
    "browser libraries": _libraries,
}
