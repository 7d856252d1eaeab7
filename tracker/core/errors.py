"""What the domain may say no with, and the one place that turns a no into a page or JSON."""

import secrets
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, jsonify, render_template, request
from flask.json.provider import DefaultJSONProvider
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from werkzeug.exceptions import HTTPException

from tracker.core import clock, logs
from tracker.core.audience import ask_no_more, is_for_customers
from tracker.core.problems import is_for_programs, problem, problem_of

log = structlog.get_logger()
ALREADY_THERE = {"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}
# What SQLite calls operational and is our own mistake: a wrong statement, or a GET that writes.
OUR_MISTAKES = {"SQLITE_ERROR", "SQLITE_READONLY"}


class DomainError(Exception):
    """A refusal with a sentence for the person who asked."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, sentence: str, *, errors: Sequence[Mapping[str, str]] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.errors = errors  # for programs: which fields, and what is wrong with each


class Invalid(DomainError):
    """What was given cannot be used."""


class Refused(DomainError):
    """The person may see this but not do that."""

    status = HTTPStatus.FORBIDDEN


class Conflict(DomainError):
    """Something else happened first."""

    status = HTTPStatus.CONFLICT


class NotYet(DomainError):
    """Right, but too early."""

    status = HTTPStatus.CONFLICT


class JSON(DefaultJSONProvider):
    """What is nested deeper than can be read is no JSON to us, whoever sends it."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        try:
            return super().loads(s, **kwargs)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


def start(app: Flask) -> None:
    app.json = JSON(app)
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _crash)


def _domain_error(error: DomainError) -> ResponseReturnValue:
    return refusal_for_programs(error) if is_for_programs() else answer(error.status, error.sentence)


def refusal_for_programs(error: DomainError) -> Response:
    return problem(error.status, error.sentence, errors=error.errors)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    cause = getattr(error, "original_exception", None)  # what failed after the view, such as the commit itself
    if isinstance(cause, Exception):
        return _crash(cause)
    if is_for_programs():
        ask_no_more()  # a cookie is worth nothing there, not even for the language
        return problem_of(error)
    return answer(HTTPStatus(error.code), _sentence(error.code))


def _crash(error: Exception) -> ResponseReturnValue:
    """Nothing of the error reaches the page; the reference finds it in the log."""
    ask_no_more()
    if _is_out_of_reach(error):
        return _database_gone(error)
    if _came_second(error):
        log.warning("came_second", endpoint=request.endpoint)
        sentence = _("Somebody did the same at the same moment. Go back and look again; nothing of yours was saved.")
        return answer(HTTPStatus.CONFLICT, sentence)
    reference = secrets.token_hex(3).upper()
    log.error("crash", reference=reference, endpoint=request.endpoint, **logs.where(error))
    return answer(HTTPStatus.INTERNAL_SERVER_ERROR, _("Nothing was saved, and nothing was sent twice."), reference)


def _is_out_of_reach(error: Exception) -> bool:
    """Whether the database is down, full or overrun, so that the same request may well do in a minute."""
    cause = getattr(error, "orig", None)
    is_ours = getattr(cause, "sqlite_errorname", None) in OUR_MISTAKES
    return isinstance(error, NoFreeConnection) or (isinstance(error, OperationalError) and not is_ours)


def _came_second(error: Exception) -> bool:
    """Whether two did at once what only one can: the action looked, and the other was quicker than its writing."""
    cause = getattr(error, "orig", None)
    code = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None)
    return isinstance(error, IntegrityError) and code in ALREADY_THERE


def _database_gone(error: Exception) -> ResponseReturnValue:
    """A plain page that asks the database nothing more. No traceback in the log: each request would leave one."""
    log.error("database_out_of_reach", endpoint=request.endpoint, error=type(getattr(error, "orig", error)).__name__)
    page, status = answer(HTTPStatus.SERVICE_UNAVAILABLE, _sentence(503))
    return page, status, {"Retry-After": "60"}


def answer(status: HTTPStatus, sentence: str, reference: str | None = None) -> tuple[str | Response, HTTPStatus]:
    """The same refusal as a page, or as JSON where JSON was asked for."""
    if is_for_programs():
        return problem(status, sentence, reference=reference), status
    if request.accept_mimetypes.best == "application/json":
        return jsonify(error=sentence, reference=reference), status
    page = render_template(
        "errors/error.html",
        status=int(status),
        sentence=sentence,
        reference=reference,
        at=clock.now(),
        to_customer=is_for_customers(),
    )
    return page, status


def _sentence(code: int) -> str:
    match code:
        case 400:
            return _(
                "The page was open too long, or something in it did not arrive. Go back, load it again and send it once more."
            )
        case 403:
            return _("You’re signed in, but this page is for somebody else.")
        case 404:
            return _("There is no such page, or it isn’t yours to see.")
        case 405:
            return _("This address can’t be used that way. Go back and use the button on the page.")
        case 413:
            return _("That file is too large to send here.")
        case 429:
            return _("That was too often in a short time. Wait a little and try again.")
        case 503:
            return _("The database can’t be reached right now. Try again in a minute.")
        case _:
            return _("That didn’t work. Nothing was saved.")
