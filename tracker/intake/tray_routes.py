"""The tray: ratings that name nobody we know, and crediting them by hand."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core import clock
from tracker.core.audience import find_or_404, office, viewer
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.core.pages import notice
from tracker.core.paging import page_of
from tracker.intake import queries
from tracker.intake.actions import assign_waiting
from tracker.intake.blueprint import bp
from tracker.intake.choosing import chosen_person, offer
from tracker.intake.forms import AssignForm
from tracker.intake.policy import set_aside_votes_seen_by
from tracker.intake.suggesting import suggestions_for
from tracker.ratings.models import Rating
from tracker.ratings.policy import unlinked_ratings_assigned_by, unlinked_ratings_seen_by

AT_ONCE = 500  # each is a reasoned entry of its own


@bp.get("/tray")
@office
def tray() -> ResponseReturnValue:
    return render_template(
        "intake/tray.html",
        page=page_of(queries.waiting(unlinked_ratings_seen_by(viewer()))),
        set_aside=queries.count_of(set_aside_votes_seen_by(viewer())),
    )


@bp.get("/tray/<int:id>")
@office
def waiting_rating(id: int) -> ResponseReturnValue:
    rating = find_or_404(queries.waiting(unlinked_ratings_seen_by(viewer())), id)
    return _page(rating, _form(rating))


@bp.post("/tray/<int:id>/assignment")
@office
def assign(id: int) -> ResponseReturnValue:
    scope = unlinked_ratings_assigned_by(viewer())
    rating = find_or_404(scope, id)
    form = _form(rating)
    person = chosen_person(form) if form.validate() else None
    if person is None:
        return _page(find_or_404(queries.waiting(scope), id), form), 422
    same = queries.same_reference(scope, rating) if form.all.data else scope.where(Rating.id == rating.id)
    ratings = list(db.session.scalars(same.order_by(Rating.id).limit(AT_ONCE)))
    assign_waiting(ratings, person, by=viewer().person_id, reason=form.reason.data, at=clock.now())
    notice(
        ngettext(
            "%(num)d rating is credited to %(name)s.",
            "%(num)d ratings are credited to %(name)s.",
            len(ratings),
            name=person.name,
        )
    )
    return redirect(url_for(".tray"), 303)


@bp.post("/tray/<int:id>/suggestions/<int:person>")
@office
def accept_suggestion(id: int, person: int) -> ResponseReturnValue:
    """One touch: the suggestion, worked out afresh, is the person and the reason."""
    rating = find_or_404(unlinked_ratings_assigned_by(viewer()), id)
    found = next((one for one in suggestions_for(rating) if one.person.id == person), None)
    if found is None:
        raise Conflict(_("This is no suggestion any more. Look at the rating again."))
    assign_waiting([rating], found.person, by=viewer().person_id, reason=found.reason, at=clock.now())
    notice(_("The rating is credited to %(name)s.", name=found.person.name))
    return redirect(url_for(".tray"), 303)


def _form(rating: Rating) -> AssignForm:
    form = AssignForm()
    offer(form, suggestions_for(rating))
    return form


def _page(rating: Rating, form: AssignForm) -> str:
    scope = unlinked_ratings_seen_by(viewer())
    return render_template(
        "intake/waiting.html",
        rating=rating,
        form=form,
        suggestions=suggestions_for(rating),
        reference=queries.reference_of(rating),
        same=queries.count_of(queries.same_reference(scope, rating)),
        has_suggestions=len(form.suggestion.choices) > 1,
    )
