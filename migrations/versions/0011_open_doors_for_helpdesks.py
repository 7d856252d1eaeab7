"""Open doors for helpdesks: their addresses and secrets, and what came in by them

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OPEN = sa.text("removed_at IS NULL")
WAITING = sa.text("state = 'waiting'")
WITH_BODY = sa.text("body IS NOT NULL")


def upgrade():
    op.create_table(
        "webhook_door",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("old_secret", sa.Text(), nullable=True),
        sa.Column("old_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("touchpoint_id", sa.Integer(), nullable=True),
        sa.Column("channel_id", sa.Integer(), nullable=True),
        sa.Column("scale", sa.String(length=8), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("refused_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_why", sa.String(length=12), nullable=True),
        sa.CheckConstraint("kind IN ('chatwoot', 'zendesk', 'freshdesk', 'standard')", name="ck_webhook_door_kind"),
        sa.ForeignKeyConstraint(["touchpoint_id"], ["touchpoint.id"], name="fk_webhook_door_touchpoint_id"),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name="fk_webhook_door_channel_id"),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name="fk_webhook_door_made_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_door"),
        sa.UniqueConstraint("address", name="uq_webhook_door_address"),
    )
    op.create_index(
        "uq_webhook_door_name", "webhook_door", ["name"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("door_id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.String(length=200), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("worked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("event", sa.String(length=80), nullable=True),
        sa.Column("conversation", sa.String(length=100), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.String(length=20), nullable=True),
        sa.Column("field", sa.String(length=300), nullable=True),
        sa.Column("rating_id", sa.Integer(), nullable=True),
        sa.Column("interaction_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["door_id"], ["webhook_door.id"], name="fk_webhook_delivery_door_id"),
        sa.ForeignKeyConstraint(
            ["rating_id"], ["rating.id"], name="fk_webhook_delivery_rating_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interaction.id"], name="fk_webhook_delivery_interaction_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_delivery"),
        sa.UniqueConstraint("door_id", "delivery_id", name="uq_webhook_delivery_door_id_delivery_id"),
        sa.UniqueConstraint("door_id", "digest", name="uq_webhook_delivery_door_id_digest"),
    )
    op.create_index(
        "ix_webhook_delivery_waiting",
        "webhook_delivery",
        ["door_id", "id"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_index(
        "ix_webhook_delivery_with_body",
        "webhook_delivery",
        ["received_at"],
        sqlite_where=WITH_BODY,
        postgresql_where=WITH_BODY,
    )
    op.create_index("ix_webhook_delivery_conversation", "webhook_delivery", ["door_id", "conversation"])
    op.create_index("ix_webhook_delivery_rating_id", "webhook_delivery", ["rating_id"])
    op.create_index("ix_webhook_delivery_interaction_id", "webhook_delivery", ["interaction_id"])


def downgrade():
    op.drop_table("webhook_delivery")
    op.drop_table("webhook_door")
