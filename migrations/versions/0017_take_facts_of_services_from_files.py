"""Take facts of services from files of ratings

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("interaction") as batch_op:
        batch_op.add_column(sa.Column("created_by_import_id", sa.Integer(), nullable=True))
        batch_op.create_index("ix_interaction_created_by_import_id", ["created_by_import_id"])


def downgrade():
    with op.batch_alter_table("interaction") as batch_op:
        batch_op.drop_index("ix_interaction_created_by_import_id")
        batch_op.drop_column("created_by_import_id")
