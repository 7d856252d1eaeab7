"""What is said when a version is published."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from tracker.core.forms import OneField, at_most
from tracker.courses.forms import RevisionForm, between

STANDS, AGAIN = "stands", "again"
DAYS = 30


class PublicationForm(RevisionForm):
    """The first version needs no choice: nobody has finished one."""

    effect = OneField(_l("Who has finished an earlier version"))
    days = IntegerField(_l("Days they have for it"), [Optional(), between(1, 365)])
    words = TextAreaField(_l("A line they’ll see"), [at_most(300)])

    def __init__(self, *, is_first: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.effect.choices = [
            SelectChoice(STANDS, _("What was finished before still stands")),
            SelectChoice(AGAIN, _("They do it once more")),
        ]
        if is_first:
            del self.effect, self.days, self.words

    @property
    def reopens(self) -> bool:
        return "effect" in self and self.effect.data == AGAIN

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        valid = bool(super().validate(*args, **kwargs))
        if self.reopens and self.days.data is None and not self.days.errors:
            self.days.errors = [_("Say how many days they have")]
            valid = False
        return valid
