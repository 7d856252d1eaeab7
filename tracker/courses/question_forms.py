"""A question as a form: its choices are rows, and one row more is asked for with everything typed kept."""

from collections.abc import Mapping
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, StringField, TextAreaField
from wtforms.validators import Optional

from tracker.core.forms import REQUIRED, Form, at_most
from tracker.courses.content import MOST_CHOICES
from tracker.courses.forms import RevisionForm, between, lines

LONGEST_QUESTION, LONGEST_CHOICE, LONGEST_SAYS, LONGEST_EXPLANATION = 1_000, 300, 500, 1_000
FIRST_ROWS = 3


class QuestionForm(RevisionForm):
    text = TextAreaField(_l("The question"), [REQUIRED, at_most(LONGEST_QUESTION)])
    explanation = TextAreaField(_l("Why it is so"), [at_most(LONGEST_EXPLANATION)])
    confidence = BooleanField(_l("Ask how sure they are"))


class ChoiceRow(Form):
    """One choice; a row without words is left out."""

    class Meta(Form.Meta):
        csrf = False  # it stands inside the page's form, which has its token

    text = StringField(_l("Words"), [at_most(LONGEST_CHOICE)])
    right = BooleanField(_l("Right"))
    says = TextAreaField(_l("What whoever chose it reads"), [at_most(LONGEST_SAYS)])
    place = IntegerField(_l("Place"), [Optional(), between(1, 99)])


class QuestionEditor:
    """The question's form and the rows of its choices. Words of their own have no rows."""

    def __init__(self, kind: str, form: QuestionForm, rows: list[ChoiceRow]) -> None:
        self.kind, self.form, self.rows = kind, form, rows

    @classmethod
    def showing(cls, kind: str, stored: Mapping[str, Any], revision: int) -> "QuestionEditor":
        form = QuestionForm(formdata=None, data={**stored, "revision": revision})
        choices = list(stored.get("choices", ()))
        count = max(len(choices), FIRST_ROWS if not choices else 2) if kind != "free" else 0
        rows = [_row(place, choices[place] if place < len(choices) else {}) for place in range(count)]
        return cls(kind, form, rows)

    @classmethod
    def sent(cls, kind: str) -> "QuestionEditor":
        """As somebody sends it, with as many rows as were shown."""
        count = 0
        while count < MOST_CHOICES and kind != "free" and f"c{count}-text" in request.form:
            count += 1
        return cls(kind, QuestionForm(), [ChoiceRow(prefix=f"c{place}-") for place in range(count)])

    @property
    def may_grow(self) -> bool:
        return self.kind != "free" and len(self.rows) < MOST_CHOICES

    def grow(self) -> None:
        """One empty row more."""
        if self.may_grow:
            self.rows.append(_row(len(self.rows), {}))

    def validate(self) -> bool:
        """Whether it can be kept. A question may still be unfinished: what keeps it from being published is said elsewhere."""
        checked = [self.form.validate(), *(row.validate() for row in self.rows)]
        wrong = [place for place, row in enumerate(self.rows, start=1) if row.errors]
        self.form.form_errors = [_("Choice %(number)d: see what is marked there", number=place) for place in wrong]
        return all(checked)

    def stored(self) -> dict[str, Any]:
        """What a version keeps of it, but for its key."""
        question: dict[str, Any] = {"kind": self.kind, "text": lines(self.form.text.data)}
        if self.form.confidence.data and self.kind != "free":
            question["confidence"] = True
        if explanation := lines(self.form.explanation.data):
            question["explanation"] = explanation
        if self.kind != "free":
            question["choices"] = [_choice(self.kind, row) for row in self._in_order() if row.text.data]
        return question

    def _in_order(self) -> list[ChoiceRow]:
        """For an order the rows by their places: of two with one number, the one that was moved takes the place."""
        if self.kind != "order":
            return self.rows
        placed = [(row.place.data or before, before, row) for before, row in enumerate(self.rows, start=1)]
        return [
            row
            for *_place, row in sorted(placed, key=lambda one: (one[0], (one[0] > one[1]) - (one[0] < one[1]), one[1]))
        ]


def _row(place: int, choice: Mapping[str, Any]) -> ChoiceRow:
    given = {"text": choice.get("text"), "right": choice.get("right"), "says": choice.get("says"), "place": place + 1}
    return ChoiceRow(formdata=None, prefix=f"c{place}-", data=given)


def _choice(kind: str, row: ChoiceRow) -> dict[str, Any]:
    if kind == "order":
        return {"text": row.text.data}
    says = lines(row.says.data)
    return {"text": row.text.data, "right": bool(row.right.data), **({"says": says} if says else {})}
