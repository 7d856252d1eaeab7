"""Forms of replies for staff: an answer, and why a comment is hidden."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from tracker.core.forms import REQUIRED, Form, at_most
from tracker.pulse.reply_door_form import LONGEST


class ReplyForm(Form):
    text = TextAreaField(_l("Your answer"), [REQUIRED, at_most(LONGEST)])


class HideForm(Form):
    because = TextAreaField(_l("Why?"), [REQUIRED, at_most(300)])
