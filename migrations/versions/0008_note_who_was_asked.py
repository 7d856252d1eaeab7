"""Note which customers were asked for a rating

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("interaction") as batch_op:
        batch_op.add_column(sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index("ix_interaction_ended_on", ["ended_on"])
    # Until now an interaction of our own was only ever noted in order to ask about it.
    op.execute("UPDATE interaction SET invited_at = ended_at WHERE source IS NULL")


def downgrade():
    with op.batch_alter_table("interaction") as batch_op:
        batch_op.drop_index("ix_interaction_ended_on")
        batch_op.drop_column("invited_at")
