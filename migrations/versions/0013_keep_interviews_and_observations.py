"""Keep interviews and observations

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "encounter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("touchpoint_id", sa.Integer(), nullable=True),
        sa.Column("survey_version_id", sa.Integer(), nullable=True),
        sa.Column("form_key", sa.String(length=32), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=True),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column("emotions", sa.JSON(), nullable=False),
        sa.Column("drivers", sa.JSON(), nullable=False),
        sa.Column("effort", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("went_well", sa.Text(), nullable=True),
        sa.Column("to_try", sa.Text(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_because", sa.String(length=500), nullable=True),
        sa.CheckConstraint("kind IN ('interview', 'observation')", name=op.f("ck_encounter_kind")),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_encounter_stars")),
        sa.CheckConstraint("effort BETWEEN 1 AND 5", name=op.f("ck_encounter_effort")),
        sa.CheckConstraint("(kind = 'interview') = (stars IS NOT NULL)", name=op.f("ck_encounter_stars_of_interview")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_encounter_by_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_encounter_customer_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_encounter_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["survey_version_id"], ["survey_version.id"], name=op.f("fk_encounter_survey_version_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_encounter_team_id")),
        sa.ForeignKeyConstraint(["touchpoint_id"], ["touchpoint.id"], name=op.f("fk_encounter_touchpoint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_encounter")),
        sa.UniqueConstraint("by_id", "form_key", name=op.f("uq_encounter_by_id_form_key")),
    )
    op.create_index("ix_encounter_person_on", "encounter", ["person_id", "happened_on"])
    op.create_table(
        "encounter_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("encounter_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk_encounter_change_encounter_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_encounter_change")),
    )
    op.create_index(op.f("ix_encounter_change_encounter_id"), "encounter_change", ["encounter_id"])


def downgrade():
    op.drop_table("encounter_change")
    op.drop_table("encounter")
