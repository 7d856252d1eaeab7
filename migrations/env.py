"""How Alembic runs: with the application's own database and models, one transaction a migration."""

from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import text

from tracker.core.db import UTCDateTime, db


def rendered(kind: str, item: Any, _context: AutogenContext) -> str | bool:
    """Migrations name plain SQLAlchemy types, so that they go on working when our classes change."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False


def run() -> None:
    options = {**current_app.extensions["migrate"].configure_args, "render_item": rendered}
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            # Batch migrations rebuild tables; with foreign keys on, dropping the old one would cascade.
            connection.execute(text("COMMIT"))
            connection.execute(text("PRAGMA foreign_keys=OFF"))
            connection.execute(text("BEGIN IMMEDIATE"))
        context.configure(connection=connection, target_metadata=db.metadata, **options)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


if context.is_offline_mode():
    raise SystemExit("Migrations need the database: run them without --sql.")
run()
