"""Who may reach which ratings."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select, true

from tracker.core.audience import Viewer
from tracker.organisation.models import Person
from tracker.organisation.policy import allowed, cell
from tracker.ratings.import_models import Import
from tracker.ratings.ledger_models import Contribution
from tracker.ratings.models import Driver, Rating, ScoreCard
from tracker.ratings.survey_models import SurveyVersion


def counted() -> ColumnElement[bool]:
    """Ratings that exist for readers: those of an unfinished import do not."""
    finished = select(Import.id).where(Import.finished_at.is_not(None), Import.undone_at.is_(None))
    return or_(Rating.import_id.is_(None), Rating.import_id.in_(finished))


def credited(*, since: date, until: date) -> tuple[ColumnElement[bool], ...]:
    """Ratings that count for somebody, of the days from `since` to the one before `until`: what totals and reports add up."""
    return (
        counted(),
        # Person by person, since that is how days of ratings are found without reading all years.
        Rating.person_id.in_(select(Person.id)),
        Rating.rated_on >= since,
        Rating.rated_on < until,
        Rating.excluded_at.is_(None),
    )


def ratings_seen_by(viewer: Viewer) -> Select[Rating]:
    """Own ratings, and those of people one leads, as far as they fall into the present tenure."""
    return select(Rating).where(counted(), allowed("rating.read", viewer, Rating.person_id, dated=Rating.rated_on))


def ratings_reassigned_by(viewer: Viewer) -> Select[Rating]:
    return select(Rating).where(counted(), allowed("rating.reassign", viewer, Rating.person_id, dated=Rating.rated_on))


def helped_ratings_seen_by(viewer: Viewer) -> Select[Rating]:
    """Credited ratings that the viewer helped with: the same words as the handler reads, and they count for the handler."""
    if cell("helped_rating.read", "self") != "A":
        return select(Rating).where(false())
    mine = Contribution.person_id == viewer.person_id
    by_rating = select(Contribution.rating_id).where(mine, Contribution.rating_id.is_not(None))
    by_interaction = select(Contribution.interaction_id).where(mine, Contribution.interaction_id.is_not(None))
    helped = or_(Rating.id.in_(by_rating), Rating.interaction_id.in_(by_interaction))
    return select(Rating).where(counted(), helped, Rating.person_id != viewer.person_id)


def ratings_given_helpers_by(viewer: Viewer) -> Select[Rating]:
    """Where the viewer may add who else helped: at ratings of people led, within the present tenure."""
    return select(Rating).where(counted(), allowed("contributor.add", viewer, Rating.person_id, dated=Rating.rated_on))


def unlinked_ratings_seen_by(viewer: Viewer) -> Select[Rating]:
    """The tray: ratings that name nobody we know."""
    return select(Rating).where(counted(), Rating.person_id.is_(None), _holds_office(viewer, "unlinked_rating.read"))


def unlinked_ratings_assigned_by(viewer: Viewer) -> Select[Rating]:
    return select(Rating).where(counted(), Rating.person_id.is_(None), _holds_office(viewer, "unlinked_rating.assign"))


def cards_seen_by(viewer: Viewer) -> Select[ScoreCard]:
    """One card a person: one's own as soon as it is made, everybody else's only once it is shared."""
    own = (ScoreCard.person_id == viewer.person_id) & (ScoreCard.audience == "own")
    others = (ScoreCard.person_id != viewer.person_id) & (ScoreCard.audience == "shared")
    return select(ScoreCard).where(or_(own, others), allowed("score.read", viewer, ScoreCard.person_id))


def imports_run_by(viewer: Viewer) -> Select[Import]:
    return select(Import).where(_holds_office(viewer, "import.run")).order_by(Import.id.desc())


def survey_versions_edited_by(viewer: Viewer) -> Select[SurveyVersion]:
    return select(SurveyVersion).where(_holds_office(viewer, "survey_template.edit"))


def drivers_edited_by(viewer: Viewer) -> Select[Driver]:
    return select(Driver).where(_holds_office(viewer, "survey_template.edit"))


def people_asked_about_by(viewer: Viewer) -> Select[Person]:
    """The people for whose service the viewer may ask a customer: those led, for an admin everybody else; never oneself."""
    return (
        select(Person)
        .where(allowed("survey_link.create", viewer, Person.id), *_works_on(viewer.today))
        .order_by(Person.name, Person.id)
    )


def _works_on(day: date) -> tuple[ColumnElement[bool], ...]:
    return (
        or_(Person.started_on.is_(None), Person.started_on <= day),
        or_(Person.ended_on.is_(None), Person.ended_on > day),
    )


def _holds_office(viewer: Viewer, action: str) -> ColumnElement[Any]:
    """For things that are about no person: only the roles decide."""
    return true() if any(cell(action, role) == "A" for role in viewer.roles) else false()
