"""What can be tried and saved."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.fields.choices import SelectChoice

from tracker.core.forms import Form, OneField
from tracker.ratings.thresholds import ALERT_ONE_IN, COOL_DOWNS, LEAST_FALLS, Thresholds


class ThresholdsForm(Form):
    """The four choices; `strict` is offered only to companies that are large enough."""

    alert_one_in = OneField(
        _l("Suggest a talk when fewer than one check in so many would look as low by chance"),
        choices=[SelectChoice(str(one), f"{one:,}") for one in ALERT_ONE_IN],
    )
    least_fall = OneField(
        _l("Least fall, in stars"), choices=[SelectChoice(str(fall), str(fall)) for fall in LEAST_FALLS]
    )
    cooldown_weeks = OneField(
        _l("Weeks of rest after a suggestion"), choices=[SelectChoice(str(weeks), str(weeks)) for weeks in COOL_DOWNS]
    )
    strict = BooleanField(_l("The strict rule instead of the first choice"))

    def __init__(self, *, offers_strict: bool, chosen: Thresholds | None = None, **kwargs: Any) -> None:
        """`chosen`: what the form begins with."""
        if chosen is not None:
            kwargs["data"] = {name: str(value) for name, value in vars(chosen).items()} | {"strict": chosen.strict}
        super().__init__(**kwargs)
        if not offers_strict:
            del self.strict

    @property
    def thresholds(self) -> Thresholds:
        strict = bool(self.strict.data) if "strict" in self else False
        return Thresholds(
            int(self.alert_one_in.data), float(self.least_fall.data), strict, int(self.cooldown_weeks.data)
        )
