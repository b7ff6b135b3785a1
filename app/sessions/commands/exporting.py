"""The owner's word that the company's tools may read the actions of the plan, and its end; nobody else can give it."""

from typing import Any

from app.privacy import audit
from app.sessions.commands.door import Change


def export_actions(change: Change, data: dict[str, Any]) -> None:
    """From now on (`on`), or no longer."""
    assert change.seat is not None
    change.it.exported_at = change.now if data["on"] else None
    act = "actions_exported" if data["on"] else "actions_kept"
    audit.record(act, rows=change.rows, by_seat=change.seat.id, intervision_id=change.it.id)
