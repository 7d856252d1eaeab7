"""Settings of the weekly check, and replays of last year with others."""

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import Blueprint, find_or_404, office, viewer
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid
from tracker.core.language import long_day
from tracker.core.pages import notice
from tracker.falls import actions, policy, queries
from tracker.falls.page import form_sent, replay_page, settings_page
from tracker.falls.running import replay_beside

bp = Blueprint("falls", __name__)


@bp.get("/settings/checks")
@office
def settings() -> ResponseReturnValue:
    return settings_page()


@bp.post("/settings/checks/replays")
@office
def ask_replay() -> ResponseReturnValue:
    if not policy.may_replay(viewer()):
        abort(403)
    form = form_sent()
    if not form.validate():
        return settings_page(form), 422
    at = clock.now()
    try:
        replay = actions.ask_replay(
            form.thresholds, last_week=queries.last_week_to_replay(at), by=viewer().person_id, at=at
        )
    except (Conflict, Invalid) as error:
        form.alert_one_in.errors = [error.sentence]
        return settings_page(form), 409
    replay_id = replay.id
    db.session.commit()  # whoever works it out must find the row
    replay_beside(replay_id)
    return redirect(url_for(".replay", id=replay_id), 303)


@bp.get("/settings/checks/replays/<int:id>")
@office
def replay(id: int) -> ResponseReturnValue:
    return replay_page(find_or_404(queries.with_asker(policy.replays_seen_by(viewer())), id))


@bp.post("/settings/checks/replays/<int:id>/stopping")
@office
def stop_replay(id: int) -> ResponseReturnValue:
    found = find_or_404(policy.replays_seen_by(viewer()), id)
    if not policy.may_replay(viewer()):
        abort(403)
    actions.stop_replay(found, by=viewer().person_id, at=clock.now())
    notice(_("Stopped. Nothing of it is kept."))
    return redirect(url_for(".settings"), 303)


@bp.post("/settings/checks/replays/<int:id>/settings")
@office
def save_settings(id: int) -> ResponseReturnValue:
    found = find_or_404(policy.replays_seen_by(viewer()), id)
    if not policy.may_save(viewer()):
        abort(403)
    at = clock.now()
    monday = queries.next_monday(at)
    actions.save_settings(found, from_monday=monday, by=viewer().person_id, at=at)
    notice(_("Saved. The check of %(day)s is the first to go by it.", day=long_day(monday)))
    return redirect(url_for(".settings"), 303)
