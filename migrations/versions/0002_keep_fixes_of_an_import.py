"""Keep what somebody puts right in the rows of an import

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("import_draft") as batch_op:
        batch_op.add_column(sa.Column("fixes", sa.JSON(), nullable=False, server_default="{}"))


def downgrade():
    with op.batch_alter_table("import_draft") as batch_op:
        batch_op.drop_column("fixes")
