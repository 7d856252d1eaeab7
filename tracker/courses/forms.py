"""The forms of a course: begun, its facts, a lesson, a file."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional, Regexp

from tracker.core.forms import REQUIRED, ChoiceField, Form, OneField, TicksField, at_most
from tracker.core.language import PUBLIC_LANGUAGES
from tracker.courses.content import LESSON_KINDS, MOST_QUESTIONS
from tracker.courses.models import CourseFile, CourseVersion
from tracker.courses.ports import drivers
from tracker.courses.sentences import file_choices, language_name, lesson_kind

LONGEST_TITLE, LONGEST_SUMMARY, LONGEST_TEXT, LONGEST_LINK = 120, 500, 40_000, 500
MOST_MINUTES, MOST_ATTEMPTS, MOST_MONTHS = 240, 20, 120
LINK = r"https://[^\s/?#@]+\.[^\s/?#@]+(?:[/?#]\S*)?"


def between(least: int, most: int) -> NumberRange:
    return NumberRange(least, most, message=_l("A whole number from %(min)d to %(max)d"))


class RevisionForm(Form):
    """A form that changes a draft: it carries the saving that it was shown after."""

    revision = HiddenField()

    @property
    def known_revision(self) -> int:
        text = self.revision.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


class BeginForm(Form):
    """A course that is not there yet."""

    title = StringField(_l("Title"), [REQUIRED, at_most(LONGEST_TITLE)])
    summary = TextAreaField(_l("What can somebody do after it?"), [at_most(LONGEST_SUMMARY)])
    team = ChoiceField(_l("Whose course is it?"), [], empty=_l("The whole company"))


class ImportForm(Form):
    """A course that comes as one file."""

    file = FileField(_l("The course’s file"))
    team = ChoiceField(_l("Whose course is it?"), [], empty=_l("The whole company"))


class FactsForm(RevisionForm):
    """What stands on the outside of a course."""

    title = StringField(_l("Title"), [REQUIRED, at_most(LONGEST_TITLE)])
    summary = TextAreaField(_l("What can somebody do after it?"), [at_most(LONGEST_SUMMARY)])
    language = SelectField(_l("Language of the course"))
    drivers = TicksField(_l("What it helps with"))
    pass_mark = IntegerField(_l("Right answers needed to pass, in per cent"), [between(1, 100)])
    attempts = IntegerField(_l("Attempts at each check"), [Optional(), between(1, MOST_ATTEMPTS)])
    certificate = OneField(_l("Certificate"))
    months = IntegerField(_l("Months that it is valid"), [Optional(), between(1, MOST_MONTHS)])

    def __init__(self, version: CourseVersion, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        codes = dict.fromkeys([*PUBLIC_LANGUAGES, version.language])
        self.language.choices = [SelectChoice(code, language_name(code)) for code in codes]
        offered = [one for one in drivers() if one.is_offered or one.key in version.drivers]
        self.drivers.choices = [SelectChoice(one.key, one.name) for one in offered]
        self.certificate.choices = [
            SelectChoice("none", _("None")),
            SelectChoice("forever", _("One that never expires")),
            SelectChoice("months", _("One that expires and is renewed")),
        ]

    @classmethod
    def showing(cls, version: CourseVersion) -> "FactsForm":
        months = version.certificate_months
        kept = {name: getattr(version, name) for name in ("title", "summary", "language", "drivers", "pass_mark")}
        given = {
            "attempts": version.attempts,
            "certificate": "none" if months is None else "months" if months else "forever",
            "months": months or None,
            "revision": version.revision,
        }
        return cls(version, formdata=None, data={**kept, **given})

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        valid = bool(super().validate(*args, **kwargs))
        if self.certificate.data == "months" and self.months.data is None and not self.months.errors:
            self.months.errors = [_("Say for how many months, or choose another certificate")]
            valid = False
        return valid

    def values(self) -> dict[str, Any]:
        """Columns of a version by name."""
        months = {"none": None, "forever": 0, "months": self.months.data}[self.certificate.data]
        return {
            "title": self.title.data,
            "summary": lines(self.summary.data),
            "language": self.language.data,
            "drivers": self.drivers.data or [],
            "pass_mark": self.pass_mark.data,
            "attempts": self.attempts.data,
            "certificate_months": months,
        }


class AddLessonForm(RevisionForm):
    """A lesson more. What it says is written on its own page."""

    title = StringField(_l("Title"), [REQUIRED, at_most(LONGEST_TITLE)])
    kind = SelectField(_l("Kind"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind.choices = [SelectChoice(kind, lesson_kind(kind)) for kind in LESSON_KINDS]


class FileForm(Form):
    file = FileField(_l("A file from your device"))


class LessonForm(RevisionForm):
    """One lesson. Its page shows the fields that its kind needs."""

    title = StringField(_l("Title"), [REQUIRED, at_most(LONGEST_TITLE)])
    minutes = IntegerField(_l("Minutes it takes"), [between(1, MOST_MINUTES)])
    text = TextAreaField(_l("Text"), [at_most(LONGEST_TEXT)])
    file = SelectField(_l("File of this course"), validate_choice=False)
    link = StringField(
        _l("Link to a film elsewhere"),
        [
            Optional(),
            at_most(LONGEST_LINK),
            Regexp(LINK, message=_l("A whole address that begins with https://")),
        ],
    )
    practice = BooleanField(_l("Only to practise"))
    draw = IntegerField(_l("Questions in each attempt"), [Optional(), between(1, MOST_QUESTIONS)])
    upload = FileField(_l("A file from your device"))
    shows = StringField(_l("What does the picture show?"), [at_most(200)])

    def offer_files(self, files: Iterable[CourseFile]) -> None:
        self.file.choices = [SelectChoice("", _("None yet")), *(SelectChoice(*one) for one in file_choices(files))]

    def values(self, kind: str) -> dict[str, Any]:
        """What the lesson keeps; None takes an entry out."""
        own = {"title": self.title.data, "minutes": self.minutes.data}
        if kind == "quiz":
            return {**own, "practice": bool(self.practice.data) or None, "draw": self.draw.data}
        own["text"] = lines(self.text.data) or None
        if kind == "text":
            return own
        offered = {choice.value for choice in self.file.choices} - {""}
        file = self.file.data if self.file.data in offered else None
        return {**own, "file": file} | ({"link": self.link.data or None} if kind == "video" else {})


def lines(text: str | None) -> str:
    """As it is kept: with plain line ends, wherever it was typed."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
