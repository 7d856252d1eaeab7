"""Publishing a draft: what is missing, or what will happen, and to how many people."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core import clock
from tracker.core.audience import Blueprint, members, viewer
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.core.pages import notice
from tracker.courses import sentences
from tracker.courses.faults import faults
from tracker.courses.models import CourseVersion
from tracker.courses.opening import draft_to_write, told
from tracker.courses.page_queries import described
from tracker.training.policy import people_reopened_by
from tracker.training.publishing import at_it, concerned, publish_version
from tracker.training.publishing_forms import DAYS, STANDS, PublicationForm

bp = Blueprint("publishing", __name__)


@bp.get("/courses/<int:id>/publication")
@members
def publication(id: int) -> ResponseReturnValue:
    draft = draft_to_write(id)
    given = {"revision": draft.revision, "effect": STANDS, "days": DAYS}
    return _page(draft, PublicationForm(is_first=draft.number == 1, formdata=None, data=given))


@bp.post("/courses/<int:id>/publication")
@members
def publish_course(id: int) -> ResponseReturnValue:
    draft = draft_to_write(id)
    form = PublicationForm(is_first=draft.number == 1)
    if not form.validate():
        return _page(draft, form), 422
    try:
        people = publish_version(
            draft,
            reopens=form.reopens,
            days=form.days.data if form.reopens else None,
            words=(form.words.data or None) if form.reopens else None,
            by=viewer().person_id,
            at=clock.now(),
            among=people_reopened_by(viewer()),
            revision=form.known_revision,
        )
    except DomainError as error:
        db.session.rollback()
        told(form, error, id)
        return _page(draft_to_write(id), form), int(error.status)
    notice(_("Published. Everybody finds it among the courses now."))
    if people:
        notice(
            ngettext(
                "%(num)d person does it once more, and is told.",
                "%(num)d people do it once more, and are told.",
                people,
            )
        )
    return redirect(url_for("courses.course", id=id), 303)


def _page(draft: CourseVersion, form: PublicationForm) -> str:
    among = people_reopened_by(viewer())
    return render_template(
        "training/publication.html",
        version=draft,
        whole=described(draft.course),
        faults=faults(draft),
        form=form,
        finished=concerned(draft.course_id, viewer().today, among),
        running=at_it(draft.course_id, among),
        among_led=among is not None,
        words=sentences,
    )
