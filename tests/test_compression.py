"""Files and pages come compressed, except where the length could give a secret away."""

import gzip
from pathlib import Path

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.assets import STATIC

FILE = "css/components.css"
BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}
OLD_BROWSER = {"Accept-Encoding": "gzip, deflate"}


def test_a_file_comes_in_the_best_coding_that_the_browser_takes(client: FlaskClient):
    own = (STATIC / FILE).read_bytes()
    for headers, coding, opened in ((BROWSER, "br", brotli.decompress), (OLD_BROWSER, "gzip", gzip.decompress)):
        answer = client.get(f"/static/{FILE}", headers=headers)
        assert answer.headers["Content-Encoding"] == coding
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert opened(answer.data) == own
        assert answer.content_length == len(answer.data) < len(own) / 3


@pytest.mark.parametrize("accepted", ["", "identity", "br;q=0, gzip;q=0", "zstd"])
def test_a_browser_that_takes_no_coding_gets_the_file_as_it_is(client: FlaskClient, accepted: str):
    answer = client.get(f"/static/{FILE}", headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.data == (STATIC / FILE).read_bytes()


def test_the_order_of_the_browser_is_kept(client: FlaskClient):
    answer = client.get(f"/static/{FILE}", headers={"Accept-Encoding": "br;q=0.5, gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"


def test_who_has_a_file_already_does_not_get_it_again(client: FlaskClient):
    tag = client.get(f"/static/{FILE}", headers=BROWSER).headers["ETag"]
    again = client.get(f"/static/{FILE}", headers=BROWSER | {"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_a_changed_file_is_compressed_anew(
    app: Flask, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    app.static_folder = str(tmp_path)
    monkeypatch.setattr("app.compression.STATIC", tmp_path)
    file = tmp_path / "colour.css"
    for colour in ("red", "blue"):
        file.write_text(f"/* {'x' * 1000} */ p {{ color: {colour} }}")
        answer = client.get("/static/colour.css", headers=BROWSER)
        assert brotli.decompress(answer.data) == file.read_bytes()


def test_what_is_compressed_already_or_small_stays_as_it_is(client: FlaskClient):
    assert "Content-Encoding" not in client.get("/static/vendor/htm-preact.js", headers=BROWSER).headers


def test_a_page_is_compressed(client: FlaskClient):
    plain = client.get("/sign-in", headers={"Accept-Encoding": "identity"})
    answer = client.get("/sign-in", headers=BROWSER)
    assert answer.headers["Content-Encoding"] == "br"
    assert len(answer.data) < len(plain.data) / 2
    assert b"Sign in" in brotli.decompress(answer.data)


def test_a_page_that_may_hold_words_of_the_request_is_not_compressed(client: FlaskClient):
    asked = client.get("/join?code=ABCDE", headers=BROWSER)
    assert b"ABCDE" in asked.data
    assert "Content-Encoding" not in asked.headers
    sent = client.post("/join", data={"code": "ABCDE"}, headers=BROWSER)
    assert "Content-Encoding" not in sent.headers
