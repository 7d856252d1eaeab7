"""Hide a customer's abusive words

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("rating") as batch_op:
        batch_op.add_column(sa.Column("words_hidden_at", sa.DateTime(timezone=True), nullable=True))


def downgrade():
    with op.batch_alter_table("rating") as batch_op:
        batch_op.drop_column("words_hidden_at")
