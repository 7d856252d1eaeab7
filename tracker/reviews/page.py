"""What the page of one review shows: its words in every version, what was done, and what the viewer may do."""

from typing import Any

from flask import render_template
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import viewer
from tracker.core.db import db
from tracker.organisation.models import Person
from tracker.recovery.policy import keeps_for_all
from tracker.recovery.queries import replies_for, reply_text
from tracker.reviews import queries
from tracker.reviews import sentences as words
from tracker.reviews.forms import AnswerForm, NameForm, NotNeededForm, TeamForm
from tracker.reviews.models import Review
from tracker.reviews.policy import reads_all, reviews_answered_by, reviews_given_by


def review_page(review: Review, *, problem: str | None = None, reply: str = "", **forms: Any) -> str:
    """The page as the viewer may see it. `forms`: those that came back with errors; `problem`: why nothing was saved.

    `reply`: the number of a text that the answer begins with."""
    seen = queries.answers_so_far(review)
    may_answer = _is_in(reviews_answered_by(viewer()), review)
    may_give = _is_in(reviews_given_by(viewer()), review)
    given: dict[str, Any] = {
        "answer": answer_form(review, formdata=None, data=_begun(review, seen, reply)) if may_answer else None,
        "not_needed": NotNeededForm(formdata=None, data={"seen": str(seen)}) if may_answer else None,
        "naming": name_form(review, formdata=None, data={"person": review.person_id}) if may_answer else None,
        "team": team_form(review, formdata=None) if may_give else None,
        **forms,
    }
    for form in (given["answer"], given["not_needed"]):
        if form is not None:
            form.seen.data = str(seen)  # whoever sends it again has seen what is on this page
    return render_template(
        "reviews/review.html",
        review=review,
        hours=queries.hours_of([review], viewer().at),
        is_own=review.person_id == viewer().person_id,
        knows_number=reads_all(viewer()),
        replies=replies_for(review.team_id) if may_answer else [],
        keeps_replies=viewer().manages or keeps_for_all(viewer()),
        complaint=queries.complaint_about(review, viewer()),
        problem=problem,
        words=words,
        **given,
    )


def answer_form(review: Review, **kwargs: Any) -> AnswerForm:
    """With the moment of now, by which a moment still to come is refused."""
    return AnswerForm(zone=viewer().time_zone, at=clock.now(), published_at=review.published_at, **kwargs)


def name_form(review: Review, **kwargs: Any) -> NameForm:
    return NameForm(people=queries.people_to_name(review, viewer()), **kwargs)


def team_form(review: Review, **kwargs: Any) -> TeamForm:
    teams = [(id, name) for id, name in queries.open_teams() if id != review.team_id]
    return TeamForm(teams=teams, **kwargs)


def person_named(form: NameForm) -> Person | None:
    """Whom a valid form means; None is nobody, or with words on the field a number that is nobody's."""
    number = form.staff_number.data
    if not number or not reads_all(viewer()):
        return db.session.get(Person, form.person.data) if form.person.data else None
    found = queries.person_numbered(viewer(), number)
    if found is None:
        form.staff_number.errors = [_("Nobody here has this staff number")]
    elif found.id == viewer().person_id:
        form.staff_number.errors = [_("Somebody else says so when it names you")]
    return found


def _begun(review: Review, seen: int, reply: str) -> dict[str, Any]:
    """What an answer begins with: who writes it, here and now, and perhaps with which text."""
    local = clock.now().astimezone(clock.zone(viewer().time_zone)).replace(second=0, microsecond=0)
    return {
        "seen": str(seen),
        "said_by": viewer().name,
        "on": local.date(),
        "hour": local.time(),
        "words": reply_text(reply, review.team_id),
    }


def _is_in(scope: Any, review: Review) -> bool:
    return db.session.scalar(scope.where(Review.id == review.id).with_only_columns(Review.id)) is not None
