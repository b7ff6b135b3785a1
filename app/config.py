"""Settings, all from the environment; the defaults serve one person on one machine.

INTERVISE_ENV     development (default), test, production
INSTANCE_FOLDER   the folder of the files that belong to this installation: database, key; default: instance
SECRET_KEY        signs cookies and links; at least 32 characters; production refuses to start without it;
                  elsewhere secret_key in INSTANCE_FOLDER is used, and made when it is missing
DATABASE_URL      default: SQLite, intervise.db in INSTANCE_FOLDER; postgresql://… for more than one process
REDIS_URL         counts of the rate limits, and what processes tell each other; default: one process, in its memory;
                  redis://…, rediss://… or unix://…
PUBLIC_URL        the address people use, such as https://intervise.example.org; required in production;
                  links are made from it, and live connections are taken from its pages only
TRUSTED_HOSTS     host names that requests may name, comma-separated; default: PUBLIC_URL's host, or any
TRUSTED_PROXIES   number of reverse proxies in front whose X-Forwarded-For and -Proto are believed; default 0
ASYNC_MODE        eventlet (default) or threading
SOCKET_TRANSPORTS websocket (default), or websocket,polling for networks that break websockets
CONTRIBUTIONS_PER_MINUTE  most that one person may write in a session; default 30
SEATS_MAX         most people in one session; default 30
METRICS_TOKEN     20 or more characters; with it /metrics is there for whoever sends it (bearer token); default: none
SMTP_HOST         the server that takes mail; default: none, and then no mail is sent at all
SMTP_PORT         default: 587, or 465 with SMTP_SECURITY=tls
SMTP_SECURITY     starttls (default), tls from the first byte, or none: for a server on the same machine alone
SMTP_USER, SMTP_PASSWORD  where the server wants them
SMTP_FROM         the address that mail comes from; required with SMTP_HOST
HOST, PORT        where wsgi.py listens; default 127.0.0.1 and 5000; port 0 takes a free one
"""

import os
import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ENVIRONMENTS = ("development", "test", "production")
ASYNC_MODES = ("eventlet", "threading")
TRANSPORTS = ("websocket", "polling")
SMTP_SECURITIES = ("starttls", "tls", "none")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
KEY_LENGTH_MIN = 32
PUBLISHED_KEYS = (
    "made-once-with-the-command-below",
    "a-long-random-text-that-stays-the-same",
    "for tests alone: 0123456789 abcdefghij",
    "for trials alone: 0123456789 abcdefghij",
)
"""They stand, or once stood, in a file that anybody can read. Two more do, and are not among them: tests and
measurements start production itself with those.
"""
METRICS_TOKEN_LENGTH_MIN = 20
DIFFERENT_CHARACTERS_MIN = 8
REDIS_BEGINNINGS = ("redis://", "rediss://", "unix://")


class BadSetting(Exception):
    """A setting that the app cannot start with; the message is one sentence that says what to do."""


def instance_folder(root: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of this installation's own files; a relative one is taken from `root`."""
    return root / (environ.get("INSTANCE_FOLDER") or "instance")


def load(instance: Path, environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Flask's configuration from `environ`; `instance` is the folder of files that belong to this installation.

    Raises BadSetting.
    """
    _make_instance(instance)
    env = _choice(environ, "INTERVISE_ENV", ENVIRONMENTS)
    _refuse_debug(environ, production=env == "production")
    public_url = _public_url(environ, required=env == "production")
    secure = public_url.startswith("https://")
    redis_url = _redis_url(environ)
    return {
        "INTERVISE_ENV": env,
        "SECRET_KEY": _secret_key(environ, instance, production=env == "production"),
        "DATABASE_URL": _database_url(environ, instance),
        "REDIS_URL": redis_url,
        "PUBLIC_URL": public_url,
        "TRUSTED_HOSTS": _trusted_hosts(environ, public_url),
        "TRUSTED_PROXIES": _number(environ, "TRUSTED_PROXIES", 0, at_least=0),
        "ASYNC_MODE": _choice(environ, "ASYNC_MODE", ASYNC_MODES),
        "SOCKET_TRANSPORTS": _transports(environ),
        "CONTRIBUTIONS_PER_MINUTE": _number(environ, "CONTRIBUTIONS_PER_MINUTE", 30, at_least=1),
        "SEATS_MAX": _number(environ, "SEATS_MAX", 30, at_least=2),
        "METRICS_TOKEN": _metrics_token(environ),
        **_smtp(environ, production=env == "production"),
        "HOST": environ.get("HOST", "127.0.0.1"),
        "PORT": _number(environ, "PORT", 5000, at_least=0),
        "MAX_CONTENT_LENGTH": 256 * 1024,
        "SESSION_COOKIE_NAME": "intervise",
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
        # A form may stay open for a whole call; its token is bound to the browser's session anyway.
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,  # we send no Referer (see headers.py); SameSite and the token do the work
        "RATELIMIT_STORAGE_URI": _redis_for_limits(redis_url) or "memory://",
        "RATELIMIT_STORAGE_OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2} if redis_url else {},
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": bool(redis_url),
        "BABEL_DEFAULT_LOCALE": "en",
    }


def _make_instance(instance: Path) -> None:
    """Whatever the database: what was erased is written there too, and without that nothing can be erased."""
    try:
        instance.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(
            f"The folder {instance} cannot be made ({error.strerror}); make it, and give it to the user that runs the "
            "app, or set INSTANCE_FOLDER to another one."
        ) from None


def _choice(environ: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = environ.get(name) or choices[0]
    if value not in choices:
        raise BadSetting(f"{name} is “{value}”; set it to one of: {', '.join(choices)}.")
    return value


def _number(environ: Mapping[str, str], name: str, default: int, at_least: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or int(text) < at_least:
        raise BadSetting(f"{name} is “{text}”; set it to a whole number of {at_least} or more.")
    return int(text)


def _refuse_debug(environ: Mapping[str, str], production: bool) -> None:
    if production and environ.get("FLASK_DEBUG", "").lower() not in ("", "0", "false", "no"):
        raise BadSetting("FLASK_DEBUG shows the inside of the app to everybody; leave it out in production.")


def _secret_key(environ: Mapping[str, str], instance: Path, production: bool) -> str:
    key = environ.get("SECRET_KEY", "")
    if not key and not production:
        return _key_on_disk(instance / "secret_key")
    published = production and key in PUBLISHED_KEYS
    if len(key) < KEY_LENGTH_MIN or len(set(key)) < DIFFERENT_CHARACTERS_MIN or published:
        raise BadSetting(
            f"SECRET_KEY is missing or too easy to guess; set it to {KEY_LENGTH_MIN} or more random characters, "
            "made for example with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return key


def _metrics_token(environ: Mapping[str, str]) -> str:
    token = environ.get("METRICS_TOKEN", "")
    too_easy = len(token) < METRICS_TOKEN_LENGTH_MIN or len(set(token)) < DIFFERENT_CHARACTERS_MIN
    # A header's outer spaces are taken off on its way, and then the token fits nobody's.
    cannot_be_sent = not token.isascii() or not token.isprintable() or token != token.strip()
    if token and (too_easy or cannot_be_sent):
        raise BadSetting(
            f"METRICS_TOKEN is too easy to guess, or cannot be sent; set it to {METRICS_TOKEN_LENGTH_MIN} or more "
            "random letters and digits, or leave it out."
        )
    return token


def _redis_url(environ: Mapping[str, str]) -> str:
    """No error quotes it: there may be a password in it, and a library that cannot read it would print it whole."""
    url = environ.get("REDIS_URL", "")
    try:
        port = urlsplit(url).port
        is_readable = url.startswith(REDIS_BEGINNINGS) and (port is None or port > 0)
    except ValueError:  # what stands where the port belongs is part of the password, if that holds a # or a /
        is_readable = False
    if url and not is_readable:
        raise BadSetting(
            "REDIS_URL is no address of a Redis; begin it with redis://, rediss:// or unix://, and write signs such as "
            "# / @ in its password as %23 %2F %40."
        )
    return url


def _redis_for_limits(url: str) -> str:
    """The library that counts has a name of its own for a socket in the file system."""
    return f"redis+{url}" if url.startswith("unix:") else url


def _smtp(environ: Mapping[str, str], production: bool) -> dict[str, Any]:
    host, sender = environ.get("SMTP_HOST", ""), environ.get("SMTP_FROM", "")
    security = _choice(environ, "SMTP_SECURITY", SMTP_SECURITIES)
    if host and "@" not in sender:
        raise BadSetting(f"SMTP_FROM is “{sender}”; set it to the sender of all mail, or leave SMTP_HOST out.")
    if production and host and security == "none" and host not in LOOPBACK:
        raise BadSetting("SMTP_SECURITY is “none”, and mail would be read on its way; set it to starttls or tls.")
    return {
        "SMTP_HOST": host,
        "SMTP_PORT": _number(environ, "SMTP_PORT", 465 if security == "tls" else 587, at_least=1),
        "SMTP_SECURITY": security,
        "SMTP_USER": environ.get("SMTP_USER", ""),
        "SMTP_PASSWORD": environ.get("SMTP_PASSWORD", ""),
        "SMTP_FROM": sender,
    }


def _key_on_disk(path: Path) -> str:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    key = secrets.token_urlsafe(48)
    with os.fdopen(handle, "w") as file:
        file.write(key + "\n")
    return key


def _database_url(environ: Mapping[str, str], instance: Path) -> str:
    url = environ.get("DATABASE_URL", "")
    if not url:
        url = f"sqlite:///{instance / 'intervise.db'}"
    # "postgres://" is what hosting services hand out; psycopg2 is the driver that yields under eventlet.
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg2://" + url.removeprefix(prefix)
    return url


def _public_url(environ: Mapping[str, str], required: bool) -> str:
    url = environ.get("PUBLIC_URL", "").rstrip("/")
    if not url and not required:
        return ""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path:
        raise BadSetting(
            f"PUBLIC_URL is “{url}”; set it to the address that people use, such as https://intervise.example.org."
        )
    # As browsers write an origin: in lower case, without the port that goes without saying.
    default = {"http": ":80", "https": ":443"}[parts.scheme]
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(default)}"


def _trusted_hosts(environ: Mapping[str, str], public_url: str) -> list[str] | None:
    names = [name.strip() for name in environ.get("TRUSTED_HOSTS", "").split(",") if name.strip()]
    if not names and (host := urlsplit(public_url).hostname):
        names = [host]
    return names or None


def _transports(environ: Mapping[str, str]) -> list[str]:
    names = [name.strip() for name in (environ.get("SOCKET_TRANSPORTS") or TRANSPORTS[0]).split(",")]
    if not set(names) <= set(TRANSPORTS):
        raise BadSetting("SOCKET_TRANSPORTS knows websocket and polling; set it to websocket or websocket,polling.")
    return names
