"""What a version must have before it can be published."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from tracker.courses.content import Content, Lesson, Question
from tracker.courses.files import names_of
from tracker.courses.markdown import pictures_in
from tracker.courses.models import CourseVersion


@dataclass(frozen=True)
class Fault:
    """What is missing, in a sentence, and in which lesson and question (None: in the course itself)."""

    sentence: str
    lesson: str | None = None
    question: str | None = None
    is_about_facts: bool = False


def faults(version: CourseVersion) -> list[Fault]:
    """Everything that keeps a draft from being published, in the order of the course; empty when nothing does."""
    content = Content(version.content)
    found = [] if content.lessons else [Fault(_("The course has no lesson yet."))]
    if not version.summary:
        sentence = _("Say in a sentence or two what somebody can do after the course.")
        found.append(Fault(sentence, is_about_facts=True))
    names = names_of(version.course_id)
    for lesson in content.lessons:
        found += [*_of_lesson(lesson), *_missing_pictures(lesson, names)]
    return found


def _missing_pictures(lesson: Lesson, names: Collection[str]) -> Iterator[Fault]:
    for name in pictures_in(lesson.text):
        if name not in names:
            yield Fault(
                _("“%(title)s” shows “%(name)s”, which the course does not have.", title=lesson.title, name=name),
                lesson.key,
            )


def _of_lesson(lesson: Lesson) -> Iterator[Fault]:
    if lesson.kind == "text" and not lesson.text.strip():
        yield Fault(_("“%(title)s” says nothing yet.", title=lesson.title), lesson.key)
    if lesson.kind in {"pdf", "package"} and lesson.file is None:
        yield Fault(_("“%(title)s” has no file yet.", title=lesson.title), lesson.key)
    if lesson.kind == "video" and lesson.file is None and lesson.link is None:
        yield Fault(_("“%(title)s” has no film yet.", title=lesson.title), lesson.key)
    if lesson.kind == "quiz" and not lesson.questions:
        yield Fault(_("“%(title)s” asks nothing yet.", title=lesson.title), lesson.key)
    for question in lesson.questions:
        yield from _of_question(lesson, question)


def _of_question(lesson: Lesson, question: Question) -> Iterator[Fault]:
    title = lesson.title
    if question.kind in {"single", "multiple", "order"} and len(question.choices) < 2:
        yield Fault(_("A question of “%(title)s” needs two choices or more.", title=title), lesson.key, question.key)
    elif question.kind == "single" and len(question.right) != 1:
        yield Fault(
            _("A question of “%(title)s” needs exactly one right choice.", title=title), lesson.key, question.key
        )
    elif question.kind == "multiple" and not 0 < len(question.right) < len(question.choices):
        yield Fault(
            _("A question of “%(title)s” needs right choices and wrong ones.", title=title), lesson.key, question.key
        )
