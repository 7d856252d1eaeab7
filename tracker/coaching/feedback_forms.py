"""What somebody says of a talk that was held with them."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from tracker.core.forms import Form, OneField, at_most

ANSWERS = [
    SelectChoice("1", _l("Not at all")),
    SelectChoice("2", _l("Hardly")),
    SelectChoice("3", _l("Partly")),
    SelectChoice("4", _l("Mostly")),
    SelectChoice("5", _l("Fully")),
]
ONE = InputRequired(_l("Choose one of the five"))


class CoachFeedbackForm(Form):
    listened = OneField(_l("I was listened to"), [ONE], choices=ANSWERS)
    next_step = OneField(_l("I know what I can do next"), [ONE], choices=ANSWERS)
    fair = OneField(_l("It was fair"), [ONE], choices=ANSWERS)
    words = TextAreaField(_l("Anything else?"), [Optional(), at_most(1_000)])
