"""Forms of posts and shifts."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, StringField, TimeField
from wtforms.validators import InputRequired, Optional

from tracker.core.forms import REQUIRED, ChoiceField, Form, at_most
from tracker.posts.rules import LONGEST_NAME, span


class PostForm(Form):
    name = StringField(_l("Name of the post"), [REQUIRED, at_most(LONGEST_NAME)])


class ShiftForm(Form):
    """Who holds which post of a team, in the team's own hours."""

    post = ChoiceField(_l("Post"), [InputRequired(_l("Choose a post"))])
    person = ChoiceField(_l("Who holds it"), [InputRequired(_l("Choose a person"))])
    day = DateField(_l("Day"), [InputRequired(_l("Choose a day"))])
    starts = TimeField(_l("From"), [InputRequired(_l("Choose a time"))])
    ends = TimeField(_l("Until"), [InputRequired(_l("Choose a time"))])
    reason = StringField(_l("How you know"), [Optional(), at_most(500)])

    def __init__(self, *, posts: list[tuple[int, str]], people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.post.offer(posts)
        self.person.offer(people)

    def hours(self, zone: str) -> tuple[datetime, datetime]:
        return span(self.day.data, self.starts.data, self.ends.data, zone)


class WithdrawForm(Form):
    reason = StringField(_l("What was wrong"), [Optional(), at_most(500)])
