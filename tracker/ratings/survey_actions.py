"""What may be done to the questions: a new version of a stage, a driver more, a driver no longer asked."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from tracker.audit.actions import record
from tracker.core.db import db, upsert
from tracker.core.errors import Conflict, Invalid
from tracker.ratings.drivers import DEFAULT_DRIVERS, Words
from tracker.ratings.models import Driver
from tracker.ratings.queries import current_version, stages_asking
from tracker.ratings.sentences import stage_name
from tracker.ratings.survey_models import SurveyVersion
from tracker.ratings.surveys import STAGES, default_survey, key_from


def save_survey(stage: str, content: Mapping[str, Any], *, base: int, by: int, at: datetime) -> SurveyVersion | None:
    """A new version of a stage's questions; None when nothing is different. Old answers keep the version they were asked in.

    `base` is the number of the version that was being edited. Raises Conflict when somebody saved another one meanwhile, Invalid
    for a driver that is not there or not asked any more.
    """
    known = set(db.session.scalars(select(Driver.key).where(Driver.retired_at.is_(None)).with_for_update()))
    present = current_version(stage)
    if present is not None and present.content == content:
        return None
    if present is not None and present.number != base:
        raise Conflict(
            _(
                "Somebody saved version %(number)s meanwhile. Look at it among the versions; saving again puts yours after it.",
                number=present.number,
            )
        )
    if missing := [driver["key"] for driver in content["drivers"] if driver["key"] not in known]:
        raise Invalid(_("“%(key)s” is not asked any more.", key=missing[0]))
    number = present.number + 1 if present else 1
    version = SurveyVersion(stage=stage, number=number, content=dict(content), created_at=at, created_by_id=by)
    db.session.add(version)
    record("survey.edited", by=by, about=version, at=at, stage=stage, number=version.number)
    return version


def add_driver(name: str, words: Words, *, by: int, at: datetime) -> Driver:
    """Something more that a rating can be about. Its key is made from the name and stays, whatever becomes of the name."""
    key = key_from(name)
    if not key:
        raise Invalid(_("Use letters or digits, so that a key can be made of it"))
    same_name = func.lower(Driver.name) == name.lower()
    if db.session.scalar(select(Driver.id).where((Driver.key == key) | same_name).limit(1)):
        raise Conflict(_("There is a driver of that name"))
    driver = Driver(key=key, name=name, words=words)
    db.session.add(driver)
    record("driver.added", by=by, about=driver, at=at, key=key)
    return driver


def retire_driver(driver: Driver, *, by: int, at: datetime) -> None:
    """Not to be asked any more. What customers said about it stays. Refused while a stage asks about it."""
    db.session.refresh(driver, with_for_update=True)
    if driver.retired_at:
        return
    if asking := stages_asking(driver.key):
        raise Conflict(
            _(
                "“%(stage)s” asks about this. Take it out there first, and save.",
                stage=stage_name(asking[0]),
            )
        )
    driver.retired_at = at
    record("driver.retired", by=by, about=driver, at=at, key=driver.key)


def return_driver(driver: Driver, *, by: int, at: datetime) -> None:
    """May be asked again."""
    db.session.refresh(driver, with_for_update=True)
    if driver.retired_at is None:
        return
    driver.retired_at = None
    record("driver.returned", by=by, about=driver, at=at, key=driver.key)


def ensure_default_drivers() -> None:
    """What a rating can be about, unless it is there: an instance can be asked from its first day."""
    _add_missing(Driver, [{"key": key, "name": name} for key, name in DEFAULT_DRIVERS.items()], ["key"])


def ensure_default_surveys(*, at: datetime) -> None:
    """The first version of each stage, unless it is there."""
    rows = [
        {"stage": stage, "number": 1, "content": dict(default_survey(stage).content), "created_at": at}
        for stage in STAGES
    ]
    _add_missing(SurveyVersion, rows, ["stage", "number"])


def _add_missing(model: type[Driver] | type[SurveyVersion], rows: Sequence[Mapping[str, Any]], key: list[str]) -> None:
    db.session.execute(upsert(model).on_conflict_do_nothing(index_elements=key), rows)
