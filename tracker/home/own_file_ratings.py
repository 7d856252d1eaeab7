"""What one's own file says of ratings and the score, and what the person added to them."""

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import case, or_, select
from sqlalchemy.orm import joinedload

from tracker.core import clock
from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.home.own_file_lines import Line, Section, rows
from tracker.home.queries import own_card, ratings_of
from tracker.ratings import sentences
from tracker.ratings.card_contents import contents_of
from tracker.ratings.ledger_models import Transfer
from tracker.ratings.models import Attribution, Channel, Interaction, Rating, ScoreWeek, Touchpoint
from tracker.ratings.own_models import Acknowledgement, RatingSide, SavedRating, TalkPoint
from tracker.ratings.policy import helped_ratings_seen_by
from tracker.ratings.rules import Figures
from tracker.ratings.workings import working_steps


def _ratings(viewer: Viewer) -> Iterable[Line]:
    return [_rating_line(rating) for rating in db.session.scalars(ratings_of(viewer, viewer.person_id))]


def _helped(viewer: Viewer) -> Iterable[Line]:
    loaded = (joinedload(Rating.touchpoint), joinedload(Rating.channel), joinedload(Rating.survey))
    found = helped_ratings_seen_by(viewer).options(*loaded).order_by(Rating.rated_at.desc(), Rating.id.desc())
    return [_rating_line(rating) for rating in db.session.scalars(found)]


def _rating_line(rating: Rating) -> Line:
    """The customer's words as whoever works here reads them: those that were hidden are not in it."""
    return {
        "number": rating.id,
        "rated_at": rating.rated_at,
        "stars": rating.stars,
        "as_given": f"{rating.original_value} ({rating.original_scale})",
        "touchpoint": rating.touchpoint.name if rating.touchpoint else None,
        "channel": rating.channel.name if rating.channel else None,
        "place": rating.place,
        "words": rating.words,
        "about": sentences.about(rating),
        "drivers": list(rating.drivers),
        "feelings": [sentences.emotion_word(code) for code in rating.emotions],
        "effort": sentences.effort(rating),
        "source": rating.source,
        "credited": rating.handled_how,
        "changed_by_customer_at": rating.edited_at,
        "left_out_of_score_at": rating.excluded_at,
        "second_look_asked_at": rating.disputed_at,
        "handed_on_at": rating.transferred_at,
    }


def _credited_anew(viewer: Viewer) -> Iterable[Line]:
    to_me = Attribution.to_person_id == viewer.person_id
    columns = (Attribution.rating_id, Attribution.at, Attribution.reason)
    mine = or_(to_me, Attribution.from_person_id == viewer.person_id)
    return rows(select(*columns, case((to_me, "to you"), else_="from you").label("how")).where(mine))


def _handed_on(viewer: Viewer) -> Iterable[Line]:
    to_me = Transfer.to_person_id == viewer.person_id
    columns = (Transfer.interaction_id, Transfer.rating_id, Transfer.transferred_at)
    mine = or_(to_me, Transfer.from_person_id == viewer.person_id)
    return rows(select(*columns, case((to_me, "to you"), else_="from you").label("how")).where(mine))


def _served(viewer: Viewer) -> Iterable[Line]:
    of = Interaction
    columns = (of.id.label("number"), of.started_at, of.ended_at, Touchpoint.name.label("touchpoint"), of.place)
    more = (Channel.name.label("channel"), of.queue_length, of.outcome, of.handled_how, of.source)
    found = select(*columns, *more).outerjoin(Touchpoint, Touchpoint.id == of.touchpoint_id)
    found = found.outerjoin(Channel, Channel.id == of.channel_id)
    return rows(found.where(of.person_id == viewer.person_id).order_by(of.ended_at.desc()))


def _sides(viewer: Viewer) -> Iterable[Line]:
    columns = (RatingSide.rating_id, RatingSide.text, RatingSide.written_at, RatingSide.changed_at)
    return rows(select(*columns).where(RatingSide.person_id == viewer.person_id).order_by(RatingSide.id))


def _saved(viewer: Viewer) -> Iterable[Line]:
    mine = SavedRating.person_id == viewer.person_id
    return rows(select(SavedRating.rating_id, SavedRating.saved_at).where(mine).order_by(SavedRating.id))


def _read(viewer: Viewer) -> Iterable[Line]:
    columns = (Acknowledgement.rating_id, Acknowledgement.case_id, Acknowledgement.read_at)
    mine = Acknowledgement.person_id == viewer.person_id
    return rows(select(*columns).where(mine).order_by(Acknowledgement.id))


def _points(viewer: Viewer) -> Iterable[Line]:
    columns = (TalkPoint.text, TalkPoint.added_at, TalkPoint.done_at)
    return rows(select(*columns).where(TalkPoint.person_id == viewer.person_id).order_by(TalkPoint.id))


def _score(viewer: Viewer) -> Iterable[Line]:
    card = own_card(viewer)
    return [asdict(contents_of(card, name=None))] if card else []


def _trend(viewer: Viewer) -> Iterable[Line]:
    card = own_card(viewer)
    points = card.figures["trend"] if card else []
    return [dict(zip(("week", "score", "low", "high", "n"), point, strict=True)) for point in points]


def _by_touchpoint(viewer: Viewer) -> Iterable[Line]:
    card = own_card(viewer)
    parts = Figures(card.figures).touchpoints if card else []
    return [{**part, "sentence": sentences.touchpoint_line(part)} for part in parts]


def _by_driver(viewer: Viewer) -> Iterable[Line]:
    card = own_card(viewer)
    return list(Figures(card.figures).drivers) if card else []


def _worked_out(viewer: Viewer) -> Iterable[Line]:
    card = own_card(viewer)
    return [{"step": step} for step in working_steps(Figures(card.figures))] if card else []


def _weeks(viewer: Viewer) -> Iterable[Line]:
    of = ScoreWeek
    found = (
        select(of.week, Touchpoint.name, Channel.name, of.n1, of.n2, of.n3, of.n4, of.n5)
        .outerjoin(Touchpoint, Touchpoint.id == of.touchpoint_id)
        .outerjoin(Channel, Channel.id == of.channel_id)
        .where(of.person_id == viewer.person_id)
        .order_by(of.week, of.touchpoint_id, of.channel_id)
    )
    names = ("touchpoint", "channel", "stars_1", "stars_2", "stars_3", "stars_4", "stars_5")
    return [
        {"week": clock.monday_of(week), **dict(zip(names, rest, strict=True))}
        for week, *rest in db.session.execute(found)
    ]


SECTIONS = (
    Section("score", ("score_card",), _score),
    Section("score_12_weeks", (), _trend),
    Section("score_by_touchpoint", (), _by_touchpoint),
    Section("score_by_driver", (), _by_driver),
    Section("score_worked_out", (), _worked_out),
    Section("stars_by_week", ("score_week",), _weeks),
    Section("ratings", ("rating",), _ratings),
    Section("ratings_helped_with", ("contribution",), _helped),
    Section("ratings_credited_anew", ("attribution",), _credited_anew),
    Section("handed_on", ("transfer",), _handed_on),
    Section("service", ("interaction",), _served),
    Section("my_side", ("rating_side",), _sides),
    Section("saved_for_talk", ("saved_rating",), _saved),
    Section("read", ("acknowledgement",), _read),
    Section("points_for_talk", ("talk_point",), _points),
)
