"""What courses changed in customers’ ratings. For HR, in groups."""

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker.core.audience import hr, viewer
from tracker.training import effect_page
from tracker.training.blueprint import bp


@bp.get("/effects")
@hr
def effects() -> ResponseReturnValue:
    return render_template("training/effects.html", rows=effect_page.effects_shown(viewer()))
