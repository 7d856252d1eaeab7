"""A view that answers the same request once: the header Idempotency-Key, as payment services have it."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response, make_response, request

from tracker.api.clients import token
from tracker.api.keeping import Claim, claim, keep, keep_refusal, let_go
from tracker.api.rules import request_hash
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import DomainError, refusal_for_programs

View = TypeVar("View", bound=Callable[..., Any])
KEY = re.compile(r"[\x21-\x7e]{1,255}")


def answered_once(view: View) -> View:
    """Under a key of its own a request is done once. Mistakes in the request itself and crashes of ours are not kept."""

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key")
        if key is None or not KEY.fullmatch(key):
            return make_response(view(*args, **kwargs))  # a key that cannot be one is refused with the other fields
        asked = request_hash(request.method, request.path, request.get_json())
        found = claim(token().id, key, asked, at=clock.now())
        if not isinstance(found, Claim):
            return _again(found.status or 200, found.body or "")
        return _first(lambda: make_response(view(*args, **kwargs)), found)

    return cast(View, answered)


def _first(work: Callable[[], Response], ours: Claim) -> Response:
    try:
        response = work()
        keep(ours, response.status_code, response.get_data(as_text=True))
    except DomainError as error:
        response = refusal_for_programs(error)
        if error.errors:
            let_go(ours)
        else:
            keep_refusal(ours, response.status_code, response.get_data(as_text=True))
    except BaseException:
        let_go(ours)
        raise
    return response


def _again(status: int, body: str) -> Response:
    db.session.rollback()
    kind = "application/json" if status < 400 else "application/problem+json"
    return Response(body, status=status, mimetype=kind, headers={"Idempotency-Replayed": "true"})
