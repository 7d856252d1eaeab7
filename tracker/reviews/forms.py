"""Forms of reviews and their feeds."""

from datetime import datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from tracker.core import clock, http
from tracker.core.errors import Invalid
from tracker.core.forms import REQUIRED, ChoiceField, Form, at_most
from tracker.reviews.models import ReviewFeed
from tracker.reviews.rules import ANSWER_WITHIN, OUT_OF, language_of, web_link


class SeenForm(Form):
    """`seen`: how many answers stood on the page that this form was on."""

    seen = HiddenField(default="0")

    @property
    def seen_count(self) -> int:
        text = str(self.seen.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1


class AnswerForm(SeenForm):
    words = TextAreaField(_l("The answer, as it stands there"), [REQUIRED, at_most(5_000)])
    said_by = StringField(
        _l("Given by"), [REQUIRED, at_most(120)], description=_l("The name under which it stands there.")
    )
    on = DateField(_l("Day"), [InputRequired(_l("Choose a day"))])
    hour = TimeField(_l("Time"), [InputRequired(_l("Choose a time"))], default=time(12))
    link = StringField(_l("Link to it"), [Optional(), at_most(2_000)])

    def __init__(self, *, zone: str, at: datetime, published_at: datetime | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._zone, self._at, self._published_at = zone, at, published_at

    def said_at(self) -> datetime:
        """The moment meant, in UTC."""
        return clock.moment_at(self.on.data, self.hour.data, self._zone)

    def validate_link(self, field: StringField) -> None:
        if web_link(field.data) is None:
            raise ValidationError(_("A link begins with https:// or http://"))

    def validate_hour(self, field: TimeField) -> None:
        if not self.on.data or field.data is None or self.on.errors:
            return
        if not 1990 <= self.on.data.year <= 2200 or self.said_at() > self._at:
            raise ValidationError(_("This is still to come. Note the answer once it has been given"))
        if self._published_at and self.said_at() < self._published_at.replace(second=0, microsecond=0):
            raise ValidationError(_("This is before the review was published"))


class NotNeededForm(SeenForm):
    reason = StringField(_l("Why is no answer needed?"), [REQUIRED, at_most(500)])


class TeamForm(Form):
    team = ChoiceField(_l("Team"), [InputRequired(_l("Choose a team"))])

    def __init__(self, *, teams: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.team.offer(teams)


class NameForm(Form):
    """Whom a review names: somebody of the team, or for HR anybody by staff number; nobody takes it back."""

    person = ChoiceField(_l("Whom does it name?"), [Optional()], empty=_l("Nobody"))
    staff_number = StringField(_l("Or a staff number"), [Optional(), at_most(40)])

    def __init__(self, *, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.person.offer(people)


class FeedForm(Form):
    """A feed: where it is, what it tells, whose it is."""

    name = StringField(_l("Name"), [REQUIRED, at_most(80)], description=_l("Such as: Reviews of Nairobi Central"))
    address = StringField(
        _l("Address of the feed"),
        [REQUIRED, at_most(2_000)],
        description=_l("RSS 2.0 or Atom 1.0, beginning with https://"),
        render_kw={"inputmode": "url", "autocomplete": "off"},
    )
    stars_from = SelectField(
        _l("Stars"),
        choices=[
            SelectChoice("none", _l("The feed tells none")),
            SelectChoice("element", _l("In an element of their own, named rating")),
            SelectChoice("text", _l("In the title or text: 4/5, 8/10, ★★★★☆")),
        ],
    )
    out_of = SelectField(
        _l("The element counts to"), coerce=int, choices=[SelectChoice(n, str(n)) for n in OUT_OF], default=5
    )
    language = StringField(
        _l("Language"),
        [Optional(), at_most(8)],
        description=_l("A code such as en, sw or fr, where an entry tells none"),
    )
    team = ChoiceField(_l("Team"), [Optional()], empty=_l("Not known: into the tray"))
    touchpoint = ChoiceField(_l("Touchpoint"), [Optional()], empty=_l("None"))
    place = StringField(_l("Place"), [Optional(), at_most(80)])
    answer_within = IntegerField(
        _l("Answer within working days"),
        [InputRequired(_l("Say how many")), NumberRange(1, 20, _l("Between 1 and 20 working days"))],
        default=ANSWER_WITHIN,
    )

    def __init__(self, *, teams: list[tuple[int, str]], touchpoints: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.team.offer(teams)
        self.touchpoint.offer(touchpoints)

    def validate_address(self, field: StringField) -> None:
        try:
            field.data = http.checked_address(field.data or "")
        except Invalid as error:
            raise ValidationError(error.sentence) from error

    def validate_language(self, field: StringField) -> None:
        if language_of(field.data) != (field.data or "").lower():
            raise ValidationError(_("Use a code of two or three letters, such as en"))

    def values(self) -> dict[str, Any]:
        """The columns of ReviewFeed by name."""
        return {
            "name": self.name.data,
            "address": self.address.data,
            "stars_from": self.stars_from.data,
            "out_of": self.out_of.data,
            "language": (self.language.data or "").lower() or None,
            "team_id": self.team.data,
            "touchpoint_id": self.touchpoint.data,
            "place": self.place.data or None,
            "answer_within": self.answer_within.data,
        }

    @classmethod
    def of(cls, feed: ReviewFeed, **choices: Any) -> "FeedForm":
        data = {name: getattr(feed, name) for name in ("name", "address", "stars_from", "out_of", "language", "place")}
        data |= {"team": feed.team_id, "touchpoint": feed.touchpoint_id, "answer_within": feed.answer_within}
        return cls(**choices, data=data)
