"""The form of what comes how, made from the groups; and that of the quiet hours."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, TimeField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from tracker.core.forms import Form
from tracker.notifications.choices import AUTO, DAILY, NONE, ONCE, Choices
from tracker.notifications.groups import BY_KEY, Group
from tracker.notifications.quiet_rules import Quiet


class MailField(SelectField):  # type: ignore[misc]  # WTForms is untyped
    def pre_validate(self, _form: Any) -> None:
        if self.data not in {choice.value for choice in self.choices}:
            raise ValidationError(_("Choose one from the list"))


class ChoicesForm(Form):
    """Two fields a group: how its mails come, where there is a choice, and whether it is pushed."""

    def chosen(self, groups: Iterable[Group]) -> dict[str, tuple[str, bool]]:
        return {
            group.key: (AUTO if group.must_reach else self[f"mail_{group.key}"].data, self[f"push_{group.key}"].data)
            for group in groups
        }

    def rows(self, groups: Iterable[Group]) -> list["Row"]:
        """The page’s lines: (group, the field of its mails or None, the field of its pushes)."""
        return [
            Row(group, None if group.must_reach else self[f"mail_{group.key}"], self[f"push_{group.key}"])
            for group in groups
        ]


@dataclass(frozen=True)
class Row:
    group: Group
    mail: Any
    push: Any


def choices_form(groups: Iterable[Group], held: Choices, *, is_sent: bool) -> ChoicesForm:
    """The form for these groups: as the person’s choices stand, or as it was sent."""
    fields: dict[str, Any] = {}
    for group in groups:
        if not group.must_reach:
            now = held.mail.get(group.key, AUTO)
            default = DAILY if now == AUTO and not group.has_urgent else now
            fields[f"mail_{group.key}"] = MailField(_mail_label(group), choices=_ways(group), default=default)
        fields[f"push_{group.key}"] = BooleanField(_push_label(group), default=held.push.get(group.key, True))
    own = type("OwnChoicesForm", (ChoicesForm,), fields)
    form: ChoicesForm = own() if is_sent else own(formdata=None)
    return form


def _ways(group: Group) -> list[SelectChoice]:
    ways = [(DAILY, _l("In the daily mail")), (ONCE, _l("A mail at once")), (NONE, _l("No mail"))]
    if BY_KEY[group.key].has_urgent:
        ways.insert(0, (AUTO, _l("Daily mail; at once what can’t wait")))
    return [SelectChoice(value, label) for value, label in ways]


def _mail_label(group: Group) -> str:
    return _("Mail: %(group)s", group=group.label)


def _push_label(group: Group) -> str:
    return _("Push: %(group)s", group=group.label)


class QuietForm(Form):
    is_on = BooleanField(_l("Keep quiet hours"))
    starts = TimeField(_l("From"), [InputRequired(_l("Choose a time"))], default=time(20))
    ends = TimeField(_l("Until"), [InputRequired(_l("Choose a time"))], default=time(7))
    days_off = BooleanField(
        _l("And all day when I don’t work"), description=_l("Free days of your team, holidays, and days you are away")
    )
    lets_urgent = BooleanField(
        _l("Let through what can’t wait"),
        description=_l("A complaint whose clock runs, many unhappy customers at a kiosk"),
    )

    def validate_ends(self, field: TimeField) -> None:
        if not field.errors and field.data == self.starts.data:
            raise ValidationError(_("From and until are the same. To keep no quiet hours, take the tick above away"))

    @classmethod
    def of(cls, quiet: Quiet) -> "QuietForm":
        return cls(data=vars(quiet), formdata=None)

    @property
    def given(self) -> Quiet:
        return Quiet(self.is_on.data, self.starts.data, self.ends.data, self.days_off.data, self.lets_urgent.data)
