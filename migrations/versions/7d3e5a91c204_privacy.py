"""privacy: how long a team keeps its sessions, erased words, the audit trail

Revision: 7d3e5a91c204
Follows: c0ef2318b778
Made: 2026-11-22 06:50:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision: str = "7d3e5a91c204"
down_revision: str | None = "c0ef2318b778"
branch_labels: str | None = None
depends_on: str | None = None

STAYS = {
    "sqlite": (
        "CREATE TRIGGER audit_stays BEFORE UPDATE ON audit "
        "BEGIN SELECT RAISE(ABORT, 'a line of the audit trail is never changed'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'a line of the audit trail is never changed'; END $$",
        "CREATE TRIGGER audit_stays BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION audit_stays()",
    ),
}


def upgrade() -> None:
    # Plain ALTER TABLE ADD COLUMN works on both databases; a batch would make the table anew on SQLite.
    op.add_column("teams", sa.Column("retention_days", sa.Integer(), server_default="365", nullable=False))
    op.add_column("contributions", sa.Column("erased", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(length=24), nullable=False),
        sa.Column("by_account", sa.Integer(), nullable=True),
        sa.Column("by_seat", sa.String(length=16), nullable=True),
        sa.Column("intervision_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("seat_id", sa.String(length=16), nullable=True),
        sa.Column("detail", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    for column in ("at", "by_account", "intervision_id"):
        op.create_index(op.f(f"ix_audit_{column}"), "audit", [column], unique=False)
    for statement in STAYS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("audit")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_stays()")
    with op.batch_alter_table("contributions") as batch_op:
        batch_op.drop_column("erased")
    with op.batch_alter_table("teams") as batch_op:
        batch_op.drop_column("retention_days")
