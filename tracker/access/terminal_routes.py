"""The page of a shared terminal, for whoever stands there: pairing it, and signing in with a name and a PIN."""

from flask import current_app, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.access import actions, queries, terminal_actions
from tracker.access.blueprint import bp
from tracker.access.forms import tries_later
from tracker.access.login import browser_hint, sign_in_browser, sign_out_browser, use_terminal
from tracker.access.models import Account, SignInSession
from tracker.access.rules import keyed_hash, password_matches
from tracker.access.terminal_actions import Try
from tracker.access.terminal_cookie import forget_terminal, give_cookie, paired_terminal, swept, terminal_token
from tracker.access.terminal_forms import PairingForm, PinSignInForm
from tracker.access.terminal_models import SharedTerminal
from tracker.access.terminal_queries import account_at, names_at, pin_of
from tracker.access.terminal_rules import peppered
from tracker.core import clock
from tracker.core.audience import public, viewer_or_none
from tracker.core.db import db, reading
from tracker.organisation.queries import the_organisation

FREE_CODES = 10


@bp.get("/terminal")
@public
def terminal() -> ResponseReturnValue:
    """Whoever was here and is not any more leaves nothing behind, not even a notice meant for them."""
    here = paired_terminal()
    if here is None:
        return _pairing_page(PairingForm())
    if viewer_or_none():
        return redirect(url_for("home.start"))
    was_used = "_user_id" in session
    if was_used:
        session.clear()
    page = give_cookie(make_response(_page(here, _form(here))), str(terminal_token()))
    return swept(page) if was_used else page


@bp.post("/terminal/pairing")
@public
def pair_terminal() -> ResponseReturnValue:
    """One answer for every code that opens nothing, also while an address is held back."""
    form, at, address = PairingForm(), clock.now(), f"terminal:{_keyed(request.remote_addr or '')}"
    is_free = queries.blocked_until([address], at=at) is None
    token = None
    if form.validate() and is_free:
        token = terminal_actions.pair(form.code.data, key=current_app.config["SECRET_KEY"], at=at)
    if token is None:
        if is_free:
            _count_code(address)
        form.code.errors = [_("This code opens nothing. Codes work once, for 15 minutes; ask for a new one")]
        return _pairing_page(form), 422
    _sign_out_here()
    return give_cookie(make_response(redirect(url_for(".terminal"), 303)), token)


@bp.post("/terminal/sign-in")
@public
def sign_in_at_terminal() -> ResponseReturnValue:
    """Counted first, in a transaction of its own, then looked at: of many tries at once none is free."""
    here = paired_terminal()
    if here is None or viewer_or_none():
        return redirect(url_for(".terminal"), 303)
    form, at = _form(here), clock.now()
    if not form.validate():
        return _page(here, form), 422
    account_id = account_at(here, person=form.picked, staff_number=form.staff_number.data or "", at=at)
    account = db.session.get(Account, account_id) if account_id else None
    tried = terminal_actions.take_try(here, account, _who(account_id, form), at=at)
    db.session.commit()
    with reading():  # hashing takes long on purpose: not while holding the write lock
        pin = pin_of(account_id) if tried.is_taken else None
        typed = peppered(current_app.config["SECRET_KEY"], account_id or 0, form.pin.data)
        matches = tried.is_taken and password_matches(typed, pin.pin_hash if pin else None)
    forget_terminal()
    return _let_in(account_id, tried) if matches and account_id else _refused(form, tried)


def _let_in(account_id: int, tried: Try) -> ResponseReturnValue:
    at, account = clock.now(), db.session.get_one(Account, account_id)
    terminal_id = use_terminal(at=at)
    terminal_actions.forget_try(tried)
    token = actions.start_session(
        account, browser=browser_hint(), remember=False, at=at, terminal_id=terminal_id, by_pin=True
    )
    db.session.flush()
    person = queries.viewer_of_session(token, terminal=terminal_token(), at=at)
    if person is None:  # the terminal was revoked while the PIN was looked at
        db.session.rollback()
        forget_terminal()
        return redirect(url_for(".terminal"), 303)
    sign_in_browser(token, person, remember=False)
    return redirect(url_for("home.start"), 303)


def _refused(form: PinSignInForm, tried: Try) -> ResponseReturnValue:
    """The same sentence for a wrong PIN, for somebody without one, and for somebody who is not of this terminal’s people."""
    here = paired_terminal()
    if here is None:
        return redirect(url_for(".terminal"), 303)
    form.pin.errors = [_("That didn’t match. You can always sign in with your password.")]
    if tried.blocked_until:
        form.pin.errors = [tries_later(tried.blocked_until)]
    return _page(here, form), 422 if tried.is_taken else 429


def _form(here: SharedTerminal) -> PinSignInForm:
    return PinSignInForm(names=names_at(here, at=clock.now()))


def _who(account_id: int | None, form: PinSignInForm) -> str:
    return str(account_id) if account_id else _keyed(f"{form.person.data}:{(form.staff_number.data or '').upper()}")


def _page(here: SharedTerminal, form: PinSignInForm) -> str:
    organisation = the_organisation()
    is_demo = organisation is not None and organisation.kind == "demo"
    demo_pin = current_app.extensions.get("demo_pin") if is_demo else None
    return render_template("access/terminal.html", terminal=here, form=form, demo_pin=demo_pin)


def _pairing_page(form: PairingForm) -> str:
    return render_template("access/terminal_pairing.html", form=form, staff=viewer_or_none())


def _sign_out_here() -> None:
    """A shared terminal keeps nobody signed in who came before it was one."""
    staff = viewer_or_none()
    held = db.session.get(SignInSession, staff.session_id) if staff else None
    if staff and held:
        actions.end_session(held, by=staff.person_id, at=clock.now())
    sign_out_browser()


def _count_code(key: str) -> None:
    """In a transaction of its own: it must survive the refusal."""
    db.session.rollback()
    actions.count_failure(key, at=clock.now(), free=FREE_CODES)
    db.session.commit()


def _keyed(text: str) -> str:
    return keyed_hash(current_app.config["SECRET_KEY"], text)
