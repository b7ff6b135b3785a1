"""The end of a connection: said first, then cut."""

from app.accounts.auth import shut_out
from app.extensions import db, socketio
from app.sessions import presence, standing
from app.sessions.presence import Connection, connections


def end_if_closed(intervision_id: int, step: str) -> None:
    """The end of a session is the end of its sockets. Whose page still has a right to look on comes back by itself."""
    if step == "closed":
        for sid, connection in presence.of(intervision_id).items():
            if not connection.to_record:
                socketio.start_background_task(cut_soon, sid, standing.DROPPED)


def cut_soon(sid: str, reason: str) -> None:
    socketio.sleep(0.1)  # what there is still to say goes first
    say_goodbye(sid, reason)


def say_goodbye(sid: str, reason: str) -> None:
    if reason:
        socketio.emit("goodbye", {"reason": reason}, to=sid)
    socketio.server.disconnect(sid, namespace="/")  # the others hear of it as of any other end
    presence.leave(sid)  # of one that is still coming in, Socket.IO ends nothing


@shut_out.connect
def cut_the_fallen(_sender: object = None) -> None:
    """Cut every socket whose seat, account or cookie is worth nothing any more; with the pulse, in any process."""
    cut_fallen_of(dict(connections))


def cut_fallen_of(sockets: dict[str, Connection]) -> None:
    for sid, reason in standing.fallen(db.session, sockets).items():
        say_goodbye(sid, reason)
