"""An HTTP server on this machine that takes webhooks, refuses them, hangs, or sends on, and keeps what it was sent."""

import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Answers = Callable[["Handler"], None]


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """`answers` says how it answers from now on."""

    port: int = 0
    scheme: str = "http"
    received: list[Received] = field(default_factory=list)
    answers: Answers = lambda handler: handler.say(204)
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"{self.scheme}://localhost:{self.port}/hook?key=1"


class Handler(BaseHTTPRequestHandler):
    receiver: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.receiver.received.append(Received(self.path, headers, body))
        self.receiver.answers(self)

    def say(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def hang(self) -> None:
        """Say nothing until the test is over."""
        self.receiver.ended.wait(30)

    def drip(self) -> None:
        """A byte now and then, so that no single wait is long."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not self.receiver.ended.wait(0.05):
            try:
                self.wfile.write(b"X-Slow: yes\r\n"[:1])
            except OSError:
                return

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@contextmanager
def receiver(certificate: Path | None = None) -> Iterator[Receiver]:
    """With TLS if there is a `certificate`, a file that holds its key as well."""
    kept = Receiver(scheme="https" if certificate else "http")
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"receiver": kept}))
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.daemon_threads = True
    kept.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield kept
    kept.ended.set()
    server.shutdown()
    server.server_close()


def make_certificate(folder: Path, name: str) -> Path:
    """A certificate for `name` that vouches for itself, with its key, in one file."""
    file = folder / f"{name}.pem"
    about = ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-days", "2"]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", file, "-out", folder / "cert", *about],
        check=True,
        capture_output=True,
        timeout=30,
    )
    file.write_text(file.read_text() + (folder / "cert").read_text())
    return file
