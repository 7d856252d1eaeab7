"""The glue between a tablet and its kiosk: a cookie of its own, and the lock that keeps the browser on the kiosk's pages.

The cookie holds a random token and opens the kiosk's own routes, nothing else: it makes nobody a viewer. It is HttpOnly, so no
script reads it, and SameSite=Strict, so no other site can use it. The forms and the queue carry the ordinary CSRF token besides.
A token in a page would not survive days offline (its session ends with the browser), so the queue asks for a fresh one
(`/kiosk/token`) just before it sends: nothing has to be exempted, and nothing has to last.
"""

from datetime import timedelta
from typing import cast

from flask import Flask, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from flask_babel import gettext as _

from tracker.core.audience import asks_no_more, viewer_or_none
from tracker.core.errors import Refused
from tracker.core.language import asked_language, decided_by_place
from tracker.intake.kiosk_queries import kiosk_of_token
from tracker.intake.models import Kiosk

LENGTH = timedelta(days=400)  # as long as browsers keep any; each look at the kiosk's page begins it anew
OPEN_PATHS = ("/kiosk/", "/static/", "/healthz/")
STAFF_READ = {"intake.leave_kiosk", "intake.leave_kiosk_now", "intake.start_kiosk"}


def start(app: Flask) -> None:
    app.before_request(_keep_to_the_kiosk)
    decided_by_place(app, _language)


def paired_kiosk() -> Kiosk | None:
    """The kiosk that this browser is, as of this request."""
    if "kiosk" not in g:
        token = request.cookies.get(current_app.config["KIOSK_COOKIE_NAME"])
        g.kiosk = kiosk_of_token(token) if token else None
        g.kiosk_language = g.kiosk.language if g.kiosk and g.kiosk.left_at is None else None
    return cast("Kiosk | None", g.kiosk)


def customers_kiosk() -> Kiosk | None:
    """The kiosk of this tablet. Whoever works here and is signed in on it is refused: customers rate."""
    here, staff = paired_kiosk(), viewer_or_none()
    if here is not None and staff is not None:
        raise Refused(_("You’re signed in here as %(name)s, and only customers rate. Sign out first.", name=staff.name))
    return here


def forget_kiosk() -> None:
    """Ask the database again: what was loaded has been rolled back."""
    g.pop("kiosk", None)


def give_cookie(response: Response, token: str) -> Response:
    response.set_cookie(
        current_app.config["KIOSK_COOKIE_NAME"],
        token,
        max_age=LENGTH,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Strict",
    )
    return response


def give_cookie_again(response: Response) -> Response:
    """The same token for another while: a cookie cannot be given for ever."""
    return give_cookie(response, request.cookies[current_app.config["KIOSK_COOKIE_NAME"]])


def _keep_to_the_kiosk() -> ResponseReturnValue | None:
    """While a kiosk runs in a browser no other page opens there, whatever is typed into its address bar. The PIN ends that."""
    if current_app.config["KIOSK_COOKIE_NAME"] not in request.cookies or request.endpoint is None:
        return None
    if request.path.startswith(OPEN_PATHS):
        return None
    kiosk = paired_kiosk()
    return redirect(url_for("intake.kiosk"), 303) if kiosk is not None and kiosk.left_at is None else None


def _language() -> str | None:
    """What a page under /kiosk/ is in. The tablet's browser has no say: whoever bought it chose its language, no customer did.

    - The faces, who helped, the thanks, and errors on the way: what the customer chose, before that the kiosk's own language.
    - The form for a pairing code, the PIN, and the kiosk that rests: English. Only who works here goes on from these pages,
      and staff's pages are complete in English alone: anything else would be half of each.
    """
    if not request.path.startswith("/kiosk/"):
        return None
    if not asks_no_more():
        paired_kiosk()
    own = None if request.endpoint in STAFF_READ else g.get("kiosk_language", "en")
    return asked_language() or own if own else "en"
