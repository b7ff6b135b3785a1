"""What is looked up when somebody asks for /metrics: who is connected, and what waits to be sent to them."""

from app.extensions import socketio
from app.operations import metrics
from app.sessions.presence import connections


def watch_sockets() -> None:
    metrics.watch("intervise_connections", "Open sockets that hold a seat", lambda: len(connections))
    metrics.watch("intervise_rooms", "Rooms with people in them", _rooms)
    metrics.watch("intervise_sends_queued", "Packets waiting to be sent, over all sockets", lambda: sum(_queues()))
    metrics.watch(
        "intervise_sends_queued_most", "Packets waiting for the slowest reader", lambda: max(_queues(), default=0)
    )


def _rooms() -> int:
    return len({connection.intervision_id for connection in list(connections.values())})


def _queues() -> list[int]:
    return [each.queue.qsize() for each in list(socketio.server.eio.sockets.values())]
