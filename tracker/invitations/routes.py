"""The page of invitations: what is planned, sent, answered and skipped, for who leads and for the office."""

from flask import current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import Blueprint, members, viewer
from tracker.core.errors import Refused
from tracker.core.paging import page_of
from tracker.invitations import queries
from tracker.invitations.policy import may_create_invitations, may_read_invitations
from tracker.invitations.sentences import reason_words, state_words

bp = Blueprint("invitations", __name__)


@bp.get("/invitations")
@members
def invitations() -> ResponseReturnValue:
    if not may_read_invitations(viewer()):
        raise Refused(_("This page is for who leads a team, and for the office."))
    at = clock.now()
    return render_template(
        "invitations/invitations.html",
        teams=queries.counts_by_team(viewer(), at=at),
        reasons=queries.reasons(viewer(), at=at),
        page=page_of(queries.listed(viewer(), at=at), scalars=False),
        may_create=may_create_invitations(viewer()),
        has_server=bool(current_app.config["SMTP_URL"]),
        reason_words=reason_words,
        state_words=state_words,
    )
