"""Forms of interviews and observations. What an interview asks and an observation looks at comes from the stage's survey."""

import re
import secrets
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, StringField, TextAreaField, TimeField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from tracker.core import clock
from tracker.core.forms import REQUIRED, ChoiceField, Form, OneField, TicksField, at_most
from tracker.core.language import locale
from tracker.interviews.models import Encounter
from tracker.interviews.rules import OLDEST
from tracker.ratings.rules import LOW_STARS
from tracker.ratings.survey_words import effort_word, emotion_word
from tracker.ratings.surveys import EFFORTS, Survey

FACES = [
    SelectChoice("1", _l("Very bad")),
    SelectChoice("2", _l("Bad")),
    SelectChoice("3", _l("OK")),
    SelectChoice("4", _l("Good")),
    SelectChoice("5", _l("Very good")),
]
MARKS = [
    SelectChoice("well", _l("Done well")),
    SelectChoice("partly", _l("Partly")),
    SelectChoice("not", _l("Not yet")),
    SelectChoice("unseen", _l("Not seen")),
]
KEY = re.compile(r"[0-9a-f]{32}")
MARK = "mark_"


class ChooseForm(Form):
    """Whom it is about and where it was: what decides which questions follow."""

    person = ChoiceField(_l("Whose service was it?"), [InputRequired(_l("Choose a person"))])
    touchpoint = ChoiceField(_l("Where was it?"), [Optional()], empty=_l("Somewhere else"))


class WhenForm(Form):
    """When and where it was. The hidden key makes the same form, sent twice, one entry."""

    happened_on = DateField(_l("Day"), [InputRequired(_l("Choose a day"))])
    happened = TimeField(_l("Time"), [InputRequired(_l("Choose a time"))])
    place = StringField(_l("Place"), [Optional(), at_most(80)])
    reason = TextAreaField(_l("Why is it put right?"), [REQUIRED, at_most(500)])
    key = HiddenField()

    def __init__(self, *, now: datetime, zone: str, is_correction: bool = False, **kwargs: Any) -> None:
        local = now.astimezone(clock.zone(zone))
        when = {"happened_on": local.date(), "happened": local.time().replace(second=0, microsecond=0)}
        super().__init__(**{**kwargs, "data": {**when, **kwargs.get("data", {})}})
        self._now, self._zone = now, zone
        if not KEY.fullmatch(self.key.data or ""):
            self.key.data = secrets.token_hex(16)
        if not is_correction:
            del self.reason

    @property
    def earliest(self) -> date:
        return clock.local_day(self._now - OLDEST, self._zone)

    def happened_at(self) -> datetime:
        """The moment meant, in UTC; the minute that has just begun counts as now."""
        return min(clock.moment_at(self.happened_on.data, self.happened.data, self._zone), self._now)

    def validate_happened_on(self, field: DateField) -> None:
        if self.happened.data is None:
            return
        happened_at = clock.moment_at(field.data, self.happened.data, self._zone)
        if happened_at > self._now + timedelta(minutes=1):
            raise ValidationError(_("This moment is still to come"))
        if happened_at < self._now - OLDEST:
            raise ValidationError(_("That is more than 90 days ago"))


class InterviewForm(WhenForm):
    """The customer's answer as it was given, and apart from it what whoever asked wants to add."""

    stars = OneField(_l("What did the customer choose?"), [InputRequired(_l("Choose one of the faces"))], choices=FACES)
    emotions = TicksField(_l("How did it leave the customer feeling?"))
    praised = TicksField(_l("What went well for the customer?"))
    wished = TicksField(_l("What could be better for the customer?"))
    effort = OneField(_l("How easy was it?"), [Optional()])
    words = TextAreaField(_l("The customer’s own words"), [Optional(), at_most(2_000)])
    notes = TextAreaField(_l("Your own notes"), [Optional(), at_most(2_000)])
    customer = StringField(_l("Customer’s reference"), [Optional(), at_most(120)])
    agreed = BooleanField(
        _l("The customer agreed that the answer is noted"),
        [InputRequired(_l("Without the customer’s yes nothing is noted"))],
    )

    def __init__(self, survey: Survey, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        language = locale().language
        self.emotions.choices = [SelectChoice(code, emotion_word(code).capitalize()) for code in survey.emotions]
        self.praised.choices = [SelectChoice(key, words) for key, words in survey.praises(language)]
        self.wished.choices = [SelectChoice(key, words) for key, words in survey.wishes(language)]
        self.effort.choices = [SelectChoice(str(value), effort_word(value)) for value in EFFORTS]
        if not survey.asks_effort:
            del self.effort

    def given(self) -> dict[str, Any]:
        """What the actions take. Of the two lists of drivers the one that the stars ask for counts."""
        stars = int(self.stars.data)
        effort = self.effort.data if "effort" in self else None
        return {
            "happened_at": self.happened_at(),
            "place": self.place.data or None,
            "stars": stars,
            "emotions": list(self.emotions.data or []),
            "drivers": list((self.wished if stars <= LOW_STARS else self.praised).data or []),
            "effort": int(effort) if effort else None,
            "words": self.words.data or None,
            "notes": self.notes.data or None,
            "customer": self.customer.data or None,
        }

    @staticmethod
    def values_of(encounter: Encounter) -> dict[str, Any]:
        """An interview as it was filled in."""
        is_low = (encounter.stars or 0) <= LOW_STARS
        return {
            "place": encounter.place,
            "stars": str(encounter.stars),
            "emotions": encounter.emotions,
            "praised": [] if is_low else encounter.drivers,
            "wished": encounter.drivers if is_low else [],
            "effort": str(encounter.effort or ""),
            "words": encounter.words,
            "notes": encounter.notes,
            "customer": encounter.customer.reference if encounter.customer else None,
            "agreed": True,
        }


class ObservationForm(WhenForm):
    """A mark for each of the stage's drivers (added by `observation_form`), what was done well, and one thing to try."""

    went_well = TextAreaField(_l("What was done well"), [REQUIRED, at_most(2_000)])
    to_try = TextAreaField(_l("One thing to try"), [Optional(), at_most(500)])

    @property
    def checklist(self) -> list[Any]:
        """The fields of the marks, in the order of the survey."""
        return [field for field in self if field.name.startswith(MARK)]

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        is_valid: bool = super().validate(*args, **kwargs)
        points = self.checklist
        if points and not any(point.errors for point in points) and {point.data for point in points} == {"unseen"}:
            points[0].errors = [_("Mark at least one point that you could see")]
            return False
        return is_valid

    def given(self) -> dict[str, Any]:
        return {
            "happened_at": self.happened_at(),
            "place": self.place.data or None,
            "marks": {point.name.removeprefix(MARK): point.data for point in self.checklist},
            "went_well": self.went_well.data,
            "to_try": self.to_try.data or None,
        }

    @staticmethod
    def values_of(encounter: Encounter) -> dict[str, Any]:
        marks = {MARK + key: mark for key, mark in encounter.marks.items()}
        return {"place": encounter.place, "went_well": encounter.went_well, "to_try": encounter.to_try, **marks}


def observation_form(survey: Survey, **kwargs: Any) -> ObservationForm:
    """The form with a field for each driver that the stage asks about; whatever was not touched could not be seen."""
    fields = {
        MARK + key: OneField(words, [InputRequired(_l("Choose one"))], choices=MARKS, default="unseen")
        for key, words in survey.praises(locale().language)
    }
    made: ObservationForm = type("ObservationForm", (ObservationForm,), fields)(**kwargs)
    return made


class TakeBackForm(Form):
    reason = TextAreaField(_l("Why do you take it back?"), [REQUIRED, at_most(500)])


class ReplyForm(Form):
    text = TextAreaField(_l("How was it from your side?"), [REQUIRED, at_most(2_000)])
