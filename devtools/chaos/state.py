"""What a client knows of its room: the browser's rules for snapshots and patches, once more and without a browser."""

from dataclasses import dataclass, field
from typing import Any

WHOLE = ("session", "me", "can")
MERGED = ("people", "items")


@dataclass
class State:
    version: int = -1
    parts: dict[str, Any] = field(default_factory=lambda: {name: {} for name in (*WHOLE, *MERGED)})

    def replace(self, snapshot: dict[str, Any]) -> None:
        self.parts = {name: snapshot[name] for name in WHOLE} | {name: dict(snapshot[name]) for name in MERGED}
        self.version = snapshot["version"]

    def merge(self, patch: dict[str, Any]) -> bool:
        """Take in a patch. False: it does not fit on what is here."""
        if patch["version"] <= self.version:
            return True
        if patch["version"] != self.version + 1:
            return False
        for name in WHOLE:
            if patch.get(name) is not None:
                self.parts[name] = patch[name]
        for name in MERGED:
            for id_, row in (patch.get(name) or {}).items():
                if row is None:
                    self.parts[name].pop(id_, None)
                else:
                    self.parts[name][id_] = row
        self.version = patch["version"]
        return True

    @property
    def session(self) -> dict[str, Any]:
        found: dict[str, Any] = self.parts["session"]
        return found

    @property
    def step(self) -> str:
        return str(self.session.get("step", ""))

    @property
    def me(self) -> dict[str, Any]:
        found: dict[str, Any] = self.parts["me"]
        return found

    @property
    def can(self) -> dict[str, Any]:
        found: dict[str, Any] = self.parts["can"]
        return found

    @property
    def items(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = self.parts["items"]
        return found

    def of_kind(self, *kinds: str) -> list[dict[str, Any]]:
        return [item for item in self.items.values() if item["kind"] in kinds]
