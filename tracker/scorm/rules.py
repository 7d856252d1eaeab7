"""What a package's report means: completed, passed, how well, how it is entered next time; and SCORM's ways to write a duration."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

MOST_SECONDS = 100 * 24 * 3600
DONE_1_2 = {"completed", "passed", "failed"}


@dataclass(frozen=True)
class Outcome:
    """`passed` is None where nobody says; `scaled` the score as a share from -1 to 1, None without one."""

    completed: bool
    passed: bool | None
    scaled: float | None


def outcome(
    standard: str, data: Mapping[str, str], *, is_open: bool, mastery: float | None, threshold: float | None
) -> Outcome:
    """Of what an SCO reported. `is_open`: it has not ended its session, so it may still say more.

    SCORM 1.2 RTE 3.4.4 and SCORM 2004 RTE 4.2.4, 4.2.22: a mark in the manifest decides before the package's own word."""
    if standard == "1.2":
        return _outcome_1_2(data, mastery=mastery)
    return _outcome_2004(data, is_open=is_open, mastery=mastery, threshold=threshold)


def _outcome_1_2(data: Mapping[str, str], *, mastery: float | None) -> Outcome:
    status = data.get("cmi.core.lesson_status", "not attempted")
    raw = _number(data, "cmi.core.score.raw")
    passed = {"passed": True, "failed": False}.get(status)
    if status in DONE_1_2 and mastery is not None and raw is not None:
        passed = raw >= mastery
    least, most = _number(data, "cmi.core.score.min"), _number(data, "cmi.core.score.max")
    return Outcome(status in DONE_1_2, passed, _share(raw, least, 100.0 if most is None else most))


def _outcome_2004(data: Mapping[str, str], *, is_open: bool, mastery: float | None, threshold: float | None) -> Outcome:
    scaled, progress = _number(data, "cmi.score.scaled"), _number(data, "cmi.progress_measure")
    status = data.get("cmi.completion_status", "unknown")
    # Who ends without a word has done it: the specification's tracking, where content does not say otherwise.
    completed = status == "completed" or (status == "unknown" and not is_open)
    if threshold is not None:
        completed = progress is not None and progress >= threshold
    passed = {"passed": True, "failed": False}.get(data.get("cmi.success_status", ""))
    if mastery is not None:
        passed = None if scaled is None else scaled >= mastery
    if scaled is None:
        least, most = _number(data, "cmi.score.min"), _number(data, "cmi.score.max")
        scaled = _share(_number(data, "cmi.score.raw"), least, most)
    return Outcome(completed, passed, scaled)


def entry_of(standard: str, data: Mapping[str, str], *, is_open: bool) -> str:
    """How a package is told that it is entered. Who was cut off goes on as after a pause: batteries end without a word."""
    if not data:
        return "ab-initio"
    last = data.get("cmi.core.exit" if standard == "1.2" else "cmi.exit", "")
    return "resume" if is_open or last == "suspend" else ""


def written_duration(standard: str, seconds: int) -> str:
    hours, minutes, left = seconds // 3600, seconds // 60 % 60, seconds % 60
    if standard == "1.2":
        return f"{min(hours, 9999):04d}:{minutes:02d}:{left:02d}.00"
    parts = [(hours, "H"), (minutes, "M"), (left, "S")]
    return "PT" + ("".join(f"{number}{unit}" for number, unit in parts if number) or "0S")


def written_number(number: float) -> str:
    """Without a tail of zeros, as people write it into a manifest."""
    return re.sub(r"\.?0+$", "", f"{number:.7f}")


def _share(raw: float | None, least: float | None, most: float | None) -> float | None:
    """Points as a share of what there was to get; None when that cannot be said."""
    low = least or 0.0
    if raw is None or most is None or most <= low:
        return None
    return max(-1.0, min(1.0, (raw - low) / (most - low)))


def _number(data: Mapping[str, str], name: str) -> float | None:
    value = data.get(name, "")
    return float(value) if value else None
