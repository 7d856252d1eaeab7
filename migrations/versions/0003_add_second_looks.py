"""Add second looks at ratings

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

UNCHECKED = sa.text("unchecked_at IS NOT NULL")
OPEN = sa.text("decided_at IS NULL")


def upgrade():
    with op.batch_alter_table("rating") as batch_op:
        batch_op.add_column(sa.Column("disputed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("unchecked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "ix_rating_unchecked", ["unchecked_at"], sqlite_where=UNCHECKED, postgresql_where=UNCHECKED
        )
    op.create_table(
        "dispute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rating_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("statement", sa.Text(), nullable=True),
        sa.Column("stated_by_id", sa.Integer(), nullable=True),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('not_me', 'not_my_doing', 'wrong_stars', 'unkind')", name=op.f("ck_dispute_kind")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_dispute_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["rating_id"], ["rating.id"], name=op.f("fk_dispute_rating_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["stated_by_id"], ["person.id"], name=op.f("fk_dispute_stated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
        sa.UniqueConstraint("rating_id", name=op.f("uq_dispute_rating_id")),
    )
    op.create_index("ix_dispute_person", "dispute", ["person_id"])
    op.create_table(
        "dispute_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dispute_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("decider_id", sa.Integer(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("number IN (1, 2)", name=op.f("ck_dispute_round_number")),
        sa.CheckConstraint(
            "outcome IN ('accepted', 'partly', 'declined', 'withdrawn')", name=op.f("ck_dispute_round_outcome")
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (outcome IS NULL)", name=op.f("ck_dispute_round_decided_with_outcome")
        ),
        sa.ForeignKeyConstraint(["decider_id"], ["person.id"], name=op.f("fk_dispute_round_decider_id")),
        sa.ForeignKeyConstraint(
            ["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_round_dispute_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_round")),
        sa.UniqueConstraint("dispute_id", "number", name=op.f("uq_dispute_round_dispute_id_number")),
    )
    op.create_index("ix_dispute_round_open", "dispute_round", ["decider_id"], sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade():
    op.drop_table("dispute_round")
    op.drop_table("dispute")
    with op.batch_alter_table("rating") as batch_op:
        batch_op.drop_index("ix_rating_unchecked")
        batch_op.drop_column("unchecked_at")
        batch_op.drop_column("disputed_at")
