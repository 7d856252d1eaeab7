"""Webhooks to other programs: made, tested, paused and removed by admins, each with its log."""

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import Blueprint, admins, find_or_404, viewer
from tracker.core.db import reading
from tracker.core.errors import Refused
from tracker.core.models import HookSubscription
from tracker.core.pages import notice
from tracker.core.paging import page_of
from tracker.webhooks import outbound_actions as actions
from tracker.webhooks import outbound_queries as queries
from tracker.webhooks.outbound_events import EVENTS, OFFERED
from tracker.webhooks.outbound_forms import WebhookForm
from tracker.webhooks.outbound_policy import deliveries_seen_by, webhooks_managed_by
from tracker.webhooks.outbound_sending import letter_of_test, posted

bp = Blueprint("outgoing", __name__, url_prefix="/settings/outgoing-webhooks")


@bp.get("")
@admins
def webhooks() -> ResponseReturnValue:
    return _list(WebhookForm())


@bp.post("")
@admins
def make_webhook() -> ResponseReturnValue:
    """Shows the secret at once and only now, so there is no page to be sent on to."""
    form = WebhookForm()
    if not form.validate():
        return _list(form), 422
    made, secret = actions.make_webhook(
        form.name.data, form.url.data, form.kinds.data, by=viewer().person_id, at=clock.now()
    )
    return render_template("webhooks/outgoing_secret.html", webhook=made, secret=secret, is_new=True)


@bp.get("/events")
@admins
def events() -> ResponseReturnValue:
    return render_template("webhooks/outgoing_events.html", events=OFFERED)


@bp.get("/<int:id>")
@admins
def webhook(id: int) -> ResponseReturnValue:
    found = _found(id)
    (shown,) = queries.webhooks_shown(webhooks_managed_by(viewer()).where(HookSubscription.id == id), at=clock.now())
    return render_template(
        "webhooks/outgoing_webhook.html",
        shown=shown,
        is_own=_is_own(found),
        events=EVENTS,
        page=page_of(queries.log_of(deliveries_seen_by(viewer()), id)),
    )


@bp.post("/<int:id>/tests")
@admins
def test_webhook(id: int) -> ResponseReturnValue:
    """Send a test message now. While the receiver takes its time, nothing is held open."""
    with reading():
        message_id, letter = letter_of_test(_found(id), at=clock.now())
    outcome = posted(letter)
    actions.note_test(id, message_id, outcome, at=clock.now())
    if outcome.is_taken:
        notice(_("The receiver took the test message: it answered %(status)d.", status=outcome.status))
    else:
        notice(_("The test message was not taken. %(reason)s", reason=outcome.error), kind="warning")
    return _back(id)


@bp.post("/<int:id>/secret")
@admins
def renew_secret(id: int) -> ResponseReturnValue:
    found = _found(id)
    if not _is_own(found):
        raise Refused(_("Only who made this webhook can have a new secret: it says what they may see."))
    secret = actions.renew_secret(found, by=viewer().person_id, at=clock.now())
    return render_template("webhooks/outgoing_secret.html", webhook=found, secret=secret, is_new=False)


@bp.post("/<int:id>/pause")
@admins
def pause(id: int) -> ResponseReturnValue:
    actions.pause(_found(id), because="asked", by=viewer().person_id, at=clock.now())
    notice(_("Paused. What happens from now on is not sent, also not later."))
    return _back(id)


@bp.post("/<int:id>/resumption")
@admins
def resume(id: int) -> ResponseReturnValue:
    actions.resume(_found(id), by=viewer().person_id, at=clock.now())
    notice(_("It is on again. What was waiting goes out now."))
    return _back(id)


@bp.post("/<int:id>/removal")
@admins
def remove(id: int) -> ResponseReturnValue:
    actions.remove(_found(id), by=viewer().person_id, at=clock.now())
    notice(_("The webhook is removed."))
    return redirect(url_for(".webhooks"), 303)


@bp.post("/<int:id>/deliveries/<int:delivery_id>/retry")
@admins
def send_again(id: int, delivery_id: int) -> ResponseReturnValue:
    row = find_or_404(queries.log_of(deliveries_seen_by(viewer()), id), delivery_id)
    actions.send_again(row, by=viewer().person_id, at=clock.now())
    notice(_("It is in the queue again, under the same id."))
    return _back(id)


def _found(id: int) -> HookSubscription:
    found: HookSubscription = find_or_404(webhooks_managed_by(viewer()), id)
    return found


def _is_own(found: HookSubscription) -> bool:
    return found.made_by_id == viewer().person_id


def _back(id: int) -> ResponseReturnValue:
    return redirect(url_for(".webhook", id=id), 303)


def _list(form: Any) -> str:
    shown = queries.webhooks_shown(webhooks_managed_by(viewer()), at=clock.now())
    return render_template("webhooks/outgoing_webhooks.html", form=form, shown=shown)
