"""A review comes in, finds its team, and is answered; each step told and noted once."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Literal

from flask_babel import gettext as _
from sqlalchemy import func, select

from tracker.audit.actions import record
from tracker.core import clock
from tracker.core.db import db, upsert
from tracker.core.errors import Conflict
from tracker.notifications.actions import tell
from tracker.organisation.models import Person, Team
from tracker.organisation.queries import calendars_of_teams, leaders_on
from tracker.recovery.public import answer_public, name_in_public, need_no_public_answer, open_public
from tracker.reviews.models import Review, ReviewEntry, ReviewFeed, ReviewVersion
from tracker.reviews.rules import ANSWER_WITHIN, LOW_STARS, NOBODYS, Given, Whose, answer_due, has_clock

Outcome = Literal["new", "changed", "same"]
DONE = ("answer", "not_needed")


def take_review(
    given: Given, *, by: int | None, at: datetime, whose: Whose = NOBODYS, feed: ReviewFeed | None = None
) -> tuple[Review, Outcome]:
    """Take one in. The same again changes nothing; another wording is kept as a new version beside the first."""
    came = {"feed_id": feed.id if feed else None, "received_at": at, "reminders_sent": 0}
    values = {**asdict(given), **asdict(whose), **came}
    made = upsert(Review).values(**values).on_conflict_do_nothing(index_elements=["source", "external_id"])
    id = db.session.scalar(made.returning(Review.id))
    if id is None:
        return _again(given, by=by, at=at)
    review = db.session.get_one(Review, id)
    db.session.add(ReviewVersion(review_id=id, number=1, read_at=at, **given.wording))
    record("review.taken", by=by, about=review, at=at, team=whose.team_id)
    if whose.team_id is not None:
        _arrive(review, whose.team_id, within=feed.answer_within if feed else ANSWER_WITHIN, at=at)
    return review, "new"


def known_as(source: str, external_id: str) -> Review | None:
    """The review under its name elsewhere."""
    return db.session.scalar(select(Review).where(Review.source == source, Review.external_id == external_id))


def _again(given: Given, *, by: int | None, at: datetime) -> tuple[Review, Outcome]:
    key = (Review.source == given.source, Review.external_id == given.external_id)
    review = db.session.scalars(select(Review).where(*key).with_for_update()).one()
    if all(getattr(review, name) == value for name, value in given.wording.items()):
        return review, "same"
    newest = select(func.max(ReviewVersion.number)).where(ReviewVersion.review_id == review.id)
    number = (db.session.scalar(newest) or 0) + 1
    db.session.add(ReviewVersion(review_id=review.id, number=number, read_at=at, **given.wording))
    for name, value in given.wording.items():
        setattr(review, name, value)
    record("review.changed", by=by, about=review, at=at, version=number)
    if review.outcome is None and review.due_at is not None:
        _complain(review, told=None, at=at)
    return review, "changed"


def give_to_team(review: Review, team: Team, *, by: int, at: datetime) -> None:
    """Say which team a review is about: its leader is told, and its clock starts there, in the team's hours."""
    _lock(review)
    if review.team_id == team.id:
        raise Conflict(_("Somebody gave it to %(team)s already.", team=team.name))
    if review.outcome is not None:
        raise Conflict(_("This review has been answered meanwhile, so it stays where it is."))
    review.team_id = team.id
    db.session.add(ReviewEntry(review_id=review.id, kind="team", team_id=team.id, by_id=by, at=at))
    record("review.given", by=by, about=review, at=at, team=team.id)
    feed = db.session.get(ReviewFeed, review.feed_id) if review.feed_id else None
    _arrive(review, team.id, within=feed.answer_within if feed else ANSWER_WITHIN, at=at)


def name_person(review: Review, person: Person | None, *, by: int, at: datetime) -> None:
    """Say whom a review names, or that it names nobody; that person reads it among their own words."""
    _lock(review)
    if review.person_id == (person.id if person else None):
        return
    before, review.person_id = review.person_id, person.id if person else None
    entry = ReviewEntry(review_id=review.id, kind="person", person_id=review.person_id, by_id=by, at=at)
    db.session.add(entry)
    db.session.flush()
    name_in_public(review.id, review.person_id, by=by, at=at)
    record("review.named", by=by, about=review, person=review.person_id or before, at=at, names=review.person_id)
    if person is not None:
        key = f"review.named|{review.id}|{person.id}|{entry.id}"
        tell("review.named", to=person.id, key=key, at=at, about_id=review.id)


def note_answer(
    review: Review, *, words: str, said_by: str, said_at: datetime, link: str | None, seen: int, by: int, at: datetime
) -> None:
    """Note the answer that was given in public. `seen`: how many entries were on the page; Conflict when there is one more."""
    entry = ReviewEntry(kind="answer", words=words, said_by=said_by, said_at=said_at, link=link)
    _settle(review, entry, seen=seen, by=by, at=at)
    review.answered_at = said_at
    answer_public(review.id, words, said_at=said_at, by=by, at=at)
    record("review.answered", by=by, about=review, at=at)


def need_no_answer(review: Review, *, reason: str, seen: int, by: int, at: datetime) -> None:
    """Say, with a reason, that none is needed."""
    _settle(review, ReviewEntry(kind="not_needed", words=reason), seen=seen, by=by, at=at)
    review.answered_at = None
    need_no_public_answer(review.id, reason, by=by, at=at)
    record("review.needs_no_answer", by=by, about=review, at=at)


def _settle(review: Review, entry: ReviewEntry, *, seen: int, by: int, at: datetime) -> None:
    """The clock stops. A correction is a further entry, and only by somebody who has seen the one before."""
    _lock(review)
    done = select(func.count()).where(ReviewEntry.review_id == review.id, ReviewEntry.kind.in_(DONE))
    if (db.session.scalar(done) or 0) != seen:
        raise Conflict(_("Somebody was quicker: this review has been dealt with meanwhile."))
    entry.review_id, entry.by_id, entry.at = review.id, by, at
    review.outcome, review.reminds_at = entry.kind, None
    db.session.add(entry)


def _arrive(review: Review, team_id: int, *, within: int, at: datetime) -> None:
    """The clock starts and who leads the team hears of it; of what was old already nobody does."""
    if not has_clock(review.published_at, review.received_at):
        return
    hours = calendars_of_teams([team_id], at.date() - timedelta(days=1))[team_id]
    review.due_at = review.reminds_at = answer_due(hours, at, within)
    review.reminders_sent = 0
    leader = next(iter(leaders_on(clock.local_day(at, hours.zone)).up_from(team_id)), None)
    if leader is not None:
        is_low = _is_low(review)
        key = f"review.arrived|{review.id}|{team_id}"
        tell("review.arrived", to=leader, key=key, at=at, about_id=review.id, urgent=is_low, low=is_low)
    _complain(review, told=leader, at=at)


def _complain(review: Review, *, told: int | None, at: datetime) -> None:
    """One or two stars in public are a complaint, unless they are old by now. `told`: who has heard of it just now."""
    is_recent = has_clock(review.published_at or review.received_at, at)
    if _is_low(review) and is_recent and review.team_id is not None:
        names, where = review.person_id, review.touchpoint_id
        open_public(review.id, team_id=review.team_id, touchpoint_id=where, names=names, told=told, at=at)


def _is_low(review: Review) -> bool:
    return review.stars is not None and review.stars <= LOW_STARS


def remind(review: Review, *, at: datetime) -> None:
    """Its answer is late: who leads the team hears once; after a working day more, once, who leads above."""
    if review.team_id is None:
        review.reminds_at = None
        return
    hours = calendars_of_teams([review.team_id], at.date() - timedelta(days=1))[review.team_id]
    leaders = leaders_on(clock.local_day(at, hours.zone)).up_from(review.team_id)
    step, told = review.reminders_sent, leaders[review.reminders_sent : review.reminders_sent + 1]
    for leader in told:
        kind = "review.late" if step == 0 else "review.late_above"
        about = review.id if step == 0 else None
        key = f"{kind}|{review.id}|{review.team_id}"
        tell(kind, to=leader, key=key, at=at, about_id=about, leader=leaders[0], team=review.team_id)
    review.reminders_sent = step + 1
    review.reminds_at = hours.after_working_time(at, hours.day_length) if step == 0 else None


def _lock(review: Review) -> None:
    """Of two who act at once, the second finds what the first did."""
    db.session.flush()
    db.session.refresh(review, with_for_update={"of": Review})
