"""Public reviews that other programs bring in."""

from datetime import datetime

from flask_babel import gettext as _

from tracker.api import queries
from tracker.api.rules import CLOCK_SKEW
from tracker.api.schemas import ReviewIn
from tracker.core.errors import Conflict, Invalid
from tracker.reviews.actions import known_as, take_review
from tracker.reviews.models import Review
from tracker.reviews.plain import plain_text
from tracker.reviews.queries import open_teams
from tracker.reviews.rules import FEED_SOURCE, TEXT_LENGTH, Given, Whose, language_of


def take_sent_review(sent: ReviewIn, *, by: int, at: datetime) -> tuple[Review, bool]:
    """The review, and whether it is new. The same name and content again is the same one; other content is refused."""
    _check(sent, at)
    given, whose = _given(sent), _whose(sent)
    known = known_as(given.source, given.external_id)
    if known is None:
        review, outcome = take_review(given, by=by, at=at, whose=whose)
        if outcome == "new":
            return review, True
        known = review  # another request was quicker
    if any(getattr(known, name) != value for name, value in vars(given).items()):
        raise Conflict(_("This review is known here with other content. Nothing was changed."))
    return known, False


def _check(sent: ReviewIn, at: datetime) -> None:
    if sent.published_at and sent.published_at > at + CLOCK_SKEW:
        raise Invalid(
            _("This moment is in the future."),
            errors=[{"field": "published_at", "problem": _("This is in the future.")}],
        )
    if sent.source.casefold().startswith(FEED_SOURCE):
        sentence = _("A name that begins with “feed” is for the product’s own feeds. Choose another.")
        raise Invalid(sentence, errors=[{"field": "source", "problem": sentence}])


def _given(sent: ReviewIn) -> Given:
    return Given(
        source=sent.source,
        external_id=sent.external_id,
        text=plain_text(sent.text, most=TEXT_LENGTH),
        title=sent.title,
        author=sent.author,
        link=sent.link,
        stars=sent.stars,
        original_stars=f"{sent.stars}/5" if sent.stars else None,
        language=language_of(sent.language),
        published_at=sent.published_at,
    )


def _whose(sent: ReviewIn) -> Whose:
    """Team and touchpoint by their names here. What a review was given to since does not make it another."""
    teams = {name.casefold(): id for id, name in open_teams()}
    team_id = teams.get(sent.team.casefold()) if sent.team else None
    touchpoint_id = queries.touchpoint_named(sent.touchpoint) if sent.touchpoint else None
    unknown = [("team", sent.team, team_id), ("touchpoint", sent.touchpoint, touchpoint_id)]
    errors = [
        {"field": field, "problem": _("“%(name)s” is not known here.", name=name)}
        for field, name, id in unknown
        if name and id is None
    ]
    if errors:
        raise Invalid(_("What was sent names what is not known here. The errors say which field."), errors=errors)
    return Whose(team_id, touchpoint_id, sent.place)
