"""Plan, record and lessons as JSON, for programs; docs/exports.md describes every field.

The same session gives the same bytes: fields in the order of their classes, and nothing of the moment of the download.
"""

import json
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from app.sessions.exports.lessons import Lessons
from app.sessions.exports.record import Record
from app.sessions.exports.rows import Plan
from app.sessions.process import Process

VERSION = 1
"""Rises when a field changes its meaning or goes; new fields do not raise it."""


KINDS = {
    Plan: "intervise.plan",
    Record: "intervise.record",
    Lessons: "intervise.lessons",
    Process: "intervise.process",
}


def render(found: Plan | Record | Lessons | Process) -> bytes:
    kind = KINDS[type(found)]
    return (
        json.dumps({"format": kind, "version": VERSION} | plain(found), ensure_ascii=False, indent=2) + "\n"
    ).encode()


def plain(value: Any) -> Any:
    """`value` as JSON knows it, days and moments after ISO 8601."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value
