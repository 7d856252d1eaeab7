"""Forms of learning and assigning."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, RadioField, SelectMultipleField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from tracker.core.forms import REQUIRED, Form, at_most
from tracker.courses.content import Question

MOST_DAYS = timedelta(days=366)
SURE = [SelectChoice("yes", _l("Sure")), SelectChoice("no", _l("Not sure"))]
HELPED = [SelectChoice("3", _l("Yes")), SelectChoice("2", _l("A little")), SelectChoice("1", _l("Not really"))]


class AnswerForm(Form):
    """The answer to one question. Choices are named by where they stand on the page, which tells nothing: `choice` once or
    several times, or `place-N` = the number given to the Nth step of an order, from 0."""

    words = TextAreaField(_l("Your answer"), [Optional(), at_most(5_000)])
    sure = RadioField(_l("How sure are you?"), [Optional()], choices=SURE)

    def __init__(self, question: Question, order: Sequence[int], given: Any, **kwargs: Any) -> None:
        """`order`: the place in the version of each choice as shown. `given`: what was posted (a MultiDict)."""
        super().__init__(formdata=given, **kwargs)
        self._question, self._order, self._given = question, order, given
        self.problem = ""  # what is wrong with the choices, which are no field

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        self.problem = self._problem()
        if self._question.asks_confidence and not self.sure.data:
            self.sure.errors = [_("Say how sure you are")]
            is_valid = False
        return is_valid and not self.problem

    def answer(self) -> Any:
        """Places of choices in the version, in order; or {"words": ...}."""
        if self._question.kind == "free":
            return {"words": self.words.data}
        if self._question.kind == "order":
            steps = sorted(range(len(self._order)), key=lambda step: self._given.get(f"place-{step}", type=int) or 0)
            return [self._order[step] for step in steps]
        chosen = set(self._given.getlist("choice", type=int)) & set(range(len(self._order)))
        return sorted(self._order[shown] for shown in chosen)

    def is_sure(self) -> bool | None:
        return None if not self.sure.data else self.sure.data == "yes"

    def _problem(self) -> str:
        match self._question.kind:
            case "free":
                return "" if (self.words.data or "").strip() else _("Write your answer")
            case "order":
                steps = range(len(self._order))
                numbers = sorted(self._given.get(f"place-{step}", 0, type=int) for step in steps)
                return "" if numbers == [step + 1 for step in steps] else _("Give every step its own number")
            case "single":
                return "" if len(self.answer()) == 1 else _("Choose one")
        return "" if self.answer() else _("Choose at least one")


class LessonRatingForm(Form):
    helped = RadioField(_l("Did this lesson help?"), [InputRequired(_l("Choose one"))], choices=HELPED)
    words = TextAreaField(_l("What would make it better?"), [Optional(), at_most(1_000)])


class MarkForm(Form):
    right = RadioField(
        _l("Is it a good answer?"),
        [InputRequired(_l("Choose one"))],
        choices=[SelectChoice("yes", _l("Yes")), SelectChoice("no", _l("Not yet"))],
    )
    words = TextAreaField(_l("What you say to it"), [REQUIRED, at_most(2_000)])


class WishForm(Form):
    words = TextAreaField(_l("What would you like to learn?"), [REQUIRED, at_most(500)])

    def validate_words(self, field: TextAreaField) -> None:
        if len(field.data) < 3:
            raise ValidationError(_("Say it in a few words"))


def id_sent(value: Any) -> int:
    """An id as sent; 0, which nothing has, for what cannot be one. A number too large for the database is none either."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


class DueForm(Form):
    """By when."""

    due_on = DateField(_l("Due"), [InputRequired(_l("Choose a day"))])

    def __init__(self, *, today: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._today = today

    def validate_due_on(self, field: DateField) -> None:
        if field.data is not None and not self._today <= field.data <= self._today + MOST_DAYS:
            raise ValidationError(_("Choose a day from today on, within a year"))


class AssignForm(DueForm):
    """One course, the people, a day, a line. Who has many courses open gets another only with `sure`."""

    course = RadioField(
        _l("Which course?"), [InputRequired(_l("Choose a course"))], coerce=id_sent, validate_choice=False
    )
    people = SelectMultipleField(_l("Who?"), [Optional()], coerce=id_sent, validate_choice=False)
    everybody = BooleanField(_l("Everybody here"))
    words = TextAreaField(_l("A line they’ll see"), [Optional(), at_most(500)])
    is_paid = BooleanField(_l("Plan paid time for it"), default=True)
    sure = BooleanField(_l("Yes, another course on top"))


class WaiveForm(Form):
    reason = TextAreaField(_l("Why need it not be done?"), [REQUIRED, at_most(500)])
