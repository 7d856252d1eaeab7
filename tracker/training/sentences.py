"""Training in words: why somebody has a course, by when, and how it stands."""

from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from tracker.core.language import day
from tracker.organisation.models import Person
from tracker.ratings.models import Rating
from tracker.ratings.rules import LOW_STARS
from tracker.training.models import Assignment

_BY_ITSELF = {
    "own": _l("You chose it yourself."),
    "joined": _l("Everybody who comes into your team does it."),
    "leads": _l("Everybody who begins to lead a team does it."),
    "renewal": _l("Your certificate ends soon."),
    "version": _l("The course has changed so much that everybody does it anew."),
    "wave": _l("Your team’s turn has come."),
}


def due(assignment: Assignment, today: date) -> str:
    """“Due Fri 27 Nov”, “Due today”, or how long ago."""
    if assignment.due_on is None:
        return _("Whenever you like")
    late = (today - assignment.due_on).days
    if late == 0:
        return _("Due today")
    if late > 0:
        return ngettext("Due yesterday", "Due %(num)d days ago", late)
    return _("Due %(day)s", day=day(assignment.due_on))


def reason(assignment: Assignment, driver: str | None) -> str:
    """Why somebody has it, to themselves. `driver`: its name, where the reason is one. `by` must be loaded."""
    name = assignment.by.name if assignment.by else None
    if assignment.why == "rating" and name:
        return _("%(name)s picked it because of what a customer wished for.", name=name)
    if assignment.why == "low" and driver:
        return _("Customers of yours wished for this several times: %(driver)s.", driver=driver)
    if assignment.why in _BY_ITSELF:
        return str(_BY_ITSELF[assignment.why])
    return _("%(name)s picked it for you.", name=name) if name else _("It was picked for you.")


def minutes(count: int) -> str:
    return ngettext("%(num)d min", "%(num)d min", count)


def find_training(rating: Rating, person: Person) -> tuple[str, str] | None:
    """(address, words) of the way from a low rating to the course that is most about what it wished for."""
    if rating.stars > LOW_STARS or not rating.drivers:
        return None
    url = url_for("training.assign", driver=rating.drivers[0], person=person.id, rating=rating.id)
    return url, _("Find training")
