"""One's own account: the password, and the browsers that are signed in."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.access import actions, queries
from tracker.access.blueprint import bp
from tracker.access.forms import ChangePasswordForm, tries_later
from tracker.access.models import Account
from tracker.access.rules import hash_password, password_matches
from tracker.access.terminal_queries import pin_of
from tracker.core import clock
from tracker.core.audience import find_or_404, members, viewer
from tracker.core.db import db, reading
from tracker.core.pages import notice


@bp.get("/account")
@members
def account() -> ResponseReturnValue:
    return _account_page(_change_form())


@bp.post("/account/password")
@members
def change_password() -> ResponseReturnValue:
    """Whoever sits down at a browser left open does not know the password: wrong ones are counted like a vain sign-in."""
    form = _change_form()
    if not form.validate():
        return _account_page(form), 422
    with reading():  # hashing takes long on purpose: not while holding the write lock
        account = queries.account_of_person(viewer().person_id)
        key = f"password:{account.id if account else 0}"
        blocked = queries.blocked_until([key], at=clock.now())
        matches = bool(account and not blocked and password_matches(form.current.data, account.password_hash))
        password_hash = hash_password(form.password.data) if matches else ""
    if account is None or not matches:
        return _refused(form, key, blocked is not None)
    actions.clear_failures([key])
    actions.set_password(
        db.session.get_one(Account, account.id),
        password_hash,
        at=clock.now(),
        by=viewer().person_id,
        keep_session=viewer().session_id,
    )
    notice(_("Your password is changed. Everywhere else you are signed out."))
    return redirect(url_for(".account"), 303)


def _refused(form: ChangePasswordForm, key: str, is_blocked: bool) -> ResponseReturnValue:
    """The failure is counted in a transaction of its own: it must survive the refusal."""
    until = queries.blocked_until([key], at=clock.now())
    if not is_blocked:
        until = actions.count_failure(key, at=clock.now()).until
        db.session.commit()
    form.current.errors = [tries_later(until) if until else _("That is not your password")]
    return _account_page(form), 429 if is_blocked else 422


@bp.post("/account/sessions/<int:id>/end")
@members
def end_session(id: int) -> ResponseReturnValue:
    session = find_or_404(queries.open_sessions_of(viewer().person_id, at=clock.now()), id)
    actions.end_session(session, by=viewer().person_id, at=clock.now())
    notice(_("That browser is signed out."))
    return redirect(url_for(".account"), 303)


def _change_form() -> ChangePasswordForm:
    return ChangePasswordForm(name=viewer().name, staff_number=viewer().staff_number)


def _account_page(form: ChangePasswordForm) -> str:
    sessions = db.session.scalars(queries.open_sessions_of(viewer().person_id, at=clock.now())).all()
    account = queries.account_of_person(viewer().person_id)
    pin = pin_of(account.id if account else None)
    return render_template("access/account.html", form=form, sessions=sessions, pin=pin)
