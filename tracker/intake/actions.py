"""What the doors do: take in a rating and tell its story, open links, take files in and back."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.access.rules import token_hash
from tracker.audit.actions import record
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.intake import set_aside
from tracker.intake.complaint_asking import keep_for_survey
from tracker.intake.importing import ImportResult, import_ratings
from tracker.intake.models import SetAsideVote
from tracker.intake.undoing import stop_import, undo_import, undo_imports_cut_off
from tracker.invitations.models import Invitation
from tracker.invitations.planning import contact_of, plan_invitation
from tracker.organisation.models import Person
from tracker.posts.queries import holder_of
from tracker.ratings import rollup
from tracker.ratings.actions import (
    EDIT_LENGTH,
    Submission,
    customer_known_as,
    edit_rating,
    erase_rating,
    open_survey_link,
    reassign_rating,
    record_rating,
    spend_survey_link,
)
from tracker.ratings.models import Interaction, Rating, SurveyLink
from tracker.ratings.queries import credited_on
from tracker.ratings.samples import CUSTOMERS_FILE
from tracker.recovery.opening import open_case, take_back

__all__ = [
    "CUSTOMERS_FILE",
    "OWN_SOURCES",
    "ImportResult",
    "answer_link",
    "assign_waiting",
    "change_answer",
    "credited_by_post",
    "credited_on",
    "customer_known_as",
    "import_ratings",
    "open_and_mail_link",
    "open_link",
    "receive",
    "release_vote",
    "stop_import",
    "take_answer_back",
    "undo_import",
    "undo_imports_cut_off",
]

SOURCE = "survey link"
OWN_SOURCES = frozenset({SOURCE, "kiosk", CUSTOMERS_FILE})  # names that only the product's own doors give ratings


def receive(submission: Submission, *, at: datetime) -> Rating:
    """Every rating from every door comes through here: store it, credit it, count it, and then tell its story."""
    rating = record_rating(submission, at=at)
    if rating.received_at == at:  # one that was here before is no news
        hooks.announce("rating.created", about=rating.id, key=f"rating.created|{rating.id}", at=at)
        open_case(rating, at=at)
    return rating


def credited_by_post(
    place: str | None, moment: datetime, *, team_id: int | None = None, but: int | None = None
) -> dict[str, Any]:
    """Whose an answer is that names nobody, as values of a submission or an interaction: who alone held the post as service
    ended, never `but`. Files ask the same of a roster (rows.Rows), for thousands at once."""
    holder = holder_of(place, moment, team_id=team_id, but=but)
    return {"person_id": holder, "handled_how": "post" if holder is not None else None}


def open_link(
    person: Person,
    *,
    ended_at: datetime,
    by: int | None,
    at: datetime,
    touchpoint_id: int | None = None,
    channel_id: int | None = None,
    place: str | None = None,
    customer_reference: str | None = None,
) -> str:
    """A link for one customer to rate one service, and who gave it is settled here. Returns the secret: it is stored nowhere."""
    team_id, day = credited_on(person.id, ended_at)
    interaction = Interaction(
        person_id=person.id,
        handled_how="explicit",
        team_id=team_id,
        touchpoint_id=touchpoint_id,
        channel_id=channel_id,
        customer_id=customer_known_as(customer_reference) if customer_reference else None,
        place=place,
        ended_at=ended_at,
        ended_on=day,
        invited_at=at,
        created_by_id=by,
    )
    return open_survey_link(interaction, by=by, at=at)


def open_and_mail_link(
    person: Person, *, email: str | None, language: str, by: int, at: datetime, **service: Any
) -> tuple[str, Invitation | None]:
    """A link as by `open_link`, which is mailed too where there is an address: by day, and reminded of once."""
    secret = open_link(person, by=by, at=at, **service)
    if email is None:
        return secret, None
    link = db.session.scalars(select(SurveyLink).where(SurveyLink.token_hash == token_hash(secret))).one()
    invitation = plan_invitation(
        db.session.get_one(Interaction, link.interaction_id),
        contact_of(email, language),
        source="page",
        by=by,
        at=at,
        link_id=link.id,
        delay=timedelta(0),
    )
    return secret, invitation


def answer_link(
    link: SurveyLink,
    *,
    stars: int,
    comment: str | None,
    emotions: list[str],
    drivers: list[str],
    at: datetime,
    effort: int | None = None,
    comment_language: str | None = None,
    survey_version_id: int | None = None,
    contact: str | None = None,
    language: str | None = None,
) -> Rating:
    """The customer answers, once: of any number of posts at the same time one stores, all others raise Conflict.

    Who is credited, where and when service ended stand in the interaction; nothing of it comes from the form. `contact`: how to
    reach a customer who asks for a call. `language`: what they read the page in.
    """
    if not spend_survey_link(link, at=at):
        raise Conflict(_("This link has been used already."))
    given = {
        "stars": stars,
        "comment": comment,
        "comment_language": comment_language,
        "emotions": emotions,
        "drivers": drivers,
        "effort": effort,
        "survey_version_id": survey_version_id,
    }
    rating = receive(_answer_by(link, given, rated_at=at), at=at)
    link.rating_id = rating.id
    if contact is not None:
        open_case(rating, contact=contact, at=at)
    keep_for_survey(rating, language=language)
    set_aside.replace(link, at=at)
    return rating


def release_vote(vote: SetAsideVote, *, by: int, at: datetime) -> Rating:
    """Count what was set aside as the customer’s answer, given when it was sent. Refused once the visit has an answer."""
    link, given = vote.link, dict(vote.answer)
    rated = select(Rating.id).where(Rating.interaction_id == link.interaction_id)
    set_aside.close(vote, "released", by=by, at=at)
    if db.session.scalar(rated) is not None or not spend_survey_link(link, at=vote.sent_at):
        raise Conflict(_("This visit has been rated since. That answer counts, and this one can only be discarded."))
    rating = receive(_answer_by(link, given, rated_at=vote.sent_at), at=at)
    link.rating_id = rating.id
    keep_for_survey(rating, language=given.get("comment_language"))
    if rating.person_id is not None and clock.week_of(rating.rated_on) < clock.week_of(at.date()):
        rollup.thaw(rating.rated_on)  # what was frozen since is worked out anew
    record("vote.released", by=by, about=vote, person=rating.person_id, at=at)
    return rating


def _answer_by(link: SurveyLink, given: dict[str, Any], *, rated_at: datetime) -> Submission:
    """Who is credited, where and when service ended stand in the interaction; nothing of it comes from the form."""
    return Submission(
        source=SOURCE,
        external_id=str(link.id),
        rated_at=rated_at,
        original_value=str(given["stars"]),
        **_served(link.interaction),
        **given,
    )


def _served(interaction: Interaction) -> dict[str, Any]:
    """Who served, where and whom, as the rating takes it over."""
    columns = ("person_id", "handled_how", "touchpoint_id", "channel_id", "customer_id", "place")
    return {"interaction_id": interaction.id, **{name: getattr(interaction, name) for name in columns}}


def can_change(link: SurveyLink, *, at: datetime) -> bool:
    """Whether the customer may still change the answer: for 72 hours, while there is one. Taking it back has no end."""
    return link.rating_id is not None and link.answered_at is not None and at - link.answered_at < EDIT_LENGTH


def change_answer(
    link: SurveyLink,
    *,
    stars: int,
    comment: str | None,
    emotions: list[str],
    drivers: list[str],
    at: datetime,
    effort: int | None = None,
    comment_language: str | None = None,
    contact: str | None = None,
    language: str | None = None,
) -> None:
    rating = _answer(link)
    if not can_change(link, at=at):
        raise Conflict(_("This answer can’t be changed any more."))
    edit_rating(
        rating,
        stars=stars,
        comment=comment,
        comment_language=comment_language,
        emotions=emotions,
        drivers=drivers,
        effort=effort,
        at=at,
    )
    open_case(rating, contact=contact, at=at)
    keep_for_survey(rating, language=language)


def take_answer_back(link: SurveyLink, *, at: datetime) -> None:
    """Nothing of the answer stays, whenever that is asked for, and the link stays spent."""
    rating = _answer(link)
    link.rating_id = None
    take_back(rating, at=at)
    db.session.flush()
    erase_rating(rating, at=at)


def _answer(link: SurveyLink) -> Rating:
    """The answer behind a link, locked with it, so that changing and taking back do not meet."""
    db.session.execute(select(SurveyLink.id).where(SurveyLink.id == link.id).with_for_update())
    db.session.refresh(link, ["rating_id", "answered_at"])
    if link.rating_id is None:
        raise Conflict(_("This answer can’t be changed any more."))
    return db.session.get_one(Rating, link.rating_id)


def assign_waiting(ratings: list[Rating], to: Person, *, by: int, reason: str, at: datetime) -> None:
    """Credit ratings out of the tray to the person they are about."""
    for rating in ratings:
        reassign_rating(rating, to, by=by, reason=reason, at=at)
