"""Keep what people add to their own feedback

Revision ID: 0024
Revises: 0023
Create Date: 2026-11-23 07:40:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def _person(table):
    return sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id"), ondelete="CASCADE")


def _rating(table):
    return sa.ForeignKeyConstraint(["rating_id"], ["rating.id"], name=op.f(f"fk_{table}_rating_id"), ondelete="CASCADE")


def upgrade():
    op.create_table(
        "rating_side",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rating_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        _person("rating_side"),
        _rating("rating_side"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_side")),
        sa.UniqueConstraint("rating_id", "person_id", name=op.f("uq_rating_side_rating_id_person_id")),
    )
    op.create_table(
        "saved_rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rating_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        _person("saved_rating"),
        _rating("saved_rating"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_rating")),
        sa.UniqueConstraint("rating_id", "person_id", name=op.f("uq_saved_rating_rating_id_person_id")),
    )
    op.create_table(
        "acknowledgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rating_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(rating_id IS NULL) <> (case_id IS NULL)", name=op.f("ck_acknowledgement_of_one")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["coaching_case.id"], name=op.f("fk_acknowledgement_case_id"), ondelete="CASCADE"
        ),
        _person("acknowledgement"),
        _rating("acknowledgement"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgement")),
        sa.UniqueConstraint("case_id", "person_id", name=op.f("uq_acknowledgement_case_id_person_id")),
        sa.UniqueConstraint("rating_id", "person_id", name=op.f("uq_acknowledgement_rating_id_person_id")),
    )
    op.create_table(
        "talk_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("form_key", sa.String(length=32), nullable=True),
        _person("talk_point"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk_point")),
        sa.UniqueConstraint("person_id", "form_key", name=op.f("uq_talk_point_person_id_form_key")),
    )
    for table in ("rating_side", "saved_rating", "acknowledgement"):
        op.create_index(op.f(f"ix_{table}_person_id"), table, ["person_id"], unique=False)
    op.create_index(op.f("ix_talk_point_person_id"), "talk_point", ["person_id"], unique=False)


def downgrade():
    for table in ("talk_point", "acknowledgement", "saved_rating", "rating_side"):
        op.drop_table(table)
