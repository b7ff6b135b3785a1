"""doors and seals

A code to come in by that is not the address; links to set a new password; browsers that have signed out; and closed
sessions whose words the database itself keeps as they are.

Revision: 5e1d0c7a9b34
Follows: 7d3e5a91c204
Made: 2026-11-23 08:12:05.104410+00:00
"""

# ruff: noqa: S608 - nothing in these statements comes from outside
import sqlalchemy as sa
from alembic import op

revision: str = "5e1d0c7a9b34"
down_revision: str | None = "7d3e5a91c204"
branch_labels: str | None = None
depends_on: str | None = None

SEALED = ("contributions", "turns", "pulses")


def upgrade() -> None:
    op.create_table(
        "sign_outs",
        sa.Column("browser", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("browser", name=op.f("pk_sign_outs")),
    )
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.add_column(sa.Column("account_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_links_account_id_accounts"), "accounts", ["account_id"], ["id"])
        batch_op.drop_column("used_at")
    # Plain ALTER TABLE: a batch would make the table anew on SQLite, and seats and words hang on it.
    op.add_column("intervisions", sa.Column("join_code", sa.String(length=8), server_default="", nullable=False))
    op.add_column("intervisions", sa.Column("sealed", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE intervisions SET join_code = code")
    op.execute(sa.text("UPDATE intervisions SET sealed = :yes WHERE step = 'closed'").bindparams(yes=True))
    op.create_index(op.f("ix_intervisions_join_code"), "intervisions", ["join_code"], unique=True)
    if op.get_bind().dialect.name == "sqlite":
        seal_on_sqlite()
    else:
        seal_on_postgresql()


def seal_on_sqlite() -> None:
    for table in SEALED:
        for event, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
            seal_one(f"{table}_sealed_{event.lower()}", f"{event} ON {table}", row)
    seal_one("seats_sealed_name", "UPDATE OF name ON seats", "OLD")


def seal_one(name: str, event: str, row: str) -> None:
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} "
        f"WHEN (SELECT sealed FROM intervisions WHERE id = {row}.intervision_id) "
        "BEGIN SELECT RAISE(ABORT, 'the session is closed: its words are sealed'); END"
    )


def seal_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_when_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "DECLARE its integer; BEGIN "
        "IF TG_OP = 'INSERT' THEN its = NEW.intervision_id; ELSE its = OLD.intervision_id; END IF; "
        "IF (SELECT sealed FROM intervisions WHERE id = its) THEN "
        "RAISE EXCEPTION 'the session is closed: its words are sealed'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    for table in SEALED:
        op.execute(
            f"CREATE TRIGGER {table}_sealed BEFORE INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_when_sealed()"
        )
    op.execute(
        "CREATE TRIGGER seats_sealed_name BEFORE UPDATE OF name ON seats "
        "FOR EACH ROW EXECUTE FUNCTION refuse_when_sealed()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in SEALED:
            for event in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER {table}_sealed_{event}")
        op.execute("DROP TRIGGER seats_sealed_name")
    else:
        op.execute("DROP FUNCTION refuse_when_sealed() CASCADE")
    op.drop_index(op.f("ix_intervisions_join_code"), "intervisions")
    op.drop_column("intervisions", "sealed")
    op.drop_column("intervisions", "join_code")
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.add_column(sa.Column("used_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(op.f("fk_links_account_id_accounts"), type_="foreignkey")
        batch_op.drop_column("account_id")
    op.drop_table("sign_outs")
