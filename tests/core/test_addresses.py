"""An address with an id, or a text, that no database takes leads nowhere: 404, on every page."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.conftest import Cast


@pytest.mark.parametrize(
    ("kind", "value"), [(int, str(10**30)), (int, str(2**63)), (str, "a%00")], ids=["huge", "one too many", "NUL"]
)
def test_what_no_database_takes_is_nowhere(app: Flask, cast: Cast, browse: Any, kind: type, value: str) -> None:
    browser = browse(cast.chloe)
    answered = {}
    for rule in app.url_map.iter_rules():
        address = _address(rule, kind, value)
        if address is not None:
            answer = browser.get(address) if "GET" in (rule.methods or set()) else browser.post(address)
            answered[rule.rule] = answer.status_code
    assert len(answered) > 10
    assert {rule: status for rule, status in answered.items() if status != 404} == {}


def test_a_nul_on_no_route_at_all_is_nowhere_too(app: Flask, cast: Cast, browse: Any) -> None:
    assert browse(None).get("/%00").status_code == 404


def _address(rule: Rule, kind: type, value: str) -> str | None:
    """With the value in every place for its kind; None where it has none or takes neither GET nor POST."""
    if not {"GET", "POST"} & (rule.methods or set()):
        return None
    if any("Any" in type(taker).__name__ for taker in rule._converters.values()):
        return None  # one of a few names: any other is nowhere without being looked up
    kinds = {name: int if "Integer" in type(taker).__name__ else str for name, taker in rule._converters.items()}
    if kind not in kinds.values():
        return None
    address = rule.rule
    for name, is_kind in kinds.items():
        written = next(
            one for one in (f"<int:{name}>", f"<path:{name}>", f"<uuid:{name}>", f"<{name}>") if one in address
        )
        address = address.replace(written, value if is_kind is kind else "1")
    return address
