"""The form of a rule."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from tracker.core.forms import ChoiceField, Form, at_most
from tracker.training.rule_page import Offered

KINDS = [
    SelectChoice("joined", _l("Whoever comes into the team")),
    SelectChoice("leads", _l("Whoever begins to lead a team")),
    SelectChoice("low", _l("Whoever’s customers keep wishing for the same: three within eight weeks")),
]


class RuleForm(Form):
    """`for_all`: whether the rule may hold for the whole company."""

    course = ChoiceField(_l("Which course?"), [InputRequired(_l("Choose a course"))])
    kind = RadioField(_l("Who gets it?"), [InputRequired(_l("Choose one"))], choices=KINDS)
    driver = SelectField(_l("What do customers wish for?"), [Optional()])
    team = ChoiceField(_l("In which team?"), [], empty=_l("In the whole company"))
    days = IntegerField(
        _l("Days until it is due"),
        [InputRequired(_l("Give a number of days")), NumberRange(1, 365, _l("Give a number from 1 to 365"))],
    )
    words = TextAreaField(_l("A line they’ll see"), [Optional(), at_most(500)])

    def __init__(self, *, offered: Offered, for_all: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.course.offer(offered.courses)
        self.team.offer(offered.teams)
        self.driver.choices = [SelectChoice("", _("Choose one")), *(SelectChoice(*one) for one in offered.drivers)]
        self._for_all = for_all
        if not for_all:
            self.team.choices = self.team.choices[1:]

    def validate_driver(self, field: SelectField) -> None:
        if self.kind.data == "low" and not field.data:
            raise ValidationError(_("Choose what customers wish for"))

    def validate_team(self, field: ChoiceField) -> None:
        if field.data is None and not self._for_all:
            raise ValidationError(_("Choose a team"))

    def values(self, today: date) -> dict[str, Any]:
        """The columns of TrainingRule by name. It looks at what happens from today on."""
        return {
            "course_id": self.course.data,
            "kind": self.kind.data,
            "driver": self.driver.data if self.kind.data == "low" else None,
            "team_id": self.team.data,
            "days": self.days.data,
            "words": self.words.data or None,
            "since": today,
        }
