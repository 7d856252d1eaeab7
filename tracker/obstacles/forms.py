"""Forms: what stood in the way, which team answers, and its answer."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from tracker.core.forms import REQUIRED, ChoiceField, Form, OneField, at_most
from tracker.obstacles.rules import LONGEST_DUE
from tracker.ratings.obstacles import KINDS, Named

ANSWERS = [
    SelectChoice("planned", _l("We will change it")),
    SelectChoice("declined", _l("We can’t change it")),
    SelectChoice("done", _l("It is done")),
]


class ObstacleForm(Form):
    """One that others have named, or a kind and a name of its own; and what happened."""

    cause = ChoiceField(_l("Have others named it already?"), [Optional()], empty=_l("Not in this list"))
    kind = RadioField(
        _l("What kind was it?"),
        choices=[SelectChoice(*one) for one in KINDS.items()],
        validate_choice=False,
    )
    name = StringField(_l("A short name for it"), [Optional(), at_most(80)])
    words = TextAreaField(_l("What happened, in your own words"), [Optional(), at_most(2_000)])
    shares = BooleanField(_l("Whoever answers for it may read these words too, without my name"))

    def __init__(self, *, known: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.cause.offer(known)

    def validate_name(self, field: StringField) -> None:
        if field.data and self.cause.data:
            raise ValidationError(_("Choose one from the list or name a new one, not both"))

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """A new one needs its kind and its name: both are asked for at once."""
        is_valid = bool(super().validate(*args, **kwargs))
        if self.cause.data or self.cause.errors:
            return is_valid
        if self.kind.data not in KINDS:
            self.kind.errors = [*self.kind.errors, _("Choose what kind it was, or one from the list")]
        if not self.name.data and not self.name.errors:
            self.name.errors = [_("Give it a short name, or choose one from the list")]
        return is_valid and not self.kind.errors and not self.name.errors

    def named(self) -> Named:
        return Named(cause_id=self.cause.data, kind=self.kind.data, name=self.name.data or None)


class _DayForm(Form):
    """With a day still to come, within a year."""

    def __init__(self, *, today: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._today = today

    def _check(self, day: date | None) -> None:
        if day is not None and not self._today < day <= self._today + LONGEST_DUE:
            raise ValidationError(_("Choose a day still to come, within a year"))


class GiveForm(_DayForm):
    team = ChoiceField(_l("Which team answers for it?"), [InputRequired(_l("Choose a team"))])
    due_on = DateField(_l("By when?"), [InputRequired(_l("Choose a day"))])

    def validate_due_on(self, field: DateField) -> None:
        self._check(field.data)


class AnswerForm(_DayForm):
    kind = OneField(_l("Your answer"), choices=ANSWERS)
    change_on = DateField(_l("By when?"), [Optional()])
    words = TextAreaField(_l("In a sentence or two"), [REQUIRED, at_most(1_000)])

    def validate_change_on(self, field: DateField) -> None:
        if self.kind.data == "planned":
            self._check(field.data)

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        is_valid = bool(super().validate(*args, **kwargs))
        if self.kind.data == "planned" and not self.change_on.data and not self.change_on.errors:
            self.change_on.errors = [_("Say by when it changes")]
            return False
        return is_valid

    def day(self) -> date | None:
        """Only a plan has one: a day that was left in the form says nothing."""
        found: date | None = self.change_on.data if self.kind.data == "planned" else None
        return found


class NameForm(Form):
    name = StringField(_l("Name"), [REQUIRED, at_most(80)])


class MergeForm(Form):
    into = ChoiceField(_l("It is the same as"), [InputRequired(_l("Choose the other one"))])
