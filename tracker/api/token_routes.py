"""Tokens of other programs: listed, made and revoked by admins."""

from datetime import date, datetime, time, timedelta

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.access.queries import viewer_of_person
from tracker.api import actions, queries
from tracker.api.forms import SCOPE_WORDS, TokenForm
from tracker.api.models import ApiToken
from tracker.api.policy import may_hold_tokens, tokens_managed_by
from tracker.core import clock
from tracker.core.audience import Blueprint, admins, find_or_404, viewer
from tracker.core.pages import notice

bp = Blueprint("tokens", __name__)


@bp.get("/settings/tokens")
@admins
def tokens() -> ResponseReturnValue:
    return _page(TokenForm(today=viewer().today))


@bp.post("/settings/tokens")
@admins
def make_token() -> ResponseReturnValue:
    """Shows the secret at once and only now: it is kept nowhere, so there is no page to be sent on to."""
    form = TokenForm(today=viewer().today)
    if not form.validate():
        return _page(form), 422
    secret = actions.make_token(
        form.name.data,
        form.scopes.data,
        expires_at=_end_of(form.last_day.data),
        by=viewer().person_id,
        at=clock.now(),
    )
    return render_template("api/token.html", name=form.name.data, secret=secret)


@bp.post("/settings/tokens/<int:id>/revocation")
@admins
def revoke_token(id: int) -> ResponseReturnValue:
    token: ApiToken = find_or_404(tokens_managed_by(viewer()), id)
    actions.revoke_token(token, by=viewer().person_id, at=clock.now())
    notice(_("The token is revoked. Whatever used it is refused from now on."))
    return redirect(url_for(".tokens"), 303)


def _end_of(day: date | None) -> datetime | None:
    """The moment a day is over where the maker works."""
    return clock.moment_at(day + timedelta(days=1), time(0), viewer().time_zone) if day else None


def _page(form: TokenForm) -> str:
    listed = queries.tokens_listed(tokens_managed_by(viewer()))
    return render_template(
        "api/tokens.html", form=form, rows=[(token, _state(token)) for token in listed], words=SCOPE_WORDS
    )


def _state(token: ApiToken) -> str:
    at = clock.now()
    if token.revoked_at:
        return "revoked"
    if token.expires_at and token.expires_at <= at:
        return "expired"
    maker = viewer_of_person(token.made_by_id, at=at)
    return "works" if maker and may_hold_tokens(maker) else "stopped"
