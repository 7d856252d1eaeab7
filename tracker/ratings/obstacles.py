"""The kinds of obstacle, and naming one."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from tracker.audit.actions import record
from tracker.core.db import db
from tracker.ratings.obstacle_models import Obstacle

KINDS = {
    "policy": _l("A rule of ours"),
    "system": _l("A system or a device"),
    "stock": _l("Something was not there to sell or to give"),
    "staffing": _l("Too few people"),
    "knowledge": _l("Something that nobody had learnt or could look up"),
}


def name_obstacle_of_case(
    case_id: int,
    kind: str,
    *,
    team_id: int | None,
    touchpoint_id: int | None,
    driver: str | None,
    by: int,
    at: datetime,
) -> Obstacle:
    """What stood in the way of a complaint that is being closed."""
    obstacle = Obstacle(
        kind=kind,
        case_id=case_id,
        team_id=team_id,
        touchpoint_id=touchpoint_id,
        driver=driver,
        said_by_id=by,
        said_at=at,
    )
    db.session.add(obstacle)
    record("obstacle.named", by=by, about=obstacle, at=at, kind=kind, case=case_id)
    return obstacle
