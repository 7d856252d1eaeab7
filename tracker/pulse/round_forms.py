"""What HR fills in: a round, the cadence, a question."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from tracker.core.forms import REQUIRED, Form, OneField, TicksField, at_most
from tracker.pulse.bank import INPUTS, Item, drivers, item_from
from tracker.pulse.models import PulseItem, PulseRound, PulseSchedule
from tracker.pulse.round_actions import Choices, Plan
from tracker.pulse.round_checks import LANGUAGES
from tracker.pulse.rules import FEWEST_DAYS, MOST_DAYS, MOST_ITEMS

K_SCORE, K_COMMENT = (5, 7, 10), (8, 10, 12, 15)
EVERY_MONTHS = {
    1: _l("Every month"),
    2: _l("Every two months: January, March, May …"),
    3: _l("Every three months: January, April, July, October"),
    6: _l("Twice a year: January and July"),
}
WEEKDAYS = {
    1: _l("Monday"),
    2: _l("Tuesday"),
    3: _l("Wednesday"),
    4: _l("Thursday"),
    5: _l("Friday"),
    6: _l("Saturday"),
    7: _l("Sunday"),
}
ADVANCE = timedelta(days=366)
QUESTION_LENGTH = 160


def _numbers(offered: Iterable[int]) -> dict[int, str]:
    return {one: str(one) for one in offered}


class OneOf(SelectField):  # type: ignore[misc]  # WTForms is untyped
    """A select of whole numbers, each with its words; what was never offered is refused in words of ours."""

    def __init__(self, label: Any, offered: Mapping[int, Any], **kwargs: Any) -> None:
        super().__init__(label, choices=[SelectChoice(str(one), words) for one, words in offered.items()], **kwargs)

    def pre_validate(self, _form: Any) -> None:
        if str(self.data) not in {choice.value for choice in self.choices}:
            raise ValidationError(_("Choose one from the list"))


class SafetyForm(Form):
    """What a round and the cadence both say about keeping people safe."""

    k_score = OneOf(_l("Smallest group shown"), _numbers(K_SCORE))
    k_comment = OneOf(_l("Smallest group for comments and spreads"), _numbers(K_COMMENT))
    uses_codes = BooleanField(_l("Codes on paper for staff without a mail address"))

    def validate_k_comment(self, field: Any) -> None:
        if str(field.data).isdigit() and str(self.k_score.data).isdigit() and int(field.data) < int(self.k_score.data):
            raise ValidationError(_("It can’t be smaller than the smallest group shown"))


class RoundForm(SafetyForm):
    """The questions beyond the three that every round asks, the days, and what keeps people safe."""

    items = TicksField(_l("Questions"), [])
    opens_on = DateField(_l("Opens"), [InputRequired(_l("Choose a day"))])
    closes_on = DateField(_l("Closes"), [InputRequired(_l("Choose a day"))])
    then = StringField()  # which button: save, plan or open
    seen = HiddenField()  # the round as it was shown (mark_of)

    def __init__(self, *, offered: Iterable[Item], today: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.offered, self._today = {item.key: item for item in offered}, today
        self.items.choices = [SelectChoice(item.key, item.text("en")) for item in self.offered.values()]

    def plan(self) -> Plan:
        """The inputs first, then the ticked ones in the order in which they are offered."""
        return Plan(
            items=[*inputs(), *(item for key, item in self.offered.items() if key in set(self.items.data or []))],
            opens_on=self.opens_on.data,
            closes_on=self.closes_on.data,
            k_score=int(self.k_score.data),
            k_comment=int(self.k_comment.data),
            uses_codes=bool(self.uses_codes.data),
        )

    def validate_items(self, field: TicksField) -> None:
        if len(set(field.data or [])) + len(INPUTS) > MOST_ITEMS:
            raise ValidationError(_("Ask %(most)s questions at most, the first three included", most=MOST_ITEMS))

    def validate_opens_on(self, field: DateField) -> None:
        if field.data is not None and not self._today <= field.data <= self._today + ADVANCE:
            raise ValidationError(_("Choose a day from today on, within a year"))

    def validate_closes_on(self, field: DateField) -> None:
        if field.data is None or self.opens_on.data is None:
            return
        if not FEWEST_DAYS <= (field.data - self.opens_on.data).days <= MOST_DAYS:
            raise ValidationError(
                _(
                    "Choose a day %(fewest)s to %(most)s days after it opens, so that everybody has a working day in it",
                    fewest=FEWEST_DAYS,
                    most=MOST_DAYS,
                )
            )


def mark_of(pulse_round: PulseRound) -> str:
    """Another one as soon as somebody has changed anything about the round."""
    kept = (pulse_round.state, pulse_round.opens_at, pulse_round.closes_at, pulse_round.items)
    safety = (pulse_round.k_score, pulse_round.k_comment, pulse_round.uses_codes)
    return hashlib.sha256(repr((kept, safety)).encode()).hexdigest()[:16]


def begun(pulse_round: PulseRound, opens_on: date, closes_on: date) -> dict[str, Any]:
    """What the form of a round begins with."""
    return {
        "items": [item.key for item in map(item_from, pulse_round.items) if item.key not in input_keys()],
        "opens_on": opens_on,
        "closes_on": closes_on,
        "k_score": str(pulse_round.k_score),
        "k_comment": str(pulse_round.k_comment),
        "uses_codes": pulse_round.uses_codes,
        "seen": mark_of(pulse_round),
    }


def inputs() -> list[Item]:
    """The three that every round asks."""
    return [drivers()[key].items[0] for key in INPUTS]


def input_keys() -> set[str]:
    return {item.key for item in inputs()}


class CadenceForm(SafetyForm):
    is_on = OneField(
        _l("Rounds come by themselves"), choices=[SelectChoice("yes", _l("Yes")), SelectChoice("no", _l("No"))]
    )
    week = OneOf(_l("Week of the month"), {1: _l("First"), 2: _l("Second"), 3: _l("Third"), 4: _l("Fourth")})
    weekday = OneOf(_l("Day of the week"), WEEKDAYS)
    every_months = OneOf(_l("How often"), EVERY_MONTHS)
    open_days = OneOf(_l("Days it stays open"), _numbers(range(FEWEST_DAYS, MOST_DAYS + 1)))

    def __init__(self, *, kept: PulseSchedule | None = None, **kwargs: Any) -> None:
        if kept is not None:
            numbers = ("week", "weekday", "every_months", "open_days", "k_score", "k_comment")
            begins = {name: str(getattr(kept, name)) for name in numbers}
            kwargs["data"] = {**begins, "is_on": "yes" if kept.is_on else "no", "uses_codes": kept.uses_codes}
        super().__init__(**kwargs)

    def choices_made(self) -> Choices:
        return Choices(
            is_on=self.is_on.data == "yes",
            week=int(self.week.data),
            weekday=int(self.weekday.data),
            every_months=int(self.every_months.data),
            open_days=int(self.open_days.data),
            k_score=int(self.k_score.data),
            k_comment=int(self.k_comment.data),
            uses_codes=bool(self.uses_codes.data),
        )


class QuestionForm(Form):
    """A statement that people agree with or not, in the three languages of staff."""

    en = TextAreaField(_l("In English"), [REQUIRED, at_most(QUESTION_LENGTH)])
    sw = TextAreaField(_l("In Kiswahili"), [at_most(QUESTION_LENGTH)])
    fr = TextAreaField(_l("In French"), [at_most(QUESTION_LENGTH)])
    is_reversed = BooleanField(_l("Agreeing is the bad answer"))

    def __init__(self, *, kept: PulseItem | None = None, **kwargs: Any) -> None:
        if kept is not None:
            kwargs["data"] = {**kept.text, "is_reversed": kept.is_reversed}
        super().__init__(**kwargs)
        self._had = frozenset(kept.text) if kept is not None else frozenset()

    @property
    def texts(self) -> dict[str, str]:
        return {language: self[language].data or "" for language in LANGUAGES}

    def validate_sw(self, field: TextAreaField) -> None:
        self._refuse_emptied(field)

    def validate_fr(self, field: TextAreaField) -> None:
        self._refuse_emptied(field)

    def _refuse_emptied(self, field: TextAreaField) -> None:
        """A planned round may count on it."""
        if field.name in self._had and not field.data:
            raise ValidationError(_("Keep a language that was there; you can word it anew"))
