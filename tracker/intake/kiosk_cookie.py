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

from tracker.intake.kiosk_queries import kiosk_of_token
from tracker.intake.models import Kiosk

LENGTH = timedelta(days=400)  # as long as browsers keep any; each look at the kiosk's page begins it anew
OPEN_PATHS = ("/kiosk/", "/static/", "/healthz/")


def start(app: Flask) -> None:
    app.before_request(_keep_to_the_kiosk)


def paired_kiosk() -> Kiosk | None:
    """The kiosk that this browser is, as of this request."""
    if "kiosk" not in g:
        token = request.cookies.get(current_app.config["KIOSK_COOKIE_NAME"])
        g.kiosk = kiosk_of_token(token) if token else None
    return cast("Kiosk | None", g.kiosk)


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
