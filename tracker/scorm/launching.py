"""What a package is told when it opens: where it stood, and of the learner no more than its API asks for.

That is a number that means nothing anywhere else, and the first name: packages greet with it, and nothing needs the rest."""

import hashlib
import hmac
from collections.abc import Mapping

from tracker.scorm.manifest import Item
from tracker.scorm.models import PackageState
from tracker.scorm.rules import entry_of, written_duration, written_number


def pseudonym(secret_key: str, *, of: str, id: int) -> str:
    """The same each time for the same id, and not to be turned back without the key."""
    return hmac.new(secret_key.encode(), f"package {of} {id}".encode(), hashlib.sha256).hexdigest()[:24]


def values_at_opening(
    standard: str, item: Item, state: PackageState | None, *, learner: str, name: str, valid: Mapping[str, bool]
) -> dict[str, str]:
    """Element -> value: what is stored, and what only the product says. `valid`: whether there is an item before and after."""
    data = dict(state.data) if state else {}
    seconds = state.seconds if state else 0
    entry = entry_of(standard, data, is_open=bool(state and state.is_open))
    told = {"total_time": written_duration(standard, seconds), "entry": entry}
    given = _given_1_2(item, learner, name, told) if standard == "1.2" else _given_2004(item, learner, name, told)
    if standard == "2004":
        given |= {f"adl.nav.request_valid.{way}": "true" if there else "false" for way, there in valid.items()}
    return {**data, **given}


def _given_1_2(item: Item, learner: str, name: str, told: dict[str, str]) -> dict[str, str]:
    return {
        "cmi.core.student_id": learner,
        "cmi.core.student_name": name,
        **{f"cmi.core.{element}": value for element, value in told.items()},
        "cmi.launch_data": item.launch_data,
        "cmi.student_data.mastery_score": "" if item.mastery is None else written_number(item.mastery),
        "cmi.student_data.max_time_allowed": item.max_time,
        "cmi.student_data.time_limit_action": item.time_limit_action,
    }


def _given_2004(item: Item, learner: str, name: str, told: dict[str, str]) -> dict[str, str]:
    given = {
        "cmi.learner_id": learner,
        "cmi.learner_name": name,
        **{f"cmi.{element}": value for element, value in told.items()},
        "cmi.launch_data": item.launch_data,
        "cmi.max_time_allowed": item.max_time,
        "cmi.time_limit_action": item.time_limit_action,
        "cmi.scaled_passing_score": "" if item.mastery is None else written_number(item.mastery),
        "cmi.completion_threshold": "" if item.threshold is None else written_number(item.threshold),
    }
    return {name: value for name, value in given.items() if value or name == "cmi.entry"}
