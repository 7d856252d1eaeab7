"""Whether a course.json says a course: one sentence naming the place when it does not. docs/courses.md has the format."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Any, Literal

from flask_babel import gettext as _
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from tracker.core.errors import Invalid
from tracker.courses.content import MOST_CHOICES, MOST_LESSONS, MOST_QUESTIONS
from tracker.courses.forms import (
    LINK,
    LONGEST_LINK,
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    MOST_ATTEMPTS,
    MOST_MINUTES,
    MOST_MONTHS,
)
from tracker.courses.keys import KEY, LONGEST_KEY
from tracker.courses.question_forms import LONGEST_CHOICE, LONGEST_EXPLANATION, LONGEST_QUESTION, LONGEST_SAYS

FORMAT, EDITION = "service-tracker-course", 1
Key = Annotated[str, StringConstraints(pattern=f"^{KEY.pattern}$", max_length=LONGEST_KEY)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TITLE, pattern=r"\S")]
Place = Annotated[str, StringConstraints(max_length=200)]
Link = Annotated[str, StringConstraints(pattern=f"^{LINK}$", max_length=LONGEST_LINK)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class ChoiceGiven(Strict):
    text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_CHOICE)]
    right: bool = False
    says: Annotated[str, StringConstraints(max_length=LONGEST_SAYS)] = ""


class StepGiven(Strict):
    text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_CHOICE)]


class AnyQuestion(Strict):
    key: Key
    text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_QUESTION)]
    explanation: Annotated[str, StringConstraints(max_length=LONGEST_EXPLANATION)] = ""


class ChoosingGiven(AnyQuestion):
    kind: Literal["single", "multiple"]
    confidence: bool = False
    choices: Annotated[list[ChoiceGiven], Field(max_length=MOST_CHOICES)]


class OrderGiven(AnyQuestion):
    kind: Literal["order"]
    confidence: bool = False
    choices: Annotated[list[StepGiven], Field(max_length=MOST_CHOICES)]


class FreeGiven(AnyQuestion):
    kind: Literal["free"]


class AnyLesson(Strict):
    key: Key
    title: Title
    minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES)]


class TextGiven(AnyLesson):
    kind: Literal["text"]
    text: Place | None = None


class VideoGiven(AnyLesson):
    kind: Literal["video"]
    text: Place | None = None
    link: Link | None = None
    file: Place | None = None


class FileGiven(AnyLesson):
    kind: Literal["pdf", "package"]
    text: Place | None = None
    file: Place | None = None


class QuizGiven(AnyLesson):
    kind: Literal["quiz"]
    practice: bool = False
    draw: Annotated[int, Field(ge=1, le=MOST_QUESTIONS)] | None = None
    questions: Annotated[
        list[Annotated[ChoosingGiven | OrderGiven | FreeGiven, Field(discriminator="kind")]],
        Field(max_length=MOST_QUESTIONS),
    ] = []


class CourseGiven(Strict):
    format: Literal["service-tracker-course"]
    edition: Literal[1]
    title: Title
    summary: Annotated[str, StringConstraints(max_length=LONGEST_SUMMARY)]
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(?:-[A-Za-z]{2,4})?$", max_length=8)]
    drivers: Annotated[list[Annotated[str, StringConstraints(max_length=40)]], Field(max_length=50)] = []
    pass_mark: Annotated[int, Field(ge=1, le=100)]
    attempts: Annotated[int, Field(ge=1, le=MOST_ATTEMPTS)] | None = None
    certificate_months: Annotated[int, Field(ge=0, le=MOST_MONTHS)] | None = None
    lessons: Annotated[
        list[Annotated[TextGiven | VideoGiven | FileGiven | QuizGiven, Field(discriminator="kind")]],
        Field(max_length=MOST_LESSONS),
    ]

    @model_validator(mode="after")
    def _keys_once(self) -> "CourseGiven":
        questions = [one.key for lesson in self.lessons if isinstance(lesson, QuizGiven) for one in lesson.questions]
        for keys in ([lesson.key for lesson in self.lessons], questions):
            if twice := next((key for key in keys if keys.count(key) > 1), None):
                raise ValueError(f"twice:{twice}")
        return self


def checked(given: Any) -> CourseGiven:
    """What the file says. Invalid with the first thing that is wrong."""
    if not isinstance(given, dict) or given.get("format") != FORMAT:
        raise Invalid(_("This is no course: course.json has no “format” that says so."))
    if given.get("edition") != EDITION:
        raise Invalid(_("This course was written by a newer service tracker, in a format that is not known here yet."))
    try:
        return CourseGiven.model_validate(given)
    except ValidationError as error:
        raise Invalid(_sentence(error.errors()[0])) from None


def _sentence(error: Any) -> str:
    path, kind = list(error["loc"]), error["type"]
    if kind == "value_error":
        key = str(error["ctx"]["error"]).partition(":")[2]
        return _("The key “%(key)s” stands there twice. Each lesson and each question has its own.", key=key)
    name = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
    if kind.startswith("union_tag"):
        name = "kind"
    where = _where(path)
    if kind == "missing" or kind == "union_tag_not_found":
        return _("%(where)s: “%(name)s” is missing.", where=where, name=name)
    if kind == "extra_forbidden":
        return _("%(where)s: “%(name)s” is not known here.", where=where, name=name[:60])
    if kind == "string_too_long":
        return _(
            "%(where)s: “%(name)s” is longer than %(most)d characters.",
            where=where,
            name=name,
            most=error["ctx"]["max_length"],
        )
    if kind == "too_long":
        return _(
            "%(where)s: there are more than %(most)d “%(name)s”.",
            where=where,
            name=name,
            most=error["ctx"]["max_length"],
        )
    return _("%(where)s: “%(name)s” is not what it can be.", where=where, name=name)


def _where(path: Sequence[Any]) -> str:
    """Course; lesson 3; lesson 3, question 2; lesson 3, question 2, choice 1."""
    found = {name: int(number) + 1 for name, number in pairwise(path) if isinstance(number, int)}
    if "choices" in found:
        return _(
            "Lesson %(lesson)d, question %(question)d, choice %(choice)d",
            lesson=found["lessons"],
            question=found["questions"],
            choice=found["choices"],
        )
    if "questions" in found:
        return _("Lesson %(lesson)d, question %(question)d", lesson=found["lessons"], question=found["questions"])
    return _("Lesson %(lesson)d", lesson=found["lessons"]) if "lessons" in found else _("The course")
