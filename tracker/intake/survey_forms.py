"""The editor of a stage's questions: one form for the page, and one row for each driver."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from tracker.core.forms import REQUIRED, Form, TicksField, at_most
from tracker.core.language import PUBLIC_LANGUAGES
from tracker.ratings.drivers import Words
from tracker.ratings.models import Driver
from tracker.ratings.queries import words_to_begin_with
from tracker.ratings.rules import EMOTIONS
from tracker.ratings.survey_words import emotion_word
from tracker.ratings.surveys import MOST_DRIVERS, Survey

LONGEST_WORDS = 40  # what a chip holds on a narrow phone
LONGEST_QUESTION = 80
TONES = ("praise", "wish")


class SurveyForm(Form):
    """What a stage asks besides its drivers. The question's fields are question_en and so on."""

    emotions = TicksField(_l("Feelings to choose from"))
    effort = BooleanField(_l("Ask how easy it was"))
    comment = BooleanField(_l("Ask for a comment"))
    base = HiddenField()  # the version that is being edited

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.emotions.choices = [SelectChoice(code, emotion_word(code).capitalize()) for code in EMOTIONS]

    @property
    def question(self) -> dict[str, str]:
        """The company's own question by language; empty where the product's own is asked."""
        given = {code: self[f"question_{code}"].data or "" for code in PUBLIC_LANGUAGES}
        return given if any(given.values()) else {}


class WordsForm(Form):
    """A driver in words: fields praise_en, wish_en and so on."""

    def words(self) -> Words:
        return {tone: {code: self[f"{tone}_{code}"].data or "" for code in PUBLIC_LANGUAGES} for tone in TONES}


class DriverForm(WordsForm):
    """A driver that is not there yet."""

    name = StringField(_l("Its name in lists"), [REQUIRED, at_most(80)])


class DriverRow(WordsForm):
    """One driver of the editor: whether it is asked, where it stands, and its words."""

    class Meta(Form.Meta):
        csrf = False  # it stands inside the page's form, which has its token

    asked = BooleanField()
    place = IntegerField(_l("Place"), [Optional(), NumberRange(1, 99, message=_l("A number from 1 to 99"))])


for _code, _language in PUBLIC_LANGUAGES.items():
    setattr(SurveyForm, f"question_{_code}", StringField(_language, [at_most(LONGEST_QUESTION)]))
for _tone, (_code, _language) in product(TONES, PUBLIC_LANGUAGES.items()):
    setattr(DriverForm, f"{_tone}_{_code}", StringField(_language, [REQUIRED, at_most(LONGEST_WORDS)]))
    setattr(DriverRow, f"{_tone}_{_code}", StringField(_language, [at_most(LONGEST_WORDS)]))


@dataclass(frozen=True)
class SurveyEditor:
    """The page's form and its rows: first the drivers that are asked, in their order, then the others by name."""

    form: SurveyForm
    rows: Sequence[tuple[Driver, DriverRow]]

    @classmethod
    def showing(cls, survey: Survey, number: int, drivers: Sequence[Driver]) -> "SurveyEditor":
        """As it was saved last."""
        question = {f"question_{code}": survey.question(code) for code in PUBLIC_LANGUAGES}
        given = {"emotions": survey.emotions, "effort": survey.asks_effort, "comment": survey.asks_comment, **question}
        form = SurveyForm(formdata=None, data={**given, "base": number})
        rows = [
            (one, DriverRow(formdata=None, prefix=f"d{one.id}-", data=_row(one, survey)))
            for one in in_order(survey, drivers)
        ]
        return cls(form, rows)

    @classmethod
    def sent(cls, survey: Survey, drivers: Sequence[Driver]) -> "SurveyEditor":
        """As somebody sends it."""
        return cls(SurveyForm(), [(one, DriverRow(prefix=f"d{one.id}-")) for one in in_order(survey, drivers)])

    @property
    def others(self) -> list[tuple[Driver, DriverRow]]:
        """Those that are not ticked."""
        return [(driver, row) for driver, row in self.rows if not row.asked.data]

    def validate(self) -> bool:
        """Whether it can be saved. What is wrong in a row is named on top too, for the row may be folded."""
        checked = [self.form.validate(), *(row.validate() for _driver, row in self.rows)]
        problems = [*self._missing_words(), *self._too_many()]
        for driver, row in self.rows:
            if row.errors:
                problems.append(_("“%(name)s”: see what is marked in its words", name=driver.name))
        problems += self._half_a_question()
        self.form.form_errors = problems
        return all(checked) and not problems

    def _missing_words(self) -> list[str]:
        missing = []
        for driver, row in self.rows:
            empty = [row[f"{tone}_{code}"] for tone, code in product(TONES, PUBLIC_LANGUAGES)]
            empty = [field for field in empty if row.asked.data and not field.data]
            for field in empty:
                field.errors = [_("Fill this in")]
            if empty:
                missing.append(_("“%(name)s” is asked, so it needs its words in every language", name=driver.name))
        return missing

    def _too_many(self) -> list[str]:
        if sum(bool(row.asked.data) for _driver, row in self.rows) <= MOST_DRIVERS:
            return []
        return [_("Ask about %(num)s drivers at most: more is not read between two customers", num=MOST_DRIVERS)]

    def _half_a_question(self) -> list[str]:
        if not self.form.question or all(self.form.question.values()):
            return []
        return [_("A question of your own needs its words in every language, or in none")]

    def content(self, *, lenient: bool = False) -> dict[str, Any]:
        """What a version keeps. `lenient` fills gaps, so that half an entry can be looked at too."""
        asked = [(before, one) for before, one in enumerate(self.rows, start=1) if one[1].asked.data]
        chosen = [one for _before, one in sorted(asked, key=lambda row: _order(row[1][1].place.data, row[0]))]
        question = self.form.question
        return {
            "question": _filled(question, "") if lenient and question else question,
            "drivers": [
                {"key": driver.key, **(_all_filled(row.words(), driver.name) if lenient else row.words())}
                for driver, row in chosen
            ],
            "emotions": [code for code in EMOTIONS if code in (self.form.emotions.data or [])],
            "effort": bool(self.form.effort.data),
            "comment": bool(self.form.comment.data),
        }


def in_order(survey: Survey, drivers: Sequence[Driver]) -> list[Driver]:
    """Those asked first, as they are asked; then the others that may be, by name."""
    places = {key: place for place, key in enumerate(survey.keys)}
    offered = [driver for driver in drivers if driver.retired_at is None or driver.key in places]
    return sorted(offered, key=lambda driver: (places.get(driver.key, len(places)), driver.name.casefold()))


def _order(place: int | None, before: int) -> tuple[int, int, int]:
    """Where a row goes that stood at `before`: of two with one number, the one that was moved takes the place."""
    place = place or before
    return place, (place > before) - (place < before), before


def _row(driver: Driver, survey: Survey) -> dict[str, Any]:
    words = survey.words_of(driver.key) or words_to_begin_with(driver)
    fields = {f"{tone}_{code}": words[tone].get(code, "") for tone, code in product(TONES, PUBLIC_LANGUAGES)}
    is_asked = driver.key in survey.keys
    return {**fields, "asked": is_asked, "place": survey.keys.index(driver.key) + 1 if is_asked else None}


def _all_filled(words: Words, otherwise: str) -> Words:
    return {tone: _filled(texts, otherwise) for tone, texts in words.items()}


def _filled(texts: Mapping[str, str], otherwise: str) -> dict[str, str]:
    known = next((text for text in texts.values() if text), otherwise)
    return {code: text or texts["en"] or known for code, text in texts.items()}
