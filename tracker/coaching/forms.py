"""Forms of a case."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, IntegerField, StringField, TextAreaField, TimeField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from tracker.core import clock
from tracker.core.forms import REQUIRED, ChoiceField, Form, OnceForm, OneField, at_most
from tracker.core.language import day

DAY = InputRequired(_l("Choose a day"))
MOST_DAYS = timedelta(days=366)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(9000, 1, 1)


class BookingForm(Form):
    on = DateField(_l("Day"), [DAY])
    starts = TimeField(_l("Time"), [InputRequired(_l("Choose a time"))], default=time(10))
    minutes = IntegerField(
        _l("Minutes"),
        [InputRequired(_l("Say how long")), NumberRange(5, 240, _l("Between 5 and 240 minutes"))],
        default=20,
    )
    place = StringField(_l("Where"), [Optional(), at_most(120)])

    def validate_on(self, field: DateField) -> None:
        """Nobody meets on days whose moments no calendar knows."""
        if field.data and not FIRST_DAY <= field.data <= LAST_DAY:
            raise ValidationError(_("Choose a day within the next four weeks"))

    def starts_at(self, zone: str) -> datetime:
        """The moment meant, in UTC."""
        return clock.moment_at(self.on.data, self.starts.data, zone)


class CompletionForm(Form):
    """What was said and agreed. One action can be written down here; more can be added to the case."""

    held = HiddenField()  # how many talks the page showed: see coaching.actions.complete_session
    note = TextAreaField(_l("What you talked about"), [REQUIRED, at_most(5_000)])
    agreed = StringField(_l("What you agreed"), [Optional(), at_most(300)])
    owner = ChoiceField(_l("Who does it"), [Optional()])
    due_on = DateField(_l("By when"), [Optional()])
    follow_up = OneField(_l("Follow up"), choices=[])
    follow_up_on = DateField(_l("Follow-up day"), [Optional()])

    def __init__(self, *, today: date, last_day: date, **kwargs: Any) -> None:
        """`last_day`: of a follow-up, for the case closes by itself soon after. What lies later is not offered."""
        super().__init__(**kwargs)
        self.last_day, self._today = last_day, today
        after = {"six_weeks": today + timedelta(weeks=6), "three_weeks": today + timedelta(weeks=3)}
        self._days = {name: on for name, on in after.items() if on <= last_day}
        labels = {"six_weeks": _("In 6 weeks, %(day)s"), "three_weeks": _("In 3 weeks, %(day)s")}
        choices = [SelectChoice(name, labels[name] % {"day": day(on)}) for name, on in self._days.items()]
        choices += [SelectChoice("on", _("On another day"))] if last_day > today else []
        self.follow_up.choices = [*choices, SelectChoice("none", _("No follow-up needed"))]
        self.is_cut_short = len(self._days) < len(after)
        if self.follow_up.data is None:
            self.follow_up.data = self.follow_up.choices[0].value

    def validate(self, extra_validators: Any = None) -> bool:
        """Days that something else makes necessary: an empty optional field is not looked at any further by itself."""
        is_valid = bool(super().validate(extra_validators))
        missing = (
            (self.due_on, bool(self.agreed.data), _("Say by when")),
            (self.follow_up_on, self.follow_up.data == "on", _("Choose the day")),
        )
        for field, is_needed, sentence in missing:
            if is_needed and field.data is None and not field.errors:
                field.errors, is_valid = [sentence], False
        return is_valid

    def validate_due_on(self, field: DateField) -> None:
        if self.agreed.data and field.data and not self._today <= field.data <= self._today + MOST_DAYS:
            raise ValidationError(_("Choose a day within the next year"))

    def validate_follow_up_on(self, field: DateField) -> None:
        if self.follow_up.data == "on" and field.data and not self._today < field.data <= self.last_day:
            raise ValidationError(_("Choose a day from tomorrow to %(day)s", day=day(self.last_day)))

    def held_before(self) -> int | None:
        return int(self.held.data) if re.fullmatch("[0-9]{1,4}", self.held.data or "") else None

    def follow_up_day(self) -> date | None:
        """The day chosen; None without a follow-up."""
        chosen: date | None = self.follow_up_on.data if self.follow_up.data == "on" else None
        return self._days.get(self.follow_up.data, chosen)


class AgreedForm(OnceForm):
    text = StringField(_l("What you agreed"), [REQUIRED, at_most(300)])
    owner = ChoiceField(_l("Who does it"), [InputRequired(_l("Say who does it"))])
    due_on = DateField(_l("By when"), [DAY])

    def __init__(self, *, today: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._today = today

    def validate_due_on(self, field: DateField) -> None:
        if field.data and not self._today <= field.data <= self._today + MOST_DAYS:
            raise ValidationError(_("Choose a day within the next year"))


class ReplyForm(Form):
    text = TextAreaField(_l("Your side of it"), [REQUIRED, at_most(5_000)])


class PointForm(OnceForm):
    """A point for the talk. Beside a rating it needs no words."""

    text = StringField(_l("What do you want to talk about?"), [at_most(300)])
    rating = HiddenField()

    def validate_text(self, field: StringField) -> None:
        if not field.data and not self.rating.data:
            raise ValidationError(_("Say what you want to talk about"))


class PrivateNoteForm(Form):
    text = TextAreaField(_l("Only for you"), [at_most(5_000)])


class HandOverForm(Form):
    text = TextAreaField(_l("For whoever leads the talk next"), [at_most(5_000)])


class TrainingForm(Form):
    """One course that fits, by when."""

    course = HiddenField()
    driver = HiddenField()
    due_on = DateField(_l("By when"), [DAY])

    def __init__(self, *, today: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._today = today

    def validate_due_on(self, field: DateField) -> None:
        if field.data and not self._today <= field.data <= self._today + MOST_DAYS:
            raise ValidationError(_("Choose a day within the next year"))
