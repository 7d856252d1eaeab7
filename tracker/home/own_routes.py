"""What somebody does with their own feedback: their side of a rating, what is kept for a talk, “I have read it”."""

from flask import redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.audit.actions import record
from tracker.coaching.models import CoachingCase
from tracker.coaching.policy import cases_seen_by
from tracker.core import clock
from tracker.core.audience import MAX_ID, Blueprint, find_or_404, members, viewer
from tracker.core.db import db, reading
from tracker.core.errors import Invalid, Refused
from tracker.core.pages import notice
from tracker.core.paging import PER_PAGE
from tracker.disputes.sentences import link_beside
from tracker.home import queries
from tracker.home.own_file import as_json, as_xlsx, content_of
from tracker.home.own_forms import PointForm, SideForm
from tracker.ratings import own_actions, sentences
from tracker.ratings.models import Rating
from tracker.ratings.own_models import TalkPoint
from tracker.ratings.own_policy import points_kept_by, ratings_answered_by
from tracker.ratings.own_queries import mine_of, points_of, saved_ratings
from tracker.ratings.policy import ratings_seen_by

FILES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json; charset=utf-8",
}
bp = Blueprint("own", __name__)


@bp.get("/ratings/<int:id>/mine")
@members
def rating(id: int) -> ResponseReturnValue:
    return _rating_page(_own(id))


@bp.post("/ratings/<int:id>/side")
@members
def write_side(id: int) -> ResponseReturnValue:
    rating, form = _own(id), SideForm()
    if not form.validate():
        return _rating_page(rating, form), 422
    own_actions.write_side(rating, form.text.data, by=viewer().person_id, at=clock.now())
    notice(_("Your side is kept with the rating."))
    return redirect(url_for(".rating", id=id), 303)


@bp.post("/ratings/<int:id>/side/removal")
@members
def take_back_side(id: int) -> ResponseReturnValue:
    own_actions.take_back_side(_own(id), by=viewer().person_id, at=clock.now())
    notice(_("Your words are taken back. Nothing of them is kept."))
    return redirect(url_for(".rating", id=id), 303)


@bp.post("/ratings/<int:id>/saving")
@members
def save(id: int) -> ResponseReturnValue:
    own_actions.save_for_talk(_own(id), by=viewer().person_id, at=clock.now())
    notice(_("Saved for your talk."), link_label=_("For my talk"), link_url=url_for(".talk"))
    return redirect(url_for(".rating", id=id), 303)


@bp.post("/ratings/<int:id>/saving/end")
@members
def let_go(id: int) -> ResponseReturnValue:
    own_actions.let_go(_own(id), by=viewer().person_id, at=clock.now())
    notice(_("It is no longer saved for your talk."))
    from_page = request.form.get("from") == "talk" or "case" in request.form
    return redirect(_where_it_stood() if from_page else url_for(".rating", id=id), 303)


@bp.post("/ratings/<int:id>/acknowledgement")
@members
def acknowledge(id: int) -> ResponseReturnValue:
    own_actions.acknowledge_ratings([_own(id).id], by=viewer().person_id, at=clock.now())
    return redirect(url_for(".rating", id=id), 303)


@bp.post("/me/ratings/acknowledgement")
@members
def acknowledge_all() -> ResponseReturnValue:
    """All ratings of the page that was read; those that are not one's own are nobody's business here."""
    ids = _ids(request.form.getlist("rating"))
    mine = ratings_answered_by(viewer()).where(Rating.id.in_(ids)).with_only_columns(Rating.id)
    count = own_actions.acknowledge_ratings(list(db.session.scalars(mine)), by=viewer().person_id, at=clock.now())
    notice(ngettext("%(num)d rating is marked as read.", "%(num)d ratings are marked as read.", count))
    return redirect(url_for("home.my_ratings"), 303)


@bp.post("/coaching/<int:id>/acknowledgement")
@members
def acknowledge_case(id: int) -> ResponseReturnValue:
    case = find_or_404(cases_seen_by(viewer()), id)
    if case.person_id != viewer().person_id:
        raise Refused(_("This is for the person whom the talk is about."))
    is_shared = case.shared_at is not None
    own_actions.acknowledge_case(case.id, is_shared=is_shared, by=viewer().person_id, at=clock.now())
    return redirect(url_for("coaching.case", id=id), 303)


@bp.get("/me/talk")
@members
def talk() -> ResponseReturnValue:
    return _talk_page(PointForm(formdata=None))


@bp.post("/me/talk/points")
@members
def add_point() -> ResponseReturnValue:
    form = PointForm()
    if not form.validate():
        return _talk_page(form), 422
    own_actions.add_point(form.text.data, by=viewer().person_id, at=clock.now(), form_key=form.sent_as())
    return redirect(url_for(".talk"), 303)


@bp.post("/me/talk/points/<int:id>/completion")
@members
def tick_point(id: int) -> ResponseReturnValue:
    """Tick it off, or open it again: the button says which, so that twice is the same."""
    point: TalkPoint = find_or_404(points_kept_by(viewer()), id)
    is_done = request.form.get("done") == "yes"
    own_actions.tick_point(point, is_done=is_done, at=clock.now())
    if is_done:
        notice(_("Spoken about. Under “For my talk” you can open it again."))
    return redirect(_where_it_stood(), 303)


@bp.post("/me/talk/points/<int:id>/removal")
@members
def remove_point(id: int) -> ResponseReturnValue:
    point: TalkPoint = find_or_404(points_kept_by(viewer()), id)
    own_actions.remove_point(point, at=clock.now())
    notice(_("The point is taken out."))
    return redirect(_where_it_stood(), 303)


@bp.get("/me/file")
@members
def file() -> ResponseReturnValue:
    return render_template("home/own_file.html")


@bp.post("/me/file")
@members
def take_file() -> ResponseReturnValue:
    """Everything about the viewer. A POST, since the audit remembers it."""
    kind = request.form.get("kind", "")
    if kind not in FILES:
        raise Invalid(_("Choose XLSX or JSON."))
    at, me = clock.now(), viewer()
    with reading():  # many ratings keep nobody from writing
        content = content_of(me)
    record("own.file_taken", by=me.person_id, about="own_file", person=me.person_id, at=at, kind=kind)
    made = as_xlsx(content) if kind == "xlsx" else as_json(content, at=at)
    return send_file(made, mimetype=FILES[kind], as_attachment=True, download_name=f"my-data-{me.today}.{kind}")


def _own(id: int) -> Rating:
    """The rating, if it counts for the viewer: who only reads it gets 403, a stranger 404."""
    found: Rating = find_or_404(queries.with_person(ratings_seen_by(viewer())), id)
    mine = ratings_answered_by(viewer()).where(Rating.id == id).with_only_columns(Rating.id)
    if db.session.scalar(mine) is None:
        raise Refused(_("This is for the person whom the rating counts for."))
    return found


def _ids(texts: list[str]) -> list[int]:
    if len(texts) > PER_PAGE or not all(text.isascii() and text.isdigit() and int(text) <= MAX_ID for text in texts):
        raise Invalid(_("This page was changed meanwhile. Open it again."))
    return [int(text) for text in texts]


def _where_it_stood() -> str:
    """The page of the talk on which the button was, or the page For my talk."""
    case = next(iter(_ids(request.form.getlist("case"))), None)
    return url_for(".talk") if case is None else url_for("coaching.case", id=case)


def _rating_page(rating: Rating, form: SideForm | None = None) -> str:
    mine = mine_of(rating, viewer())
    return render_template(
        "home/own_rating.html",
        rating=rating,
        mine=mine,
        form=form or SideForm(formdata=None, text=mine.side),
        leaders=queries.leader_names(viewer()),
        link=link_beside(rating, viewer().at),
        say=sentences,
    )


def _talk_page(form: PointForm) -> str:
    me = viewer().person_id
    case = db.session.scalar(
        cases_seen_by(viewer()).where(CoachingCase.person_id == me, CoachingCase.closed_at.is_(None))
    )
    return render_template(
        "home/my_talk.html",
        form=form,
        points=points_of(viewer()),
        saved=saved_ratings(viewer(), me),
        case=case,
        leaders=queries.leader_names(viewer()),
        say=sentences,
    )
