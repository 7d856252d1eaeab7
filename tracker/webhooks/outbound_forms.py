"""The form of a new webhook."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.core import http
from tracker.core.errors import Invalid
from tracker.core.forms import REQUIRED, Form, at_most
from tracker.webhooks.outbound_events import OFFERED


class WebhookForm(Form):
    name = StringField(_l("What is it for?"), [REQUIRED, at_most(80)], description=_l("Such as: helpdesk, team chat"))
    url = StringField(_l("Address to send to"), [REQUIRED], description=_l("It begins with https://"))
    kinds = SelectMultipleField(
        _l("What shall it be told of?"),
        choices=[SelectChoice(kind, event.says) for kind, event in OFFERED.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def validate_url(self, field: StringField) -> None:
        """Only the address itself is looked at: the name may lead elsewhere by the time it is called, and is looked at then."""
        try:
            field.data = http.checked_address(field.data or "")
        except Invalid as refused:
            raise ValidationError(refused.sentence) from refused

    def validate_kinds(self, field: SelectMultipleField) -> None:
        if not field.data:
            raise ValidationError(_("Choose one at least"))
