"""From Monday's check to the last reminder. Each job finds what is due in rows, claims it, and acts.

The weekly check:  1. The watermark says which week is next; a missed week is made up for.
                   2. Figures are worked out reading only.
                   3. One transaction moves the watermark, freezes means, writes everybody's own card, stores alerts, opens cases and
                      tells people. Killed before its commit, nothing of it exists; after it, nothing of it can happen again.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from tracker.coaching.actions import close_case, open_case, share_case
from tracker.coaching.following import cases_to_follow, follow
from tracker.coaching.models import CoachingCase
from tracker.coaching.queries import frozen_baselines, people_in_cool_down
from tracker.coaching.reminding import take_step
from tracker.coaching.rules import HEAD_START
from tracker.coaching.team_notices import keep_team_falls
from tracker.core import clock, tasks
from tracker.core.clock import WorkCalendar
from tracker.core.db import db, reading, transaction
from tracker.notifications.actions import Told, tell_all
from tracker.notifications.queries import people_told
from tracker.organisation.queries import calendars, team_tree, teams_of_everybody
from tracker.ratings import weekly
from tracker.ratings.actions import store_fall
from tracker.ratings.weekly import Company

RULE = "falls.check"
CHECKED_AT = time(4)
GAP_TOLD_EVERY = timedelta(weeks=26)


def check_falls(at: datetime) -> int:
    """Run every week that is due and not done; the number of alerts."""
    alerts = 0
    while True:
        with reading():
            since = tasks.done_until(RULE)
            monday = _next_monday(since, at)
            work = _worked_out(monday) if monday else None
        if monday is None:
            return alerts
        with transaction():
            if not tasks.advance(RULE, since=since, to=datetime.combine(monday, time(), UTC)):
                return alerts  # another process has just done it
            if work:
                alerts += _store(*work, monday=monday, at=at)


def _next_monday(since: datetime | None, at: datetime) -> date | None:
    """The Monday whose run is due: the one after the watermark; on a new instance the latest. None when none is due yet."""
    zones = {team.time_zone for team in team_tree().teams.values()} or {"UTC"}
    latest = clock.monday_of(clock.week_of(at.date() + timedelta(days=1)))
    while max(clock.moment_at(latest, CHECKED_AT, zone) for zone in zones) > at:
        latest -= timedelta(days=7)
    if since is None:
        return latest
    following = since.date() + timedelta(days=7)
    return following if following <= latest else None


def _worked_out(monday: date) -> tuple[Company, dict[int, dict[str, Any]]] | None:
    company = weekly.load_company(clock.last_complete_week(monday), baseline_ends=frozen_baselines())
    return (company, weekly.everybodys_figures(company, weekly.check_company(company))) if company else None


def _store(company: Company, figures: dict[int, dict[str, Any]], *, monday: date, at: datetime) -> int:
    """Cards for everybody, alerts and cases for those who fell, a word to each. Everybody's card takes the same time to be
    shared, alerted or not: its delay must not give anything away."""
    hours = calendars(None, at.date() - timedelta(days=1))
    mornings = {person: hours.get(person, WorkCalendar()).next_morning(at) for person in figures}
    shares = {person: morning + HEAD_START for person, morning in mornings.items()}
    told_before = weekly.people_on_watch()
    weekly.note_check(company, figures, at=at)
    keep_team_falls(company, shares, at=at)
    weekly.freeze_means(company)
    weekly.write_cards(figures, on=company.on, audience="own", shares_at=shares)
    resting = people_in_cool_down(company.on, company.parameters.cooldown_weeks)
    fallen = [
        person for person, card in figures.items() if card["check"] and card["check"]["alert"] and person not in resting
    ]
    teams = teams_of_everybody(monday)
    for person in fallen:
        _open(person, figures[person]["check"], company, teams.get(person), hours, shares_at=shares[person], at=at)
    _tell_everybody(company.on, figures, mornings, told_before=(told_before | resting) - set(fallen), at=at)
    return len(fallen)


def _open(
    person: int,
    check: dict[str, Any],
    company: Company,
    team_id: int | None,
    hours: Mapping[int, WorkCalendar],
    *,
    shares_at: datetime,
    at: datetime,
) -> None:
    fall = store_fall(
        person,
        company.on,
        check,
        team_id=team_id,
        parameters=weekly.parameters_stored(company.parameters),
        formula=weekly.FORMULA,
        shares_at=shares_at,
        at=at,
    )
    # The clock is looked at each morning from then on: who leads by then, and who is away, is decided when something is due.
    open_case(fall, reminds_at=hours.get(person, WorkCalendar()).next_morning(shares_at), at=at)


def _tell_everybody(
    week: int,
    figures: Mapping[int, Mapping[str, Any]],
    mornings: Mapping[int, datetime],
    *,
    told_before: set[int],
    at: datetime,
) -> None:
    """One message a week for everybody who was rated, so that getting one gives nothing away either.

    `told_before`: people who know already that it is a harder time; the same words every Monday would only nag.
    """
    counts = weekly.people_with_new_ratings(week)
    told_of_gap = people_told("gap", since=at - GAP_TOLD_EVERY)
    messages = []
    for person, card in figures.items():
        check = card["check"] or {}
        is_news = (check.get("watch") or check.get("alert")) and person not in told_before
        state = "below" if is_news else "plain"
        count, praised = counts.get(person, (0, 0))
        if count or state == "below":
            words = {"state": state, "count": count, "praised": praised}
            messages.append(Told("week", person, f"week|{person}|{week}", mornings[person], words))
        if card["gap"] and person not in told_of_gap:
            messages.append(Told("gap", person, f"gap|{person}|{week}", mornings[person], {}))
    tell_all(messages, at=at)


def share_cards(at: datetime) -> int:
    """Everybody else gets the cards and cases whose head start is over."""
    with transaction():
        count = weekly.share_due_cards(at)
        due = select(CoachingCase).where(CoachingCase.shares_at <= at, CoachingCase.shared_at.is_(None))
        due = due.where(CoachingCase.closed_at.is_(None))
        for case in db.session.scalars(due.with_for_update(skip_locked=True)):
            share_case(case, at=at)
        return count


def rewrite_stale_cards(at: datetime) -> int:
    with transaction():
        return weekly.rewrite_cards(at, baseline_ends=frozen_baselines())


def remind(at: datetime) -> int:
    """Look at every clock that is due, each in its own transaction; how many steps were taken."""
    with reading():
        due = list(
            db.session.execute(
                select(CoachingCase.id, CoachingCase.reminds_at).where(
                    CoachingCase.closed_at.is_(None), CoachingCase.reminds_at <= at, CoachingCase.shares_at <= at
                )
            )
        )
    return sum(_remind(case_id, looked_for, at) for case_id, looked_for in due)


def _remind(case_id: int, reminds_at: datetime | None, at: datetime) -> int:
    with transaction():
        case = db.session.get(CoachingCase, case_id, with_for_update=True, populate_existing=True)
        # Claimed by the row itself: another process that was first has moved the time.
        if case is None or case.closed_at or case.reminds_at != reminds_at:
            return 0
        return take_step(case, at=at)


def follow_changes(at: datetime) -> int:
    """People who left, leaders who changed, leave on the day of a talk: each case in its own transaction; how many changed."""
    with reading():
        changed = cases_to_follow(at)
    return sum(_follow(case_id, at) for case_id in changed)


def _follow(case_id: int, at: datetime) -> int:
    with transaction():
        return follow(case_id, at=at)


def close_overdue_cases(at: datetime) -> int:
    """A case that nobody finished in 16 weeks ends by itself."""
    with transaction():
        overdue = select(CoachingCase).where(CoachingCase.closed_at.is_(None), CoachingCase.closes_by <= at)
        cases = list(db.session.scalars(overdue.with_for_update(skip_locked=True)))
        for case in cases:
            close_case(case, because="expired", by=None, at=at)
        return len(cases)
