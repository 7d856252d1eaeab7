"""“Please don’t ask me again”: shown by a GET, done by a POST, taken back the same way. A mail program may do it in one click."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.core import clock
from tracker.core.audience import checked_elsewhere, customers
from tracker.core.errors import Invalid
from tracker.core.language import asked_language
from tracker.intake.blueprint import bp
from tracker.intake.queries import visit_behind
from tracker.intake.visits import unknown, visit_of
from tracker.invitations import actions

ONE_CLICK = ("List-Unsubscribe", "One-Click")


@bp.get("/rate/<token>/no-more")
@customers
def no_more(token: str) -> ResponseReturnValue:
    visit = visit_of(token)
    if visit is None:
        return unknown()
    interaction = visit.link.interaction
    return render_template(
        "intake/no_more.html",
        token=token,
        language_asked=asked_language(),
        is_declined=actions.is_declined(interaction),
        can_decline=actions.can_decline(interaction),
    )


@bp.post("/rate/<token>/no-more")
@customers
def ask_no_more(token: str) -> ResponseReturnValue:
    visit = visit_of(token)
    if visit is None:
        return unknown()
    actions.ask_no_more(visit.link.interaction, at=clock.now())
    return redirect(url_for(".no_more", token=token, language=asked_language()), 303)


@bp.post("/rate/<token>/asking-again")
@customers
def ask_again(token: str) -> ResponseReturnValue:
    visit = visit_of(token)
    if visit is None:
        return unknown()
    actions.ask_again(visit.link.interaction, at=clock.now())
    return redirect(url_for(".no_more", token=token, language=asked_language()), 303)


@bp.get("/rate/<token>/one-click")
@customers
def one_click_page(token: str) -> ResponseReturnValue:
    """Mail programs that know no one-click open the address: the page asks first, for reading changes nothing."""
    return no_more(token)


@bp.post("/rate/<token>/one-click")
@customers
def one_click(token: str) -> ResponseReturnValue:
    """RFC 8058: a POST by the mail provider, without cookies and so without a CSRF token.

    That is safe: no cookie or session counts here, so there is nothing that another site could borrow a browser for. The whole
    right is the secret in the address, which only the mail's recipient and provider have; all it does is to ask somebody less,
    and the customer’s page takes it back.
    """
    checked_elsewhere()
    name, value = ONE_CLICK
    visit = visit_behind(token)
    if visit is None:
        return unknown()
    if request.form.get(name) != value:
        raise Invalid("This address takes List-Unsubscribe=One-Click.")
    actions.ask_no_more(visit.link.interaction, at=clock.now())
    return "", 200
