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
"""Tables whose rows stay as they are; of a seat, its name does."""

SENTENCE = "the session is closed: its words are sealed"


def seal(rows: Session, it: Intervision) -> None:
    rows.flush()  # what the same transaction has written comes before
    it.sealed = True


def unseal(rows: Session, it: Intervision) -> None:
    it.sealed = False
    rows.flush()


def _on_sqlite(name: str, what: str, row: str) -> str:
    return (
        f"CREATE TRIGGER {name} BEFORE {what} "
        f"WHEN (SELECT sealed FROM intervisions WHERE id = {row}.intervision_id) "
        f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
    )


SQLITE = {
    **{
        table: tuple(
            _on_sqlite(f"{table}_sealed_{what.lower()}", f"{what} ON {table}", row)
            for what, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD"))
        )
        for table in SEALED
    },
    "seats": (_on_sqlite("seats_sealed_name", "UPDATE OF name ON seats", "OLD"),),
}
_EXECUTE = "FOR EACH ROW EXECUTE FUNCTION refuse_when_sealed()"
POSTGRESQL = {
    "intervisions": (
        "CREATE OR REPLACE FUNCTION refuse_when_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "DECLARE its integer; BEGIN "
        "IF TG_OP = 'INSERT' THEN its = NEW.intervision_id; ELSE its = OLD.intervision_id; END IF; "
        f"IF (SELECT sealed FROM intervisions WHERE id = its) THEN RAISE EXCEPTION '{SENTENCE}'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
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
