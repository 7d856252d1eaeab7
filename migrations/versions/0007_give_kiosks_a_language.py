"""Give kiosks a language of their own

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade():
    # Kiosks that are there spoke English, and go on doing so until somebody chooses.
    op.add_column("kiosk", sa.Column("language", sa.String(length=8), server_default="en", nullable=False))


def downgrade():
    op.drop_column("kiosk", "language")
