"""Feeds: added, changed, paused, removed by who looks after them; read by the timetable."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update

from tracker.audit.actions import record
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.reviews.actions import take_review
from tracker.reviews.feed_xml import RawFeed
from tracker.reviews.feeds import Fetched, reviews_in
from tracker.reviews.models import ReviewFeed
from tracker.reviews.rules import Whose, next_reading


def add_feed(values: Mapping[str, Any], *, by: int | None, at: datetime) -> ReviewFeed:
    """A feed that is read from now on; `values`: the columns that people set, by name."""
    feed = ReviewFeed(**values, made_by_id=by, made_at=at, next_read_at=at, failures=0)
    db.session.add(feed)
    record("review_feed.added", by=by, about=feed, at=at)
    return feed


def change_feed(feed: ReviewFeed, values: Mapping[str, Any], *, by: int, at: datetime) -> None:
    """What is asked for anew is the whole feed; what was read so far stays as it is."""
    for name, value in values.items():
        setattr(feed, name, value)
    feed.etag = feed.last_modified = feed.last_error = None
    feed.failures, feed.next_read_at = 0, at
    record("review_feed.changed", by=by, about=feed, at=at)


def pause_feed(feed: ReviewFeed, *, by: int | None, at: datetime) -> None:
    if feed.paused_at is not None:
        raise Conflict(_("This feed is paused already."))
    feed.paused_at = at
    record("review_feed.paused", by=by, about=feed, at=at)


def resume_feed(feed: ReviewFeed, *, by: int, at: datetime) -> None:
    if feed.paused_at is None:
        raise Conflict(_("This feed is being read already."))
    feed.paused_at, feed.failures, feed.next_read_at = None, 0, at
    record("review_feed.resumed", by=by, about=feed, at=at)


def remove_feed(feed: ReviewFeed, *, by: int, at: datetime) -> None:
    """It is read no more; its reviews stay."""
    feed.removed_at = at
    record("review_feed.removed", by=by, about=feed, at=at)


def claim(feed_id: int, *, due_at: datetime, at: datetime) -> datetime | None:
    """Take a feed that is due; the moment of its next reading, by which its reader is known. None when another was first."""
    ours = next_reading(at, 0)
    due = (ReviewFeed.id == feed_id, ReviewFeed.next_read_at == due_at, ReviewFeed.next_read_at <= at)
    is_read = (ReviewFeed.paused_at.is_(None), ReviewFeed.removed_at.is_(None))
    taken = update(ReviewFeed).where(*due, *is_read).values(next_read_at=ours, tried_at=at).returning(ReviewFeed.id)
    return ours if db.session.scalar(taken) is not None else None


def store(feed: ReviewFeed, fetched: Fetched, *, at: datetime) -> int:
    """Keep what a feed brought; how many reviews are new or worded anew."""
    feed.read_at, feed.failures, feed.last_error = at, 0, None
    feed.etag, feed.last_modified = fetched.etag, fetched.last_modified
    return _take_all(feed, fetched.feed, at=at) if fetched.feed is not None else 0


def _take_all(feed: ReviewFeed, raw: RawFeed, *, at: datetime) -> int:
    found = reviews_in(raw, feed, at=at)
    feed.entries_seen = len(found)
    whose = Whose(feed.team_id, feed.touchpoint_id, feed.place)
    outcomes = [take_review(given, by=None, at=at, whose=whose, feed=feed)[1] for given in found]
    return sum(outcome != "same" for outcome in outcomes)


def note_failure(feed: ReviewFeed, sentence: str, *, at: datetime) -> None:
    """It could not be read: why, in words, and later and later again."""
    feed.failures += 1
    feed.last_error = sentence[:300]
    feed.next_read_at = next_reading(at, feed.failures)
