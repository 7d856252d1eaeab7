"""The kiosk's form for customers: a face touched, in the language they chose."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, ValidationError
from wtforms.validators import InputRequired

from tracker.core.forms import REQUIRED, Form, OneField
from tracker.intake.kiosk_rules import client_id
from tracker.intake.rate_forms import FACES


class FaceForm(Form):
    """One touch, without a script. `id` came with the page, so that the same page sent twice is one answer."""

    stars = OneField(_l("How was it?"), [InputRequired(_l("Choose one of the faces"))], choices=FACES, name="r")
    id = StringField(validators=[REQUIRED])

    def validate_id(self, field: StringField) -> None:
        if client_id(field.data) is None:
            raise ValidationError(_("Load the page again"))
