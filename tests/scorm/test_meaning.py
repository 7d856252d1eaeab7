"""What reports mean, and which elements a package may store."""

import pytest

from tracker.scorm.data_model import ELEMENTS, described, is_storable
from tracker.scorm.rules import Outcome, entry_of, outcome, written_duration, written_number

STATUS, RAW, MAX, MIN = "cmi.core.lesson_status", "cmi.core.score.raw", "cmi.core.score.max", "cmi.core.score.min"


@pytest.mark.parametrize(
    ("data", "mastery", "expected"),
    [
        ({}, None, Outcome(False, None, None)),
        ({STATUS: "incomplete", RAW: "95"}, 80, Outcome(False, None, 0.95)),
        ({STATUS: "completed"}, None, Outcome(True, None, None)),
        ({STATUS: "passed", RAW: ""}, None, Outcome(True, True, None)),
        ({STATUS: "failed", RAW: "40", MAX: "50", MIN: "0"}, None, Outcome(True, False, 0.8)),
        ({STATUS: "passed", RAW: "79.9"}, 80, Outcome(True, False, 0.799)),
        ({STATUS: "completed", RAW: "80"}, 80, Outcome(True, True, 0.8)),
        ({STATUS: "browsed"}, None, Outcome(False, None, None)),
        ({STATUS: "completed", RAW: "5", MAX: "0", MIN: "5"}, None, Outcome(True, None, None)),
    ],
)
def test_of_1_2(data: dict[str, str], mastery: float | None, expected: Outcome) -> None:
    assert outcome("1.2", data, is_open=False, mastery=mastery, threshold=None) == expected


DONE, SUCCESS, SCALED, PROGRESS = (
    "cmi.completion_status",
    "cmi.success_status",
    "cmi.score.scaled",
    "cmi.progress_measure",
)


@pytest.mark.parametrize(
    ("data", "is_open", "mastery", "threshold", "expected"),
    [
        ({}, True, None, None, Outcome(False, None, None)),
        ({}, False, None, None, Outcome(True, None, None)),
        ({DONE: "incomplete"}, False, None, None, Outcome(False, None, None)),
        ({DONE: "completed", SUCCESS: "failed"}, True, None, None, Outcome(True, False, None)),
        ({DONE: "completed", PROGRESS: "0.5"}, False, None, 0.75, Outcome(False, None, None)),
        ({DONE: "incomplete", PROGRESS: "0.75"}, True, None, 0.75, Outcome(True, None, None)),
        ({DONE: "completed"}, False, None, 0.75, Outcome(False, None, None)),
        ({DONE: "completed", SUCCESS: "passed", SCALED: "0.79"}, False, 0.8, None, Outcome(True, False, 0.79)),
        ({DONE: "completed", SUCCESS: "failed", SCALED: "0.8"}, False, 0.8, None, Outcome(True, True, 0.8)),
        ({DONE: "completed", SUCCESS: "passed"}, False, 0.8, None, Outcome(True, None, None)),
        ({DONE: "completed", "cmi.score.raw": "3", "cmi.score.max": "4"}, False, None, None, Outcome(True, None, 0.75)),
        ({DONE: "completed", "cmi.score.raw": "3"}, False, None, None, Outcome(True, None, None)),
    ],
)
def test_of_2004(
    data: dict[str, str], is_open: bool, mastery: float | None, threshold: float | None, expected: Outcome
) -> None:
    assert outcome("2004", data, is_open=is_open, mastery=mastery, threshold=threshold) == expected


def test_entry_resumes_who_paused_and_who_was_cut_off() -> None:
    assert entry_of("1.2", {}, is_open=False) == "ab-initio"
    assert entry_of("1.2", {"cmi.core.exit": "suspend"}, is_open=False) == "resume"
    assert entry_of("1.2", {"cmi.suspend_data": "x"}, is_open=True) == "resume"
    assert entry_of("1.2", {"cmi.core.exit": "logout"}, is_open=False) == ""
    assert entry_of("2004", {"cmi.exit": "suspend"}, is_open=False) == "resume"
    assert entry_of("2004", {"cmi.exit": "normal"}, is_open=False) == ""


def test_durations_and_numbers_as_scorm_writes_them() -> None:
    assert [written_duration("1.2", seconds) for seconds in (0, 3_725)] == ["0000:00:00.00", "0001:02:05.00"]
    assert [written_duration("2004", seconds) for seconds in (0, 60, 3_725)] == ["PT0S", "PT1M", "PT1H2M5S"]
    assert [written_number(number) for number in (80.0, 0.8, -1.0, 0.0)] == ["80", "0.8", "-1", "0"]


@pytest.mark.parametrize(
    ("standard", "name", "value", "fits"),
    [
        ("1.2", "cmi.suspend_data", "x" * 64_000, True),
        ("1.2", "cmi.suspend_data", "x" * 64_001, False),
        ("1.2", "cmi.suspend_data", "a\0b", False),
        ("1.2", "cmi.core.score.raw", "100", True),
        ("1.2", "cmi.core.score.raw", "", True),
        ("1.2", "cmi.core.score.raw", "101", False),
        ("1.2", "cmi.core.score.raw", "1e2", False),
        ("1.2", "cmi.core.score.raw", "٣", False),
        ("1.2", "cmi.core.lesson_status", "not attempted", True),
        ("1.2", "cmi.core.lesson_status", "done", False),
        ("1.2", "cmi.core.student_id", "x", False),
        ("1.2", "cmi.core.session_time", "00:00:10", False),
        ("1.2", "cmi.interactions.0.objectives.3.id", "a", True),
        ("1.2", "cmi.interactions.00.id", "a", False),
        ("1.2", "cmi.interactions.n.id", "a", False),
        ("1.2", f"cmi.interactions.{'1' * 190}.id", "a", False),
        ("1.2", "cmi.interactions.1000.id", "a", False),
        ("1.2", "cmi.interactions.99999999999999999999.id", "a", False),
        ("1.2", "__proto__", "a", False),
        ("1.2", "cmi.location", "a", False),
        ("2004", "cmi.location", "a", True),
        ("2004", "cmi.score.scaled", "-1", True),
        ("2004", "cmi.score.scaled", "1.01", False),
        ("2004", "cmi.score.scaled", "nan", False),
        ("2004", "cmi.score.raw", "1e400", False),
        ("2004", "cmi.interactions.0.latency", "PT5M", True),
        ("2004", "cmi.interactions.0.latency", "P", False),
        ("2004", "cmi.interactions.0.timestamp", "2026-11-18T09:00:00.5+03:00", True),
        ("2004", "cmi.exit", "normal", True),
        ("2004", "adl.nav.request", "continue", False),
    ],
)  # fmt: skip
def test_only_known_elements_with_possible_values_are_stored(standard: str, name: str, value: str, fits: bool) -> None:
    assert is_storable(standard, {name: value}) is fits


def test_values_must_be_texts() -> None:
    assert not is_storable("2004", {"cmi.location": 5})
    assert not is_storable("2004", {"cmi.location": None})


def test_the_table_for_the_browser_names_every_collection() -> None:
    assert described("1.2")["collections"] == [
        "cmi.interactions",
        "cmi.interactions.n.correct_responses",
        "cmi.interactions.n.objectives",
        "cmi.objectives",
    ]
    assert set(described("2004")["elements"]) == set(ELEMENTS["2004"])
