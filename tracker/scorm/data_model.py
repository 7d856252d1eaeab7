"""The elements of SCORM's data models, declared once: the API in the browser and the server's check both go by this table. Pure.

A pattern means the same to Python and to JavaScript. `n` in a name stands for a place in a collection.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

LONGEST_NAME = 200
MOST_IN_A_COLLECTION = 1_000
INDEX = re.compile(r"\.(0|[1-9]\d*)(?=\.)")

ANYTHING = r"[\s\S]*"
DECIMAL = r"-?(\d{1,12}(\.\d{0,20})?|\.\d{1,20})"
REAL = r"[-+]?(\d{1,12}(\.\d{0,20})?|\.\d{1,20})([eE][-+]?\d{1,2})?"
WHOLE = r"[-+]?\d{1,9}"
TIMESPAN = r"\d{2,4}:\d{2}:\d{2}(\.\d{1,2})?"
TIME_OF_DAY = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,2})?"
DURATION = r"P(?=[\dT])(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d*)?S)?)?"
MOMENT = r"\d{4}(-\d{2}(-\d{2}(T\d{2}(:\d{2}(:\d{2}(\.\d{1,9})?)?)?(Z|[-+]\d{2}(:?\d{2})?)?)?)?)?"
IDENTIFIER = r"\S([\s\S]*\S)?"
LANGUAGE = r"([A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*)?"
STATUS_1_2 = "passed|completed|failed|incomplete|browsed"
COMPLETION, SUCCESS = "completed|incomplete|not attempted|unknown", "passed|failed|unknown"
EXIT_1_2, EXIT_2004 = "time-out|suspend|logout|", "time-out|suspend|logout|normal|"
TYPES_1_2 = "true-false|choice|fill-in|matching|performance|sequencing|likert|numeric"
TYPES_2004 = "true-false|multiple-choice|fill-in|long-fill-in|matching|performance|sequencing|likert|numeric|other"
NAVIGATION = (
    r"continue|previous|exit|exitAll|abandon|abandonAll|suspendAll|_none_|\{target=[^{}\s]{1,200}\}(choice|jump)"
)


@dataclass(frozen=True)
class Element:
    """`access`: r what the package may only read, w what it may only write, rw. `keeps`: whether it is stored between visits."""

    access: str
    pattern: str = ANYTHING
    longest: int = 255
    least: float | None = None
    most: float | None = None
    default: str | None = None
    keeps: bool = True


def _read(default: str | None = None) -> Element:
    return Element("r", default=default, keeps=False)


def _score_1_2(prefix: str) -> dict[str, Element]:
    points = Element("rw", rf"({DECIMAL})?", 40, 0, 100, default="")
    return {f"{prefix}.{part}": points for part in ("raw", "max", "min")}


def _score_2004(prefix: str) -> dict[str, Element]:
    points = Element("rw", REAL, 40)
    scaled = Element("rw", REAL, 40, -1, 1)
    return {f"{prefix}.scaled": scaled, **{f"{prefix}.{part}": points for part in ("raw", "min", "max")}}


OF_1_2 = {
    "cmi.core.student_id": _read(),
    "cmi.core.student_name": _read(),
    "cmi.core.lesson_location": Element("rw", longest=1_000, default=""),
    "cmi.core.credit": _read("credit"),
    "cmi.core.lesson_status": Element("rw", STATUS_1_2, default="not attempted"),
    "cmi.core.entry": _read(""),
    **_score_1_2("cmi.core.score"),
    "cmi.core.total_time": _read("0000:00:00.00"),
    "cmi.core.lesson_mode": _read("normal"),
    "cmi.core.exit": Element("w", EXIT_1_2),
    "cmi.core.session_time": Element("w", TIMESPAN, keeps=False),
    "cmi.suspend_data": Element("rw", longest=64_000, default=""),
    "cmi.launch_data": _read(""),
    "cmi.comments": Element("rw", longest=4_096, default=""),
    "cmi.comments_from_lms": _read(""),
    "cmi.objectives.n.id": Element("rw", r"\S+"),
    **_score_1_2("cmi.objectives.n.score"),
    "cmi.objectives.n.status": Element("rw", STATUS_1_2 + "|not attempted", default="not attempted"),
    "cmi.student_data.mastery_score": _read(""),
    "cmi.student_data.max_time_allowed": _read(""),
    "cmi.student_data.time_limit_action": _read(""),
    "cmi.student_preference.audio": Element("rw", WHOLE, 12, -1, 100, default="0"),
    "cmi.student_preference.language": Element("rw", default=""),
    "cmi.student_preference.speed": Element("rw", WHOLE, 12, -100, 100, default="0"),
    "cmi.student_preference.text": Element("rw", WHOLE, 12, -1, 1, default="0"),
    "cmi.interactions.n.id": Element("w", r"\S+"),
    "cmi.interactions.n.objectives.n.id": Element("w", r"\S+"),
    "cmi.interactions.n.time": Element("w", TIME_OF_DAY),
    "cmi.interactions.n.type": Element("w", TYPES_1_2),
    "cmi.interactions.n.correct_responses.n.pattern": Element("w", longest=4_096),
    "cmi.interactions.n.weighting": Element("w", DECIMAL, 40),
    "cmi.interactions.n.student_response": Element("w", longest=4_096),
    "cmi.interactions.n.result": Element("w", rf"correct|wrong|unanticipated|neutral|{DECIMAL}"),
    "cmi.interactions.n.latency": Element("w", TIMESPAN),
}
OF_2004 = {
    "cmi.comments_from_learner.n.comment": Element("rw", longest=4_000),
    "cmi.comments_from_learner.n.location": Element("rw", longest=250),
    "cmi.comments_from_learner.n.timestamp": Element("rw", MOMENT, 40),
    "cmi.comments_from_lms.n.comment": _read(),
    "cmi.comments_from_lms.n.location": _read(),
    "cmi.comments_from_lms.n.timestamp": _read(),
    "cmi.completion_status": Element("rw", COMPLETION, default="unknown"),
    "cmi.completion_threshold": _read(),
    "cmi.credit": _read("credit"),
    "cmi.entry": _read(""),
    "cmi.exit": Element("w", EXIT_2004),
    "cmi.interactions.n.id": Element("rw", IDENTIFIER, 4_000),
    "cmi.interactions.n.type": Element("rw", TYPES_2004),
    "cmi.interactions.n.objectives.n.id": Element("rw", IDENTIFIER, 4_000),
    "cmi.interactions.n.timestamp": Element("rw", MOMENT, 40),
    "cmi.interactions.n.correct_responses.n.pattern": Element("rw", longest=24_000),
    "cmi.interactions.n.weighting": Element("rw", REAL, 40),
    "cmi.interactions.n.learner_response": Element("rw", longest=24_000),
    "cmi.interactions.n.result": Element("rw", rf"correct|incorrect|unanticipated|neutral|{REAL}"),
    "cmi.interactions.n.latency": Element("rw", DURATION, 60),
    "cmi.interactions.n.description": Element("rw", longest=1_000),
    "cmi.launch_data": _read(),
    "cmi.learner_id": _read(),
    "cmi.learner_name": _read(),
    "cmi.learner_preference.audio_level": Element("rw", REAL, 40, 0, default="1"),
    "cmi.learner_preference.language": Element("rw", LANGUAGE, 250, default=""),
    "cmi.learner_preference.delivery_speed": Element("rw", REAL, 40, 0, default="1"),
    "cmi.learner_preference.audio_captioning": Element("rw", "-1|0|1", default="0"),
    "cmi.location": Element("rw", longest=1_000),
    "cmi.max_time_allowed": _read(),
    "cmi.mode": _read("normal"),
    "cmi.objectives.n.id": Element("rw", IDENTIFIER, 4_000),
    **_score_2004("cmi.objectives.n.score"),
    "cmi.objectives.n.success_status": Element("rw", SUCCESS, default="unknown"),
    "cmi.objectives.n.completion_status": Element("rw", COMPLETION, default="unknown"),
    "cmi.objectives.n.progress_measure": Element("rw", REAL, 40, 0, 1),
    "cmi.objectives.n.description": Element("rw", longest=1_000),
    "cmi.progress_measure": Element("rw", REAL, 40, 0, 1),
    "cmi.scaled_passing_score": _read(),
    **_score_2004("cmi.score"),
    "cmi.session_time": Element("w", DURATION, 60, keeps=False),
    "cmi.success_status": Element("rw", SUCCESS, default="unknown"),
    "cmi.suspend_data": Element("rw", longest=64_000),
    "cmi.time_limit_action": _read("continue,no message"),
    "cmi.total_time": _read("PT0S"),
    "adl.nav.request": Element("rw", NAVIGATION, 300, default="_none_", keeps=False),
    "adl.nav.request_valid.continue": _read("unknown"),
    "adl.nav.request_valid.previous": _read("unknown"),
}
VERSIONS = {"1.2": "3.4", "2004": "1.0"}
# What the specification lists in another order, or without what is only ours to ask for.
CHILDREN_1_2 = {
    "cmi.core": "student_id,student_name,lesson_location,credit,lesson_status,entry,score,total_time,lesson_mode,exit,session_time",
    "cmi.core.score": "raw,min,max",
    "cmi.objectives": "id,score,status",
    "cmi.objectives.n.score": "raw,min,max",
    "cmi.student_data": "mastery_score,max_time_allowed,time_limit_action",
    "cmi.student_preference": "audio,language,speed,text",
    "cmi.interactions": "id,objectives,time,type,correct_responses,weighting,student_response,result,latency",
}
CHILDREN_2004 = {
    "cmi.comments_from_learner": "comment,location,timestamp",
    "cmi.comments_from_lms": "comment,location,timestamp",
    "cmi.interactions": "id,type,objectives,timestamp,correct_responses,weighting,learner_response,result,latency,description",
    "cmi.learner_preference": "audio_level,language,delivery_speed,audio_captioning",
    "cmi.objectives": "id,score,success_status,completion_status,progress_measure,description",
    "cmi.objectives.n.score": "scaled,raw,min,max",
    "cmi.score": "scaled,raw,min,max",
}
ELEMENTS = {"1.2": OF_1_2, "2004": OF_2004}


@cache
def described(standard: str) -> dict[str, Any]:
    """The table for the browser, as plain JSON."""
    return {
        "standard": standard,
        "version": VERSIONS[standard],
        "elements": {name: asdict(element) for name, element in ELEMENTS[standard].items()},
        "children": CHILDREN_1_2 if standard == "1.2" else CHILDREN_2004,
        "collections": sorted(collections_of(standard)),
        "mostInACollection": MOST_IN_A_COLLECTION,
    }


def collections_of(standard: str) -> set[str]:
    """The names of what has places, such as cmi.interactions and cmi.interactions.n.objectives."""
    return {name[: at.start()] for name in ELEMENTS[standard] for at in re.finditer(r"\.n\.", name)}


def is_storable(standard: str, data: Mapping[str, Any]) -> bool:
    """Whether these are elements that a package may write and that are kept, with values that they can have."""
    return all(_fits(standard, name, value) for name, value in data.items())


def _fits(standard: str, name: str, value: Any) -> bool:
    if len(name) > LONGEST_NAME:
        return False
    places = [int(found) for found in INDEX.findall(name)]
    element = ELEMENTS[standard].get(INDEX.sub(".n", name))
    if element is None or not element.keeps or not isinstance(value, str) or ".n." in name:
        return False
    if "\x00" in value or len(value) > element.longest or any(place >= MOST_IN_A_COLLECTION for place in places):
        return False
    # What the product itself says of a status that was never set, and no package may say.
    if name.endswith("lesson_status") and value == "not attempted":
        return True
    if not _pattern(element.pattern).fullmatch(value):
        return False
    return (element.least is None and element.most is None) or value == "" or _in_range(element, float(value))


def _in_range(element: Element, number: float) -> bool:
    return (element.least is None or number >= element.least) and (element.most is None or number <= element.most)


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)
