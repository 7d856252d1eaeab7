"""The words of the design guide's "Not" column stand in no text of ours, wherever it is made."""

import ast
from pathlib import Path

import pytest
from flask import Flask

from tests.house.words import said_all_the_same

TRACKER = Path(__file__).parents[2] / "tracker"
NOT_OURS = {"intake/mark_words.py": "what helpdesks' exports say", "intake/storing.py": "SQL"}
# The demo's texts are what its people say.
CODE = [
    path
    for path in sorted(TRACKER.rglob("*.py"))
    if "demo" not in path.parts and str(path.relative_to(TRACKER)) not in NOT_OURS
]


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(TRACKER)))
def test_no_sentence_in_the_code_says_them(path: Path) -> None:
    sentences = _sentences(ast.parse(path.read_text(encoding="utf-8")))
    assert [found for text in sentences for found in said_all_the_same(text)] == []


def _sentences(tree: ast.Module) -> list[str]:
    """String constants with a space in them, without docstrings: what somebody may get to read."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value
        if id(node) not in docstrings
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Below the benchmark",
        "Nobody is AT RISK",
        "It drives satisfaction",
        "p < 0.05",
        "a poor\nresult",
        "under target",
    ],
)
def test_each_of_them_is_found(text: str) -> None:
    assert said_all_the_same(text)


def test_the_heading_that_the_guide_allows_needs_its_second_half(app: Flask) -> None:
    assert said_all_the_same("What drives it: a pattern, not proof") == []
    assert said_all_the_same("What drives it: waiting")


def test_what_people_wrote_is_theirs() -> None:
    page = "He said: “A poor show, really.” We say: poor"
    assert len(said_all_the_same(page, ["A poor show, really."])) == 1
