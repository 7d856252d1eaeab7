"""Forms of the doors."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    RadioField,
    SelectField,
    StringField,
    TimeField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from tracker.core import clock
from tracker.core.forms import REQUIRED, ChoiceField, Form, at_most
from tracker.core.language import PUBLIC_LANGUAGES
from tracker.invitations.rules import address_of


class LinkForm(Form):
    """Whom a customer is asked about, and what for."""

    person = ChoiceField(_l("Who served the customer"), [InputRequired(_l("Choose a person"))])
    touchpoint = ChoiceField(_l("Touchpoint"), [Optional()])
    channel = ChoiceField(_l("How the link gets there"), [Optional()])
    place = StringField(_l("Place"), [Optional(), at_most(80)])
    customer = StringField(_l("Customer’s reference"), [Optional(), at_most(120)])
    email = StringField(
        _l("Mail the link to"),
        [Optional(), at_most(254)],
        render_kw={"autocomplete": "off", "inputmode": "email"},
    )
    language = SelectField(
        _l("Language of the card"),
        choices=[SelectChoice(code, name) for code, name in PUBLIC_LANGUAGES.items()],
        default="en",
    )
    ended_on = DateField(_l("Day"), [InputRequired(_l("Choose a day"))])
    ended = TimeField(_l("Time service ended"), [InputRequired(_l("Choose a time"))])

    def __init__(self, *, now: datetime, zone: str, **kwargs: Any) -> None:
        local = now.astimezone(clock.zone(zone))
        super().__init__(
            data={"ended_on": local.date(), "ended": local.time().replace(second=0, microsecond=0)}, **kwargs
        )
        self._now, self._zone = now, zone

    def ended_at(self) -> datetime:
        """The moment meant, in UTC; the minute that has just begun counts as now."""
        return min(clock.moment_at(self.ended_on.data, self.ended.data, self._zone), self._now)

    def validate_email(self, field: StringField) -> None:
        if field.data and address_of(field.data) is None:
            raise ValidationError(_("This is not an email address"))

    def validate_ended_on(self, field: DateField) -> None:
        if self.ended.data is None:
            return
        ended_at = clock.moment_at(field.data, self.ended.data, self._zone)
        if ended_at > self._now + timedelta(minutes=1):
            raise ValidationError(_("Service has to be over before somebody is asked about it"))
        if ended_at < self._now - timedelta(days=14):
            raise ValidationError(_("That is more than 14 days ago"))


class ImportFileForm(Form):
    """Step 1: a file, and a name for where it comes from."""

    file = FileField(_l("File"), [FileRequired(_l("Choose a file"))])
    source = StringField(_l("Where it comes from"), [REQUIRED, at_most(120)])


class ColumnsForm(Form):
    """Step 2, beside the columns themselves: how the values are meant, and what to do with what is missing."""

    scale = SelectField(
        _l("Scale of the rating"),
        choices=[
            SelectChoice("stars", _l("Stars, 1 to 5")),
            SelectChoice("nps", _l("Recommendation (NPS), 0 to 10")),
            SelectChoice("csat7", _l("Satisfaction, 1 to 7")),
            SelectChoice("csat100", _l("Satisfaction, 0 to 100")),
            SelectChoice("words", _l("Words such as good, okay, bad")),
        ],
    )
    order = SelectField(
        _l("A date such as 03/04/2026 is"),
        choices=[
            SelectChoice("", _l("not in this file")),
            SelectChoice("day", _l("3 April (day first)")),
            SelectChoice("month", _l("4 March (month first)")),
        ],
    )
    create_missing = BooleanField(_l("Add people, teams, touchpoints and channels that aren’t known here"))
    remember = BooleanField(_l("Remember this for the next file"))

    def day_first(self) -> bool | None:
        return {"day": True, "month": False}.get(self.order.data)


class PersonMeantForm(Form):
    """Whom a file means. A suggestion, or somebody else by number or name."""

    suggestion = RadioField(_l("Who is meant?"), [Optional()], validate_choice=False)  # checked below, with the other
    somebody = StringField(_l("Somebody else"), [at_most(120)])

    def validate_somebody(self, field: StringField) -> None:
        offered = {choice.value for choice in self.suggestion.choices} - {"0"}
        if not field.data and self.suggestion.data not in offered:
            raise ValidationError(_("Choose a person, or enter a staff number or full name"))


class AssignForm(PersonMeantForm):
    """Whose rating it is, and how that is known."""

    reason = StringField(_l("How you know"), [REQUIRED, at_most(500)])
    all = BooleanField(_l("All with the same reference"))
