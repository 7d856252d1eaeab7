"""A lesson as a page shows it, the author's and the learner's alike."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from tracker.courses.content import Lesson
from tracker.courses.markdown import render
from tracker.courses.models import CourseFile


@dataclass(frozen=True)
class Shown:
    """`html`: its text. `file`: its film, PDF or package, where it has one of the course's own."""

    lesson: Lesson
    html: Markup
    file: CourseFile | None


def show(lesson: Lesson, files: Iterable[CourseFile]) -> Shown:
    by_token = {file.token: file for file in files}
    html = render(lesson.text, addresses(by_token.values()))
    return Shown(lesson, html, by_token.get(lesson.file) if lesson.file else None)


def addresses(files: Iterable[CourseFile]) -> Mapping[str, str]:
    """Name -> where a file is served, as texts name their pictures."""
    return {file.name: url_for("courses.file", token=file.token) for file in files}
