"""Play packages

Revision ID: 0020
Revises: 0019
Create Date: 2026-11-22 20:53:55.126911

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "package",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_file_id", sa.Integer(), nullable=False),
        sa.Column("standard", sa.String(length=4), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("standard IN ('1.2', '2004')", name=op.f("ck_package_standard")),
        sa.ForeignKeyConstraint(
            ["course_file_id"], ["course_file.id"], name=op.f("fk_package_course_file_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package")),
        sa.UniqueConstraint("course_file_id", name=op.f("uq_package_course_file_id")),
    )
    op.create_table(
        "package_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.Column("folded", sa.String(length=800), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["package_id"], ["package.id"], name=op.f("fk_package_member_package_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package_member")),
        sa.UniqueConstraint("package_id", "path", name=op.f("uq_package_member_package_id_path")),
    )
    with op.batch_alter_table("package_member", schema=None) as batch_op:
        batch_op.create_index("ix_package_member_folded", ["package_id", "folded"], unique=False)

    op.create_table(
        "package_state",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("lesson_key", sa.String(length=40), nullable=False),
        sa.Column("item", sa.String(length=100), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("score_scaled", sa.Double(), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("score_scaled BETWEEN -1 AND 1", name=op.f("ck_package_state_score_scaled")),
        sa.CheckConstraint("seconds >= 0", name=op.f("ck_package_state_seconds")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["course_run.id"], name=op.f("fk_package_state_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "lesson_key", "item", name=op.f("pk_package_state")),
    )
    op.create_table(
        "package_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.Integer(), nullable=False),
        sa.Column("lesson_key", sa.String(length=40), nullable=False),
        sa.Column("item", sa.String(length=100), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ticket_hash", sa.String(length=64), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["package_id"], ["package.id"], name=op.f("fk_package_visit_package_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["course_run.id"], name=op.f("fk_package_visit_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package_visit")),
    )
    with op.batch_alter_table("package_visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_package_visit_package_id"), ["package_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_package_visit_run_id"), ["run_id"], unique=False)
        batch_op.create_index(
            "uq_package_visit_begun",
            ["run_id", "lesson_key"],
            unique=True,
            sqlite_where=sa.text("ticket_hash IS NOT NULL AND ended_at IS NULL"),
            postgresql_where=sa.text("ticket_hash IS NOT NULL AND ended_at IS NULL"),
        )

    op.create_table(
        "package_member_part",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["package_member.id"], name=op.f("fk_package_member_part_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "position", name=op.f("pk_package_member_part")),
    )


def downgrade():
    op.drop_table("package_member_part")
    with op.batch_alter_table("package_visit", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_package_visit_begun",
            sqlite_where=sa.text("ticket_hash IS NOT NULL AND ended_at IS NULL"),
            postgresql_where=sa.text("ticket_hash IS NOT NULL AND ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_package_visit_run_id"))
        batch_op.drop_index(batch_op.f("ix_package_visit_package_id"))

    op.drop_table("package_visit")
    op.drop_table("package_state")
    with op.batch_alter_table("package_member", schema=None) as batch_op:
        batch_op.drop_index("ix_package_member_folded")

    op.drop_table("package_member")
    op.drop_table("package")
