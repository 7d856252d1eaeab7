"""The form by which a leader attests, and the one by which anybody checks a number."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, TextAreaField, ValidationError
from wtforms.validators import InputRequired

from tracker.core.forms import REQUIRED, ChoiceField, Form, at_most
from tracker.training.certificate_rules import ATTESTED_DAYS


class AttestForm(Form):
    """Which course, on which day, and what was seen."""

    course = ChoiceField(_l("Course"), [InputRequired(_l("Choose a course"))], empty=_l("Choose one"))
    on = DateField(_l("Done on"), [InputRequired(_l("Choose a day"))])
    words = TextAreaField(_l("What did you see?"), [REQUIRED, at_most(500)])

    def __init__(self, *, courses: list[tuple[int, str]], today: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.course.offer(courses)
        self._today = today

    def validate_on(self, field: Any) -> None:
        if field.data and not self._today - timedelta(days=ATTESTED_DAYS) <= field.data <= self._today:
            raise ValidationError(_("Choose a day within the last two years."))
