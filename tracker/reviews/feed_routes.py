"""Feeds: the list with how the reading goes, adding and changing one, trying it, pausing, removing."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import Blueprint, find_or_404, office, viewer
from tracker.core.db import reading
from tracker.core.pages import notice
from tracker.ratings.queries import touchpoint_choices
from tracker.reviews import feed_actions, queries
from tracker.reviews import sentences as words
from tracker.reviews.feed_xml import UnreadableFeed
from tracker.reviews.feeds import fetch, reviews_in
from tracker.reviews.forms import FeedForm
from tracker.reviews.models import ReviewFeed
from tracker.reviews.policy import feeds_managed_by
from tracker.reviews.rules import Given

bp = Blueprint("feeds", __name__, url_prefix="/reviews/feeds")
TRIED = 5


@bp.get("")
@office
def feeds() -> ResponseReturnValue:
    listed = queries.feeds_listed(feeds_managed_by(viewer()))
    return render_template("reviews/feeds.html", feeds=listed, words=words)


@bp.get("/new")
@office
def new_feed() -> ResponseReturnValue:
    return _form_page(FeedForm(**_choices()), None)


@bp.post("/new")
@office
def add_feed() -> ResponseReturnValue:
    form = FeedForm(**_choices())
    if not form.validate():
        return _form_page(form, None), 422
    if "try" in request.form:
        return _trial(form, None)
    feed_actions.add_feed(form.values(), by=viewer().person_id, at=clock.now())
    notice(_("Saved. It is read within a minute, and then every quarter of an hour."))
    return redirect(url_for(".feeds"), 303)


@bp.get("/<int:id>")
@office
def edit_feed(id: int) -> ResponseReturnValue:
    feed = _feed(id)
    return _form_page(FeedForm.of(feed, **_choices()), feed)


@bp.post("/<int:id>")
@office
def change_feed(id: int) -> ResponseReturnValue:
    feed, form = _feed(id), FeedForm(**_choices())
    if not form.validate():
        return _form_page(form, feed), 422
    if "try" in request.form:
        return _trial(form, id)
    feed_actions.change_feed(feed, form.values(), by=viewer().person_id, at=clock.now())
    notice(_("Saved. What was read so far stays as it is."))
    return redirect(url_for(".feeds"), 303)


@bp.post("/<int:id>/pause")
@office
def pause_feed(id: int) -> ResponseReturnValue:
    feed = _feed(id)
    feed_actions.pause_feed(feed, by=viewer().person_id, at=clock.now())
    notice(_("%(name)s is paused.", name=feed.name))
    return redirect(url_for(".feeds"), 303)


@bp.post("/<int:id>/resumption")
@office
def resume_feed(id: int) -> ResponseReturnValue:
    feed = _feed(id)
    feed_actions.resume_feed(feed, by=viewer().person_id, at=clock.now())
    notice(_("%(name)s is read again.", name=feed.name))
    return redirect(url_for(".feeds"), 303)


@bp.post("/<int:id>/removal")
@office
def remove_feed(id: int) -> ResponseReturnValue:
    feed = _feed(id)
    feed_actions.remove_feed(feed, by=viewer().person_id, at=clock.now())
    notice(_("%(name)s is off the list. Its reviews stay.", name=feed.name))
    return redirect(url_for(".feeds"), 303)


def _feed(id: int) -> ReviewFeed:
    found: ReviewFeed = find_or_404(feeds_managed_by(viewer()), id)
    return found


def _choices() -> dict[str, Any]:
    return {"teams": queries.open_teams(), "touchpoints": touchpoint_choices()}


def _trial(form: FeedForm, id: int | None) -> ResponseReturnValue:
    """Fetch it now and show the first entries as they would be kept; nothing is saved."""
    draft = ReviewFeed(id=0, **form.values())
    problem: str | None = None
    found: list[Given] = []
    try:
        with reading():  # a slow server keeps nobody from writing
            fetched = fetch(draft.address)
        found = reviews_in(fetched.feed, draft, at=clock.now()) if fetched.feed else []
    except UnreadableFeed as error:
        problem = str(error)
    feed = _feed(id) if id is not None else None
    return _form_page(form, feed, tried=found[:TRIED], count=len(found), problem=problem), 422 if problem else 200


def _form_page(form: FeedForm, feed: ReviewFeed | None, **trial: Any) -> str:
    shown = {"tried": None, "count": 0, "problem": None, **trial}
    return render_template("reviews/feed.html", form=form, feed=feed, words=words, **shown)
