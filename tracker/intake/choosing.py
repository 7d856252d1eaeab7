"""Choosing the person whom a file or a waiting rating means: suggestions, or a number or name typed in."""

from collections.abc import Iterable

from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from tracker.core.audience import find_or_404, viewer
from tracker.intake.forms import PersonMeantForm
from tracker.intake.queries import people_like, person_meant
from tracker.intake.suggesting import Suggestion
from tracker.organisation.models import Person
from tracker.organisation.policy import people_seen_by


def suggest(form: PersonMeantForm, reference: str | None) -> None:
    """Offer the people who look most like the reference, and somebody else."""
    form.suggestion.choices = [
        SelectChoice(str(person.id), _("%(name)s, %(number)s", name=person.name, number=person.staff_number))
        for person in people_like(reference)
    ]
    form.suggestion.choices.append(SelectChoice("0", _("Somebody else")))


def offer(form: PersonMeantForm, suggestions: Iterable[Suggestion]) -> None:
    """Offer the people suggested for a waiting rating, and somebody else."""
    form.suggestion.choices = [
        SelectChoice(
            str(one.person.id), _("%(name)s, %(number)s", name=one.person.name, number=one.person.staff_number)
        )
        for one in suggestions
    ]
    form.suggestion.choices.append(SelectChoice("0", _("Somebody else")))


def chosen_person(form: PersonMeantForm) -> Person | None:
    """The person meant by a valid form. What was typed goes before what was ticked; None, with words on the field, when it is
    nobody's."""
    if not form.somebody.data:
        person: Person = find_or_404(people_seen_by(viewer()), int(form.suggestion.data))
        return person
    found = person_meant(form.somebody.data)
    if found is None:
        form.somebody.errors = [_("Nobody here has exactly this number or name, or more than one person has it")]
    return found
