"""Which months of the log the pack shows."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import SelectField, ValidationError

from tracker.core.forms import Form
from tracker.core.language import long_month
from tracker.ratings.months import next_month
from tracker.reports.pack_log import LENGTHS, MOST_MONTHS, months_ended

YEAR = 12


class OfferedField(SelectField):  # type: ignore[misc]  # WTForms is untyped
    """A select whose refusal is in words of ours."""

    def pre_validate(self, form: Any) -> None:
        if str(self.data) not in {str(value) for value, _label in self.choices}:
            raise ValidationError(_l("Choose one from the list"))


class PeriodForm(Form):
    """The last month, and how many up to it; without an answer the last twelve that have ended."""

    until = OfferedField(_l("Last month"))
    months = OfferedField(_l("How many months"))

    def __init__(self, today: date, **kwargs: Any) -> None:
        ended = months_ended(today, MOST_MONTHS)
        super().__init__(meta={"csrf": False}, data={"until": _key(ended[0]), "months": str(YEAR)}, **kwargs)
        self._ended = ended
        self.until.choices = [(_key(month), long_month(month)) for month in ended]
        self.months.choices = [(str(count), ngettext("%(num)d month", "%(num)d months", count)) for count in LENGTHS]

    def chosen(self) -> list[date]:
        """The first days of the months, oldest first; the last twelve where what was asked for is not offered."""
        last, count = (self.until.data, int(self.months.data)) if self.validate() else (_key(self._ended[0]), YEAR)
        keys = [_key(month) for month in self._ended]
        return months_ended(next_month(self._ended[keys.index(last)]), count)[::-1]


def _key(month: date) -> str:
    return f"{month:%Y-%m}"
