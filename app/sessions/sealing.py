"""The seal on a closed session: the database itself refuses to change what was said, whoever asks.

The door puts it on at the close and takes it off for erasing alone. The statements are for a database that is made from
the models; the migration has its own copy, and a test compares them.
"""

# ruff: noqa: S608 - nothing in these statements comes from outside
from sqlalchemy import DDL, event
from sqlalchemy.orm import Session

from app.database import Base
from app.sessions.models import Intervision

SEALED = ("contributions", "turns", "pulses")
"""Tables whose rows stay as they are, and get no other ones; of a seat, its name does, and of the session, its step."""

SENTENCE = "the session is closed: its words are sealed"


def seal(rows: Session, it: Intervision) -> None:
    rows.flush()  # what the same transaction has written comes before
    it.sealed = True


def unseal(rows: Session, it: Intervision) -> None:
    it.sealed = False
    rows.flush()


def _on_sqlite(name: str, what: str, when: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {what} WHEN {when} BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"


def _of(row: str) -> str:
    return f"(SELECT sealed FROM intervisions WHERE id = {row}.intervision_id)"


_STEP = "UPDATE OF step ON intervisions"
SQLITE = {
    **{
        table: tuple(
            _on_sqlite(f"{table}_sealed_{what.lower()}", f"{what} ON {table}", when)
            for what, when in (
                ("INSERT", _of("NEW")),
                ("UPDATE", f"{_of('OLD')} OR {_of('NEW')}"),
                ("DELETE", _of("OLD")),
            )
        )
        for table in SEALED
    },
    "seats": (_on_sqlite("seats_sealed_name", "UPDATE OF name ON seats", _of("OLD")),),
    "intervisions": (_on_sqlite("intervisions_sealed_step", _STEP, "OLD.sealed AND NEW.step IS NOT OLD.step"),),
}
_EXECUTE = "FOR EACH ROW EXECUTE FUNCTION refuse_when_sealed()"
POSTGRESQL = {
    "intervisions": (
        "CREATE OR REPLACE FUNCTION refuse_when_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "DECLARE these integer[]; BEGIN "
        "IF TG_OP <> 'INSERT' THEN these = these || OLD.intervision_id; END IF; "
        "IF TG_OP <> 'DELETE' THEN these = these || NEW.intervision_id; END IF; "
        "IF EXISTS (SELECT FROM intervisions WHERE id = ANY(these) AND sealed) "
        f"THEN RAISE EXCEPTION '{SENTENCE}'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        "CREATE OR REPLACE FUNCTION refuse_another_step() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{SENTENCE}'; END $$",
        f"CREATE TRIGGER intervisions_sealed_step BEFORE {_STEP} FOR EACH ROW "
        "WHEN (OLD.sealed AND NEW.step IS DISTINCT FROM OLD.step) EXECUTE FUNCTION refuse_another_step()",
    ),
    **{
        table: (f"CREATE TRIGGER {table}_sealed BEFORE INSERT OR UPDATE OR DELETE ON {table} {_EXECUTE}",)
        for table in SEALED
    },
    "seats": (f"CREATE TRIGGER seats_sealed_name BEFORE UPDATE OF name ON seats {_EXECUTE}",),
}

for _dialect, _tables in (("sqlite", SQLITE), ("postgresql", POSTGRESQL)):
    for _table, _statements in _tables.items():
        for _statement in _statements:
            event.listen(Base.metadata.tables[_table], "after_create", DDL(_statement).execute_if(dialect=_dialect))
