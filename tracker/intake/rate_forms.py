"""The customer's form. What it asks comes from the version of the survey it is shown for."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from tracker.core.forms import Form, OneField, TicksField, at_most
from tracker.core.language import locale
from tracker.ratings.models import Rating
from tracker.ratings.rules import LOW_STARS
from tracker.ratings.survey_words import effort_word, emotion_word
from tracker.ratings.surveys import EFFORTS, Survey

LONGEST_COMMENT = 2_000
FACES = [
    SelectChoice("1", _l("Very bad")),
    SelectChoice("2", _l("Bad")),
    SelectChoice("3", _l("OK")),
    SelectChoice("4", _l("Good")),
    SelectChoice("5", _l("Very good")),
]


class RateForm(Form):
    """What a customer says. Only the faces are needed."""

    stars = OneField(_l("How was it?"), [InputRequired(_l("Choose one of the faces"))], choices=FACES, name="r")
    emotions = TicksField(_l("How did it leave you feeling?"), name="e")
    went_well = TicksField(_l("What went well?"), name="w")
    could_be_better = TicksField(_l("What could be better?"), name="b")
    effort = OneField(_l("How easy was it?"), [Optional()], name="f")
    comment = TextAreaField(_l("Anything we should know?"), [Optional(), at_most(LONGEST_COMMENT)], name="c")
    version = HiddenField(name="v")  # which questions the page showed, whatever is saved meanwhile
    opened = HiddenField(name="o")  # by a mailed link: our seal on when the page was made

    def __init__(self, survey: Survey, number: int | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        language = locale().language
        self.emotions.choices = [SelectChoice(code, _sentence_case(emotion_word(code))) for code in survey.emotions]
        self.went_well.choices = [SelectChoice(key, words) for key, words in survey.praises(language)]
        self.could_be_better.choices = [SelectChoice(key, words) for key, words in survey.wishes(language)]
        self.effort.choices = [SelectChoice(str(value), effort_word(value)) for value in EFFORTS]
        self.version.data = str(number or "")
        self.question = survey.question(language)
        if not survey.asks_effort:
            del self.effort
        if not survey.asks_comment:
            del self.comment

    @classmethod
    def of(cls, rating: Rating, survey: Survey, number: int | None) -> "RateForm":
        """The form as it was filled in."""
        is_low = rating.stars <= LOW_STARS
        given = {
            "stars": str(rating.stars),
            "emotions": rating.emotions,
            "went_well": [] if is_low else rating.drivers,
            "could_be_better": rating.drivers if is_low else [],
            "effort": str(rating.effort or ""),
            "comment": rating.comment,
        }
        return cls(survey, number, formdata=None, data=given)

    def given(self) -> dict[str, Any]:
        """What the actions take. Of the two lists of drivers the one that the stars ask for counts."""
        stars = int(self.stars.data)
        drivers = self.could_be_better.data if stars <= LOW_STARS else self.went_well.data
        comment = (self.comment.data or None) if "comment" in self else None
        return {
            "stars": stars,
            "comment": comment,
            "comment_language": locale().language if comment else None,
            "emotions": list(self.emotions.data or []),
            "drivers": list(drivers or []),
            "effort": int(self.effort.data) if "effort" in self and self.effort.data else None,
        }


def _sentence_case(word: str) -> str:
    return word[:1].upper() + word[1:]
