"""Who plays a package: the learner whose run it is, and nobody for them (`training.complete`)."""

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from tracker.core.audience import Viewer
from tracker.organisation.policy import allowed
from tracker.scorm.models import PackageVisit
from tracker.training.learning_models import CourseRun


def runs_played_by(viewer: Viewer) -> Select[CourseRun]:
    return (
        select(CourseRun)
        .where(allowed("training.complete", viewer, CourseRun.person_id))
        .options(joinedload(CourseRun.version))
    )


def visits_of(viewer: Viewer) -> Select[PackageVisit]:
    """With their runs, versions and packages."""
    return (
        select(PackageVisit)
        .join(PackageVisit.run)
        .where(allowed("training.complete", viewer, CourseRun.person_id))
        .options(
            joinedload(PackageVisit.run).joinedload(CourseRun.version),
            joinedload(PackageVisit.package),
        )
    )
