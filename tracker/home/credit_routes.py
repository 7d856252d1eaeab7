"""How a rating was credited, who else helped, and the ratings that somebody helped with."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField

from tracker.core import clock
from tracker.core.audience import Blueprint, find_or_404, members, viewer
from tracker.core.db import db
from tracker.core.errors import DomainError, Refused
from tracker.core.forms import REQUIRED, Form, at_most
from tracker.core.pages import notice
from tracker.core.paging import page_of
from tracker.home import queries
from tracker.home.ledger import ledger_of, person_known_as
from tracker.ratings import sentences
from tracker.ratings.ledger import add_contributor
from tracker.ratings.models import Rating
from tracker.ratings.policy import ratings_given_helpers_by, ratings_seen_by

bp = Blueprint("credits", __name__)


class HelperForm(Form):
    who = StringField(_l("Who helped"), [REQUIRED, at_most(254)])
    reason = StringField(_l("How you know"), [REQUIRED, at_most(500)])


@bp.get("/me/helped")
@members
def helped() -> ResponseReturnValue:
    return render_template("home/helped.html", page=page_of(queries.helped_with(viewer())), say=sentences)


@bp.get("/ratings/<int:id>/credit")
@members
def ledger(id: int) -> ResponseReturnValue:
    return _page(_seen(id), HelperForm(formdata=None))


@bp.post("/ratings/<int:id>/contributors")
@members
def add_helper(id: int) -> ResponseReturnValue:
    rating, form = _seen(id), HelperForm()
    if not _may_add(rating):
        raise Refused(_("Who helped is added by who leads the credited person."))
    if not form.validate():
        return _page(rating, form), 422
    person = person_known_as(viewer(), form.who.data)
    if person is None:
        form.who.errors = [_("Nobody here has this staff number or address")]
        return _page(rating, form), 422
    try:
        add_contributor(rating, person, by=viewer().person_id, reason=form.reason.data, at=clock.now())
    except DomainError as error:
        form.who.errors = [error.sentence]
        return _page(rating, form), int(error.status)
    notice(_("%(name)s reads this rating now. It counts as before.", name=person.name))
    return redirect(url_for(".ledger", id=id), 303)


def _seen(id: int) -> Rating:
    rating: Rating = find_or_404(queries.with_person(ratings_seen_by(viewer())), id)
    return rating


def _may_add(rating: Rating) -> bool:
    scope = ratings_given_helpers_by(viewer()).where(Rating.id == rating.id)
    return db.session.scalar(scope.with_only_columns(Rating.id)) is not None


def _page(rating: Rating, form: HelperForm) -> str:
    return render_template(
        "home/credit.html",
        rating=rating,
        entries=ledger_of(rating),
        form=form if _may_add(rating) else None,
        say=sentences,
    )
