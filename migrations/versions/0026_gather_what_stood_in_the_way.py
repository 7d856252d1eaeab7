"""Gather what stood in the way under what it was, with a team that answers for it

Revision ID: 0026
Revises: 0025
Create Date: 2026-11-23 07:40:00.000000

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

KINDS = "kind IN ('policy', 'system', 'stock', 'staffing', 'knowledge')"
# A complaint is about the rating that opened it; about a public review there is none.
TAKE_OVER = """
    INSERT INTO obstacle (id, kind, case_id, team_id, touchpoint_id, driver, said_by_id, said_at, rating_id)
    SELECT id, kind, case_id, team_id, touchpoint_id, driver, said_by_id, said_at, coalesce(before.rating_id, (
        SELECT rating.id FROM recovery_rating JOIN rating ON rating.id = recovery_rating.rating_id
        WHERE recovery_rating.case_id = before.case_id ORDER BY rating.rated_at, rating.id LIMIT 1
    )) FROM obstacle_before AS before
"""
KEEP = """
    UPDATE obstacle SET
        rated_on = (SELECT rating.rated_on FROM rating WHERE rating.id = obstacle.rating_id),
        stars = (SELECT rating.stars FROM rating WHERE rating.id = obstacle.rating_id),
        person_id = (SELECT rating.person_id FROM rating WHERE rating.id = obstacle.rating_id)
"""
GIVE_BACK = """
    INSERT INTO obstacle (id, kind, case_id, team_id, touchpoint_id, driver, said_by_id, said_at)
    SELECT id, kind, case_id, team_id, touchpoint_id, driver, said_by_id, said_at FROM obstacle_before
"""


def upgrade():
    _create_causes()
    # Made anew, not altered: SQLite would lose the table’s other checks on the way.
    op.execute("CREATE TABLE obstacle_before AS SELECT * FROM obstacle")
    op.drop_table("obstacle")
    _create_obstacles()
    op.execute(TAKE_OVER)
    op.execute(KEEP)
    op.drop_table("obstacle_before")
    _number_on()


def _create_causes():
    op.create_table(
        "obstacle_cause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_key", sa.String(length=160), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("owned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(KINDS, name=op.f("ck_obstacle_cause_kind")),
        sa.CheckConstraint(
            "merged_into_id IS NULL OR merged_into_id <> id", name=op.f("ck_obstacle_cause_not_into_itself")
        ),
        sa.CheckConstraint("(owner_id IS NULL) = (owned_at IS NULL)", name=op.f("ck_obstacle_cause_owned_since")),
        sa.ForeignKeyConstraint(["owner_id"], ["team.id"], name=op.f("fk_obstacle_cause_owner_id")),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["obstacle_cause.id"], name=op.f("fk_obstacle_cause_merged_into_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obstacle_cause")),
    )
    stands = sa.text("merged_into_id IS NULL")
    op.create_index(
        "uq_obstacle_cause_name",
        "obstacle_cause",
        ["name_key"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )
    op.create_index(op.f("ix_obstacle_cause_owner_id"), "obstacle_cause", ["owner_id"])
    op.create_index(op.f("ix_obstacle_cause_merged_into_id"), "obstacle_cause", ["merged_into_id"])
    op.create_table(
        "obstacle_cause_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cause_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("change_on", sa.Date(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('given', 'renamed', 'merged', 'planned', 'declined', 'done')",
            name=op.f("ck_obstacle_cause_entry_kind"),
        ),
        sa.CheckConstraint(
            "(kind = 'planned') = (change_on IS NOT NULL)", name=op.f("ck_obstacle_cause_entry_planned_for_a_day")
        ),
        sa.ForeignKeyConstraint(
            ["cause_id"], ["obstacle_cause.id"], name=op.f("fk_obstacle_cause_entry_cause_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_obstacle_cause_entry_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_obstacle_cause_entry_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obstacle_cause_entry")),
    )
    op.create_index(op.f("ix_obstacle_cause_entry_cause_id"), "obstacle_cause_entry", ["cause_id"])


def _create_obstacles():
    op.create_table(
        "obstacle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("cause_id", sa.Integer(), nullable=True),
        sa.Column("rating_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("rated_on", sa.Date(), nullable=True),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("touchpoint_id", sa.Integer(), nullable=True),
        sa.Column("driver", sa.String(length=40), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("words_shared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said_by_id", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(KINDS, name=op.f("ck_obstacle_kind")),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_obstacle_stars")),
        sa.ForeignKeyConstraint(["cause_id"], ["obstacle_cause.id"], name=op.f("fk_obstacle_cause_id")),
        sa.ForeignKeyConstraint(["rating_id"], ["rating.id"], name=op.f("fk_obstacle_rating_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["case_id"], ["recovery_case.id"], name=op.f("fk_obstacle_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_obstacle_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_obstacle_team_id")),
        sa.ForeignKeyConstraint(["touchpoint_id"], ["touchpoint.id"], name=op.f("fk_obstacle_touchpoint_id")),
        sa.ForeignKeyConstraint(["said_by_id"], ["person.id"], name=op.f("fk_obstacle_said_by_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obstacle")),
        sa.UniqueConstraint("case_id", name=op.f("uq_obstacle_case_id")),
    )
    for columns in (["cause_id"], ["rating_id"], ["rated_on"], ["person_id"], ["said_by_id"]):
        op.create_index(op.f(f"ix_obstacle_{columns[0]}"), "obstacle", columns)
    op.create_index("ix_obstacle_team", "obstacle", ["team_id", "said_at"])
    own = sa.text("case_id IS NULL")
    op.create_index(
        "uq_obstacle_own",
        "obstacle",
        ["rating_id", "said_by_id"],
        unique=True,
        sqlite_where=own,
        postgresql_where=own,
    )


def _number_on():
    """Rows came with their numbers; PostgreSQL’s own count has to follow them."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('obstacle', 'id'), (SELECT max(id) FROM obstacle))"
            " WHERE EXISTS (SELECT 1 FROM obstacle)"
        )


def downgrade():
    """Back to one kind a complaint; what was said about ratings goes."""
    op.execute("DELETE FROM obstacle WHERE case_id IS NULL")
    op.execute("CREATE TABLE obstacle_before AS SELECT * FROM obstacle")
    op.drop_table("obstacle")
    op.create_table(
        "obstacle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("rating_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("touchpoint_id", sa.Integer(), nullable=True),
        sa.Column("driver", sa.String(length=40), nullable=True),
        sa.Column("said_by_id", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(KINDS, name=op.f("ck_obstacle_kind")),
        sa.CheckConstraint("(rating_id IS NULL) <> (case_id IS NULL)", name=op.f("ck_obstacle_about_one")),
        sa.ForeignKeyConstraint(["rating_id"], ["rating.id"], name=op.f("fk_obstacle_rating_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["case_id"], ["recovery_case.id"], name=op.f("fk_obstacle_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_obstacle_team_id")),
        sa.ForeignKeyConstraint(["touchpoint_id"], ["touchpoint.id"], name=op.f("fk_obstacle_touchpoint_id")),
        sa.ForeignKeyConstraint(["said_by_id"], ["person.id"], name=op.f("fk_obstacle_said_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obstacle")),
        sa.UniqueConstraint("case_id", name=op.f("uq_obstacle_case_id")),
    )
    for columns in (["rating_id"], ["said_by_id"]):
        op.create_index(op.f(f"ix_obstacle_{columns[0]}"), "obstacle", columns)
    op.create_index("ix_obstacle_team", "obstacle", ["team_id", "said_at"])
    op.execute(GIVE_BACK)
    op.drop_table("obstacle_before")
    _number_on()
    op.drop_table("obstacle_cause_entry")
    op.drop_table("obstacle_cause")
