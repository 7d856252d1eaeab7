"""A feed from its address to reviews: fetched, read, and each entry turned into what the product keeps."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from flask_babel import gettext as _

from tracker.core import http
from tracker.reviews.feed_xml import RawEntry, RawFeed, UnreadableFeed, read_feed
from tracker.reviews.models import ReviewFeed
from tracker.reviews.plain import one_line, plain_text, tidy
from tracker.reviews.rules import (
    AUTHOR_LENGTH,
    FEED_SOURCE,
    TEXT_LENGTH,
    TITLE_LENGTH,
    Given,
    key_of,
    language_of,
    stars_in,
    stars_of,
    web_link,
)

MAX_BYTES = 3_000_000
ACCEPTED = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.8"
EARLIEST_YEAR = 1990
REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(frozen=True)
class Fetched:
    """What an address answered. `feed` None: nothing has changed since the last time."""

    feed: RawFeed | None
    etag: str | None = None
    last_modified: str | None = None


def fetch(address: str, *, etag: str | None = None, last_modified: str | None = None) -> Fetched:
    """Ask an address, only for what is new where it said how to ask; UnreadableFeed with a sentence when nothing can be read."""
    asked = {"Accept": ACCEPTED, "If-None-Match": etag, "If-Modified-Since": last_modified}
    try:
        answer = http.get(address, headers={name: value for name, value in asked.items() if value}, max_bytes=MAX_BYTES)
    except http.NotFetched as error:
        raise UnreadableFeed(str(error)) from error
    if answer.status == HTTPStatus.NOT_MODIFIED and (etag or last_modified):
        return Fetched(None, etag, last_modified)
    if answer.status in REDIRECTS:
        raise UnreadableFeed(_("The feed has moved, and redirects are not followed. Put in its new address."))
    if answer.status != HTTPStatus.OK:
        raise UnreadableFeed(_("The server answered with the status %(status)d.", status=answer.status))
    feed = read_feed(answer.body, answer.headers.get("content-type", ""))
    return Fetched(feed, _kept(answer.headers.get("etag"), 300), _kept(answer.headers.get("last-modified"), 100))


def _kept(header: str | None, most: int) -> str | None:
    """What a server wants to hear again; nothing that could not go into a header."""
    return header if header and len(header) <= most and header.isascii() and header.isprintable() else None


def reviews_in(raw: RawFeed, feed: ReviewFeed, *, at: datetime) -> list[Given]:
    """The entries as reviews, in the feed's order; one without a word and without stars says nothing and is passed over."""
    found = [_review(entry, raw, feed, at) for entry in raw.entries]
    return list({given.external_id: given for given in reversed(found) if given}.values())[::-1]


def _review(entry: RawEntry, raw: RawFeed, feed: ReviewFeed, at: datetime) -> Given | None:
    fields = entry.fields
    title = one_line(plain_text(fields.get("title"), most=TITLE_LENGTH), most=TITLE_LENGTH)
    text = plain_text(fields.get("content") or fields.get("summary"), most=TEXT_LENGTH)
    stars, original = _stars(entry, feed, f"{title or ''}\n{text}")
    if not text and not title and stars is None:
        return None
    own_id = tidy(fields.get("id", ""), most=TEXT_LENGTH)
    link = web_link(fields.get("link")) or web_link(own_id)
    author = _author(fields.get("author"))
    published = _moment(fields.get("published") or fields.get("updated"), at)
    return Given(
        source=f"{FEED_SOURCE}{feed.id}",
        external_id=key_of(own_id) if own_id else key_of(link) if link else key_of("", title, author, text),
        title=title,
        text=text,
        author=author,
        link=link,
        stars=stars,
        original_stars=original,
        language=language_of(fields.get("language")) or feed.language or language_of(raw.language),
        published_at=published,
    )


def _author(text: str | None) -> str | None:
    """The name shown in public. RSS may write “address (name)”: nobody here needs the address."""
    name = one_line(plain_text(text, most=AUTHOR_LENGTH), most=AUTHOR_LENGTH) or ""
    if "@" in name:
        name = name.partition("(")[2].rstrip(") ")
    return name if "@" not in name and name else None


def _stars(entry: RawEntry, feed: ReviewFeed, words: str) -> tuple[int | None, str | None]:
    if feed.stars_from == "text":
        return stars_in(words) or (None, None)
    if feed.stars_from == "none" or not entry.rating:
        return None, None
    written = entry.rating.strip().replace(",", ".")
    try:
        value = float(written) if len(written) < 10 else None
    except ValueError:
        value = None
    stars = stars_of(value, feed.out_of) if value is not None else None
    return (stars, f"{written}/{feed.out_of}") if stars else (None, None)


def _moment(text: str | None, at: datetime) -> datetime | None:
    """When it was published; None where nothing, nonsense or a moment to come is said."""
    text = (text or "").strip()
    try:
        moment = datetime.fromisoformat(text) if text[:4].isdigit() else parsedate_to_datetime(text)
        utc = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return utc if utc.year >= EARLIEST_YEAR and utc <= at else None
