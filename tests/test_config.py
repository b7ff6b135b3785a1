import stat
from pathlib import Path

import pytest

from app.config import PUBLISHED_KEYS, BadSetting, instance_folder, load

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


@pytest.mark.parametrize("url", ["postgres://me@db/intervise", "postgresql://me@db/intervise"])
def test_postgresql_goes_through_the_driver_that_yields(tmp_path: Path, url: str):
    assert load(tmp_path, {"DATABASE_URL": url})["DATABASE_URL"] == "postgresql+psycopg2://me@db/intervise"


def test_the_folder_of_an_installation_can_be_another_one(tmp_path: Path):
    assert instance_folder(tmp_path, {}) == tmp_path / "instance"
    assert instance_folder(tmp_path, {"INSTANCE_FOLDER": "instance/demo"}) == tmp_path / "instance" / "demo"
    assert instance_folder(tmp_path, {"INSTANCE_FOLDER": "/srv/intervise"}) == Path("/srv/intervise")
