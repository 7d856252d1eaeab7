"""The inbox page."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.core import clock
from tracker.core.audience import Blueprint, find_or_404, members, viewer
from tracker.notifications import actions, queries
from tracker.notifications.kinds import kind_of
from tracker.notifications.policy import messages_of

bp = Blueprint("notifications", __name__, url_prefix="/inbox")


@bp.get("")
@members
def inbox() -> ResponseReturnValue:
    messages = queries.inbox(viewer())
    today = viewer().today
    rows = [
        (kind_of(message), message, clock.local_day(message.visible_at, viewer().time_zone) == today)
        for message in messages
    ]
    return render_template("notifications/inbox.html", rows=rows)


@bp.post("/read")
@members
def mark_all_read() -> ResponseReturnValue:
    actions.mark_all_read(viewer())
    return redirect(url_for(".inbox"), 303)


@bp.post("/<int:id>/opening")
@members
def open_message(id: int) -> ResponseReturnValue:
    """Opening is a POST: it marks the message as read, and a GET never writes."""
    message = find_or_404(messages_of(viewer()), id)
    actions.mark_read(message, at=clock.now())
    return redirect(kind_of(message).url(message), 303)
