"""The door: sign in, sign out, first run, one-time links and slips."""

import hmac

from flask import current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.access import actions, queries
from tracker.access.blueprint import bp
from tracker.access.first_run import start_organisation
from tracker.access.forms import (
    FirstRunForm,
    ForgottenForm,
    NewPasswordForm,
    SignInForm,
    SlipForm,
    tries_later,
)
from tracker.access.login import browser_hint, setup_code, sign_in_browser, sign_out_browser, use_terminal
from tracker.access.models import Account, SignInSession
from tracker.access.rules import hash_password, keyed_hash, password_matches
from tracker.access.terminal_cookie import paired_terminal, swept, terminal_token
from tracker.core import clock
from tracker.core.audience import checked_elsewhere, members, public, viewer, viewer_or_none
from tracker.core.db import db, reading
from tracker.core.language import moment
from tracker.core.pages import notice
from tracker.core.unchanged import kept_no_more
from tracker.organisation.models import Person
from tracker.organisation.queries import the_organisation

ADDRESS_FREE_FAILURES = 30


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    if the_organisation() is None:
        return redirect(url_for(".first_run"))
    if viewer_or_none():
        return redirect(url_for("home.start"))
    if "password" not in request.args and paired_terminal():
        return redirect(url_for(".terminal"))
    return _sign_in_page(SignInForm())


@bp.post("/sign-in")
@public
def sign_in_now() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form), 422
    at = clock.now()
    with reading():  # hashing takes long on purpose: not while holding the write lock
        found = queries.account_of(form.identifier.data)
        keys = _throttle_keys(found[0] if found else None, form.identifier.data)
        blocked = queries.blocked_until(keys, at=at)
        matches = not blocked and password_matches(form.password.data, found[0].password_hash if found else None)
    if blocked:
        form.password.errors = [tries_later(blocked)]
        return _sign_in_page(form), 429
    if found is None or not matches or found[0].deactivated_at:
        return _sign_in_failed(form, keys)
    return _signed_in(found[0].id, remember=form.remember.data, keys=keys)


def _signed_in(account_id: int, *, remember: bool, keys: list[str], by_link: bool = False) -> ResponseReturnValue:
    at = clock.now()
    account = db.session.get_one(Account, account_id)
    terminal_id = use_terminal(at=at)
    token = actions.start_session(account, browser=browser_hint(), remember=remember, at=at, terminal_id=terminal_id)
    actions.clear_failures(keys[:1])
    db.session.flush()
    person = queries.viewer_of_session(token, terminal=terminal_token(), at=at)
    if person is None:  # employment has ended
        db.session.rollback()
        return _sign_in_failed(SignInForm(), keys)
    sign_in_browser(token, person, remember=remember and terminal_id is None)
    # Whoever comes in by a slip is the one who holds it; the owner of the account hears of it with the password.
    for slip in [] if by_link else actions.tell_of_slips(account, at=at):
        notice(
            _(
                "A sign-in slip was printed for you on %(day)s. If you didn’t ask for it, tell an admin.",
                day=moment(slip, person.time_zone),
            ),
            kind="attn",
        )
    return redirect(_next_or_home(), 303)


def _sign_in_failed(form: SignInForm, keys: list[str]) -> ResponseReturnValue:
    """The failure is counted in a transaction of its own: it must survive the refusal."""
    db.session.rollback()
    at = clock.now()
    block = actions.count_failure(keys[0], at=at)
    actions.count_failure(keys[1], at=at, free=ADDRESS_FREE_FAILURES)
    db.session.commit()
    form.identifier.errors = [_("That didn’t match. Check your staff number and password.")]
    form.password.errors = [tries_later(block.until) if block.until else _("Enter your password again")]
    return _sign_in_page(form), 422


def _sign_in_page(form: SignInForm) -> str:
    organisation = the_organisation()
    is_demo = organisation is not None and organisation.kind == "demo"
    return render_template(
        "access/sign_in.html",
        form=form,
        is_demo=is_demo,
        organisation=organisation,
        demo_people=current_app.extensions.get("demo_people", []),
    )


def _throttle_keys(account: Account | None, identifier: str) -> list[str]:
    """By account (or by what was typed, so that unknown names behave the same), and by address; both without storing them."""
    secret = current_app.config["SECRET_KEY"]
    who = f"account:{account.id}" if account else f"name:{keyed_hash(secret, identifier.strip().lower())}"
    return [who, f"address:{keyed_hash(secret, request.remote_addr or '')}"]


def _next_or_home() -> str:
    """Only a path of our own: no scheme, no host, no backslash, nothing that a browser could read as another site."""
    target = request.args.get("next", "")
    is_own = target.startswith("/") and not target.startswith("//")
    is_clean = is_own and "\\" not in target and target.isprintable()
    return target if is_clean else url_for("home.start")


@bp.post("/sign-out")
@members
def sign_out() -> ResponseReturnValue:
    session = db.session.get(SignInSession, viewer().session_id)
    if session:
        actions.end_session(session, by=viewer().person_id, at=clock.now())
    sign_out_browser()
    if paired_terminal():
        return swept(make_response(redirect(url_for(".terminal"), 303)))
    return kept_no_more(make_response(redirect(url_for(".sign_in"), 303)))


@bp.get("/forgotten")
@public
def forgotten() -> ResponseReturnValue:
    return render_template("access/forgotten.html", form=ForgottenForm(), sent=False)


@bp.post("/forgotten")
@public
def forgotten_now() -> ResponseReturnValue:
    """The same answer whoever was named, so that nobody learns who has an account."""
    form = ForgottenForm()
    if not form.validate():
        return render_template("access/forgotten.html", form=form, sent=False), 422
    found = queries.account_of(form.identifier.data)
    key = f"reset:{_throttle_keys(None, '')[1]}"
    blocked = queries.blocked_until([key], at=clock.now())
    if blocked:
        form.identifier.errors = [tries_later(blocked)]
        return render_template("access/forgotten.html", form=form, sent=False), 429
    actions.count_failure(key, at=clock.now(), free=ADDRESS_FREE_FAILURES)
    if found and found[1].email and not found[0].deactivated_at:
        actions.ask_for_reset(found[0], at=clock.now())
    return render_template("access/forgotten.html", form=form, sent=True)


@bp.get("/slip")
@public
def slip() -> ResponseReturnValue:
    return render_template("access/slip.html", form=SlipForm())


@bp.post("/slip")
@public
def slip_now() -> ResponseReturnValue:
    form = SlipForm()
    code = "-".join((form.code.data or "").upper().split()) if form.validate() else ""
    keys = _throttle_keys(None, "slip")[1:]
    blocked = queries.blocked_until(keys, at=clock.now())
    if code and not blocked and queries.usable_link(code, at=clock.now()):
        return redirect(url_for(".welcome", token=code), 303)
    actions.count_failure(keys[0], at=clock.now(), free=ADDRESS_FREE_FAILURES)
    db.session.commit()
    form.code.errors = [
        tries_later(blocked)
        if blocked
        else _("This code doesn’t open anything. Check each letter, or ask for a new slip")
    ]
    return render_template("access/slip.html", form=form), 422


@bp.get("/welcome/<token>")
@public
def welcome(token: str) -> ResponseReturnValue:
    """Opening a link spends nothing: mail scanners open links too."""
    checked_elsewhere()  # the token is the permission
    found = queries.usable_link(token, at=clock.now())
    if found is None:
        return render_template("access/link_over.html"), 404
    form = NewPasswordForm(name=found[2].name, staff_number=found[2].staff_number)
    return render_template("access/welcome.html", form=form, person=found[2], kind=found[0].kind)


@bp.post("/welcome/<token>")
@public
def welcome_now(token: str) -> ResponseReturnValue:
    checked_elsewhere()
    found = queries.usable_link(token, at=clock.now())
    if found is None:
        return render_template("access/link_over.html"), 404
    link, account, person = found
    form = NewPasswordForm(name=person.name, staff_number=person.staff_number)
    if not form.validate():
        return render_template("access/welcome.html", form=form, person=person, kind=link.kind), 422
    with reading():
        password_hash = hash_password(form.password.data)
    actions.use_link(link, account, password_hash, at=clock.now())
    return _signed_in(account.id, remember=False, keys=_throttle_keys(account, ""), by_link=True)


@bp.get("/first-run")
@public
def first_run() -> ResponseReturnValue:
    if the_organisation():
        return redirect(url_for(".sign_in"))
    return render_template("access/first_run.html", form=FirstRunForm(), needs_code=bool(setup_code(current_app)))


@bp.post("/first-run")
@public
def first_run_now() -> ResponseReturnValue:
    if the_organisation():
        return redirect(url_for(".sign_in"), 303)
    form, code = FirstRunForm(), setup_code(current_app)
    valid = form.validate()
    if code and not hmac.compare_digest((form.setup_code.data or "").encode(), code.encode()):
        form.setup_code.errors = [_("This is not the code that the server printed")]
        valid = False
    if not valid:
        return render_template("access/first_run.html", form=form, needs_code=bool(code)), 422
    with reading():
        password_hash = hash_password(form.password.data)
    account = start_organisation(
        name=form.organisation.data,
        time_zone=form.time_zone.data,
        admin=Person(
            name=form.name.data, staff_number=form.staff_number.data, email=(form.email.data or "").lower() or None
        ),
        password_hash=password_hash,
        at=clock.now(),
    )
    return _signed_in(account.id, remember=False, keys=_throttle_keys(account, ""))
