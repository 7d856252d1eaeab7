"""How many talks a week leaders can hold."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional

from tracker.coaching.turn_rules import LONGEST_ALLOWED, LONGEST_WAIT, MOST_TALKS
from tracker.core.forms import Form


class TurnsForm(Form):
    """Without talks a week it is switched off."""

    talks_a_week = IntegerField(
        _l("Talks a week"), [Optional(), NumberRange(1, MOST_TALKS, _l("From 1 to 1,000 talks, or nothing"))]
    )
    longest_wait = IntegerField(
        _l("Longest wait in weeks"),
        [InputRequired(_l("Say how many weeks")), NumberRange(1, LONGEST_ALLOWED, _l("From 1 to 12 weeks"))],
        default=LONGEST_WAIT,
    )
