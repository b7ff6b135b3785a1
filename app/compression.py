"""Compressed answers: our files with Brotli or gzip, compressed once, and pages as they are asked for.

What is left as it is, and why this is no extension's work: docs/decisions/0010-compression.md.
"""

import gzip
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import brotli
from flask import Flask, Response, request

from app.aside import aside
from app.assets import STATIC

FILES = {"text/css", "text/javascript", "application/json", "application/manifest+json", "image/svg+xml"}
"""The MIME types of files that get smaller; fonts and bitmaps are compressed already."""

BYTES_MIN = 500
"""Below this the answer fits into one packet anyway."""

BEST: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda data: brotli.compress(data, quality=11),
    "gzip": lambda data: gzip.compress(data, 9, mtime=0),
}
"""How the content coding of a name is made of a file: as small as it gets, because it is done once."""

QUICK: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda data: brotli.compress(data, quality=5),
    "gzip": lambda data: gzip.compress(data, 6, mtime=0),
}
"""The same for a page: a millisecond, because it is done each time."""


def init_compression(app: Flask) -> None:
    app.after_request(compress)


def compress(response: Response) -> Response:
    """The answer in the best coding that the browser takes, if it is one of a file or of a page that may be."""
    if response.status_code != 200 or "Content-Encoding" in response.headers:
        return response
    if request.endpoint == "static":
        if response.mimetype in FILES:
            _compress_file(response, STATIC / str((request.view_args or {})["filename"]))
    elif response.mimetype == "text/html" and _reflects_nothing():
        _compress_page(response)
    return response


def _reflects_nothing() -> bool:
    """Whether nothing in the page can be words of this request.

    A page that mixes such words with a secret gives the secret away by its compressed length (BREACH).
    """
    return request.method in ("GET", "HEAD") and not request.query_string


def _compress_file(response: Response, path: Path) -> None:
    stat = path.stat()
    if stat.st_size >= BYTES_MIN:
        coding = _choose(response)
        if coding:
            response.close()  # the file that would have been sent
            response.direct_passthrough = False
            _put(response, coding, _compressed_file(path, stat.st_mtime_ns, coding))


@lru_cache(maxsize=500)
def _compressed_file(path: Path, _changed_at: int, coding: str) -> bytes:
    return aside(lambda: BEST[coding](path.read_bytes()))


def _compress_page(response: Response) -> None:
    data = response.get_data()
    if len(data) >= BYTES_MIN:
        coding = _choose(response)
        if coding:
            _put(response, coding, QUICK[coding](data))


def _choose(response: Response) -> str | None:
    """The coding for this browser, Brotli first; caches are told that others may get another one."""
    response.vary.add("Accept-Encoding")
    accepted = request.accept_encodings
    return max((coding for coding in BEST if accepted[coding]), key=lambda coding: accepted[coding], default=None)


def _put(response: Response, coding: str, data: bytes) -> None:
    response.set_data(data)
    response.headers["Content-Encoding"] = coding
    tag, _weak = response.get_etag()
    if tag:
        response.set_etag(tag, weak=True)  # the same contents, not the same bytes (RFC 9110, 8.8.1)
