"""The app with a bug planted in it, to see whether the checker notices: `python devtools/chaos/planted.py BUG`.

The bugs are put in from outside, into a process of its own; the app knows no switch for them.
"""

import sys
from collections.abc import Callable
from typing import Any

import wsgi  # first of all: it sets up the async mode

# isort: split
from flask import Response, request

from app import gate
from app.assets import STATIC
from app.database import migrate
from app.extensions import db, socketio
from app.server import serve
from app.sessions import live, pulse
from app.sessions.commands import Done, door
from app.sessions.models import Intervision

LATE_S = 1.0

door_of_live: Any = live  # `perform`, as this module calls it


def no_unique_key() -> None:
    """The journal takes the same command id twice."""
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    with wsgi.app.app_context():
        migrate(wsgi.app, db.engine)
        with db.engine.begin() as connection:
            operations = Operations(MigrationContext.configure(connection))
            with operations.batch_alter_table("journal") as journal:
                journal.drop_constraint("uq_journal_intervision_id_command_id", type_="unique")


def early_ack() -> None:
    """The answer goes out before the commit."""
    in_time = door_of_live.perform

    def answer_first(intervision_id: int, *what: Any, **how: Any) -> Done:
        def later() -> None:
            socketio.sleep(LATE_S)
            with wsgi.app.app_context():
                in_time(intervision_id, *what, **how)

        socketio.start_background_task(later)
        version = db.session.get_one(Intervision, intervision_id).version + 1
        db.session.rollback()
        return Done(version, None)

    door_of_live.perform = answer_first


def no_pulse() -> None:
    """Nobody hears which version is the newest."""
    pulse.pulse_once = lambda beat: None


def browser_clock() -> None:
    """The page believes its device's clock instead of the server's."""
    wsgi.app.jinja_env.globals["built"] = lambda _kind: None  # module by module, so that one can be exchanged

    @wsgi.app.before_request
    def exchange() -> Response | None:
        if not request.path.endswith("/room/clock.js"):
            return None
        ours = (STATIC / "room" / "clock.js").read_text()
        right = "least === -Infinity ? Date.now() : performance.now() + offset()"
        assert right in ours, "clock.js reads another way now: plant the bug anew"
        as_it_is = {"Content-Encoding": "identity"}  # otherwise the right file would be compressed in its place
        return Response(ours.replace(right, "Date.now()"), mimetype="text/javascript", headers=as_it_is)


def no_role_check() -> None:
    """Everybody may do everything."""
    door._check = lambda *_what, **_how: None


def endless_queue() -> None:
    """Whatever somebody does not read is kept for them."""
    assert hasattr(gate.BoundedSocket, "_waits_too_much"), "gate.py bounds it another way now: plant the bug anew"
    gate.BoundedSocket._waits_too_much = lambda self: False  # type: ignore[method-assign]


BUGS: dict[str, Callable[[], None]] = {
    each.__name__: each for each in (no_unique_key, early_ack, no_pulse, browser_clock, no_role_check, endless_queue)
}

if __name__ == "__main__":
    BUGS[sys.argv[1]]()
    serve(wsgi.app)
