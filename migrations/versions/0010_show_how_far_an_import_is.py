"""Show how far an import is, and why one saved nothing

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("rating_import") as batch_op:
        batch_op.add_column(sa.Column("rows_read", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("share_read", sa.Double(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("problem", sa.String(length=300), nullable=True))
    with op.batch_alter_table("rating_import") as batch_op:
        batch_op.alter_column("rows_read", server_default=None)
        batch_op.alter_column("share_read", server_default=None)


def downgrade():
    with op.batch_alter_table("rating_import") as batch_op:
        batch_op.drop_column("problem")
        batch_op.drop_column("share_read")
        batch_op.drop_column("rows_read")
