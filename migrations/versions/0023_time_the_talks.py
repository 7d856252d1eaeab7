"""Time the talks

Revision ID: 0023
Revises: 0022
Create Date: 2026-11-23 07:50:00.000000

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

WAS_PLANNED = "held_at IS NULL"
PLANNED = "held_at IS NULL AND called_off_at IS NULL"
# Who leads the person of an open case today: their clocks go on and do not begin anew.
LEADER = """
UPDATE coaching_case SET clock_leader_id = (
    SELECT tenure.person_id FROM tenure JOIN membership ON membership.team_id = tenure.team_id
    WHERE membership.person_id = coaching_case.person_id AND membership.ended_on IS NULL
    AND tenure.ended_on IS NULL AND tenure.kind = 'manager' AND tenure.person_id <> coaching_case.person_id
) WHERE closed_at IS NULL
"""


def upgrade():
    with op.batch_alter_table("coaching_case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("clock_from", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("clock_starts_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("clock_leader_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("snoozed_until", sa.Date(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_coaching_case_clock_leader_id"), "person", ["clock_leader_id"], ["id"], ondelete="SET NULL"
        )
    with op.batch_alter_table("coaching_session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("called_off_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("called_off_because", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("day_off_told_for", sa.Integer(), nullable=True))
        batch_op.drop_index(
            "uq_coaching_session_planned", sqlite_where=sa.text(WAS_PLANNED), postgresql_where=sa.text(WAS_PLANNED)
        )
        batch_op.create_index(
            "uq_coaching_session_planned",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text(PLANNED),
            postgresql_where=sa.text(PLANNED),
        )
    op.create_table(
        "coaching_snooze",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_coaching_snooze_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["case_id"], ["coaching_case.id"], name=op.f("fk_coaching_snooze_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_snooze")),
    )
    with op.batch_alter_table("coaching_snooze", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coaching_snooze_case_id"), ["case_id"], unique=False)
    # Steps from 10 on were those of a follow-up. Their numbers stay; what was counted is now how many were said.
    op.execute("UPDATE coaching_case SET clock_from = 10 WHERE reminders_sent >= 10")
    op.execute("UPDATE coaching_case SET clock_starts_on = first_reminded_on")
    op.execute(LEADER)


def downgrade():
    with op.batch_alter_table("coaching_snooze", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coaching_snooze_case_id"))
    op.drop_table("coaching_snooze")
    with op.batch_alter_table("coaching_session", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_coaching_session_planned", sqlite_where=sa.text(PLANNED), postgresql_where=sa.text(PLANNED)
        )
        # What was called off was planned once, and one case may have several of these: they go.
    op.execute("DELETE FROM coaching_session WHERE called_off_at IS NOT NULL")
    with op.batch_alter_table("coaching_session", schema=None) as batch_op:
        batch_op.create_index(
            "uq_coaching_session_planned",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text(WAS_PLANNED),
            postgresql_where=sa.text(WAS_PLANNED),
        )
        batch_op.drop_column("day_off_told_for")
        batch_op.drop_column("called_off_because")
        batch_op.drop_column("called_off_at")
        batch_op.drop_column("changed_at")
    with op.batch_alter_table("coaching_case", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_coaching_case_clock_leader_id"), type_="foreignkey")
        batch_op.drop_column("snoozed_until")
        batch_op.drop_column("clock_leader_id")
        batch_op.drop_column("clock_starts_on")
        batch_op.drop_column("clock_from")
