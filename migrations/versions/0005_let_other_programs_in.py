"""Let other programs in: tokens, kept answers, and what they say of an interaction

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SERVED = sa.text("interaction_id IS NOT NULL")


def upgrade():
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("hint", sa.String(length=8), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name="fk_api_token_made_by_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
        sa.UniqueConstraint("token_hash", name="uq_api_token_token_hash"),
    )
    op.create_index("ix_api_token_made_by_id", "api_token", ["made_by_id"])
    op.create_table(
        "api_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("claim", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.CheckConstraint("(status IS NULL) = (body IS NULL)", name="ck_api_answer_whole"),
        sa.ForeignKeyConstraint(["token_id"], ["api_token.id"], name="fk_api_answer_token_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_api_answer"),
        sa.UniqueConstraint("token_id", "key", name="uq_api_answer_token_id_key"),
    )
    op.create_index("ix_api_answer_made_at", "api_answer", ["made_at"])
    with op.batch_alter_table("interaction") as batch_op:
        batch_op.add_column(sa.Column("ended_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("source", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("external_id", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("employee_reference", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("started_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("queue_length", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("outcome", sa.String(length=80), nullable=True))
        batch_op.create_unique_constraint("uq_interaction_source_external_id", ["source", "external_id"])
        batch_op.create_check_constraint("ck_interaction_queue_length", "queue_length IS NULL OR queue_length >= 0")
        batch_op.create_check_constraint(
            "ck_interaction_started_before_end", "started_at IS NULL OR started_at <= ended_at"
        )
    # The zone of the team is not asked here: around midnight the day may be the one beside it.
    op.execute("UPDATE interaction SET ended_on = DATE(ended_at)")
    # An interaction keeps the first of its ratings; there was one door only, so more than one is not to be expected.
    op.execute(
        "UPDATE rating SET interaction_id = NULL WHERE interaction_id IS NOT NULL AND id NOT IN "
        "(SELECT MIN(id) FROM rating WHERE interaction_id IS NOT NULL GROUP BY interaction_id)"
    )
    op.create_index(
        "uq_rating_interaction",
        "rating",
        ["interaction_id"],
        unique=True,
        sqlite_where=SERVED,
        postgresql_where=SERVED,
    )


def downgrade():
    op.drop_index("uq_rating_interaction", table_name="rating")
    with op.batch_alter_table("interaction") as batch_op:
        batch_op.drop_constraint("ck_interaction_started_before_end", type_="check")
        batch_op.drop_constraint("ck_interaction_queue_length", type_="check")
        batch_op.drop_constraint("uq_interaction_source_external_id", type_="unique")
        for column in (
            "outcome",
            "queue_length",
            "started_at",
            "employee_reference",
            "external_id",
            "source",
            "ended_on",
        ):
            batch_op.drop_column(column)
    op.drop_table("api_answer")
    op.drop_table("api_token")
