"""To whom a report is to go."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField, ValidationError

from tracker.access.queries import account_of, viewer_of_person
from tracker.core.forms import REQUIRED, Form, at_most
from tracker.reports.known import Known

MOST_AT_ONCE = 20


class RecipientsForm(Form):
    """People by staff number or address, one a line. After validation `recipients` holds their ids."""

    people = TextAreaField(
        _l("Who gets it"), [REQUIRED, at_most(4_000)], description=_l("A staff number or an email address on each line")
    )

    def __init__(self, *, report: Known, at: datetime, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._report, self._at = report, at
        self.recipients: list[int] = []

    def validate_people(self, field: TextAreaField) -> None:
        lines = [line.strip() for line in field.data.splitlines() if line.strip()]
        if len(lines) > MOST_AT_ONCE:
            raise ValidationError(_("Name %(most)s people at most at a time.", most=MOST_AT_ONCE))
        problems = [problem for problem in map(self._take, dict.fromkeys(lines)) if problem]
        if problems:
            raise ValidationError(" ".join(problems))

    def _take(self, line: str) -> str | None:
        """What is wrong with a line; None where it names somebody who can get the report."""
        found = account_of(line)
        viewer = viewer_of_person(found[1].id, at=self._at) if found else None
        if found is None or viewer is None:
            return _("“%(line)s” is nobody who can sign in here.", line=line)
        if not found[1].email:
            return _("%(name)s has no email address.", name=found[1].name)
        if not self._report.may_read(viewer):
            return _("%(name)s may not read this report.", name=found[1].name)
        self.recipients.append(viewer.person_id)
        return None
