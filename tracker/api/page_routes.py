"""The description of the API, for people."""

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from tracker.api.described import document
from tracker.api.reference import sections
from tracker.core import clock
from tracker.core.audience import Blueprint, members

bp = Blueprint("api_page", __name__)


@bp.get("/api")
@members
def reference() -> ResponseReturnValue:
    return render_template("api/reference.html", sections=sections(document(current_app), at=clock.now()))
