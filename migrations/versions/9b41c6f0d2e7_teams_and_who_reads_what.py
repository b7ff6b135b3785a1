"""teams and who reads what

Members of teams, who else may read a session, themes, and an archive that finds everything its reader may read. Whoever
planned sessions for a team moderates it.

Revision: 9b41c6f0d2e7
Follows: 5e1d0c7a9b34
Made: 2026-11-22 07:45:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision: str = "9b41c6f0d2e7"
down_revision: str | None = "5e1d0c7a9b34"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    make_memberships()
    make_themes()
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.add_column(sa.Column("team_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_links_team_id_teams"), "teams", ["team_id"], ["id"])
    # Plain ALTER TABLE: a batch would make the table anew on SQLite, and seats and words hang on it.
    op.add_column("intervisions", sa.Column("visibility", sa.String(length=16), server_default="room", nullable=False))
    op.add_column(
        "intervisions", sa.Column("method", sa.String(length=24), server_default="intervision", nullable=False)
    )
    op.add_column("archive", sa.Column("shared", sa.Text(), server_default="", nullable=False))
    op.add_column("archive", sa.Column("shared_folded", sa.Text(), server_default="", nullable=False))
    op.add_column("archive", sa.Column("edition", sa.Integer(), server_default="1", nullable=False))


def make_memberships() -> None:
    op.create_table(
        "memberships",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_memberships_account_id_accounts")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_memberships_team_id_teams")),
        sa.PrimaryKeyConstraint("account_id", "team_id", "kind", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_team_id"), "memberships", ["team_id"], unique=False)
    op.execute(
        "INSERT INTO memberships (account_id, team_id, kind) "
        "SELECT DISTINCT intervisions.account_id, intervisions.team_id, 'moderator' FROM intervisions "
        "JOIN accounts ON accounts.id = intervisions.account_id WHERE accounts.name <> ''"
    )


def make_themes() -> None:
    op.create_table(
        "themes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("folded", sa.String(length=160), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_themes_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_themes")),
        sa.UniqueConstraint("team_id", "folded", name=op.f("uq_themes_team_id_folded")),
    )
    op.create_table(
        "intervision_themes",
        sa.Column("intervision_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["intervision_id"], ["intervisions.id"], name=op.f("fk_intervision_themes_intervision_id_intervisions")
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_intervision_themes_theme_id_themes")),
        sa.PrimaryKeyConstraint("intervision_id", "theme_id", name=op.f("pk_intervision_themes")),
    )
    op.create_index(op.f("ix_intervision_themes_theme_id"), "intervision_themes", ["theme_id"], unique=False)


def downgrade() -> None:
    for column in ("edition", "shared_folded", "shared"):
        op.drop_column("archive", column)
    for column in ("method", "visibility"):
        op.drop_column("intervisions", column)
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_links_team_id_teams"), type_="foreignkey")
        batch_op.drop_column("team_id")
    for table in ("intervision_themes", "themes", "memberships"):
        op.drop_table(table)
