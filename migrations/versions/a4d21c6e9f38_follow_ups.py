"""follow-ups

What is said after the close: states of actions, answers to check-ins, notes for the moderator; when somebody is asked,
and where mail may go.

Revision: a4d21c6e9f38
Follows: 9b41c6f0d2e7
Made: 2026-11-22 10:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision: str = "a4d21c6e9f38"
down_revision: str | None = "9b41c6f0d2e7"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    make_follow_ups()
    make_check_ins()
    make_mail_addresses()


def make_follow_ups() -> None:
    op.create_table(
        "follow_ups",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("intervision_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.String(length=16), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("item_id", sa.String(length=16), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["intervision_id"], ["intervisions.id"], name=op.f("fk_follow_ups_intervision_id_intervisions")
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_follow_ups_seat_id_seats")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_follow_ups_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
    )
    op.create_index("ix_follow_ups_intervision_id_kind", "follow_ups", ["intervision_id", "kind"], unique=False)


def make_check_ins() -> None:
    op.create_table(
        "check_ins",
        sa.Column("intervision_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["intervision_id"], ["intervisions.id"], name=op.f("fk_check_ins_intervision_id_intervisions")
        ),
        sa.PrimaryKeyConstraint("intervision_id", "number", name=op.f("pk_check_ins")),
    )
    op.create_index(op.f("ix_check_ins_due_on"), "check_ins", ["due_on"], unique=False)


def make_mail_addresses() -> None:
    op.create_table(
        "mail_addresses",
        sa.Column("seat_id", sa.String(length=16), nullable=False),
        sa.Column("intervision_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_mail_addresses_seat_id_seats")),
        sa.ForeignKeyConstraint(
            ["intervision_id"], ["intervisions.id"], name=op.f("fk_mail_addresses_intervision_id_intervisions")
        ),
        sa.PrimaryKeyConstraint("seat_id", name=op.f("pk_mail_addresses")),
    )
    op.create_index(op.f("ix_mail_addresses_intervision_id"), "mail_addresses", ["intervision_id"], unique=False)


def downgrade() -> None:
    for table in ("mail_addresses", "check_ins", "follow_ups"):
        op.drop_table(table)
