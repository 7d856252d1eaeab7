"""How ratings find people, in the demo's tills: a week of shifts, an answer credited by post, one with a helper, one that was
handed on after it was rated, and two in the tray with suggestions."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.audit.actions import record
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.intake.actions import receive
from tracker.intake.kiosk_actions import take_answers
from tracker.intake.kiosk_rules import Answer
from tracker.intake.models import Kiosk
from tracker.organisation.models import Person, Team
from tracker.organisation.queries import leaders_on
from tracker.posts.actions import open_post
from tracker.posts.models import Shift
from tracker.posts.rules import span
from tracker.ratings.actions import Submission
from tracker.ratings.ledger import add_contributor, transfer_interaction
from tracker.ratings.models import Interaction, Rating

TEAM = "Nairobi Central tills"
AMINA, KEVIN = "N-0412", "N-0398"
# Post -> who holds it from eight to two, and who from two to ten. Two at Till 3: nobody is credited by it.
PLAN = {
    "Till 1": ((KEVIN,), ("N-0377",)),
    "Till 2": ((AMINA,), ("N-0365",)),
    "Till 3": (("N-0388", "N-0405"), ()),
}
HOURS = ((time(8), time(14)), (time(14), time(22)))
WEEKS = 2


def show_credits(at: datetime) -> None:
    """Yesterday's answers, in the shifts of these weeks; nothing of it is among the figures of a past week."""
    with transaction():
        team = db.session.scalars(select(Team).where(Team.name == TEAM)).one()
        rows = select(Person.staff_number, Person).where(
            Person.staff_number.in_({number for holders in PLAN.values() for shift in holders for number in shift})
        )
        people = dict(db.session.execute(rows).all())
        today = clock.local_day(at, team.time_zone)
        _plan(team, people, monday=today - timedelta(days=today.weekday() + 7), at=at)
        morning = clock.moment_at(today - timedelta(days=1), time(11, 15), team.time_zone)
        _answer_at_till_2(morning, at)
        _wait_in_the_tray(morning, at)
        _hand_on(people[AMINA], people[KEVIN], at)
        _help(people[KEVIN], people[AMINA], at)


def _plan(team: Team, people: dict[str, Person], *, monday: date, at: datetime) -> None:
    """As a file of shifts would leave them: last week, this one and the days to come of it."""
    planned_at = clock.moment_at(monday, time(), team.time_zone) - timedelta(days=3)
    shifts = []
    for name, holders in PLAN.items():
        post = open_post(team, name, by=None, at=planned_at)
        db.session.flush()
        for day in (monday + timedelta(days=number) for number in range(7 * WEEKS)):
            for who, (starts, ends) in zip(holders, HOURS, strict=True):
                starts_at, ends_at = span(day, starts, ends, team.time_zone)
                row = {"post_id": post.id, "starts_at": starts_at, "ends_at": ends_at, "created_at": planned_at}
                shifts += [Shift(person_id=people[number].id, **row) for number in who if number in people]
    db.session.add_all(shifts)
    record("shifts.imported", by=None, about="shift", at=at, added=len(shifts), corrected=0, unchanged=0, rejected=0)


def _answer_at_till_2(morning: datetime, at: datetime) -> None:
    """A customer who touches a face and names nobody: Amina alone held the till."""
    kiosk = db.session.scalars(select(Kiosk).where(Kiosk.place == "Till 2").options(joinedload(Kiosk.team))).first()
    if kiosk is not None:
        take_answers(kiosk, [Answer("demo-by-post", 5, morning)], at=at)


def _wait_in_the_tray(morning: datetime, at: datetime) -> None:
    for number, (stars, reference) in enumerate(((4, None), (2, "Amina O."))):
        answer = Submission(
            source="till terminal",
            external_id=f"demo-{number}",
            rated_at=morning + timedelta(minutes=70 + 9 * number),
            stars=stars,
            original_value=str(stars),
            place="Till 3",
            employee_reference=reference,
        )
        receive(answer, at=at)


def _hand_on(credited: Person, to: Person, at: datetime) -> None:
    """Amina's newest rating of a service that the till system had told us of."""
    found = db.session.execute(
        select(Rating, Interaction)
        .join(Interaction, Interaction.id == Rating.interaction_id)
        .where(Rating.person_id == credited.id, Rating.comment.is_not(None), Rating.rated_at < at - timedelta(days=2))
        .order_by(Rating.rated_at.desc())
        .limit(1)
    ).first()
    if found:
        rating, served = found
        transfer_interaction(
            served,
            to_person_id=to.id,
            to_reference=to.staff_number,
            transferred_at=rating.rated_at + timedelta(days=1),
            handler_id=None,
            by=None,
            at=at,
        )


def _help(credited: Person, helper: Person, at: datetime) -> None:
    """Their leader knows that Amina helped Kevin."""
    newest = select(Rating).where(Rating.person_id == credited.id, Rating.comment.is_not(None), Rating.stars > 3)
    rating = db.session.scalar(newest.where(Rating.rated_at < at).order_by(Rating.rated_at.desc()).limit(1))
    leader = next(iter(leaders_on(at.date()).above(credited.id)), None)
    if rating and leader:
        reason = "She fetched the replacement while he stayed with the customer."
        add_contributor(rating, helper, by=leader, reason=reason, at=at - timedelta(hours=5))
