"""Read public reviews and note their answers

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TICKING = sa.text("reminds_at IS NOT NULL")
MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "review_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=2000), nullable=False),
        sa.Column("stars_from", sa.String(length=8), nullable=False),
        sa.Column("out_of", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("touchpoint_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=80), nullable=True),
        sa.Column("answer_within", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("paused_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("next_read_at", MOMENT, nullable=False),
        sa.Column("tried_at", MOMENT, nullable=True),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("entries_seen", sa.Integer(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=300), nullable=True),
        sa.Column("etag", sa.String(length=300), nullable=True),
        sa.Column("last_modified", sa.String(length=100), nullable=True),
        sa.CheckConstraint("stars_from IN ('none', 'element', 'text')", name=op.f("ck_review_feed_stars_from")),
        sa.CheckConstraint("answer_within BETWEEN 1 AND 20", name=op.f("ck_review_feed_answer_within")),
        _key("review_feed", "team_id", "team"),
        _key("review_feed", "touchpoint_id", "touchpoint"),
        _key("review_feed", "made_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_feed")),
    )
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=120), nullable=True),
        sa.Column("link", sa.String(length=2000), nullable=True),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column("original_stars", sa.String(length=20), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("touchpoint_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=80), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("reminds_at", MOMENT, nullable=True),
        sa.Column("reminders_sent", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_review_stars")),
        sa.CheckConstraint("outcome IN ('answer', 'not_needed')", name=op.f("ck_review_outcome")),
        sa.ForeignKeyConstraint(["feed_id"], ["review_feed.id"], name=op.f("fk_review_feed_id")),
        _key("review", "team_id", "team"),
        _key("review", "touchpoint_id", "touchpoint"),
        _key("review", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("source", "external_id", name=op.f("uq_review_source_external_id")),
    )
    op.create_index("ix_review_team", "review", ["team_id", "received_at"])
    op.create_index("ix_review_person", "review", ["person_id"])
    op.create_index("ix_review_ticking", "review", ["reminds_at"], sqlite_where=TICKING, postgresql_where=TICKING)
    op.create_table(
        "review_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column("original_stars", sa.String(length=20), nullable=True),
        sa.Column("read_at", MOMENT, nullable=False),
        _key("review_version", "review_id", "review", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_version")),
        sa.UniqueConstraint("review_id", "number", name=op.f("uq_review_version_review_id_number")),
    )
    op.create_table(
        "review_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("said_by", sa.String(length=120), nullable=True),
        sa.Column("said_at", MOMENT, nullable=True),
        sa.Column("link", sa.String(length=2000), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('answer', 'not_needed', 'team', 'person')", name=op.f("ck_review_entry_kind")),
        _key("review_entry", "review_id", "review", "CASCADE"),
        _key("review_entry", "team_id", "team"),
        _key("review_entry", "person_id", "person"),
        _key("review_entry", "by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_entry")),
    )
    op.create_index("ix_review_entry_review", "review_entry", ["review_id"])


def _key(table, column, other, ondelete="SET NULL"):
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def downgrade():
    for table in ("review_entry", "review_version", "review", "review_feed"):
        op.drop_table(table)
