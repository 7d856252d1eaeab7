"""What a browser says of itself when it is set up for pushes. The script fills it in; nobody types it."""

from typing import Any

from flask_babel import gettext as _
from wtforms import HiddenField, ValidationError

from tracker.core.errors import Invalid
from tracker.core.forms import REQUIRED, Form, at_most
from tracker.core.http import ADDRESS_LENGTH, checked_address
from tracker.notifications.push_rules import keys_problem


class PushForm(Form):
    endpoint = HiddenField(validators=[REQUIRED, at_most(ADDRESS_LENGTH)])
    p256dh = HiddenField(validators=[REQUIRED, at_most(100)])
    auth = HiddenField(validators=[REQUIRED, at_most(40)])

    def validate_endpoint(self, field: HiddenField) -> None:
        try:
            checked_address(field.data or "")
        except Invalid as error:
            raise ValidationError(str(error)) from error

    def validate_auth(self, field: HiddenField) -> None:
        if keys_problem(self.p256dh.data or "", field.data or ""):
            raise ValidationError(_("These are no keys of a browser"))

    @property
    def problem(self) -> Any:
        return next((errors[0] for errors in self.errors.values()), None)
