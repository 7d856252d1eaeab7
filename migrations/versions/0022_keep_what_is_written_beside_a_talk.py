"""Keep what is written beside a talk

Revision ID: 0022
Revises: 0021
Create Date: 2026-11-23 07:45:00.000000

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

UNTOLD = sa.text("done_at IS NULL AND reminded_at IS NULL")
ABOUT_RATING = sa.text("rating_id IS NOT NULL")


def upgrade():
    with op.batch_alter_table("coaching_action") as batch_op:
        batch_op.add_column(sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("form_key", sa.String(length=32), nullable=True))
        batch_op.create_unique_constraint(op.f("uq_coaching_action_case_id_form_key"), ["case_id", "form_key"])
        batch_op.create_index("ix_coaching_action_untold", ["due_on"], sqlite_where=UNTOLD, postgresql_where=UNTOLD)
    # What was due before anybody was told of it is old by now: nobody is reminded of it all at once.
    op.execute("UPDATE coaching_action SET reminded_at = created_at WHERE done_at IS NULL AND due_on < CURRENT_DATE")
    op.create_table(
        "agenda_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("rating_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("form_key", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["coaching_case.id"], name=op.f("fk_agenda_point_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_agenda_point_by_id")),
        sa.ForeignKeyConstraint(
            ["rating_id"], ["rating.id"], name=op.f("fk_agenda_point_rating_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_point")),
        sa.UniqueConstraint("case_id", "by_id", "form_key", name=op.f("uq_agenda_point_case_id_by_id_form_key")),
    )
    with op.batch_alter_table("agenda_point") as batch_op:
        batch_op.create_index("ix_agenda_point_case_id", ["case_id"])
        batch_op.create_index(
            "uq_agenda_point_rating",
            ["case_id", "by_id", "rating_id"],
            unique=True,
            sqlite_where=ABOUT_RATING,
            postgresql_where=ABOUT_RATING,
        )
        batch_op.create_index(
            "ix_agenda_point_rating_id", ["rating_id"], sqlite_where=ABOUT_RATING, postgresql_where=ABOUT_RATING
        )
    op.create_table(
        "hand_over_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["coaching_case.id"], name=op.f("fk_hand_over_note_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_hand_over_note_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over_note")),
        sa.UniqueConstraint("case_id", "by_id", name=op.f("uq_hand_over_note_case_id_by_id")),
    )
    op.create_table(
        "private_note",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("locked", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["coaching_case.id"], name=op.f("fk_private_note_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_private_note_author_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", "author_id", name=op.f("pk_private_note")),
    )
    with op.batch_alter_table("private_note") as batch_op:
        batch_op.create_index(op.f("ix_private_note_author_id"), ["author_id"])


def downgrade():
    op.drop_table("private_note")
    op.drop_table("hand_over_note")
    op.drop_table("agenda_point")
    with op.batch_alter_table("coaching_action") as batch_op:
        batch_op.drop_index("ix_coaching_action_untold")
        batch_op.drop_constraint(op.f("uq_coaching_action_case_id_form_key"), type_="unique")
        batch_op.drop_column("form_key")
        batch_op.drop_column("reminded_at")
