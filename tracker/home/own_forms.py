"""The forms of what somebody adds to their own feedback."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField

from tracker.core.forms import REQUIRED, Form, OnceForm, at_most


class SideForm(Form):
    text = TextAreaField(_l("My side of the story"), [REQUIRED, at_most(2000)])


class PointForm(OnceForm):
    text = StringField(_l("What do you want to bring up?"), [REQUIRED, at_most(300)])
