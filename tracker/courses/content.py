"""What a version of a course says, read from its plain JSON: lessons, quizzes, questions. Pure; docs/courses.md has the format.

A version's `content` is {"lessons": [lesson]}. A lesson is {"key", "kind", "title", "minutes", "text", "file", "link", "practice",
"draw", "questions"}: what its kind does not need is left out. `text` is Markdown; `file` is the token of a CourseFile.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

LESSON_KINDS = ("text", "video", "pdf", "quiz", "package")
QUESTION_KINDS = ("single", "multiple", "order", "free")
MOST_LESSONS = 60
MOST_QUESTIONS = 100
MOST_CHOICES = 10


@dataclass(frozen=True)
class Choice:
    """One thing to choose, or one step of an order. `says`: what whoever chose it reads."""

    text: str
    is_right: bool = False
    says: str = ""


@dataclass(frozen=True)
class Question:
    """kind: one right choice (single), several (multiple), choices to be put in order (as they stand here), or words (free)."""

    key: str
    kind: str
    text: str
    choices: tuple[Choice, ...] = ()
    explanation: str = ""
    asks_confidence: bool = False

    @property
    def right(self) -> list[int]:
        """The places of the right choices; of an order all of them, in order. Empty for words."""
        if self.kind == "order":
            return list(range(len(self.choices)))
        return [place for place, choice in enumerate(self.choices) if choice.is_right]

    def is_right(self, given: Sequence[int]) -> bool:
        """Whether these places are the answer: in this order for an order, as a set otherwise."""
        return list(given) == self.right if self.kind == "order" else sorted(given) == self.right


@dataclass(frozen=True)
class Lesson:
    """`file` is a file's token, `draw` how many of the questions an attempt asks (None: all), `is_practice` counts for nothing."""

    key: str
    kind: str
    title: str
    minutes: int
    text: str = ""
    file: str | None = None
    link: str | None = None
    is_practice: bool = False
    draw: int | None = None
    questions: tuple[Question, ...] = ()

    @property
    def is_check(self) -> bool:
        """Whether it decides about passing."""
        return self.kind == "quiz" and not self.is_practice

    @property
    def asked(self) -> int:
        """How many questions an attempt has."""
        return min(self.draw or len(self.questions), len(self.questions))

    def question(self, key: str) -> Question | None:
        return next((question for question in self.questions if question.key == key), None)


class Content:
    """The lessons of a version, in order."""

    def __init__(self, stored: Mapping[str, Any]) -> None:
        self._stored = stored

    @cached_property
    def lessons(self) -> list[Lesson]:
        return [_lesson(stored) for stored in self._stored.get("lessons", ())]

    @cached_property
    def keys(self) -> list[str]:
        return [lesson.key for lesson in self.lessons]

    @property
    def minutes(self) -> int:
        return sum(lesson.minutes for lesson in self.lessons)

    @property
    def checks(self) -> list[Lesson]:
        return [lesson for lesson in self.lessons if lesson.is_check]

    def lesson(self, key: str) -> Lesson | None:
        return next((lesson for lesson in self.lessons if lesson.key == key), None)

    def after(self, key: str) -> Lesson | None:
        """The next lesson; None behind the last."""
        place = self.keys.index(key)
        return self.lessons[place + 1] if place + 1 < len(self.lessons) else None

    def question(self, key: str) -> Question | None:
        """A question of any of its quizzes; keys are unique in a course."""
        found = (lesson.question(key) for lesson in self.lessons)
        return next((question for question in found if question), None)


def _lesson(stored: Mapping[str, Any]) -> Lesson:
    return Lesson(
        key=stored["key"],
        kind=stored["kind"],
        title=stored["title"],
        minutes=stored["minutes"],
        text=stored.get("text", ""),
        file=stored.get("file"),
        link=stored.get("link"),
        is_practice=bool(stored.get("practice")),
        draw=stored.get("draw"),
        questions=tuple(_question(question) for question in stored.get("questions", ())),
    )


def _question(stored: Mapping[str, Any]) -> Question:
    return Question(
        key=stored["key"],
        kind=stored["kind"],
        text=stored["text"],
        choices=tuple(
            Choice(choice["text"], bool(choice.get("right")), choice.get("says", ""))
            for choice in stored.get("choices", ())
        ),
        explanation=stored.get("explanation", ""),
        asks_confidence=bool(stored.get("confidence")),
    )
