"""records without names

A session can keep its record without names: at the close it is deleted who said what.

Revision: e7a3b9d05c16
Follows: d2f8a61c4e93
Made: 2026-11-23 02:30:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision: str = "e7a3b9d05c16"
down_revision: str | None = "d2f8a61c4e93"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    # Plain ALTER TABLE: a batch would make the table anew on SQLite, and seats and words hang on it.
    op.add_column("intervisions", sa.Column("names", sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    op.drop_column("intervisions", "names")
