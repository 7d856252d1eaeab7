"""Feeds: read once, asked for only when something is new, and never a way in."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import NOW, Browser, Cast
from tests.reviews.conftest import Site, a_feed, item, rss, stored, the_feed
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.ratings.models import Rating, ScoreWeek
from tracker.reviews.feed_actions import claim, pause_feed
from tracker.reviews.jobs import read_feeds
from tracker.reviews.models import Review, ReviewFeed, ReviewVersion

LATER = NOW + timedelta(minutes=16)
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr-CA"><title>Avis</title><entry><id>tag:1</id>
<title type="text">5 &lt; 6 minutes</title><link rel="self" href="https://x.example/self"/><link href="https://x.example/1"/>
<author><name>Élodie</name></author><published>2026-11-17T10:00:00+01:00</published>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Très <b>bien</b>.</p><script>evil()</script><p>Merci !</p></div>
</content></entry></feed>""".encode()
BOMB = b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>
<rss version="2.0"><channel><item><title>&c;</title></item></channel></rss>"""
OUTSIDE = b"""<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&x;</title></item></channel></rss>"""


def reviews() -> list[Review]:
    db.session.rollback()
    return list(db.session.scalars(select(Review).order_by(Review.id).execution_options(populate_existing=True)))


def read(site: Site, body: bytes, **feed: Any) -> list[Review]:
    """What a new feed with this body brings."""
    site.body = body
    a_feed(site.address, **feed)
    read_feeds(NOW)
    return reviews()


def test_an_entry_becomes_a_review_that_counts_for_nobody(site: Site, cast: Cast) -> None:
    more = "<g:rating>4</g:rating><dc:creator>Wanjiru</dc:creator><dc:language>sw-KE</dc:language>"
    site.body = rss(item(text="Asante &lt;b&gt;Amina&lt;/b&gt;!&lt;br&gt;Karibu.", more=more))
    feed = a_feed(site.address, cast.tills, stars_from="element")
    assert read_feeds(NOW) == 1
    (review,) = reviews()
    assert (review.title, review.text, review.author) == ("Kind people", "Asante Amina!\nKaribu.", "Wanjiru")
    assert (review.stars, review.original_stars, review.language) == (4, "4/5", "sw")
    assert review.link == "https://reviews.example.org/r-1"
    assert review.published_at == NOW - timedelta(hours=26)
    assert review.team_id == cast.tills.id
    assert (the_feed(feed).read_at, the_feed(feed).entries_seen, the_feed(feed).failures) == (NOW, 1, 0)
    assert db.session.scalar(select(func.count()).select_from(Rating)) == 0
    assert db.session.scalar(select(func.count()).select_from(ScoreWeek)) == 0


def test_the_same_again_is_nothing_and_a_change_is_a_version(site: Site, cast: Cast) -> None:
    site.body = rss(item())
    a_feed(site.address, cast.tills)
    read_feeds(NOW)
    assert read_feeds(LATER) == 0
    site.body = rss(item(text="Amina was rude after all."))
    assert read_feeds(LATER + timedelta(minutes=16)) == 1
    (review,) = reviews()
    assert review.text == "Amina was rude after all."
    versions = db.session.scalars(select(ReviewVersion.text).order_by(ReviewVersion.number)).all()
    assert versions == ["Thanks to Amina.", "Amina was rude after all."]
    assert len(db.session.scalars(select(Message).where(Message.kind == "review.arrived")).all()) == 1


def test_a_feed_is_asked_only_for_what_is_new(site: Site, cast: Cast) -> None:
    site.body, site.headers = rss(item()), {"ETag": '"7"', "Last-Modified": "Tue, 17 Nov 2026 10:00:00 GMT"}
    feed = a_feed(site.address, cast.tills)
    read_feeds(NOW)
    assert "If-None-Match" not in site.asked[0]
    site.status, site.body = 304, b""
    assert read_feeds(LATER) == 0
    assert site.asked[1]["If-None-Match"] == '"7"'
    assert site.asked[1]["If-Modified-Since"] == "Tue, 17 Nov 2026 10:00:00 GMT"
    assert (the_feed(feed).read_at, the_feed(feed).failures, the_feed(feed).entries_seen) == (LATER, 0, 1)


def test_it_is_read_every_quarter_of_an_hour_and_more_rarely_after_errors(site: Site, cast: Cast) -> None:
    site.status = 500
    feed = a_feed(site.address)
    waits = []
    at = NOW
    for _time in range(9):
        read_feeds(at)
        found = the_feed(feed)
        waits.append((found.next_read_at - at) / timedelta(minutes=15))
        at = found.next_read_at
    assert waits == [2, 4, 8, 16, 32, 64, 96, 96, 96]
    assert the_feed(feed).last_error == "The server answered with the status 500."
    site.status, site.body = 200, rss(item())
    assert read_feeds(at) == 1
    assert (the_feed(feed).last_error, the_feed(feed).failures) == (None, 0)
    assert read_feeds(at + timedelta(minutes=14)) == 0
    assert len(site.asked) == 10


def test_atom_is_read_with_its_language_and_its_plain_and_marked_up_texts(site: Site, cast: Cast) -> None:
    (review,) = read(site, ATOM)
    assert (review.title, review.text) == ("5 < 6 minutes", "Très bien.\n\nMerci !")
    assert (review.author, review.language, review.link) == ("Élodie", "fr", "https://x.example/1")


@pytest.mark.parametrize(
    ("title", "stars", "original"),
    [
        ("4/5 Good", 4, "4/5"),
        ("7/10", 4, "7/10"),
        ("4,5 / 5", 5, "4,5/5"),
        ("★★☆☆☆ hmm", 2, "2/5"),
        ("On 4/5/2026 we came", None, None),
        ("11/10 would come again", None, None),
        ("24/7 service", None, None),
        ("87/100", 4, "87/100"),
    ],
)
def test_stars_in_words(site: Site, cast: Cast, title: str, stars: int | None, original: str | None) -> None:
    (review,) = read(site, rss(item(title=title)), stars_from="text")
    assert (review.stars, review.original_stars) == (stars, original)


@pytest.mark.parametrize("rating", ["", "good", "nan", "inf", "-1", "9", "1e400"])
def test_a_mark_off_the_scale_is_no_mark(site: Site, cast: Cast, rating: str) -> None:
    (review,) = read(site, rss(item(more=f"<g:rating>{rating}</g:rating>")), stars_from="element")
    assert review.stars is None


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (BOMB, "declares XML entities"),
        (OUTSIDE, "declares XML entities"),
        (b"<!doctype html><html><body>Sign in</body></html>", "a web page"),
        (b'{"items": []}', "JSON"),
        (b"", "empty"),
        (b"hello", "no XML"),
        (b"<rss><channel><item><title>cut off", "breaks off"),
        (b"<opml><body/></opml>", "neither RSS 2.0 nor Atom 1.0"),
        (b"<rss>" + b"<a>" * 100_000, "nested too deeply"),
        (b"<rss>" + b" " * 50_000_000, "longer than"),
    ],
    ids=["bomb", "outside", "html", "json", "empty", "text", "half", "opml", "deep", "50 MB"],
)
def test_a_hostile_or_broken_feed_gets_an_answer(site: Site, cast: Cast, body: bytes, sentence: str) -> None:
    site.body = body
    feed = a_feed(site.address)
    assert read_feeds(NOW) == 0
    assert sentence in str(the_feed(feed).last_error)
    assert reviews() == []


def test_a_redirect_inside_is_not_followed(site: Site, cast: Cast) -> None:
    site.status, site.headers = 302, {"Location": f"http://127.0.0.1:{site.port}/secret"}
    feed = a_feed(site.address)
    read_feeds(NOW)
    assert len(site.asked) == 1
    assert "redirects are not followed" in str(the_feed(feed).last_error)


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:9/", "https://127.1/", "https://2130706433/", "https://169.254.169.254/", "file:///etc/passwd", "https://a@b/"],
)  # fmt: skip
def test_addresses_inside_are_refused_in_the_form_and_by_the_job(
    people: dict[str, Browser], cast: Cast, address: str
) -> None:
    form = {"name": "Inside", "address": address, "stars_from": "none", "out_of": "5", "answer_within": "2"}
    assert people["ruth"].post("/reviews/feeds/new", form).status_code == 422
    assert people["ruth"].post("/reviews/feeds/new", {**form, "try": "1"}).status_code == 422
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(ReviewFeed)) == 0
    feed = a_feed(address)
    assert read_feeds(NOW) == 0
    assert the_feed(feed).failures == 1


@pytest.mark.parametrize(
    ("body", "header"),
    [
        (rss(item(text="Café")), "application/xml; charset=iso-8859-1"),
        (rss(item(text="Café")).decode().encode("cp1252"), "application/xml"),
        (rss(item(text="Café")).decode().encode("utf-16"), "application/xml"),
        (rss(item(text="Café")).decode().encode("iso-8859-1"), "application/xml; charset=iso-8859-1"),
        (rss(item(text="Café")).decode().encode("cp1252"), "application/xml; charset=unicode_escape"),
        (rss(item(text="Café")).decode().encode("cp1252"), "application/xml; charset=nonsense"),
    ],
)
def test_a_wrong_charset_does_no_harm(site: Site, cast: Cast, body: bytes, header: str) -> None:
    site.headers = {"Content-Type": header}
    (review,) = read(site, body)
    assert review.text == "Café"


def test_entries_without_an_id_a_date_or_a_word(site: Site, cast: Cast) -> None:
    bare = "<item><title>Only this</title></item>"
    future = "<item><guid>f</guid><title>To come</title><pubDate>Tue, 17 Nov 2099 10:00:00 GMT</pubDate></item>"
    wrong = (
        "<item><guid>w</guid><title>When?</title><pubDate>yesterday</pubDate><link>javascript:alert(1)</link></item>"
    )
    found = read(site, rss(bare, bare, "<item/>", future, wrong))
    assert [review.title for review in found] == ["Only this", "To come", "When?"]
    assert [review.published_at for review in found] == [None, None, None]
    assert [review.link for review in found] == [None, None, None]
    assert read_feeds(LATER) == 0


@pytest.mark.parametrize(
    ("author", "name"),
    [("a@example.org (Ann)", "Ann"), ("a@example.org", None), ("Ann &lt;b&gt;B.&lt;/b&gt;", "Ann B."), ("", None)],
)
def test_the_address_of_an_author_is_not_kept(site: Site, cast: Cast, author: str, name: str | None) -> None:
    (review,) = read(site, rss(item(more=f"<author>{author}</author>")))
    assert review.author == name


def test_two_schedulers_read_a_feed_once(app: Flask, site: Site, cast: Cast) -> None:
    """While one waits for the answer, another finds nothing to do."""
    done: list[int] = []

    def another() -> None:
        site.during = None
        with app.app_context():
            done.append(read_feeds(NOW))
            db.session.remove()

    site.body, site.during = rss(item()), another
    a_feed(site.address, cast.tills)
    assert read_feeds(NOW) == 1
    assert done == [0]
    assert len(site.asked) == 1
    assert len(reviews()) == 1


def test_of_two_who_have_seen_it_due_one_claims_it(cast: Cast) -> None:
    feed = a_feed("https://reviews.example.org/feed")
    with transaction():
        assert claim(feed.id, due_at=NOW, at=NOW) == NOW + timedelta(minutes=15)
    with transaction():
        assert claim(feed.id, due_at=NOW, at=NOW) is None


def test_what_is_paused_while_it_is_read_brings_nothing(app: Flask, site: Site, cast: Cast) -> None:
    site.body = rss(item())
    feed = a_feed(site.address)

    def pause() -> None:
        with app.app_context(), transaction():
            pause_feed(db.session.get_one(ReviewFeed, feed.id), by=None, at=NOW)

    site.during = pause
    assert read_feeds(NOW) == 0
    assert reviews() == []
    assert read_feeds(LATER) == 0
    assert len(site.asked) == 1


def test_pages_of_feeds(site: Site, people: dict[str, Browser], cast: Cast) -> None:
    ruth = people["ruth"]
    site.body = rss(*[item(id=f"r-{n}", title=f"Title {n}") for n in range(7)])
    form = {"name": "Central", "address": site.address, "stars_from": "text", "out_of": "5", "answer_within": "3"}
    form |= {"team": str(cast.tills.id), "language": "sw"}
    tried = ruth.post("/reviews/feeds/new", {**form, "try": "1"})
    assert tried.status_code == 200
    assert "7 entries can be read" in tried.text
    assert "Title 4" in tried.text
    assert "Title 5" not in tried.text
    assert reviews() == []
    assert ruth.post("/reviews/feeds/new", form).status_code == 303
    read_feeds(NOW)
    page = ruth.get("/reviews/feeds").text
    assert "Is read" in page
    assert "7 entries" in page
    (feed_id,) = db.session.scalars(select(ReviewFeed.id))
    assert ruth.post(f"/reviews/feeds/{feed_id}/pause").status_code == 303
    assert ruth.post(f"/reviews/feeds/{feed_id}/pause").status_code == 409
    assert "Paused" in ruth.get("/reviews/feeds").text
    assert read_feeds(LATER) == 0
    assert ruth.post(f"/reviews/feeds/{feed_id}/resumption").status_code == 303
    site.status = 404
    read_feeds(LATER)
    assert "The server answered with the status 404." in ruth.get("/reviews/feeds").text
    assert "It could not be read." in ruth.post(f"/reviews/feeds/{feed_id}", {**form, "try": "1"}).text
    assert ruth.post(f"/reviews/feeds/{feed_id}", {**form, "name": "Centre"}).status_code == 303
    assert ruth.post(f"/reviews/feeds/{feed_id}", {**form, "answer_within": "0"}).status_code == 422
    assert people["chloe"].post(f"/reviews/feeds/{feed_id}/removal").status_code == 303
    assert ruth.get(f"/reviews/feeds/{feed_id}").status_code == 404
    assert len(reviews()) == 7
    for name in ("amina", "brian", "dora"):
        assert people[name].get("/reviews/feeds").status_code == 403
        assert people[name].post(f"/reviews/feeds/{feed_id}/pause").status_code == 403


def test_old_entries_start_no_clock(site: Site, cast: Cast) -> None:
    old = item(id="old").replace("17 Nov", "02 Nov")
    found = {review.external_id: review for review in read(site, rss(old, item(id="new")), team=cast.tills)}
    assert found["old"].due_at is None
    assert stored(found["new"]).due_at is not None
    assert len(db.session.scalars(select(Message).where(Message.kind == "review.arrived")).all()) == 1
