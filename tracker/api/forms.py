"""The form of a new token."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectMultipleField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.core.forms import REQUIRED, Form, at_most

SCOPE_WORDS = {
    "interactions:write": _l("Bring in interactions"),
    "ratings:write": _l("Bring in ratings"),
    "reviews:write": _l("Bring in public reviews"),
    "ratings:read": _l("Read ratings and interactions, as far as you may yourself"),
    "people:read": _l("Read the directory of people"),
    "scores:read": _l("Read scores, as far as you may yourself"),
    "pulse:read": _l("Read results of the pulse, as far as you may yourself"),
    "reports:read": _l("Read reports, as far as you may yourself"),
}


class TokenForm(Form):
    name = StringField(_l("What is it for?"), [REQUIRED, at_most(80)], description=_l("Such as: tills, helpdesk"))
    scopes = SelectMultipleField(
        _l("What may it do?"),
        choices=[SelectChoice(scope, words) for scope, words in SCOPE_WORDS.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    last_day = DateField(_l("Last day it works"), [Optional()], description=_l("Empty: until it is revoked"))

    def __init__(self, *, today: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._today = today

    def validate_scopes(self, field: SelectMultipleField) -> None:
        if not field.data:
            raise ValidationError(_("Choose one at least"))

    def validate_last_day(self, field: DateField) -> None:
        if field.data and not self._today <= field.data <= self._today.replace(year=self._today.year + 10, day=1):
            raise ValidationError(_("Choose a day from today on, within ten years"))
