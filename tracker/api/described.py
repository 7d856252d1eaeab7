"""The OpenAPI document, made from the declarations that also check what comes in and goes out."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any, TypeVar

from flask import Flask
from pydantic import BaseModel, ValidationError
from spectree import Response, SecurityScheme, SpecTree
from spectree.models import SecureType, SecuritySchemeData

from tracker.api.schemas import KeyHeader, PageQuery, Problem
from tracker.core.errors import Invalid
from tracker.core.problems import PROBLEM

View = TypeVar("View", bound=Callable[..., Any])
ALWAYS = (401, 403, 405, 422, 429, 500, 503)
WITH_A_BODY = (400, 409, 413, 415)


def _refuse_invalid(_request: Any, _answer: Any, error: Exception | None, *_more: Any) -> None:
    """Every field that is wrong, with a sentence each. What was sent is not repeated: it may hold a customer's words."""
    if not isinstance(error, ValidationError):
        return
    errors = [{"field": _place(found["loc"]), "problem": _sentence(found["msg"])} for found in error.errors()]
    raise Invalid("What was sent can’t be used. The errors say which field and why.", errors=errors)


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "body"


def _sentence(message: str) -> str:
    text = message.removeprefix("Value error, ")
    return text if text.endswith((".", "?")) else f"{text}."


SPEC = SpecTree(
    "flask",
    title="Service tracker",
    version="1",
    mode="strict",
    description="Interactions and ratings in; ratings, people and reports out.",
    security_schemes=[
        SecurityScheme(
            name="token",
            data=SecuritySchemeData(
                type=SecureType.HTTP, scheme="bearer", description="A token that an admin made in the settings"
            ),
        )
    ],
    before=_refuse_invalid,
    validation_error_model=Problem,
    naming_strategy=lambda model: model.__name__,
    nested_naming_strategy=lambda _parent, child: child,
)


def described(
    scope: str, *, json: type[BaseModel] | None = None, query: type[BaseModel] = PageQuery, **answers: Any
) -> Callable[[View], View]:
    """Check what comes in and goes out, and put it into the document. `answers`: HTTP_201=Model and so on."""
    problems = {f"HTTP_{status}": Problem for status in (*ALWAYS, *(WITH_A_BODY if json else ()))}
    asked: dict[str, Any] = {"json": json, "headers": KeyHeader} if json else {"query": query}
    return SPEC.validate(resp=Response(**answers, **problems), security={"token": [scope]}, **asked)


def document(app: Flask) -> dict[str, Any]:
    """The OpenAPI document of version 1, as this instance answers it."""
    with app.test_request_context():
        made = deepcopy(SPEC.spec)
    made["servers"] = [{"url": app.config["BASE_URL"]}]
    for operations in made["paths"].values():
        for operation in operations.values():
            _say_problems(operation)
    return made


def _say_problems(operation: dict[str, Any]) -> None:
    """Refusals have a content type of their own, and 401 and 429 a header."""
    for status, answer in operation["responses"].items():
        if int(status) < 400:
            continue
        answer["content"] = {PROBLEM: answer["content"]["application/json"]}
        name = {"401": "WWW-Authenticate", "429": "Retry-After"}.get(status)
        if name:
            answer["headers"] = {name: {"schema": {"type": "string"}}}
