"""What can be set, run or happens by itself stands in the documents."""

from pathlib import Path

from flask import Flask

import config
from tracker.organisation.policy import matrix
from tracker.schedule import TIMETABLE

ROOT = Path(__file__).parents[2]
OPERATORS = ROOT / "docs" / "operators.md"


def test_every_setting_is_documented() -> None:
    text = OPERATORS.read_text(encoding="utf-8")
    assert [name for name in config.Settings.__dataclass_fields__ if f"`{name.upper()}`" not in text] == []


def test_every_job_is_documented() -> None:
    text = OPERATORS.read_text(encoding="utf-8")
    assert [job.name for job in TIMETABLE if f"`{job.name}`" not in text] == []


def test_every_command_is_documented(app: Flask) -> None:
    text = OPERATORS.read_text(encoding="utf-8")
    ours = ("people", "ratings", "falls", "jobs", "audit", "demo")
    commands = [f"{group} {name}" for group in ours for name in app.cli.commands[group].commands]  # type: ignore[attr-defined]  # AppGroup
    assert [command for command in commands if f"`{command}" not in text and f"tracker {command}" not in text] == []


def test_the_matrix_has_every_relation_in_every_row() -> None:
    for action, cells in matrix().items():
        assert set(cells) == {
            "self",
            "mgr_now",
            "mgr_then",
            "skip",
            "peer",
            "assignee",
            "hr",
            "admin",
            "anon",
            "token",
        }, action
        assert set(cells.values()) <= set("ADGTB"), action


def test_no_document_points_to_what_is_not_there() -> None:
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        text = document.read_text(encoding="utf-8")
        links = [part.split(")")[0] for part in text.split("](")[1:]]
        local = [link.split("#")[0] for link in links if not link.startswith(("http", "#", "mailto"))]
        assert [link for link in local if link and not (document.parent / link).exists()] == [], document.name
