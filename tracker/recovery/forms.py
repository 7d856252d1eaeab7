"""Forms of a complaint."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from tracker.core import clock
from tracker.core.forms import REQUIRED, ChoiceField, Form, TicksField, at_most
from tracker.core.language import PUBLIC_LANGUAGES
from tracker.ratings.obstacles import KINDS as OBSTACLES
from tracker.ratings.obstacles import Named
from tracker.recovery.giving_form import GivingForm
from tracker.recovery.giving_rules import KINDS, Gift
from tracker.recovery.models import RecoveryCase

REACHED = [SelectChoice("yes", _l("I spoke with the customer")), SelectChoice("no", _l("I tried, nobody answered"))]
OUTCOMES = [
    SelectChoice("solved", _l("Solved")),
    SelectChoice("partly", _l("Partly solved")),
    SelectChoice("unsolved", _l("Not solved: we could not do what was asked")),
    SelectChoice("not_reached", _l("The customer could not be reached")),
]
CAUSES = [
    SelectChoice("process", _l("How we work: a rule, too few people, a system")),
    SelectChoice("product", _l("What we sell")),
    SelectChoice("person", _l("How somebody dealt with the customer")),
]


def _line(value: Any) -> int | None:
    """The number of a line of the history; None for anything else that is sent."""
    said = str(value)
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None


class SeenForm(Form):
    """A form that knows up to which line of the history its page was read, so that two clicks on its button are one line."""

    seen = HiddenField(filters=[_line])

    def __init__(self, *, last: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if self.seen.data is None:
            self.seen.data = last


class ContactForm(GivingForm, SeenForm):
    EMPTY = _l("Nothing so far")
    MUST_SAY = False
    OFFERED = tuple(kind for kind in KINDS if kind != "nothing")  # that is what the empty line says

    reached = RadioField(_l("What happened?"), [InputRequired(_l("Choose one"))], choices=REACHED)
    words = TextAreaField(_l("What was said"), [REQUIRED, at_most(5_000)])

    def validate_given(self, field: SelectField) -> None:
        if field.data and self.reached.data == "no":
            raise ValidationError(_("Nobody was reached, so nothing can have been given"))


class PromiseForm(Form):
    """When somebody calls, or when the customer wants to be called instead."""

    on = DateField(_l("Day"), [InputRequired(_l("Choose a day"))])
    starts = TimeField(_l("Time"), [InputRequired(_l("Choose a time"))])

    def __init__(self, *, zone: str, at: datetime, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._zone, self._at = zone, at

    def validate_starts(self, field: TimeField) -> None:
        if self.on.data and field.data and self.until() <= self._at:
            raise ValidationError(_("Choose a time still to come"))

    def until(self) -> datetime:
        return clock.moment_at(self.on.data, self.starts.data, self._zone)


class PostponeForm(PromiseForm):
    words = TextAreaField(_l("What the customer agreed to"), [REQUIRED, at_most(500)])


class NoteForm(SeenForm):
    words = TextAreaField(_l("Note"), [REQUIRED, at_most(5_000)])


class GiveForm(Form):
    person = ChoiceField(_l("Who takes care of it"), [InputRequired(_l("Choose somebody"))])


class CloseForm(GivingForm):
    outcome = RadioField(_l("How did it end?"), [InputRequired(_l("Choose how it ended"))], choices=OUTCOMES)
    words = TextAreaField(_l("What was done"), [REQUIRED, at_most(5_000)])
    cause = RadioField(_l("What did it come from?"), [InputRequired(_l("Choose what it came from"))], choices=CAUSES)
    obstacle = SelectField(
        _l("What stood in the way?"),
        [Optional()],
        choices=[SelectChoice("", _l("Nothing of these")), *(SelectChoice(*one) for one in OBSTACLES.items())],
    )
    rule = ChoiceField(_l("Which one was it?"), [Optional()], empty=_l("Not in this list"))
    rule_name = StringField(_l("A name for it, if it is new"), [Optional(), at_most(80)])
    driver = SelectField(_l("What was it about?"), [Optional()])

    def __init__(self, *, drivers: list[tuple[str, str]], known: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rule.offer(known)
        self.driver.choices = [SelectChoice("", _("Something else")), *(SelectChoice(*one) for one in drivers)]

    def validate_obstacle(self, field: SelectField) -> None:
        if field.data and self.cause.data == "person":
            raise ValidationError(_("This goes with how we work or with what we sell"))

    def validate_rule(self, field: ChoiceField) -> None:
        if field.data and self.cause.data == "person":
            raise ValidationError(_("This goes with how we work or with what we sell"))

    def validate_rule_name(self, field: StringField) -> None:
        if field.data and self.rule.data:
            raise ValidationError(_("Choose one from the list or name a new one, not both"))
        if field.data and not self.obstacle.data:
            raise ValidationError(_("Say above what kind it was"))

    def says_what_closed(self, case: RecoveryCase) -> bool:
        """Whether a closed complaint stands just as this form says."""
        line = next((one for one in case.entries if one.kind == "closed"), None)
        given = line and line.given
        gift = Gift(given.kind, given.worth, given.agreed_by_id) if given else None
        named = self.in_the_way()
        kinds = {case.obstacle.kind, None} if case.obstacle else set()  # one from the list brings its own
        said = (self.outcome.data, self.words.data, self.cause.data, self.driver.data or None, self.gift())
        stands = (case.outcome, line and line.words, case.cause, case.driver, gift)
        return said == stands and (named.kind in kinds if named else not kinds)

    def in_the_way(self) -> Named | None:
        """What stood in the way, if anything was said."""
        if not self.rule.data and not self.obstacle.data:
            return None
        return Named(cause_id=self.rule.data, kind=self.obstacle.data or None, name=self.rule_name.data or None)


class OwnersForm(Form):
    """Who takes care of complaints: some of the people offered, and for HR and admins anybody by staff number."""

    people = TicksField(_l("Who takes care of them?"), [Optional()])
    numbers = StringField(_l("Staff numbers of others"), [Optional(), at_most(400)])

    def __init__(self, *, offered: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.people.choices = [SelectChoice(str(id), name) for id, name in offered]

    @property
    def chosen(self) -> set[int]:
        return {int(id) for id in self.people.data or ()}

    @property
    def numbers_given(self) -> list[str]:
        return [number.strip() for number in (self.numbers.data or "").split(",") if number.strip()]


class ReplyForm(Form):
    """A text to begin an answer with. `for_all`: whether it may be for every team."""

    title = StringField(_l("Title"), [REQUIRED, at_most(80)], description=_l("Such as: Waited too long"))
    language = SelectField(_l("Language"), choices=[SelectChoice(*one) for one in PUBLIC_LANGUAGES.items()])
    text = TextAreaField(_l("Text"), [REQUIRED, at_most(5_000)])
    team = ChoiceField(_l("For whom?"), [], empty=_l("All teams"))

    def __init__(self, *, teams: list[tuple[int, str]], for_all: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.team.offer(teams)
        self._for_all = for_all
        if not for_all:
            self.team.choices = self.team.choices[1:]

    def validate_team(self, field: ChoiceField) -> None:
        if field.data is None and not self._for_all:
            raise ValidationError(_("Choose a team"))

    def values(self) -> dict[str, Any]:
        """The columns of ReplyTemplate by name."""
        given = {name: self[name].data for name in ("title", "language", "text")}
        return {**given, "team_id": self.team.data}
