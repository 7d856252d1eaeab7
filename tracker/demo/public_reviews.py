"""Two feeds and eight public reviews of the demo, in three languages: answered, due, late, old, and one that thanks Amina."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from tracker.core.db import db, transaction
from tracker.organisation.models import Person, Team
from tracker.organisation.queries import leaders_on
from tracker.recovery.jobs import follow_clocks
from tracker.reviews.actions import name_person, note_answer, take_review
from tracker.reviews.feed_actions import add_feed, pause_feed
from tracker.reviews.jobs import follow_up
from tracker.reviews.models import Review, ReviewFeed
from tracker.reviews.rules import Given, Whose

TILLS, AMINA = "Nairobi Central tills", "N-0412"
SITE = "https://reviews.example.org"


@dataclass(frozen=True)
class Said:
    """A review as it stands there, read `hours` ago; `answer`: what was said in return, so many hours later."""

    hours: int
    stars: int
    language: str
    author: str
    title: str | None
    text: str
    answer: tuple[int, str] | None = None
    age: timedelta = timedelta(hours=2)


ABOUT_TILLS = (
    Said(
        *(267, 5, "en", "Wanjiru K.", "Fast and friendly", "A queue of eight, and I was out in four minutes."),
        answer=(5, "Thank you, Wanjiru. We have told the people who were there that day."),
    ),
    Said(
        *(221, 2, "sw", "Otieno", "Foleni ndefu", "Nilisubiri dakika ishirini, na kaunta mbili tu zilikuwa wazi."),
        answer=(7, "Pole sana kwa kusubiri. Kuanzia Jumatatu kaunta ya tatu inafunguliwa saa sita mchana."),
    ),
    Said(
        *(196, 4, "fr", "Céline", None, "Bon accueil, mais la caisse 3 était fermée."),
        answer=(9, "Merci, Céline. La caisse 3 est réparée depuis hier."),
    ),
    Said(
        *(173, 5, "en", "J. Mwangi", "Thanks to Amina"),
        "Amina found the receipt I had lost, and stayed calm with my three kids.",
        answer=(4, "Thank you. Amina has read it, and so have we."),
    ),
    Said(*(190, 1, "en", "Unhappy in Westlands", "Charged twice", "Charged twice, and sent from desk to desk.")),
    Said(
        *(5, 3, "fr", "Marc D.", "Correct", "Le prix affiché n’était pas celui de la caisse. L’erreur a été corrigée.")
    ),
    Said(*(960, 4, "sw", "Achieng", None, "Huduma nzuri na bei nafuu."), age=timedelta(days=40)),
)
OF_SOME_SHOP = Said(
    *(26, 2, "en", "Visitor", "Which shop was it?"),
    "The guard at your shop near the bus station was rude. The cashier was fine.",
)


def put_public_reviews(at: datetime) -> None:
    """By the product's own actions, at their own times. The feeds are paused: example.org answers nobody."""
    with transaction():
        tills = db.session.scalars(select(Team).where(Team.name == TILLS)).one()
        feed = _feed("Reviews of Nairobi Central", "nairobi-central.atom", tills, len(ABOUT_TILLS), at)
        mentions = _feed("Mentions of Zawadora", "mentions.rss", None, 1, at)
        leader = next(iter(leaders_on(at.date()).up_from(tills.id)), None)
        for number, said in enumerate(ABOUT_TILLS, start=1):
            review = _take(said, number, feed, at)
            if said.answer and leader is not None:
                _answer(review, said.answer, leader)
        _take(OF_SOME_SHOP, 1, mentions, at)
    for moment in (at - timedelta(days=3), at - timedelta(hours=20)):
        follow_up(moment)  # who leads hears that one is late, then who leads above
        follow_clocks(moment)  # low ones are complaints too


def _feed(name: str, path: str, team: Team | None, entries: int, at: datetime) -> ReviewFeed:
    values = {"name": name, "address": f"{SITE}/{path}", "stars_from": "text", "out_of": 5, "answer_within": 2}
    feed = add_feed({**values, "team_id": team.id if team else None}, by=None, at=at - timedelta(days=60))
    db.session.flush()
    feed.read_at = feed.tried_at = at - timedelta(hours=5)
    feed.entries_seen = entries
    pause_feed(feed, by=None, at=at - timedelta(hours=4))
    return feed


def _take(said: Said, number: int, feed: ReviewFeed, at: datetime) -> Review:
    read_at = at - timedelta(hours=said.hours)
    given = Given(
        source=f"feed {feed.id}",
        external_id=f"{SITE}/{feed.id}/{number}",
        title=said.title,
        text=said.text,
        author=said.author,
        link=f"{SITE}/{feed.id}/{number}",
        stars=said.stars,
        original_stars=f"{said.stars}/5",
        language=said.language,
        published_at=read_at - said.age,
    )
    return take_review(given, by=None, at=read_at, whose=Whose(feed.team_id), feed=feed)[0]


def _answer(review: Review, answer: tuple[int, str], leader: int) -> None:
    """Where it thanks Amina by her name, she is told."""
    hours, words = answer
    at = review.received_at + timedelta(hours=hours)
    note_answer(review, words=words, said_by="Zawadora", said_at=at, link=review.link, seen=0, by=leader, at=at)
    if "Amina" in review.text:
        amina = db.session.scalars(select(Person).where(Person.staff_number == AMINA)).one()
        name_person(review, amina, by=leader, at=at)
