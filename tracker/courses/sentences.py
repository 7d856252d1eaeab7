"""Courses in words: whose they are, what they give, what kind a lesson or a question is."""

from collections.abc import Iterable

from babel import Locale
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core.language import locale
from tracker.courses.models import Course, CourseFile, CourseVersion

MEGABYTE = 1_000_000


def owner(course: Course) -> str:
    return course.team.name if course.team else _("Whole company")


def certificate(months: int | None) -> str:
    if months is None:
        return _("No certificate")
    if months == 0:
        return _("A certificate that never expires")
    return ngettext("A certificate for %(num)d month", "A certificate for %(num)d months", months)


def passing(version: CourseVersion) -> str:
    """What it takes to pass its checks."""
    if version.attempts is None:
        return _("%(mark)d%% of a check, as often as you like", mark=version.pass_mark)
    return ngettext(
        "%(mark)d%% of a check, one attempt",
        "%(mark)d%% of a check, %(num)d attempts",
        version.attempts,
        mark=version.pass_mark,
    )


def minutes(count: int) -> str:
    return ngettext("%(num)d minute", "%(num)d minutes", count)


def language_name(code: str) -> str:
    name = Locale.parse(code, sep="-").get_display_name(locale())
    return (name or code).capitalize()


def lesson_kind(kind: str) -> str:
    words = {
        "text": _("To read"),
        "video": _("Film"),
        "pdf": _("PDF"),
        "quiz": _("Quiz"),
        "package": _("Package (SCORM)"),
    }
    return words[kind]


def question_kind(kind: str) -> str:
    words = {
        "single": _("One right choice"),
        "multiple": _("Several right choices"),
        "order": _("Put in order"),
        "free": _("In their own words"),
    }
    return words[kind]


def size(count: int) -> str:
    if count < MEGABYTE:
        return _("%(number)d kB", number=max(round(count / 1000), 1))
    return _("%(number)s MB", number=f"{count / MEGABYTE:.1f}")


def file_choices(files: Iterable[CourseFile]) -> list[tuple[str, str]]:
    return [(file.token, f"{file.name} ({size(file.size)})") for file in files]
