"""What a token reads and does: the scopes of its maker, who is the viewer of its requests."""

from sqlalchemy import Select, false, or_, select, true

from tracker.api.models import ApiToken
from tracker.core.audience import Viewer
from tracker.organisation.models import Person
from tracker.organisation.policy import allowed, by_role, people_seen_by
from tracker.ratings.models import Interaction, Rating
from tracker.ratings.policy import ratings_seen_by, unlinked_ratings_seen_by
from tracker.reviews.policy import may_bring_in


def may_hold_tokens(viewer: Viewer) -> bool:
    """Asked at every request of a token: whoever is no admin any more has tokens that open nothing."""
    return by_role("api_token.manage", viewer)


def tokens_managed_by(viewer: Viewer) -> Select[ApiToken]:
    return select(ApiToken).where(true() if may_hold_tokens(viewer) else false()).order_by(ApiToken.id.desc())


def may_send_ratings(viewer: Viewer) -> bool:
    """Who may bring in ratings by file may bring them in one by one."""
    return by_role("import.run", viewer)


def may_send_reviews(viewer: Viewer) -> bool:
    return may_bring_in(viewer)


def may_send_interactions(viewer: Viewer) -> bool:
    return by_role("interaction.create", viewer)


def ratings_read_by(viewer: Viewer) -> Select[Rating]:
    """What the maker reads in the pages: own ratings, those of people led, and for the office what waits in the tray."""
    seen, waiting = (
        scope.with_only_columns(Rating.id) for scope in (ratings_seen_by(viewer), unlinked_ratings_seen_by(viewer))
    )
    return select(Rating).where(or_(Rating.id.in_(seen), Rating.id.in_(waiting)))


def interactions_read_by(viewer: Viewer) -> Select[Interaction]:
    """As far as ratings: own service, that of people led within the tenure, and what names nobody known for the office."""
    known = allowed("interaction.read", viewer, Interaction.person_id, dated=Interaction.ended_on)
    unknown = Interaction.person_id.is_(None) if by_role("unlinked_rating.read", viewer) else false()
    return select(Interaction).where(or_(known, unknown))


def people_read_by(viewer: Viewer) -> Select[Person]:
    return people_seen_by(viewer).order_by(None)
