import re
import stat
from pathlib import Path

import pytest
from limits.storage import storage_from_string

from app.config import PUBLISHED_KEYS, BadSetting, instance_folder, load

ROOT = Path(__file__).parents[1]
KEY = "k3y-0123456789-abcdefghijklmnopqrstuvwxyz"
PRODUCTION = {"INTERVISE_ENV": "production", "SECRET_KEY": KEY, "PUBLIC_URL": "https://intervise.example.org"}


def test_a_first_start_makes_a_key_that_only_its_owner_reads_and_keeps_it(tmp_path: Path):
    instance = tmp_path / "instance"
    first = load(instance, {})["SECRET_KEY"]
    assert len(first) >= 32
    assert load(instance, {})["SECRET_KEY"] == first
    assert stat.S_IMODE((instance / "secret_key").stat().st_mode) == 0o600


def test_the_folder_of_the_database_is_made_even_when_the_key_comes_from_elsewhere(tmp_path: Path):
    load(tmp_path / "instance", {"SECRET_KEY": "0123456789 abcdefghij 0123456789"})
    assert (tmp_path / "instance").is_dir()


def test_the_folder_is_made_for_postgresql_too_because_erasures_are_noted_in_it(tmp_path: Path):
    load(tmp_path / "instance", PRODUCTION | {"DATABASE_URL": "postgresql://me@db/intervise"})
    assert (tmp_path / "instance").is_dir()


def test_a_folder_that_cannot_be_made_is_told_in_one_sentence(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(BadSetting, match=r"INSTANCE_FOLDER to another one\.$"):
        load(tmp_path / "file" / "instance", PRODUCTION | {"DATABASE_URL": "postgresql://me@db/intervise"})


@pytest.mark.parametrize("key", ["", "short", "a" * 64, *PUBLISHED_KEYS])
def test_production_refuses_a_missing_or_weak_key(tmp_path: Path, key: str):
    with pytest.raises(BadSetting, match="SECRET_KEY"):
        load(tmp_path, PRODUCTION | {"SECRET_KEY": key})
    assert not (tmp_path / "secret_key").exists()


def written_for_people() -> list[Path]:
    return [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(path for path in (ROOT / "deploy").rglob("*.*"))]


def test_production_refuses_every_key_that_people_are_shown_or_were(tmp_path: Path):
    """Whoever copies the lines as they are has set none."""
    texts = "\n".join(path.read_text(encoding="utf-8") for path in written_for_people())
    keys = re.findall(r"SECRET_KEY=(\S*)", texts)
    assert len(keys) >= 3
    for key in [*keys, "a-long-random-text-that-stays-the-same", "for trials alone: 0123456789 abcdefghij"]:
        with pytest.raises(BadSetting, match="SECRET_KEY"):
            load(tmp_path, PRODUCTION | {"SECRET_KEY": key.strip("\"'")})


def test_production_refuses_debug(tmp_path: Path):
    for value in ("1", "true", "yes"):
        with pytest.raises(BadSetting, match="FLASK_DEBUG"):
            load(tmp_path, PRODUCTION | {"FLASK_DEBUG": value})
    assert load(tmp_path, PRODUCTION | {"FLASK_DEBUG": "0"})


@pytest.mark.parametrize("url", ["", "intervise.example.org", "ftp://x.org", "https://x.org/app", "https://"])
def test_production_needs_the_address_that_people_use(tmp_path: Path, url: str):
    with pytest.raises(BadSetting, match="PUBLIC_URL"):
        load(tmp_path, PRODUCTION | {"PUBLIC_URL": url})


def test_production_trusts_its_own_host_and_sends_cookies_over_https_alone(tmp_path: Path):
    settings = load(tmp_path, PRODUCTION)
    assert settings["TRUSTED_HOSTS"] == ["intervise.example.org"]
    assert settings["SESSION_COOKIE_SECURE"] is True


def test_the_public_address_is_written_as_browsers_write_an_origin(tmp_path: Path):
    assert load(tmp_path, {"PUBLIC_URL": "HTTPS://Intervise.Example.org:443/"})["PUBLIC_URL"] == (
        "https://intervise.example.org"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("INTERVISE_ENV", "prod"), ("ASYNC_MODE", "gevent"), ("SEATS_MAX", "many"), ("SEATS_MAX", "1"), ("PORT", "-1"),
     ("SOCKET_TRANSPORTS", "pigeon"), ("TRUSTED_PROXIES", "²")],
)  # fmt: skip
def test_a_wrong_setting_is_named(tmp_path: Path, name: str, value: str):
    with pytest.raises(BadSetting, match=name):
        load(tmp_path, {name: value})


@pytest.mark.parametrize(
    "url", ["http://:sesame@cache", ":sesame@cache:6379", "redis://:sesame/1@cache", "redis:://[sesame"]
)
def test_an_address_of_redis_that_no_library_reads_is_refused_and_not_repeated(tmp_path: Path, url: str):
    with pytest.raises(BadSetting, match="REDIS_URL") as refused:
        load(tmp_path, {"REDIS_URL": url})
    assert "sesame" not in str(refused.value)


@pytest.mark.parametrize("url", ["redis://cache:6379/0", "rediss://:sesame@cache", "unix:///run/redis.sock"])
def test_each_address_of_redis_is_one_for_the_counts_of_the_limits_too(tmp_path: Path, url: str):
    settings = load(tmp_path, {"REDIS_URL": url})
    assert settings["REDIS_URL"] == url
    assert storage_from_string(settings["RATELIMIT_STORAGE_URI"])


@pytest.mark.parametrize(
    "token", ["a" * 64, "abcdefg" * 5, " a token for the metrics 123", "a token for the metrics 123\t"]
)
def test_a_token_of_few_letters_or_with_spaces_around_it_is_refused(tmp_path: Path, token: str):
    with pytest.raises(BadSetting, match="METRICS_TOKEN"):
        load(tmp_path, {"METRICS_TOKEN": token})


@pytest.mark.parametrize("url", ["postgres://me@db/intervise", "postgresql://me@db/intervise"])
def test_postgresql_goes_through_the_driver_that_yields(tmp_path: Path, url: str):
    assert load(tmp_path, {"DATABASE_URL": url})["DATABASE_URL"] == "postgresql+psycopg2://me@db/intervise"


def test_the_folder_of_an_installation_can_be_another_one(tmp_path: Path):
    assert instance_folder(tmp_path, {}) == tmp_path / "instance"
    assert instance_folder(tmp_path, {"INSTANCE_FOLDER": "instance/demo"}) == tmp_path / "instance" / "demo"
    assert instance_folder(tmp_path, {"INSTANCE_FOLDER": "/srv/intervise"}) == Path("/srv/intervise")
