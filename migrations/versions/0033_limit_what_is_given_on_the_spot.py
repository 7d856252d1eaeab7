"""Limit what is given on the spot

Revision ID: 0033
Revises: 0032
Create Date: 2026-11-23 18:10:00.000000

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "giving_limit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("staff", sa.Integer(), nullable=True),
        sa.Column("leads", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("leads >= 0", name=op.f("ck_giving_limit_leads")),
        sa.CheckConstraint("staff >= 0", name=op.f("ck_giving_limit_staff")),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["person.id"], name=op.f("fk_giving_limit_set_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_giving_limit_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_giving_limit")),
    )
    with op.batch_alter_table("giving_limit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_giving_limit_team_id"), ["team_id"], unique=False)

    op.create_table(
        "recovery_given",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("worth", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("own_limit", sa.Integer(), nullable=True),
        sa.Column("agreed_by_id", sa.Integer(), nullable=True),
        sa.Column("is_within", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('nothing', 'apology', 'refund', 'voucher', 'replacement')", name=op.f("ck_recovery_given_kind")
        ),
        sa.CheckConstraint("worth > 0", name=op.f("ck_recovery_given_worth")),
        sa.CheckConstraint("(worth IS NULL) = (currency IS NULL)", name=op.f("ck_recovery_given_worth_in_currency")),
        sa.ForeignKeyConstraint(["agreed_by_id"], ["person.id"], name=op.f("fk_recovery_given_agreed_by_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_recovery_given_by_id")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["recovery_case.id"], name=op.f("fk_recovery_given_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["recovery_entry.id"], name=op.f("fk_recovery_given_entry_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_recovery_given")),
    )
    with op.batch_alter_table("recovery_given", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_given_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recovery_given_case_id"), ["case_id"], unique=False)


def downgrade():
    with op.batch_alter_table("recovery_given", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_given_case_id"))
        batch_op.drop_index(batch_op.f("ix_recovery_given_by_id"))

    op.drop_table("recovery_given")
    with op.batch_alter_table("giving_limit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_giving_limit_team_id"))

    op.drop_table("giving_limit")
