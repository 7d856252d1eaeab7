"""Keep who held which post, who helped, and what was handed on

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)


def upgrade():
    _make_posts()
    _make_ledger()
    with op.batch_alter_table("interaction") as batch_op:
        batch_op.add_column(sa.Column("handled_how", sa.String(8), nullable=True))
    with op.batch_alter_table("rating") as batch_op:
        batch_op.add_column(sa.Column("handled_how", sa.String(8), nullable=True))
        batch_op.add_column(sa.Column("transferred_at", MOMENT, nullable=True))
    with op.batch_alter_table("rating_import") as batch_op:
        batch_op.add_column(sa.Column("transferred", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("import_reject") as batch_op:
        batch_op.add_column(sa.Column("is_note", sa.Boolean(), nullable=False, server_default=sa.false()))
    # Until now only a name credited anybody.
    op.execute("UPDATE interaction SET handled_how = 'explicit' WHERE person_id IS NOT NULL")
    op.execute("UPDATE rating SET handled_how = 'explicit' WHERE handled_by_id IS NOT NULL")


def _make_posts():
    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_post_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("team_id", "key", name=op.f("uq_post_team_id_key")),
    )
    op.create_index(op.f("ix_post_key"), "post", ["key"])
    op.create_table(
        "shift",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_shift_starts_before_end")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_shift_post_id_post")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_shift_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
    )
    op.create_index("ix_shift_post", "shift", ["post_id", "starts_at"])
    op.create_index("ix_shift_person", "shift", ["person_id", "starts_at"])
    standing = sa.text("withdrawn_at IS NULL")
    op.create_index(
        "uq_shift_standing",
        "shift",
        ["post_id", "person_id", "starts_at"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )


def _make_ledger():
    one_of_both = "(interaction_id IS NULL) <> (rating_id IS NULL)"
    op.create_table(
        "contribution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interaction_id", sa.Integer(), nullable=True),
        sa.Column("rating_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint(one_of_both, name=op.f("ck_contribution_one_of_both")),
        *_of_one("contribution"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_contribution_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
    )
    op.create_index(op.f("ix_contribution_person_id"), "contribution", ["person_id"])
    _unique("uq_contribution_interaction", "contribution", ["interaction_id", "person_id"])
    _unique("uq_contribution_rating", "contribution", ["rating_id", "person_id"])
    op.create_table(
        "transfer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interaction_id", sa.Integer(), nullable=True),
        sa.Column("rating_id", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("from_person_id", sa.Integer(), nullable=True),
        sa.Column("to_person_id", sa.Integer(), nullable=True),
        sa.Column("to_reference", sa.String(120), nullable=False),
        sa.Column("transferred_at", MOMENT, nullable=False),
        sa.Column("after_rating", sa.Boolean(), nullable=False),
        sa.Column("moved_handler", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint(one_of_both, name=op.f("ck_transfer_one_of_both")),
        *_of_one("transfer"),
        sa.ForeignKeyConstraint(["import_id"], ["rating_import.id"], name=op.f("fk_transfer_import_id_rating_import")),
        sa.ForeignKeyConstraint(["from_person_id"], ["person.id"], name=op.f("fk_transfer_from_person_id_person")),
        sa.ForeignKeyConstraint(["to_person_id"], ["person.id"], name=op.f("fk_transfer_to_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    op.create_index(op.f("ix_transfer_import_id"), "transfer", ["import_id"])
    op.create_index("ix_transfer_rating", "transfer", ["rating_id"])
    _unique("uq_transfer_interaction", "transfer", ["interaction_id", "transferred_at"])


def _of_one(table):
    return [
        sa.ForeignKeyConstraint([f"{of}_id"], [f"{of}.id"], name=op.f(f"fk_{table}_{of}_id_{of}"), ondelete="CASCADE")
        for of in ("interaction", "rating")
    ]


def _unique(name, table, columns):
    there = sa.text(f"{columns[0]} IS NOT NULL")
    op.create_index(name, table, columns, unique=True, sqlite_where=there, postgresql_where=there)


def downgrade():
    with op.batch_alter_table("import_reject") as batch_op:
        batch_op.drop_column("is_note")
    with op.batch_alter_table("rating_import") as batch_op:
        batch_op.drop_column("transferred")
    with op.batch_alter_table("rating") as batch_op:
        batch_op.drop_column("transferred_at")
        batch_op.drop_column("handled_how")
    with op.batch_alter_table("interaction") as batch_op:
        batch_op.drop_column("handled_how")
    for table in ("transfer", "contribution", "shift", "post"):
        op.drop_table(table)
