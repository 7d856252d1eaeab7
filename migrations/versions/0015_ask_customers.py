"""Ask customers by mail, and set aside what programs send

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OPEN = sa.text("asked_at IS NULL AND skipped_at IS NULL")
UNREMINDED = sa.text("sent_at IS NOT NULL AND reminder_queued_at IS NULL")
UNDECIDED = sa.text("closed_at IS NULL")


def upgrade():
    with op.batch_alter_table("outbox_mail") as batch_op:
        batch_op.alter_column("person_id", existing_type=sa.Integer(), nullable=True)
    op.create_index("ix_interaction_customer", "interaction", ["customer_id", "invited_at"])
    _create_invitations()
    _create_what_belongs_to_links()


def downgrade():
    for table in ("vote_origin", "set_aside_vote", "do_not_ask", "mailed_token", "customer_contact", "invitation"):
        op.drop_table(table)
    op.drop_index("ix_interaction_customer", table_name="interaction")
    op.execute("DELETE FROM outbox_mail WHERE person_id IS NULL")
    with op.batch_alter_table("outbox_mail") as batch_op:
        batch_op.alter_column("person_id", existing_type=sa.Integer(), nullable=False)


def _moment(name, *, nullable=False):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _create_invitations():
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interaction_id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("address_hash", sa.String(length=40), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        _moment("planned_at"),
        _moment("due_at"),
        _moment("asked_at", nullable=True),
        _moment("sent_at", nullable=True),
        _moment("reminder_queued_at", nullable=True),
        _moment("reminded_at", nullable=True),
        _moment("skipped_at", nullable=True),
        sa.Column("skip_reason", sa.String(length=20), nullable=True),
        sa.CheckConstraint("asked_at IS NULL OR skipped_at IS NULL", name=op.f("ck_invitation_one_end")),
        sa.CheckConstraint("(skipped_at IS NULL) = (skip_reason IS NULL)", name=op.f("ck_invitation_reason")),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interaction.id"], name=op.f("fk_invitation_interaction_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["link_id"], ["survey_link.id"], name=op.f("fk_invitation_link_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("interaction_id", name=op.f("uq_invitation_interaction_id")),
        sa.UniqueConstraint("link_id", name=op.f("uq_invitation_link_id")),
    )
    for column in ("address_hash", "planned_at", "asked_at"):
        op.create_index(op.f(f"ix_invitation_{column}"), "invitation", [column])
    op.create_index("ix_invitation_open", "invitation", ["due_at"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index(
        "ix_invitation_unreminded", "invitation", ["sent_at"], sqlite_where=UNREMINDED, postgresql_where=UNREMINDED
    )
    op.create_table(
        "customer_contact",
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_customer_contact_invitation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("invitation_id", name=op.f("pk_customer_contact")),
    )
    op.create_table(
        "do_not_ask",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_hash", sa.String(length=40), nullable=True),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        _moment("at"),
        sa.CheckConstraint("(address_hash IS NULL) <> (customer_id IS NULL)", name=op.f("ck_do_not_ask_one_key")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_do_not_ask_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_do_not_ask")),
        sa.UniqueConstraint("address_hash", name=op.f("uq_do_not_ask_address_hash")),
        sa.UniqueConstraint("customer_id", name=op.f("uq_do_not_ask_customer_id")),
    )


def _create_what_belongs_to_links():
    op.create_table(
        "mailed_token",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        _moment("mailed_at"),
        sa.ForeignKeyConstraint(
            ["link_id"], ["survey_link.id"], name=op.f("fk_mailed_token_link_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_mailed_token")),
    )
    op.create_index(op.f("ix_mailed_token_link_id"), "mailed_token", ["link_id"])
    op.create_table(
        "set_aside_vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        _moment("sent_at"),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        _moment("closed_at", nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("outcome IN ('released', 'discarded', 'replaced')", name=op.f("ck_set_aside_vote_outcome")),
        sa.ForeignKeyConstraint(
            ["link_id"], ["survey_link.id"], name=op.f("fk_set_aside_vote_link_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_aside_vote")),
    )
    op.create_index(
        "uq_set_aside_vote_open",
        "set_aside_vote",
        ["link_id"],
        unique=True,
        sqlite_where=UNDECIDED,
        postgresql_where=UNDECIDED,
    )
    op.create_table(
        "vote_origin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin_hash", sa.String(length=40), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        _moment("at"),
        sa.ForeignKeyConstraint(
            ["link_id"], ["survey_link.id"], name=op.f("fk_vote_origin_link_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote_origin")),
        sa.UniqueConstraint("origin_hash", "link_id", name=op.f("uq_vote_origin_origin_hash_link_id")),
    )
    op.create_index(op.f("ix_vote_origin_link_id"), "vote_origin", ["link_id"])
    op.create_index(op.f("ix_vote_origin_at"), "vote_origin", ["at"])
