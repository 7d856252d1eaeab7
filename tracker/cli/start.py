"""What `python run.py` says and checks before it serves."""

from flask import Flask
from sqlalchemy import inspect

from tracker.core.db import db
from tracker.demo.loading import demo_people
from tracker.organisation.queries import the_organisation


def prepared(app: Flask) -> None:
    """Refuse to serve a database that has no tables yet: the sentence says what to do."""
    with app.app_context():
        if not inspect(db.engine).has_table("organisation"):
            raise SystemExit("The database has no tables yet. Run: flask --app tracker db upgrade")


def greeting(app: Flask, setup_code: str | None) -> str:
    """Where to go and who to be."""
    settings = app.extensions["settings"]
    with app.app_context():
        organisation = the_organisation()
    lines = ["", f"  Service tracker is at {settings.base_url}", ""]
    if organisation is None:
        lines.append("  Nobody is here yet: open it and say who you are.")
        if setup_code:
            lines.append(f"  Setup code: {setup_code}")
    elif organisation.kind == "demo":
        lines.append("  This is the demo company. Sign in as one of them; the sign-in page lists them too:")
        lines.extend(f"    {one['name']:<16} {one['staff_number']:<8} {one['password']}" for one in demo_people())
    return "\n".join([*lines, "  Stop with Ctrl+C.", ""])
