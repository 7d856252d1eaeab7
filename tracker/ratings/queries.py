"""Reading what ratings are about, what customers are asked, and which ratings the checks leave out."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select

from tracker.core import clock
from tracker.core.db import db
from tracker.organisation.models import Person
from tracker.organisation.queries import team_of, the_organisation
from tracker.ratings.drivers import Words, default_words
from tracker.ratings.models import Channel, Driver, Rating, Touchpoint
from tracker.ratings.survey_models import SurveyVersion
from tracker.ratings.surveys import STAGES, Survey, default_survey

MOST_VERSIONS = 1_000_000  # what somebody makes up beyond it is no number of a version


def current_version(stage: str) -> SurveyVersion | None:
    """What a stage asks today; None on a database that was never migrated, where the product's own questions are asked."""
    return db.session.scalars(_versions(stage).limit(1)).first()


def version_asked(stage: str, number: int | None) -> SurveyVersion | None:
    """The version whose page a customer has open, when it is one of this stage; else today's."""
    if number is None or not 0 < number <= MOST_VERSIONS:
        return current_version(stage)
    found = db.session.scalars(_versions(stage).where(SurveyVersion.number == number)).first()
    return found or current_version(stage)


def survey_of(version: SurveyVersion | None, stage: str) -> Survey:
    return Survey(version.content) if version else default_survey(stage)


def one_version(scope: Select[SurveyVersion], stage: str, number: int | None) -> Select[SurveyVersion]:
    """The newest version of a stage within a scope, or the one of that number."""
    if number is not None:
        scope = scope.where(SurveyVersion.number == min(max(number, 0), MOST_VERSIONS))
    return scope.where(SurveyVersion.stage == stage).order_by(SurveyVersion.number.desc()).limit(1)


def versions_with_authors(scope: Select[SurveyVersion], stage: str) -> Select[SurveyVersion, str | None]:
    """A stage's versions, newest first, with the names of who saved them."""
    return (
        scope.where(SurveyVersion.stage == stage)
        .add_columns(Person.name)
        .outerjoin(Person, Person.id == SurveyVersion.created_by_id)
        .order_by(SurveyVersion.number.desc())
    )


def current_versions() -> dict[str, SurveyVersion]:
    """Stage -> what it asks today."""
    rows = db.session.scalars(select(SurveyVersion).order_by(SurveyVersion.number))
    return {version.stage: version for version in rows}


def stages_asking(key: str) -> list[str]:
    """The stages whose present questions name a driver."""
    versions = current_versions()
    return [stage for stage in STAGES if stage in versions and key in Survey(versions[stage].content).keys]


def drivers_by_name() -> list[Driver]:
    return list(db.session.scalars(select(Driver).order_by(Driver.name, Driver.id)))


def words_to_begin_with(driver: Driver) -> Words:
    """What the editor offers for a driver that a stage has not asked about yet."""
    words: Mapping[str, Any] | None = driver.words or default_words(driver.key)
    return dict(words) if words else {"praise": {}, "wish": {}}


def touchpoint_choices() -> list[tuple[int, str]]:
    return list(db.session.execute(select(Touchpoint.id, Touchpoint.name).order_by(Touchpoint.name)))


def channel_choices() -> list[tuple[int, str]]:
    return list(db.session.execute(select(Channel.id, Channel.name).order_by(Channel.name)))


def unchecked() -> Select[*tuple[Any, ...]]:
    """(person, day, touchpoint, channel, stars, id, since when) of the ratings that the checks for a fall leave out for now."""
    touchpoint, channel = func.coalesce(Rating.touchpoint_id, 0), func.coalesce(Rating.channel_id, 0)
    columns = (Rating.person_id, Rating.rated_on, touchpoint, channel, Rating.stars, Rating.id, Rating.unchecked_at)
    return select(*columns).where(
        Rating.unchecked_at.is_not(None), Rating.person_id.is_not(None), Rating.excluded_at.is_(None)
    )


def credited_on(person_id: int | None, moment: datetime) -> tuple[int | None, date]:
    """The team somebody was in when service ended, and the local day."""
    organisation = the_organisation()
    day = clock.local_day(moment, organisation.time_zone if organisation else "UTC")
    team = team_of(person_id, day) if person_id is not None else None
    return (team.id, clock.local_day(moment, team.time_zone)) if team else (None, day)


def _versions(stage: str) -> Select[SurveyVersion]:
    return select(SurveyVersion).where(SurveyVersion.stage == stage).order_by(SurveyVersion.number.desc())
