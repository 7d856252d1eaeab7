"""What happens to rollouts by itself: word to leaders whose turn is close; every night what courses changed.

The rule of a rollout assigns, as every rule does (jobs.follow_rules)."""

from dataclasses import asdict
from datetime import UTC, datetime, time, timedelta

from tracker.core import clock, tasks
from tracker.core.clock import local_day
from tracker.core.db import db, reading, transaction, upsert
from tracker.organisation.queries import the_organisation
from tracker.ratings.weekly import last_frozen_week
from tracker.training.effect import figures_of_courses
from tracker.training.rollout_actions import due_turns, tell_turn
from tracker.training.rollout_models import TrainingEffect

EFFECTS = "training.effects"
NIGHT = timedelta(hours=2)


def tell_turns(at: datetime) -> int:
    """A week before a team’s turn: whoever leads it then hears of it, each in a transaction of its own; how many were told."""
    with reading():
        company = the_organisation()
        day = local_day(at, company.time_zone) if company else at.date()
        due = due_turns(day)
    told = 0
    for place_id in due:
        with transaction():
            told += tell_turn(place_id, day=day, at=at)
    return told


def work_out_effects(at: datetime) -> int:
    """Once a night (after 02:00 UTC): the figures of every course anew; of how many courses.

    After a change of the past some weeks have no frozen means until Monday’s run: until then the figures stay as they are."""
    slot = datetime.combine((at - NIGHT).date(), time(NIGHT.seconds // 3600), UTC)
    with reading():
        since, company = tasks.done_until(EFFECTS), the_organisation()
        if company is None or (since is not None and since >= slot):
            return 0
        today, on = local_day(at, company.time_zone), last_frozen_week()
        if on is None or on < clock.last_complete_week(today) - 1:
            return 0
        figures = figures_of_courses(on, today=today, zone=company.time_zone)
    rows = [{"course_id": id, "week": on, "figures": asdict(found)} for id, found in sorted(figures.items())]
    with transaction():
        if not tasks.advance(EFFECTS, since=since, to=slot):
            return 0  # another process has just done it
        if rows:
            made = upsert(TrainingEffect)
            new = {"week": made.excluded.week, "figures": made.excluded.figures}
            db.session.execute(made.on_conflict_do_update(index_elements=["course_id"], set_=new), rows)
    return len(rows)
