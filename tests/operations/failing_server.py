"""The served app, with errors that no handler of ours catches: in a task beside it, and beneath Flask."""

import wsgi  # isort: skip - first of all, for it patches what the others import

from collections.abc import Iterable
from typing import Any

from app.extensions import socketio
from app.server import serve

CANARY = "canary"
inner = wsgi.app.wsgi_app.inner  # type: ignore[attr-defined]


def fail(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    if environ["PATH_INFO"] == "/fail-beneath-flask":
        socketio.start_background_task(fail_beside)
        raise ZeroDivisionError(CANARY)
    answer: Iterable[bytes] = inner(environ, start_response)
    return answer


def fail_beside() -> None:
    raise ValueError(CANARY)


if __name__ == "__main__":
    wsgi.app.wsgi_app.inner = fail  # type: ignore[attr-defined]
    serve(wsgi.app)
