"""Train in waves

Revision ID: 0021
Revises: 0019

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "training_effect",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_training_effect_course_id")),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_training_effect")),
    )
    op.create_table(
        "training_rollout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("waves", sa.Integer(), nullable=False),
        sa.Column("weeks_apart", sa.Integer(), nullable=False),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("weeks_apart >= 1", name=op.f("ck_training_rollout_weeks_apart")),
        sa.ForeignKeyConstraint(["rule_id"], ["training_rule.id"], name=op.f("fk_training_rollout_rule_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_rollout")),
        sa.UniqueConstraint("rule_id", name=op.f("uq_training_rollout_rule_id")),
    )
    op.create_table(
        "rollout_team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["rollout_id"], ["training_rollout.id"], name=op.f("fk_rollout_team_rollout_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_rollout_team_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollout_team")),
        sa.UniqueConstraint("rollout_id", "position", name=op.f("uq_rollout_team_rollout_id_position")),
        sa.UniqueConstraint("rollout_id", "team_id", name=op.f("uq_rollout_team_rollout_id_team_id")),
    )
    untold = sa.text("told_at IS NULL")
    with op.batch_alter_table("rollout_team", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rollout_team_team_id"), ["team_id"], unique=False)
        batch_op.create_index(
            "ix_rollout_team_untold", ["starts_on"], unique=False, sqlite_where=untold, postgresql_where=untold
        )


def downgrade():
    op.drop_table("rollout_team")
    op.drop_table("training_rollout")
    op.drop_table("training_effect")
