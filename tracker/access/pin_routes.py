"""One’s own PIN for shared terminals: set, changed, removed, always with the password."""

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.access import actions, queries, terminal_actions
from tracker.access.blueprint import bp
from tracker.access.forms import tries_later
from tracker.access.models import Account
from tracker.access.rules import hash_password, password_matches
from tracker.access.terminal_forms import PinForm
from tracker.access.terminal_queries import pin_of
from tracker.access.terminal_rules import peppered
from tracker.core import clock
from tracker.core.audience import members, viewer
from tracker.core.db import db, reading
from tracker.core.pages import notice


@bp.get("/account/pin")
@members
def pin() -> ResponseReturnValue:
    return _page(_form())


@bp.post("/account/pin")
@members
def set_pin() -> ResponseReturnValue:
    """Wrong passwords are counted like those of a change of password, under the same key."""
    form = _form()
    if not form.validate():
        return _page(form), 422
    with reading():  # hashing takes long on purpose: not while holding the write lock
        account = queries.account_of_person(viewer().person_id)
        key = f"password:{account.id if account else 0}"
        blocked = queries.blocked_until([key], at=clock.now())
        matches = bool(account and not blocked and password_matches(form.current.data, account.password_hash))
        key_of_all = current_app.config["SECRET_KEY"]
        pin_hash = hash_password(peppered(key_of_all, account.id, form.pin.data)) if account and matches else ""
    if account is None or not matches:
        return _refused(form, key, blocked is not None)
    actions.clear_failures([key])
    terminal_actions.set_pin(db.session.get_one(Account, account.id), pin_hash, at=clock.now())
    notice(_("Your PIN is set. It works on your team’s shared terminals, and nowhere else."))
    return redirect(url_for(".account"), 303)


@bp.post("/account/pin/removal")
@members
def remove_pin() -> ResponseReturnValue:
    """Without the password: it only takes a way in away."""
    account = queries.account_of_person(viewer().person_id)
    if account is not None:
        terminal_actions.remove_pin(account, at=clock.now())
    notice(_("Your PIN is removed. You sign in with your password everywhere."))
    return redirect(url_for(".account"), 303)


def _refused(form: PinForm, key: str, is_blocked: bool) -> ResponseReturnValue:
    """The failure is counted in a transaction of its own: it must survive the refusal."""
    until = queries.blocked_until([key], at=clock.now())
    if not is_blocked:
        until = actions.count_failure(key, at=clock.now()).until
        db.session.commit()
    form.current.errors = [tries_later(until) if until else _("That is not your password")]
    return _page(form), 429 if is_blocked else 422


def _form() -> PinForm:
    return PinForm(staff_number=viewer().staff_number)


def _page(form: PinForm) -> str:
    account = queries.account_of_person(viewer().person_id)
    return render_template("access/pin.html", form=form, held=pin_of(account.id if account else None))
