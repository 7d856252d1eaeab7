"""Whatever is sent, right or wrong: no crash, and no answer that the document does not name."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.conftest import NOW, Program, an_interaction_body
from tests.conftest import Cast
from tracker.access.actions import set_roles
from tracker.api import clients
from tracker.core.db import db, transaction
from tracker.ratings import rollup

Make = Callable[..., Program]
OPERATIONS = [
    ("POST", "/api/v1/interactions"),
    ("POST", "/api/v1/interactions/transfers"),
    ("POST", "/api/v1/ratings"),
    ("POST", "/api/v1/reviews"),
    ("GET", "/api/v1/interactions"),
    ("GET", "/api/v1/pulse/results"),
    ("GET", "/api/v1/ratings"),
    ("GET", "/api/v1/people"),
    ("GET", "/api/v1/scores"),
    ("GET", "/api/v1/reports"),
    ("GET", "/api/v1/reports/{name}"),
]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
# What the schema alone cannot say: names that are known here, and one of two ways to give a mark.
NEEDED: dict[str, dict[str, Any]] = {
    "/api/v1/interactions": {"touchpoint": "Tills", "channel": None, "started_at": None, "contributors": []},
    "/api/v1/interactions/transfers": {
        "source": "pos",
        "external_id": "visit-1",
        "transferred_at": "2026-11-17T07:30:00Z",
    },
    "/api/v1/ratings": {"touchpoint": "Tills", "channel": None, "stars": 4, "value": None, "scale": None},
    "/api/v1/reviews": {"team": None, "touchpoint": None, "link": None, "stars": 4},
}
SETTINGS = settings(
    max_examples=50,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)


def schema_of(app: Flask) -> Any:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)


def test_every_operation_is_tried(app: Flask) -> None:
    tried = [(operation.ok().method.upper(), operation.ok().path) for operation in schema_of(app).get_all_operations()]
    assert sorted(tried) == sorted(OPERATIONS)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_answer_is_a_documented_one(
    app: Flask, cast: Cast, program: Make, monkeypatch: pytest.MonkeyPatch, method: str, path: str, mode: GenerationMode
) -> None:
    monkeypatch.setattr(clients, "POSTS_A_MINUTE", 10**9)
    monkeypatch.setattr(clients, "READS_A_MINUTE", 10**9)
    with transaction():
        set_roles(db.session.merge(cast.ruth), {"admin", "hr"}, by=cast.chloe.id, at=NOW)  # reports are for HR
    headers = {"Authorization": f"Bearer {program().secret}"}
    program().post("/interactions", an_interaction_body())  # what a transfer speaks of
    operation = schema_of(app)[path][method]
    seen: set[int] = set()
    is_right = mode is GenerationMode.POSITIVE
    # A body that is wrong by the schema must be refused. (In a list, leaving out the token counts as wrong, and we add it again.)
    checks = [*CHECKS, negative_data_rejection] if method == "POST" and not is_right else CHECKS

    @SETTINGS
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: Any) -> None:
        db.session.rollback()
        db.session.remove()
        if is_right and method == "POST":
            case.body.update(NEEDED[path])
        answer = case.call(headers=headers)
        seen.add(answer.status_code)
        # What is too large to be read is refused before anybody looks at what is wrong in it.
        case.validate_response(answer, checks=CHECKS if answer.status_code == 413 else checks)

    check()
    assert not is_right or seen & {200, 201}, "nothing right was ever taken"
    assert rollup.differences() == {}


def test_the_document_can_be_read_by_anybody(app: Flask) -> None:
    """It holds nothing of anybody, so it asks for no token."""
    answer = app.test_client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    document = json.loads(answer.text)
    assert document["openapi"].startswith("3.1")
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert {"200", "401", "403", "405", "422", "429", "500"} <= set(operation["responses"]), path
            assert operation["security"], path
        if "post" in operations:
            assert {"201", "400", "409", "413", "415"} <= set(operations["post"]["responses"]), path
