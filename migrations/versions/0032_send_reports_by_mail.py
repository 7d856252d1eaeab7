"""Send reports by mail

Revision ID: 0032
Revises: 0031
Create Date: 2026-11-23 15:00:00.000000

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "report_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report", sa.String(length=24), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_month", sa.Date(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_because", sa.String(length=10), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_because IS NULL)", name=op.f("ck_report_mail_ended_with_reason")
        ),
        sa.CheckConstraint("ended_because IN ('asked', 'right', 'gone')", name=op.f("ck_report_mail_ended_because")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_report_mail_made_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_report_mail_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_mail")),
    )
    with op.batch_alter_table("report_mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_mail_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_report_mail_running",
            ["report", "person_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )


def downgrade():
    with op.batch_alter_table("report_mail", schema=None) as batch_op:
        batch_op.drop_index("uq_report_mail_running")
        batch_op.drop_index(batch_op.f("ix_report_mail_person_id"))

    op.drop_table("report_mail")
