"""A course is written as a draft, published as a version that never changes, and retired, never deleted."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from tests.conftest import Cast
from tests.factories import LESSONS, a_course
from tracker.core.db import db, transaction
from tracker.core.errors import Conflict, Invalid
from tracker.courses import actions
from tracker.courses.content import Content
from tracker.courses.models import Course, CourseVersion
from tracker.courses.queries import current_version, draft_of

AT = datetime(2026, 11, 18, 9, tzinfo=UTC)


def test_a_published_version_stays_as_it_was_when_the_next_comes(app: Flask, cast: Cast) -> None:
    with transaction():
        first = a_course(title="Listening")
        course = db.session.get_one(Course, first.course_id)
        draft = actions.begin_draft(course, by=cast.chloe.id, at=AT)
        actions.save_draft(draft, {"title": "Listening first"}, revision=1, by=cast.chloe.id, at=AT)
        assert (current_version(course.id).title, draft_of(course.id).title) == ("Listening", "Listening first")
        actions.publish(draft, reopens=True, by=cast.chloe.id, at=AT)
    assert (first.title, first.superseded_at) == ("Listening", AT)
    assert (current_version(course.id).number, current_version(course.id).reopens) == (2, True)
    assert draft_of(course.id) is None


def test_beginning_a_draft_twice_goes_on_with_the_one_there_is(app: Flask, cast: Cast) -> None:
    with transaction():
        course = db.session.get_one(Course, a_course().course_id)
        one, two = (actions.begin_draft(course, by=cast.chloe.id, at=AT) for _n in range(2))
    assert one is two


def test_who_saves_an_older_draft_is_told_and_changes_nothing(app: Flask, cast: Cast) -> None:
    with transaction():
        draft = a_course(published=False)
        actions.save_draft(draft, {"title": "One"}, revision=1, by=cast.chloe.id, at=AT)
    with pytest.raises(Conflict, match="Somebody else saved"), transaction():
        actions.save_draft(db.session.merge(draft), {"title": "Two"}, revision=1, by=cast.ruth.id, at=AT)
    assert db.session.get_one(CourseVersion, draft.id).title == "One"


@pytest.mark.parametrize(
    ("lesson", "sentence"),
    [
        ({"kind": "text", "text": " "}, "says nothing yet"),
        ({"kind": "pdf"}, "has no file yet"),
        ({"kind": "package"}, "has no file yet"),
        ({"kind": "video"}, "has no film yet"),
        ({"kind": "quiz", "questions": []}, "asks nothing yet"),
        ({"kind": "quiz", "questions": [{"kind": "single", "choices": [{"text": "a", "right": True}]}]}, "two choices"),
        (
            {"kind": "quiz", "questions": [{"kind": "single", "choices": [{"text": "a", "right": True}] * 2}]},
            "exactly one right",
        ),
        (
            {"kind": "quiz", "questions": [{"kind": "multiple", "choices": [{"text": "a", "right": True}] * 2}]},
            "right choices and wrong ones",
        ),
    ],
)
def test_what_is_not_whole_is_not_published(app: Flask, cast: Cast, lesson: dict[str, Any], sentence: str) -> None:
    questions = [{"key": "q", "text": "?", **question} for question in lesson.pop("questions", [])]
    whole = {"key": "one", "title": "One", "minutes": 1, **lesson, "questions": questions}
    with transaction():
        draft = a_course(published=False, lessons=[whole])
    with pytest.raises(Invalid, match=sentence), transaction():
        actions.publish(db.session.merge(draft), reopens=False, by=cast.chloe.id, at=AT)
    assert db.session.get_one(CourseVersion, draft.id).published_at is None


@pytest.mark.parametrize("published_at", [AT, None])
def test_there_is_one_draft_and_one_current_version_at_most(
    app: Flask, cast: Cast, published_at: datetime | None
) -> None:
    with transaction():
        version = a_course(published=published_at is not None)
    with pytest.raises(IntegrityError), transaction():
        db.session.add(_copy(version, 9, published_at))


def _copy(version: CourseVersion, number: int, published_at: datetime | None) -> CourseVersion:
    return CourseVersion(
        course_id=version.course_id,
        number=number,
        title="x",
        summary="y",
        content={},
        changed_at=AT,
        published_at=published_at,
    )


def test_lessons_follow_each_other_and_minutes_add_up(app: Flask) -> None:
    content = Content({"lessons": LESSONS})
    assert (content.minutes, content.after("read").key, content.after("check")) == (5, "check", None)
    assert content.question("both").right == [0, 2]
    assert content.question("both").is_right([2, 0])
    assert not content.question("first").is_right([0])
