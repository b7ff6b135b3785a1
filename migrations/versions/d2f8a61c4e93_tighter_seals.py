"""tighter seals

Nothing is moved into a closed session from another one, and its step stays what it is.

Revision: d2f8a61c4e93
Follows: c19e7d4b6a52
Made: 2026-11-23 00:20:00+00:00
"""

# ruff: noqa: S608 - nothing in these statements comes from outside
from alembic import op

revision: str = "d2f8a61c4e93"
down_revision: str | None = "c19e7d4b6a52"
branch_labels: str | None = None
depends_on: str | None = None

SEALED = ("contributions", "turns", "pulses")
REFUSE = "BEGIN SELECT RAISE(ABORT, 'the session is closed: its words are sealed'); END"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in SEALED:
            seal_updates(table, f"{of('OLD')} OR {of('NEW')}")
        op.execute(
            "CREATE TRIGGER intervisions_sealed_step BEFORE UPDATE OF step ON intervisions "
            f"WHEN OLD.sealed AND NEW.step IS NOT OLD.step {REFUSE}"
        )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_when_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "DECLARE these integer[]; BEGIN "
        "IF TG_OP <> 'INSERT' THEN these = these || OLD.intervision_id; END IF; "
        "IF TG_OP <> 'DELETE' THEN these = these || NEW.intervision_id; END IF; "
        "IF EXISTS (SELECT FROM intervisions WHERE id = ANY(these) AND sealed) "
        "THEN RAISE EXCEPTION 'the session is closed: its words are sealed'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE FUNCTION refuse_another_step() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'the session is closed: its words are sealed'; END $$"
    )
    op.execute(
        "CREATE TRIGGER intervisions_sealed_step BEFORE UPDATE OF step ON intervisions FOR EACH ROW "
        "WHEN (OLD.sealed AND NEW.step IS DISTINCT FROM OLD.step) EXECUTE FUNCTION refuse_another_step()"
    )


def of(row: str) -> str:
    return f"(SELECT sealed FROM intervisions WHERE id = {row}.intervision_id)"


def seal_updates(table: str, when: str) -> None:
    op.execute(f"DROP TRIGGER {table}_sealed_update")
    op.execute(f"CREATE TRIGGER {table}_sealed_update BEFORE UPDATE ON {table} WHEN {when} {REFUSE}")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in SEALED:
            seal_updates(table, of("OLD"))
        op.execute("DROP TRIGGER intervisions_sealed_step")
        return
    op.execute("DROP TRIGGER intervisions_sealed_step ON intervisions")
    op.execute("DROP FUNCTION refuse_another_step()")
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_when_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "DECLARE its integer; BEGIN "
        "IF TG_OP = 'INSERT' THEN its = NEW.intervision_id; ELSE its = OLD.intervision_id; END IF; "
        "IF (SELECT sealed FROM intervisions WHERE id = its) THEN "
        "RAISE EXCEPTION 'the session is closed: its words are sealed'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
