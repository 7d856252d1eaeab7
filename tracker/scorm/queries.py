"""Reading packages and what they reported."""

from sqlalchemy import select

from tracker.core.db import db
from tracker.courses.content import Content, Lesson
from tracker.courses.models import CourseFile
from tracker.scorm.manifest import Item
from tracker.scorm.models import Package, PackageState
from tracker.training.learning_models import CourseRun


def items_of(package: Package) -> list[Item]:
    return [Item(**stored) for stored in package.items]


def item_of(package: Package, key: str) -> Item | None:
    return next((item for item in items_of(package) if item.key == key), None)


def package_lesson(run: CourseRun, key: str) -> Lesson | None:
    """The lesson of a run’s version under this key, when it is a package with a file. The version must be loaded."""
    lesson = Content(run.version.content).lesson(key)
    return lesson if lesson is not None and lesson.kind == "package" and lesson.file else None


def file_of(run: CourseRun, lesson: Lesson) -> CourseFile | None:
    return db.session.scalar(
        select(CourseFile).where(CourseFile.token == lesson.file, CourseFile.course_id == run.course_id)
    )


def states_of(run_id: int, lesson_key: str) -> dict[str, PackageState]:
    """Item -> what it reported, of those that reported something."""
    this = (PackageState.run_id == run_id, PackageState.lesson_key == lesson_key)
    return {state.item: state for state in db.session.scalars(select(PackageState).where(*this))}


def is_finished(state: PackageState | None) -> bool:
    """Whether an item is through with: completed, and not failed."""
    return state is not None and state.completed_at is not None and state.passed is not False


def next_item(package: Package, states: dict[str, PackageState]) -> str:
    """Where to go on: the first item that is not finished, else the first."""
    keys = [item.key for item in items_of(package)]
    return next((key for key in keys if not is_finished(states.get(key))), keys[0])
