"""One’s own page of what comes how: by group, the quiet hours, and the browsers that take pushes."""

from pathlib import Path
from typing import Any

from flask import Response, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.access.login import browser_hint
from tracker.core import clock
from tracker.core.audience import Blueprint, find_or_404, members, public, viewer
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.core.pages import notice
from tracker.notifications import choice_actions, push_actions
from tracker.notifications.choice_forms import QuietForm, choices_form
from tracker.notifications.choice_models import PushSubscription
from tracker.notifications.choices import Choices, choices_of
from tracker.notifications.groups import GROUPS, OTHER, Group
from tracker.notifications.kinds import has_kinds_in
from tracker.notifications.policy import subscriptions_of
from tracker.notifications.push_forms import PushForm
from tracker.notifications.push_keys import public_key

bp = Blueprint("choices", __name__, url_prefix="/account")
WORKER = Path(__file__).parents[1] / "static" / "push-worker.js"


@bp.get("/notifications")
@members
def choices() -> ResponseReturnValue:
    return _page()


@bp.post("/notifications")
@members
def choose() -> ResponseReturnValue:
    form = choices_form(_groups(), _held(), is_sent=True)
    if not form.validate():
        return _page(form=form), 422
    choice_actions.choose(viewer().person_id, form.chosen(_groups()), at=clock.now())
    notice(_("Saved. It holds for whatever is told from now on."))
    return redirect(url_for(".choices"), 303)


@bp.post("/quiet-hours")
@members
def keep_quiet() -> ResponseReturnValue:
    form = QuietForm()
    if not form.validate():
        return _page(quiet=form), 422
    choice_actions.keep_quiet(viewer().person_id, form.given, at=clock.now())
    notice(_("Your quiet hours are saved."))
    return redirect(url_for(".choices"), 303)


@bp.post("/push")
@members
def subscribe() -> ResponseReturnValue:
    """What the page’s script has filled in: the browser’s own address and keys. A shared terminal takes none."""
    session_id = viewer().session_id
    if viewer().terminal_id is not None or session_id is None:
        raise Refused(_("A shared terminal takes no pushes: the next one there is somebody else."))
    form = PushForm()
    if not form.validate():
        return _page(push=form), 422
    push_actions.subscribe(
        viewer().person_id, session_id, browser=browser_hint(), at=clock.now(),
        endpoint=form.endpoint.data, p256dh=form.p256dh.data, auth=form.auth.data,
    )  # fmt: skip
    notice(_("This browser tells you from now on when something is new in your inbox."))
    return redirect(url_for(".choices"), 303)


@bp.post("/push/<int:id>/removal")
@members
def unsubscribe(id: int) -> ResponseReturnValue:
    browser: PushSubscription = find_or_404(subscriptions_of(viewer().person_id), id)
    push_actions.unsubscribe(browser, by=viewer().person_id, at=clock.now())
    notice(_("That browser gets no pushes any more."))
    return redirect(url_for(".choices"), 303)


@bp.get("/push/worker.js")
@public
def push_worker() -> ResponseReturnValue:
    """Here and not among the static files, because a worker’s scope is what lies beneath its own address: nothing but itself."""
    return Response(WORKER.read_text(encoding="utf-8"), mimetype="text/javascript")


def _held() -> Choices:
    return choices_of([viewer().person_id])[viewer().person_id]


def _groups() -> list[Group]:
    """Those that some kind of message belongs to."""
    return [group for group in (*GROUPS, OTHER) if has_kinds_in(current_app, group)]


def _page(*, form: Any = None, quiet: QuietForm | None = None, push: PushForm | None = None) -> str:
    held = _held()
    filled = form or choices_form(_groups(), held, is_sent=False)
    browsers = db.session.scalars(subscriptions_of(viewer().person_id).order_by(PushSubscription.id.desc())).all()
    return render_template(
        "notifications/choices.html",
        form=filled, rows=filled.rows(_groups()), quiet=quiet or QuietForm.of(held.quiet), push=push or PushForm(formdata=None),
        browsers=browsers, key=_key(), zone=viewer().time_zone,
    )  # fmt: skip


def _key() -> str | None:
    """None where KEY_DIR cannot be written: the page then says so, instead of failing."""
    try:
        return public_key()
    except OSError:
        return None
