"""The part of a form that asks what a customer was given on the spot; and the form that chooses how much that may be."""

import re
from typing import Any

from babel.numbers import list_currencies
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional, StopValidation
from wtforms.widgets import TextInput

from tracker.core.forms import REQUIRED, ChoiceField, Form
from tracker.core.language import number
from tracker.recovery.giving_rules import MOST, Gift, Purse, problem_of

KINDS = {
    "nothing": _l("Nothing"),
    "apology": _l("An apology in words"),
    "refund": _l("Money back"),
    "voucher": _l("A voucher"),
    "replacement": _l("A replacement"),
}
A_NUMBER = _l("A whole number from %(min)d to %(max)d, without spaces or commas")
PROBLEMS = {
    "needless_worth": ("given", _l("Choose what it was: money back, a voucher or a replacement")),
    "needless_yes": ("agreed", _l("Nobody is asked for that: leave it empty, or choose above what was given")),
    "not_said": ("given", _l("Choose what was given, or nothing")),
    "no_worth": ("worth", _l("Say what it was worth")),
    "not_above": ("agreed", _l("Choose one from the list")),
}


class WholeField(IntegerField):  # type: ignore[misc]  # WTForms is untyped
    """A whole number as people write it by hand; anything else is refused in one sentence of ours, and stands there as it was sent.

    A line of text: of a field for numbers some browsers send nothing where “1,000” was typed, and nothing means something here."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        said = valuelist[0].strip() if valuelist else ""
        self.data = None
        if said and not re.fullmatch(r"[-+]?[0-9]+", said):
            raise ValueError(str(A_NUMBER) % {"min": self.validators[-1].min, "max": MOST})
        if said:
            self.data = int(said[:20])

    def pre_validate(self, form: Any) -> None:
        """What could not be read is no number that lies outside: the other validators would only say it again."""
        if self.process_errors:
            raise StopValidation


def money(amount: int, currency: str) -> str:
    return f"{currency}\N{NO-BREAK SPACE}{number(amount, 0)}"


class GivingForm(Form):
    """Empty `given`: nothing was said of it. Worth is not asked for before the company has a currency."""

    EMPTY: Any = _l("Choose one")
    MUST_SAY = True
    OFFERED = tuple(KINDS)

    given = SelectField(_l("What did you give the customer?"), [Optional()])
    worth: Any = WholeField(_l("What it was worth"), [Optional(), NumberRange(1, MOST, A_NUMBER)])
    agreed = ChoiceField(_l("Who agreed to it?"), [Optional()], empty=_l("Nobody was asked"))

    def __init__(self, *, purse: Purse, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.purse = purse
        self.given.choices = [SelectChoice("", self.EMPTY), *(SelectChoice(one, KINDS[one]) for one in self.OFFERED)]
        self.agreed.offer(list(purse.above))
        if purse.currency is None:
            del self.worth
        else:
            self.worth.label.text = _("What it was worth, in whole %(currency)s", currency=purse.currency)

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself; then whether these go together, said beside the field that can mend it."""
        is_valid = super().validate(extra_validators)
        if any(name in self.errors for name in ("given", "worth", "agreed")):
            return False
        gift = self.gift()
        problem = problem_of(gift, self.purse) if gift else self._said_beside()
        if problem == "not_agreed":
            self.agreed.errors = [self._beyond()]
        elif problem is not None:
            name, sentence = PROBLEMS[problem]
            self[name].errors = [str(sentence)]
        return bool(is_valid) and problem is None

    def gift(self) -> Gift | None:
        if not self.given.data:
            return None
        return Gift(self.given.data, self._worth, self.agreed.data)

    @property
    def _worth(self) -> int | None:
        return self.worth.data if self.worth is not None else None

    def _said_beside(self) -> str | None:
        if self._worth is not None:
            return "needless_worth"
        return "needless_yes" if self.agreed.data else "not_said" if self.MUST_SAY else None

    def _beyond(self) -> str:
        limit = money(self.purse.limit or 0, self.purse.currency or "")
        if self.purse.limit == 0:
            return _("You are asked to ask first: choose who agreed to it")
        if self.purse.already:
            already = money(self.purse.already, self.purse.currency or "")
            return _(
                "With the %(already)s given before, this is more than the %(limit)s that you may give without asking: "
                "choose who agreed to it",
                already=already,
                limit=limit,
            )
        return _("More than the %(limit)s that you may give without asking: choose who agreed to it", limit=limit)


class LimitForm(Form):
    """Empty: as above the team; for the company: nothing is set. `currency` is asked for the company alone. `seen`: what held as the
    page was read, so that nobody undoes unknowingly what somebody else has just chosen."""

    seen = HiddenField()
    currency = StringField(_l("Currency"), [REQUIRED])
    staff = WholeField(_l("Staff"), [Optional(), NumberRange(0, MOST, A_NUMBER)])
    leads = WholeField(_l("Who leads a team, or stands in there"), [Optional(), NumberRange(0, MOST, A_NUMBER)])

    def __init__(self, *, currency: str | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._currency = currency
        if currency is not None:
            del self.currency

    def validate_currency(self, field: StringField) -> None:
        field.data = field.data.upper()
        if field.data not in list_currencies():
            raise ValidationError(_("Three letters, as banks write it: KES, EUR"))

    def chosen_currency(self) -> str:
        return str(self.currency.data) if self._currency is None else self._currency
