"""Forms of a case."""

from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, RadioField, StringField, TextAreaField, TimeField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from tracker.core import clock
from tracker.core.forms import REQUIRED, ChoiceField, Form, at_most

DAY = InputRequired(_l("Choose a day"))


class BookingForm(Form):
    on = DateField(_l("Day"), [DAY])
    starts = TimeField(_l("Time"), [InputRequired(_l("Choose a time"))], default=time(10))
    minutes = IntegerField(
        _l("Minutes"),
        [InputRequired(_l("Say how long")), NumberRange(5, 240, _l("Between 5 and 240 minutes"))],
        default=20,
    )
    place = StringField(_l("Where"), [Optional(), at_most(120)])

    def starts_at(self, zone: str) -> datetime:
        """The moment meant, in UTC."""
        return clock.moment_at(self.on.data, self.starts.data, zone)


class CompletionForm(Form):
    """What was said and agreed. One action can be written down here; more can be added to the case."""

    note = TextAreaField(_l("What you talked about"), [REQUIRED, at_most(5_000)])
    agreed = StringField(_l("What you agreed"), [Optional(), at_most(300)])
    owner = ChoiceField(_l("Who does it"), [Optional()])
    due_on = DateField(_l("By when"), [Optional()])
    follow_up = RadioField(
        _l("Follow up"),
        choices=[
            SelectChoice("six_weeks", _l("In 6 weeks")),
            SelectChoice("three_weeks", _l("In 3 weeks")),
            SelectChoice("on", _l("On another day")),
            SelectChoice("none", _l("No follow-up needed")),
        ],
        default="six_weeks",
    )
    follow_up_on = DateField(_l("Follow-up day"), [Optional()])

    def validate_due_on(self, field: DateField) -> None:
        if self.agreed.data and field.data is None:
            raise ValidationError(_("Say by when"))

    def validate_follow_up_on(self, field: DateField) -> None:
        if self.follow_up.data == "on" and field.data is None:
            raise ValidationError(_("Choose the day"))

    def follow_up_day(self, today: date) -> date | None:
        weeks = {"six_weeks": 6, "three_weeks": 3}.get(self.follow_up.data)
        if weeks:
            return today + timedelta(weeks=weeks)
        day: date | None = self.follow_up_on.data if self.follow_up.data == "on" else None
        return day


class AgreedForm(Form):
    text = StringField(_l("What you agreed"), [REQUIRED, at_most(300)])
    owner = ChoiceField(_l("Who does it"), [InputRequired(_l("Say who does it"))])
    due_on = DateField(_l("By when"), [DAY])

    def __init__(self, *, today: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._today = today

    def validate_due_on(self, field: DateField) -> None:
        if field.data < self._today:
            raise ValidationError(_("Choose a date from today on"))


class ReplyForm(Form):
    text = TextAreaField(_l("Your side of it"), [REQUIRED, at_most(5_000)])
