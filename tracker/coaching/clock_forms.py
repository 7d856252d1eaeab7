"""Forms about the time of a talk."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from tracker.coaching.rules import SNOOZE_DAYS_AT_MOST
from tracker.core.forms import Form, OneField


class SnoozeForm(Form):
    reason = OneField(
        _l("Why"),
        choices=[
            SelectChoice("agreed", _l("We agreed on a later time")),
            SelectChoice("busy", _l("It is a busy time in the team")),
            SelectChoice("system", _l("I look at staffing, queues and the system first")),
            SelectChoice("first", _l("Something else in the team has to come first")),
        ],
    )
    days = SelectField(
        _l("Remind me again in"),
        choices=[
            SelectChoice(str(count), lazy_ngettext("%(num)d working day", "%(num)d working days", count))
            for count in range(1, SNOOZE_DAYS_AT_MOST + 1)
        ],
        default="3",
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(prefix="snooze", **kwargs)


class ClosingForm(Form):
    because = OneField(
        _l("Why no talk is needed"),
        choices=[
            SelectChoice("talked", _l("We have talked already, and nothing more is needed")),
            SelectChoice("second_look", _l("A second look changed the ratings it was about")),
            SelectChoice("declined", _l("They would rather not talk")),
        ],
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(prefix="closing", **kwargs)
