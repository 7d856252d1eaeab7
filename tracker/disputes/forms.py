"""Forms of a second look."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from tracker.core.forms import REQUIRED, ChoiceField, Form, at_most

KINDS = [
    SelectChoice("not_me", _l("I did not serve this customer")),
    SelectChoice("not_my_doing", _l("It’s about something I can’t change")),
    SelectChoice("wrong_stars", _l("They picked the wrong number of stars")),
    SelectChoice("unkind", _l("It’s unkind or not true")),
]
OUTCOMES = [
    SelectChoice("leave_out", _l("Yes: it no longer counts in the score")),
    SelectChoice("credit", _l("Yes: it belongs to somebody else")),
    SelectChoice("partly", _l("Partly: it counts on, and the answer stands beside it")),
    SelectChoice("declined", _l("No: it counts on as it is")),
]


class AskForm(Form):
    kind = RadioField(_l("Choose one"), [InputRequired(_l("Choose what is not right"))], choices=KINDS)
    comment = TextAreaField(_l("What happened?"), [REQUIRED, at_most(2_000)])


class StatementForm(Form):
    text = TextAreaField(_l("What you know about it"), [REQUIRED, at_most(2_000)])


class AppealForm(Form):
    comment = TextAreaField(_l("What should be looked at again?"), [REQUIRED, at_most(2_000)])


class DecisionForm(Form):
    """The answer and its reason. Whose rating it is: a colleague of that day, a staff number, or nobody known."""

    answer = RadioField(_l("Your answer"), [InputRequired(_l("Choose an answer"))], choices=OUTCOMES)
    colleague = ChoiceField(_l("Whose is it?"), [Optional()], empty=_l("Not known: into the tray"))
    staff_number = StringField(_l("Or a staff number"), [Optional(), at_most(40)])
    hide_words = BooleanField(_l("Hide the customer’s words: they are abusive"))
    reason = TextAreaField(_l("Why"), [REQUIRED, at_most(500)])

    def __init__(self, *, colleagues: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.colleague.offer(colleagues)

    def validate_staff_number(self, field: StringField) -> None:
        if field.data and self.colleague.data:
            raise ValidationError(_("Choose a colleague or give a staff number, not both"))

    def validate_hide_words(self, field: BooleanField) -> None:
        if field.data and self.answer.data == "declined":
            raise ValidationError(_("Words are hidden only with an answer that agrees, at least partly"))

    def outcome(self) -> str:
        return self.answer.data if self.answer.data in {"partly", "declined"} else "accepted"
