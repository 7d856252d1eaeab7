"""Forms of people, teams, absences, holidays and settings."""

from datetime import date, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, SelectMultipleField, StringField, TimeField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.core import clock
from tracker.core.forms import REQUIRED, ChoiceField, Form, at_most
from tracker.core.language import LANGUAGES
from tracker.organisation.models import Person
from tracker.organisation.page_queries import person_named

DAY = InputRequired(_l("Choose a day"))
WEEKDAYS = [
    SelectChoice("1", _l("Monday")),
    SelectChoice("2", _l("Tuesday")),
    SelectChoice("3", _l("Wednesday")),
    SelectChoice("4", _l("Thursday")),
    SelectChoice("5", _l("Friday")),
    SelectChoice("6", _l("Saturday")),
    SelectChoice("7", _l("Sunday")),
]
DEPUTY_AT_MOST = timedelta(weeks=12)
EARLIEST, LATEST = 1950, 2100  # a year typed with a digit missing or too many


class PlausibleDay:
    """Refuses 0206 and 20026; leaves an empty field to the others."""

    def __call__(self, _form: Any, field: DateField) -> None:
        if field.data and not EARLIEST <= field.data.year <= LATEST:
            raise ValidationError(_("Check the year"))


class PersonForm(Form):
    name = StringField(_l("Name"), [REQUIRED, at_most(120)], render_kw={"autocomplete": "off"})
    staff_number = StringField(_l("Staff number"), [REQUIRED, at_most(40)], render_kw={"autocomplete": "off"})
    email = StringField(
        _l("Email"),
        [Optional(), at_most(254), Email(_l("This is not an email address"))],
        description=_l("Without one, a printed slip lets the person in"),
        render_kw={"autocomplete": "off", "inputmode": "email"},
    )
    language = SelectField(
        _l("Language"), choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()], default="en"
    )
    contract = StringField(
        _l("Contract"),
        [Optional(), at_most(40)],
        description=_l("Such as full time or seasonal"),
    )
    started_on = DateField(_l("First day"), [Optional(), PlausibleDay()])

    def details(self) -> dict[str, Any]:
        """The columns of Person by name."""
        names = ("name", "staff_number", "email", "language", "contract", "started_on")
        given = {name: self[name].data or None for name in names}
        return {**given, "email": (self.email.data or "").lower() or None}


class NewPersonForm(PersonForm):
    team = ChoiceField(_l("Team"), [InputRequired(_l("Choose a team"))])


class EditPersonForm(PersonForm):
    """`ended_on` is the day on which the person no longer works here."""

    ended_on = DateField(
        _l("Sign-in stops on"), [Optional(), PlausibleDay()], description=_l("The day after the last one at work")
    )

    def validate_ended_on(self, field: DateField) -> None:
        if field.data and self.started_on.data and field.data <= self.started_on.data:
            raise ValidationError(_("This must be after the first day"))


class MoveForm(Form):
    team = ChoiceField(_l("New team"), [InputRequired(_l("Choose a team"))])
    since = DateField(_l("From"), [DAY, PlausibleDay()])


class AbsenceForm(Form):
    first = DateField(_l("First day away"), [DAY, PlausibleDay()])
    last = DateField(_l("Last day away"), [DAY, PlausibleDay()])

    def validate_last(self, field: DateField) -> None:
        if field.data and self.first.data and field.data < self.first.data:
            raise ValidationError(_("The last day is before the first one"))


class TeamForm(Form):
    name = StringField(_l("Name"), [REQUIRED, at_most(120)])
    parent_id = ChoiceField(_l("Part of"), [Optional()], empty=_l("Nothing: it stands at the top"))
    time_zone = StringField(
        _l("Time zone"),
        [REQUIRED, at_most(64)],
        description=_l("Such as Africa/Nairobi. Days and reminders follow it."),
        render_kw={"list": "zones", "autocomplete": "off"},
    )
    working_days = SelectMultipleField(
        _l("Working days"),
        [InputRequired(_l("Choose at least one day"))],
        choices=WEEKDAYS,
        default=list("12345"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    work_starts = TimeField(_l("Work starts"), [InputRequired(_l("Choose a time"))], default=time(8))
    work_ends = TimeField(_l("Work ends"), [InputRequired(_l("Choose a time"))], default=time(17))

    def validate_time_zone(self, field: StringField) -> None:
        refuse_unknown_zone(field.data)

    def validate_work_ends(self, field: TimeField) -> None:
        if field.data and self.work_starts.data and field.data <= self.work_starts.data:
            raise ValidationError(_("This must be after work starts"))

    def values(self) -> dict[str, Any]:
        """The columns of Team by name."""
        names = ("name", "parent_id", "time_zone", "work_starts", "work_ends")
        days = "".join(sorted(set(self.working_days.data or ())))
        return {**{name: self[name].data for name in names}, "working_days": days}


class LeaderForm(Form):
    """Somebody by staff number or exact name; after validation `person` holds who is meant."""

    who = StringField(
        _l("Staff number or full name"), [REQUIRED, at_most(120)], render_kw={"list": "people", "autocomplete": "off"}
    )
    since = DateField(_l("From"), [DAY, PlausibleDay()])

    def __init__(self, *, today: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._today = today
        self.person: Person | None = None

    def validate_who(self, field: StringField) -> None:
        found = person_named(field.data or "", self._today)
        if not found:
            raise ValidationError(_("Nobody who works here has this number or name"))
        if len(found) > 1:
            raise ValidationError(_("More than one person has this name. Use the staff number"))
        self.person = found[0]


class DeputyForm(LeaderForm):
    """A manager who names their own deputy says until when (`must_end`); HR may leave it open."""

    last = DateField(_l("Last day"))

    def __init__(self, *, must_end: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.must_end = must_end
        self.last.validators = [InputRequired(_("Say until when")) if must_end else Optional(), PlausibleDay()]
        self.last.description = _("At most 12 weeks after the first") if must_end else _("Leave empty if it is open")

    def validate_last(self, field: DateField) -> None:
        if not field.data or not self.since.data:
            return
        if field.data < self.since.data:
            raise ValidationError(_("The last day is before the first one"))
        if self.must_end and field.data - self.since.data > DEPUTY_AT_MOST:
            raise ValidationError(_("At most 12 weeks; for longer, ask HR"))


class HolidayForm(Form):
    on = DateField(_l("Day"), [DAY, PlausibleDay()])
    name = StringField(_l("Name of the holiday"), [REQUIRED, at_most(80)])


class SettingsForm(Form):
    name = StringField(_l("Name of your organisation"), [REQUIRED, at_most(120)])
    time_zone = StringField(
        _l("Time zone"),
        [REQUIRED, at_most(64)],
        description=_l("For whoever is in no team. Each team has its own."),
        render_kw={"list": "zones", "autocomplete": "off"},
    )

    def validate_time_zone(self, field: StringField) -> None:
        refuse_unknown_zone(field.data)


def refuse_unknown_zone(name: str) -> None:
    try:
        clock.zone(name)
    except ValueError:
        raise ValidationError(_("This is not a time zone. Use a name such as Africa/Nairobi")) from None


@lru_cache(maxsize=1)
def zone_names() -> list[str]:
    """The names to offer: UTC, and zones named after a place."""
    skipped = ("Etc/", "posix", "right", "SystemV/", "US/")
    return ["UTC", *sorted(name for name in available_timezones() if "/" in name and not name.startswith(skipped))]
