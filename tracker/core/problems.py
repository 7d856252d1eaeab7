"""Refusals for programs: RFC 9457, `application/problem+json`, for everything under /api/ and /hooks/."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import json, request
from flask.wrappers import Response
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

PROBLEM = "application/problem+json"
KEPT_HEADERS = {"Allow", "Retry-After", "WWW-Authenticate"}


def is_for_programs() -> bool:
    """Whether whoever asks is a program, by the address alone: what it accepts is often left at a default."""
    return request.path.startswith(("/api/", "/hooks/"))


def problem(
    status: HTTPStatus,
    sentence: str,
    *,
    reference: str | None = None,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A refusal as RFC 9457 says it. `errors`: which fields, and what is wrong with each; `reference` finds it in the log."""
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": status.phrase,
        "status": int(status),
        "detail": sentence,
    }
    if reference:
        content["reference"] = reference
    if errors:
        content["errors"] = [dict(error) for error in errors]
    return Response(json.dumps(content), status=int(status), mimetype=PROBLEM, headers=dict(headers or {}))


def problem_of(error: HTTPException) -> Response:
    """The same for what the web framework refuses by itself."""
    status = HTTPStatus(error.code or 500)
    headers = {name: value for name, value in error.get_headers() if name in KEPT_HEADERS}
    return problem(status, _sentence(status), headers=headers)


def _sentence(status: HTTPStatus) -> str:
    sentences = {
        400: _("The body can’t be read as JSON."),
        401: _("Send a token that is valid, as “Authorization: Bearer” and the token."),
        403: _("This token may not do that."),
        404: _("There is nothing at this address."),
        405: _("This address can’t be used with that method."),
        413: _("The body is too large."),
        415: _("Send the body as application/json."),
        429: _("That was too often in a short time. Wait as long as Retry-After says and try again."),
        503: _("The database can’t be reached right now. Try again in a minute."),
    }
    return sentences.get(int(status), _("That didn’t work. Nothing was saved."))
