"""Forms of thanks and stories. What they say is checked for names: nobody stands on the wall unasked."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from tracker.core.forms import Form, OnceForm, TicksField, at_most
from tracker.recognition.names import has_contact, names_said
from tracker.recognition.rules import RECEIVERS_AT_MOST


class PeopleForm(Form):
    """Who: those chosen stay ticked while others are searched for."""

    q = StringField(_l("Somebody else, by name"), [Optional(), at_most(80)])
    to = TicksField(_l("Who?"))

    def validate_to(self, field: TicksField) -> None:
        if len(field.data or []) > RECEIVERS_AT_MOST:
            raise ValidationError(_("Choose %(number)d people at most", number=RECEIVERS_AT_MOST))


class WordsForm(OnceForm):
    """What both have: who else works here, and a key that makes the same form, sent twice, one entry."""

    def __init__(self, *, colleagues: Sequence[str], named: Sequence[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._colleagues, self._named = colleagues, named

    def _refuse_strangers(self, field: Field) -> None:
        said = sorted({name.split()[0] for name in names_said(field.data or "", self._colleagues, but=self._named)})
        if said:
            raise ValidationError(
                _(
                    "%(name)s is named here. Choose them too, or leave the name out: nobody stands on the wall unasked.",
                    name=said[0],
                )
            )
        if has_contact(field.data or ""):
            raise ValidationError(_("Leave out addresses, links and phone numbers"))


class KudosForm(WordsForm):
    text = TextAreaField(
        _l("What do you want to thank for?"),
        [
            DataRequired(_l("Say what you thank for")),
            Length(min=10, message=_l("Say it in 10 characters or more")),
            at_most(500),
        ],
    )
    driver = SelectField(_l("What was it about?"), [Optional()], validate_choice=True)

    def __init__(self, *, drivers: dict[str, str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.driver.choices = [SelectChoice("", ""), *(SelectChoice(key, name) for key, name in drivers.items())]

    def validate_text(self, field: TextAreaField) -> None:
        self._refuse_strangers(field)


class StoryForm(WordsForm):
    title = StringField(_l("Title"), [DataRequired(_l("Give it a title")), at_most(120)])
    text = TextAreaField(
        _l("How did it come about?"),
        [
            DataRequired(_l("Tell how it came about")),
            Length(min=40, message=_l("Tell it in 40 characters or more")),
            at_most(2_000),
        ],
    )
    is_for_all = BooleanField(_l("For the whole company"))

    def validate_title(self, field: StringField) -> None:
        self._refuse_strangers(field)

    def validate_text(self, field: TextAreaField) -> None:
        self._refuse_strangers(field)


class ReasonForm(Form):
    reason = TextAreaField(
        _l("Why is it taken off the wall?"), [DataRequired(_l("Say why: whoever is on it reads it")), at_most(500)]
    )
