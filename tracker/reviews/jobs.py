"""What happens to reviews by themselves: feeds are read, and answers that are late are asked for."""

from datetime import datetime

from sqlalchemy import select

from tracker.core.db import db, reading, transaction
from tracker.reviews import actions, feed_actions
from tracker.reviews.feed_xml import UnreadableFeed
from tracker.reviews.feeds import Fetched, fetch
from tracker.reviews.models import Review, ReviewFeed

MOST_AT_ONCE = 5  # a tick serves other jobs too


def read_feeds(at: datetime) -> int:
    """Read every feed that is due; the number of reviews that are new or worded anew."""
    is_read = (ReviewFeed.paused_at.is_(None), ReviewFeed.removed_at.is_(None), ReviewFeed.next_read_at <= at)
    due = select(ReviewFeed.id, ReviewFeed.next_read_at).where(*is_read).order_by(ReviewFeed.next_read_at)
    with reading():
        feeds = db.session.execute(due.limit(MOST_AT_ONCE)).all()
    return sum(_read_one(feed_id, due_at, at) for feed_id, due_at in feeds)


def _read_one(feed_id: int, due_at: datetime, at: datetime) -> int:
    with transaction():
        ours = feed_actions.claim(feed_id, due_at=due_at, at=at)
        feed = db.session.get(ReviewFeed, feed_id, populate_existing=True)
        if ours is None or feed is None:
            return 0
        asked = feed.address, feed.etag, feed.last_modified
    # Between two transactions: a slow server keeps nobody from writing.
    try:
        found: Fetched | str = fetch(asked[0], etag=asked[1], last_modified=asked[2])
    except UnreadableFeed as error:
        found = str(error)
    with transaction():
        feed = db.session.get(ReviewFeed, feed_id, with_for_update=True, populate_existing=True)
        if feed is None or feed.next_read_at != ours or feed.paused_at or feed.removed_at or feed.address != asked[0]:
            return 0  # somebody has changed or paused it meanwhile, or reads it already
        if isinstance(found, str):
            feed_actions.note_failure(feed, found, at=at)
            return 0
        return feed_actions.store(feed, found, at=at)


def follow_up(at: datetime) -> int:
    """Ask for every answer that is late, each in its own transaction; the number of reviews."""
    late = select(Review.id, Review.reminders_sent).where(Review.reminds_at <= at, Review.outcome.is_(None))
    with reading():
        due = db.session.execute(late.order_by(Review.reminds_at)).all()
    return sum(_follow(review_id, sent, at) for review_id, sent in due)


def _follow(review_id: int, sent: int, at: datetime) -> int:
    with transaction():
        review = db.session.get(Review, review_id, with_for_update=True, populate_existing=True)
        # Claimed by the row itself: whoever was first has moved the step, or somebody has answered.
        if (
            review is None
            or review.outcome is not None
            or review.reminders_sent != sent
            or not review.reminds_at
            or review.reminds_at > at
        ):
            return 0
        actions.remind(review, at=at)
        return 1
