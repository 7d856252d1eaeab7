"""Headers of every answer: a strict policy, no inline script or style, nothing cached that is personal."""

from flask import Flask, request
from flask.wrappers import Response

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'; worker-src 'self'"
)
ONE_YEAR = 31_536_000
SECRET_ADDRESSES = {
    "intake.rate",
    "intake.no_more",
    "intake.one_click_page",
    "access.welcome",
    "pulse_answers.answer",
    "pulse_answers.begin",
    "pulse_slips.answer",
    "pulse_slips.begin",
    "pulse_slips.enter",
    "pulse_reply_door.enter",
    "pulse_reply_door.read",
    "pulse_reply_door.write",
    "verification.verify",
}


def framing(response: Response) -> Response:
    """A page that shows another of ours in a frame."""
    response.headers["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
    return response


def framing_from(response: Response, origin: str) -> Response:
    """A page that shows something of another origin in a frame: of this one alone."""
    response.headers["Content-Security-Policy"] = f"{POLICY}; frame-src {origin}" if origin else POLICY
    return response


def may_be_framed(response: Response) -> Response:
    """A page that only looks like one to act on, and that a page of ours may show in a frame."""
    response.headers["Content-Security-Policy"] = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def start(app: Flask) -> None:
    app.after_request(_add)


def _add(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers.setdefault("X-Frame-Options", "DENY")
    headers["Referrer-Policy"] = "no-referrer" if request.endpoint in SECRET_ADDRESSES else "same-origin"
    if request.endpoint in SECRET_ADDRESSES:
        headers["X-Robots-Tag"] = "noindex, nofollow"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if request.is_secure:
        headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR}"
    if request.endpoint == "static" and "v" in request.args:
        headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
    elif request.endpoint != "static" and "private" not in headers.get("Cache-Control", ""):
        headers["Cache-Control"] = "no-store"
    return response
