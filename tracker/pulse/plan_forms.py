"""Forms of plans: what will be done, by whom, until when and up to where; what was done; why not."""

import re
import secrets
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, DecimalField, Field, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Optional

from tracker.core.forms import REQUIRED, ChoiceField, Form, at_most
from tracker.core.language import number
from tracker.pulse.bank import RECOMMENDING
from tracker.pulse.plan_rules import HIGHEST, LONGEST_DUE, lowest_aim

KEY = re.compile(r"[0-9a-f]{32}")


class NumberField(DecimalField):  # type: ignore[misc]  # WTForms is untyped
    """With a point or a comma."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            self.data = Decimal(valuelist[0].strip().replace(",", ".").replace("−", "-"))
        except InvalidOperation as error:
            self.data = None
            raise ValueError(_("Write a number")) from error
        if not self.data.is_finite():
            self.data = None
            raise ValueError(_("Write a number"))


class _OwnedForm(Form):
    """Somebody out of a short list, or anybody by their number; and a day still to come. The fields are made in each form, so that
    what is wrong is told in the order of its page."""

    owner: ChoiceField
    staff_number: StringField
    due_on: DateField

    def __init__(self, *, people: list[tuple[int, str]], today: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.owner.offer(people)
        self._today = today

    def validate_due_on(self, field: Field) -> None:
        if field.data is not None and not self._today < field.data <= self._today + LONGEST_DUE:
            raise ValidationError(_("Choose a day still to come, within a year"))

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        is_valid = bool(super().validate(*args, **kwargs))
        if not self.owner.errors and bool(self.owner.data) == bool(self.staff_number.data):
            self.owner.errors = [_("Choose somebody from the list, or write one staff number")]
        return is_valid and not self.owner.errors

    def refuse_stranger(self) -> None:
        self.staff_number.errors = [*self.staff_number.errors, _("Nobody who works here has this number")]


def _who() -> ChoiceField:
    return ChoiceField(_l("Who does it?"), [Optional()], empty=_l("Choose, or write a staff number"))


def _number() -> StringField:
    return StringField(_l("Somebody else, by staff number"), [Optional(), at_most(40)])


def _day() -> DateField:
    return DateField(_l("By when?"), [InputRequired(_l("Choose a day"))])


class MakePlanForm(_OwnedForm):
    """`key`: made with the empty form, so that the same form sent twice is one plan."""

    key = HiddenField()
    text = TextAreaField(_l("What will be done?"), [REQUIRED, at_most(500)])
    owner, staff_number, due_on = _who(), _number(), _day()
    aim = NumberField(_l("The measure has moved from"), [InputRequired(_l("Write a number"))])

    def __init__(self, *, was: float, scale: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._least, self._most = lowest_aim(was, scale), HIGHEST[scale]
        self._places = 0 if scale == RECOMMENDING else 1
        if not KEY.fullmatch(self.key.data or ""):
            self.key.data = secrets.token_hex(16)

    def validate_aim(self, field: Field) -> None:
        if field.data is None or self._least is None:
            raise ValidationError(_("Write a number"))
        if round(float(field.data), self._places) != float(field.data):
            raise ValidationError(_("Use one decimal at most") if self._places else _("Use a whole number"))
        if not self._least <= float(field.data) <= self._most:
            least, most = number(self._least, self._places), number(self._most, self._places)
            raise ValidationError(_("Choose a number from %(least)s to %(most)s", least=least, most=most))

    def figure(self) -> float:
        return float(self.aim.data)  # type: ignore[arg-type]  # a valid form has a number


class GivePlanForm(_OwnedForm):
    owner, staff_number, due_on = _who(), _number(), _day()


class DonePlanForm(Form):
    words = TextAreaField(_l("What was done?"), [REQUIRED, at_most(1_000)])


class GiveUpForm(Form):
    because = TextAreaField(_l("Why?"), [REQUIRED, at_most(500)])
