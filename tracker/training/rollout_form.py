"""The form of a rollout, and what it would be."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import DateField, HiddenField, IntegerField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from tracker.core.forms import REQUIRED, ChoiceField, Form, TicksField, at_most
from tracker.organisation.models import Team
from tracker.organisation.queries import TeamTree
from tracker.training.forms import MOST_DAYS
from tracker.training.rollout_actions import Plan

FEWEST_TEAMS = 2
MOST_WAVES, MOST_WEEKS = 100, 26


class RolloutForm(Form):
    """Every tick is a team that can be drawn; `beneath` takes all of them under one team. `seen` is the plan as it was shown."""

    course = ChoiceField(_l("Which course?"), [InputRequired(_l("Choose a course"))])
    beneath = ChoiceField(_l("All teams beneath"), [], empty=_l("Only those ticked"))
    teams = TicksField(_l("Teams"), [])
    waves = IntegerField(
        _l("Waves"),
        [InputRequired(_l("Give a number of waves")), NumberRange(2, MOST_WAVES, _l("Give a number from 2 to 100"))],
    )
    weeks_apart = IntegerField(
        _l("Weeks from one wave to the next"),
        [InputRequired(_l("Give a number of weeks")), NumberRange(1, MOST_WEEKS, _l("Give a number from 1 to 26"))],
    )
    first_on = DateField(_l("First day"), [InputRequired(_l("Choose a day"))])
    days = IntegerField(
        _l("Days until it is due"),
        [InputRequired(_l("Give a number of days")), NumberRange(1, 365, _l("Give a number from 1 to 365"))],
    )
    words = TextAreaField(_l("A line they’ll see"), [Optional(), at_most(500)])
    seen = HiddenField()

    def __init__(
        self, *, courses: list[tuple[int, str]], leaves: Sequence[Team], tree: TeamTree, today: date, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self._tree, self._today, self._leaves = tree, today, {team.id for team in leaves}
        above = {team_id for leaf in leaves for team_id in tree.upwards(leaf.parent_id)}
        nodes = sorted(((team_id, tree.teams[team_id].name) for team_id in above), key=lambda node: node[1])
        self.course.offer(courses)
        self.beneath.offer(nodes)
        self.teams.choices = [SelectChoice(str(team.id), team.name) for team in leaves]

    @property
    def team_ids(self) -> frozenset[int]:
        """Those ticked, and those beneath the team that was chosen."""
        beneath = self._tree.beneath(self.beneath.data) if self.beneath.data else set()
        ticked = set(self.teams.data or [])
        return frozenset(leaf for leaf in self._leaves if leaf in beneath or str(leaf) in ticked)

    def plan(self) -> Plan:
        return Plan(
            course_id=self.course.data,
            team_ids=self.team_ids,
            waves=self.waves.data,
            weeks_apart=self.weeks_apart.data,
            first_on=self.first_on.data,
            days=self.days.data,
            words=self.words.data or None,
        )

    def is_confirmed(self) -> bool:
        """Whether exactly this plan was shown before the button was pressed."""
        return bool(self.seen.data == mark_of(self.plan()))

    def validate_teams(self, _field: TicksField) -> None:
        if len(self.team_ids) < FEWEST_TEAMS:
            raise ValidationError(_("Choose two teams or more: one alone has nothing to be compared with"))

    def validate_waves(self, field: IntegerField) -> None:
        if field.data is not None and field.data > len(self.team_ids) >= FEWEST_TEAMS:
            count = len(self.team_ids)
            raise ValidationError(ngettext("There is %(num)d team", "There are only %(num)d teams", count))

    def validate_first_on(self, field: DateField) -> None:
        if field.data is not None and (field.data < self._today or field.data.isoweekday() != 1):
            raise ValidationError(_("Choose a Monday, from today on"))
        if field.data is not None and field.data > self._today + MOST_DAYS:
            raise ValidationError(_("Choose a Monday within a year"))


class EndForm(Form):
    reason = TextAreaField(_l("Why is it ended?"), [REQUIRED, at_most(500)])


def mark_of(plan: Plan) -> str:
    """Equal for equal plans."""
    told = repr((plan.course_id, sorted(plan.team_ids), plan.starts, plan.days, plan.words))
    return hashlib.sha256(told.encode()).hexdigest()
