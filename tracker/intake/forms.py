"""Forms of the doors."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput

from tracker.core import clock
from tracker.core.forms import REQUIRED, ChoiceField, Form, at_most
from tracker.ratings.drivers import praise, wish
from tracker.ratings.models import Rating
from tracker.ratings.rules import EMOTIONS, LOW_STARS
from tracker.ratings.sentences import emotion_word

LONGEST_COMMENT = 2_000
FACES = [
    SelectChoice("1", _l("Very bad")),
    SelectChoice("2", _l("Bad")),
    SelectChoice("3", _l("OK")),
    SelectChoice("4", _l("Good")),
    SelectChoice("5", _l("Very good")),
]


class TicksField(SelectMultipleField):  # type: ignore[misc]  # WTForms is untyped
    """Several checkboxes of one name."""

    option_widget = CheckboxInput()


class RateForm(Form):
    """What a customer says. Only the faces are needed."""

    stars = RadioField(_l("How was it?"), [InputRequired(_l("Choose one of the faces"))], choices=FACES, name="r")
    emotions = TicksField(_l("How did it leave you feeling?"), name="e")
    went_well = TicksField(_l("What went well?"), name="w")
    could_be_better = TicksField(_l("What could be better?"), name="b")
    comment = TextAreaField(_l("Anything we should know?"), [Optional(), at_most(LONGEST_COMMENT)], name="c")

    def __init__(self, *, drivers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.emotions.choices = [SelectChoice(code, _sentence_case(emotion_word(code))) for code in EMOTIONS]
        self.went_well.choices = [SelectChoice(key, praise(key, name)) for key, name in drivers]
        self.could_be_better.choices = [SelectChoice(key, wish(key, name)) for key, name in drivers]

    @classmethod
    def of(cls, rating: Rating, *, drivers: list[tuple[str, str]]) -> "RateForm":
        """The form as it was filled in."""
        is_low = rating.stars <= LOW_STARS
        given = {
            "stars": str(rating.stars),
            "emotions": rating.emotions,
            "went_well": [] if is_low else rating.drivers,
            "could_be_better": rating.drivers if is_low else [],
            "comment": rating.comment,
        }
        return cls(drivers=drivers, formdata=None, data=given)

    def given(self) -> dict[str, Any]:
        """What the actions take. Of the two lists of drivers the one that the stars ask for counts."""
        stars = int(self.stars.data)
        drivers = self.could_be_better.data if stars <= LOW_STARS else self.went_well.data
        return {
            "stars": stars,
            "comment": self.comment.data or None,
            "emotions": list(self.emotions.data or []),
            "drivers": list(drivers or []),
        }


def _sentence_case(word: str) -> str:
    return word[:1].upper() + word[1:]


class LinkForm(Form):
    """Whom a customer is asked about, and what for."""

    person = ChoiceField(_l("Who served the customer"), [InputRequired(_l("Choose a person"))])
    touchpoint = ChoiceField(_l("Touchpoint"), [Optional()])
    channel = ChoiceField(_l("How the link gets there"), [Optional()])
    place = StringField(_l("Place"), [Optional(), at_most(80)])
    customer = StringField(_l("Customer’s reference"), [Optional(), at_most(120)])
    ended_on = DateField(_l("Day"), [InputRequired(_l("Choose a day"))])
    ended = TimeField(_l("Time service ended"), [InputRequired(_l("Choose a time"))])

    def __init__(self, *, now: datetime, zone: str, **kwargs: Any) -> None:
        local = now.astimezone(clock.zone(zone))
        super().__init__(
            data={"ended_on": local.date(), "ended": local.time().replace(second=0, microsecond=0)}, **kwargs
        )
        self._now, self._zone = now, zone

    def ended_at(self) -> datetime:
        """The moment meant, in UTC; the minute that has just begun counts as now."""
        return min(clock.moment_at(self.ended_on.data, self.ended.data, self._zone), self._now)

    def validate_ended_on(self, field: DateField) -> None:
        if self.ended.data is None:
            return
        ended_at = clock.moment_at(field.data, self.ended.data, self._zone)
        if ended_at > self._now + timedelta(minutes=1):
            raise ValidationError(_("Service has to be over before somebody is asked about it"))
        if ended_at < self._now - timedelta(days=14):
            raise ValidationError(_("That is more than 14 days ago"))


class ImportFileForm(Form):
    """Step 1: a file, and a name for where it comes from."""

    file = FileField(_l("File"), [FileRequired(_l("Choose a file"))])
    source = StringField(_l("Where it comes from"), [REQUIRED, at_most(120)])


class ColumnsForm(Form):
    """Step 2, beside the columns themselves: how the values are meant, and what to do with what is missing."""

    scale = SelectField(
        _l("Scale of the rating"),
        choices=[
            SelectChoice("stars", _l("Stars, 1 to 5")),
            SelectChoice("nps", _l("Recommendation (NPS), 0 to 10")),
            SelectChoice("csat7", _l("Satisfaction, 1 to 7")),
            SelectChoice("csat100", _l("Satisfaction, 0 to 100")),
            SelectChoice("words", _l("Words such as good, okay, bad")),
        ],
    )
    order = SelectField(
        _l("A date such as 03/04/2026 is"),
        choices=[
            SelectChoice("", _l("not in this file")),
            SelectChoice("day", _l("3 April (day first)")),
            SelectChoice("month", _l("4 March (month first)")),
        ],
    )
    create_missing = BooleanField(_l("Add people, teams, touchpoints and channels that aren’t known here"))
    remember = BooleanField(_l("Remember this for the next file"))

    def day_first(self) -> bool | None:
        return {"day": True, "month": False}.get(self.order.data)


class PersonMeantForm(Form):
    """Whom a file means. A suggestion, or somebody else by number or name."""

    suggestion = RadioField(_l("Who is meant?"), [Optional()], validate_choice=False)  # checked below, with the other
    somebody = StringField(_l("Somebody else"), [at_most(120)])

    def validate_somebody(self, field: StringField) -> None:
        offered = {choice.value for choice in self.suggestion.choices} - {"0"}
        if not field.data and self.suggestion.data not in offered:
            raise ValidationError(_("Choose a person, or enter a staff number or full name"))


class AssignForm(PersonMeantForm):
    """Whose rating it is, and how that is known."""

    reason = StringField(_l("How you know"), [REQUIRED, at_most(500)])
    all = BooleanField(_l("All with the same reference"))
