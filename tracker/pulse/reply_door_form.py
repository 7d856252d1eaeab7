"""What the writer of a comment adds, in three languages."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from tracker.core.forms import REQUIRED, Form, at_most

LONGEST = 1_000


class WriteBackForm(Form):
    text = TextAreaField(_l("Write back"), [REQUIRED, at_most(LONGEST)])
