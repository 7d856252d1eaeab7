"""Nothing but the pulse itself reads a ballot: by no import and no SQL, and within it only where ballots are put in and counted."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Date, DateTime, Integer, Time

from tests.house.test_layers import FILES, ROOT, imports_of
from tracker.core.db import db
from tracker.organisation.policy import matrix

PRIVATE = "tracker.pulse.models"
TABLES = sorted(name for name in db.metadata.tables if name.startswith("pulse_"))
OUTSIDE = [path for path in FILES if "tracker/pulse/" not in str(path)]
# Who puts sealed ballots in or takes them out, and `kept`, which says in words that there are any; each has its reason in its first lines.
# One of them alone opens any.
HANDLE_BALLOTS = {"models", "answering", "closing", "past", "kept"}
OPENS_BALLOTS = {"boxes", "closing"}
WITHOUT_TIME = ["pulse_member", "pulse_code", "pulse_box", "pulse_result", "pulse_comment", "pulse_reply"]


@pytest.mark.parametrize("path", OUTSIDE, ids=lambda path: str(path.relative_to(ROOT)))
def test_nobody_else_imports_the_tables_or_names_them_in_sql(path: Path) -> None:
    assert not [line for module, line in imports_of(path) if module.startswith(PRIVATE)]
    assert not re.findall(rf"\b({'|'.join(TABLES)})\b", _without_words_about_them(path))


def _without_words_about_them(path: Path) -> str:
    """The own file's reasons why a table is left out name it, as keys of a dict of sentences; and some rights begin like a table."""
    text = path.read_text(encoding="utf-8")
    for right in matrix():
        text = text.replace(f'"{right}"', "")
    return re.sub(r'^    "pulse_\w+": "[^"]*",$', "", text, flags=re.MULTILINE) if path.name == "own_file.py" else text


def test_few_files_handle_ballots_and_one_opens_them() -> None:
    assert _of_pulse(r"\bPulseBox\b|pulse_box") == HANDLE_BALLOTS
    assert _of_pulse(r"\bopened\(") == OPENS_BALLOTS


def _of_pulse(pattern: str) -> set[str]:
    ours = (path for path in FILES if "tracker/pulse/" in str(path))
    return {path.stem for path in ours if re.search(pattern, path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("name", WITHOUT_TIME)
def test_no_timestamp_columns(name: str) -> None:
    """Nor a number that counts up, which would be a clock as well."""
    for column in db.metadata.tables[name].columns:
        assert not isinstance(column.type, DateTime | Date | Time), column
        counts_up = column.primary_key and isinstance(column.type, Integer) and not column.foreign_keys
        assert not counts_up or column.name == "number", column


def test_the_law_itself_can_be_broken(tmp_path: Path) -> None:
    spy = tmp_path / "spy.py"
    spy.write_text(
        "from tracker.pulse.models import PulseBox\nSQL = 'SELECT sealed FROM pulse_box'\n", encoding="utf-8"
    )
    assert re.findall(rf"\b({'|'.join(TABLES)})\b", _without_words_about_them(spy)) == ["pulse_box"]
