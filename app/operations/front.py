"""The outermost layer, before Flask: the three addresses for machines, the number of each request, and the last word
when something goes wrong.

The addresses are answered here so that a monitor can ask under any host name, and so that /healthz touches nothing: no
cookie is read, no session opened, no database asked.
"""

import hmac
import json
import logging
import re
import secrets
import string
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote

from flask import Flask
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from werkzeug.wrappers import Response

from app.operations import metrics, work
from app.operations.gauges import watch_sockets
from app.operations.readiness import Probe

log = logging.getLogger(__name__)

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]

REQUEST_ID = "intervise.request_id"
SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
SOCKETS = "/socket.io/"


class Front:
    """Wraps the app's WSGI layers; `trust_id`: a proxy in front may name the request."""

    def __init__(self, app: Flask, inner: Wsgi, trust_id: bool) -> None:
        self.app, self.inner, self.trust_id = app, inner, trust_id
        self.probe = Probe(app)
        watch_sockets()
        self.for_machines = {"/healthz": self.healthz, "/readyz": self.readyz}
        if app.config["METRICS_TOKEN"]:
            self.for_machines["/metrics"] = self.metrics

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        environ[REQUEST_ID] = request_id = self._id(environ)
        # Bytes that are no UTF-8 would end the request in an error wherever its parameters are read.
        environ["QUERY_STRING"] = quote(environ.get("QUERY_STRING", ""), safe=string.printable, encoding="latin-1")
        path = environ.get("PATH_INFO", "")
        if path in self.for_machines:
            return self.for_machines[path](environ)(environ, start_response)
        if path.startswith(SOCKETS):
            return self._socket(environ, start_response)
        return self._page(environ, _numbered(start_response, request_id))

    def healthz(self, environ: Environ) -> Response:
        """200 as long as the process answers at all."""
        return _plain("ok\n")

    def readyz(self, environ: Environ) -> Response:
        """Whether to send people here: 200 for "ready" and "degraded", 503 for "not ready"."""
        found = self.probe.ask()
        body = json.dumps({"status": found.status, **found.checks}) + "\n"
        return _plain(body, found.code, "application/json")

    def metrics(self, environ: Environ) -> Response:
        """The counters in the format of Prometheus, for whoever knows METRICS_TOKEN."""
        wanted = f"Bearer {self.app.config['METRICS_TOKEN']}"
        if not hmac.compare_digest(environ.get("HTTP_AUTHORIZATION", "").encode("latin-1"), wanted.encode()):
            refused = _plain("Send the METRICS_TOKEN as a bearer token.\n", 401)
            refused.headers["WWW-Authenticate"] = 'Bearer realm="metrics"'
            return refused
        return _plain(generate_latest(metrics.REGISTRY), 200, CONTENT_TYPE_LATEST)

    def _socket(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """An open socket is not waited for; while the server ends, no new one is opened."""
        if work.is_ending():
            return _come_back_later()(environ, start_response)
        try:
            return self.inner(environ, start_response)
        except ConnectionError:
            raise  # this is how the library tells Werkzeug that a socket is over
        except Exception:
            log.exception("a socket ended in an error")
            return _failed()(environ, start_response)

    def _page(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if work.is_ending():
            return _come_back_later()(environ, start_response)
        work.begin()
        try:
            body = self.inner(environ, start_response)
        except Exception:
            work.end()
            log.exception("a request could not be answered")
            return _failed()(environ, start_response)
        return _until_sent(body)

    def _id(self, environ: Environ) -> str:
        given = environ.get("HTTP_X_REQUEST_ID", "") if self.trust_id else ""
        return given if SANE_ID.fullmatch(given) else secrets.token_hex(8)


def _until_sent(body: Iterable[bytes]) -> Iterator[bytes]:
    """The same body. The request is over when the last of it is sent, even if the client holds the line."""
    try:
        yield from body
    finally:
        work.end()
        if close := getattr(body, "close", None):
            close()


def _numbered(start_response: StartResponse, request_id: str) -> StartResponse:
    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        metrics.answers.labels(f"{status[0]}xx").inc()
        return start_response(status, [*headers, ("X-Request-ID", request_id)], exc_info)

    return start


def _plain(body: str | bytes, code: int = 200, kind: str = "text/plain; charset=utf-8") -> Response:
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Response(body, code, headers, content_type=kind)


def _come_back_later() -> Response:
    answer = _plain("A moment: Intervise restarts. Go back, and send it once more.\n", 503)
    answer.headers["Retry-After"] = "5"
    return answer


def _failed() -> Response:
    return _plain("Something went wrong on our side, and it is in our log. Try again in a moment.\n", 500)
