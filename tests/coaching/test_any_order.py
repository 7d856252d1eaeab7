"""Whatever is done in whatever order while time passes and the timetable runs: what is promised about a case holds.

One open case a person. No reminder of what is closed, gone or still the employee’s alone, nor to somebody who does not lead. No step
told twice, nobody above told twice. A talk in a calendar is held or taken out again, and its sequence only grows.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.coaching.timed import ZONE, a_shared_case, at, calendar_mails, run_jobs
from tests.conftest import empty_database
from tests.factories import a_person, a_rating, a_team, is_away
from tests.home.cards import ON
from tracker.coaching import clock_actions
from tracker.coaching.actions import book_session, complete_session, reply
from tracker.coaching.appointments import planned_session
from tracker.coaching.models import CoachingCase, CoachingReminder, CoachingSession
from tracker.coaching.reminding import lead_of
from tracker.coaching.rules import ABOVE, HR, LEADERS_STEPS
from tracker.core import clock
from tracker.core.db import db, reading, transaction
from tracker.core.errors import DomainError
from tracker.core.models import OutboxMail
from tracker.disputes.actions import ask, decide
from tracker.disputes.models import Dispute, DisputeRound
from tracker.notifications.models import Message
from tracker.organisation.actions import appoint_deputy, appoint_manager, end_employment, end_tenure, move_person
from tracker.organisation.models import Absence, Person, Team, Tenure
from tracker.organisation.queries import leaders_on
from tracker.ratings.actions import exclude_rating
from tracker.ratings.models import Rating

START = at("2026-11-17")
FOLLOW_UP_IN = timedelta(days=21)
ALONE = (
    *("reply", "contest", "accept", "exclude", "call_off", "ask", "hold", "hold_without", "close"),
    *("back", "no_leader", "deputy", "fall_again", "leave"),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.sampled_from([1, 2, 4, 9])),
        st.tuples(st.sampled_from(["book", "snooze"]), st.integers(1, 6)),
        st.tuples(st.sampled_from(["away", "leader_away"]), st.integers(1, 12)),
        st.tuples(st.sampled_from(["move", "new_leader"]), st.integers(0, 1)),
        st.tuples(st.sampled_from(ALONE), st.just(0)),
    ),
    min_size=3,
    max_size=14,
)
# A failure is told as it was found: making it smaller would live through years of other orders.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)


@dataclass
class World:
    """The people, and the moment it is. Kevin’s case is open; who leads him may change."""

    kevin: int
    leads: tuple[int, int]
    hr: int
    teams: tuple[int, int]
    now: datetime = START
    week: int = field(default=ON)

    @property
    def today(self) -> date:
        return clock.local_day(self.now, ZONE)

    def person(self, number: int | None = None) -> Person:
        return db.session.get_one(Person, number or self.kevin)

    def case(self) -> CoachingCase | None:
        return db.session.scalar(
            select(CoachingCase).where(CoachingCase.person_id == self.kevin, CoachingCase.closed_at.is_(None))
        )

    def leader(self) -> int | None:
        return lead_of(leaders_on(self.today), self.kevin).present

    def rating(self) -> Rating:
        newest = select(Rating).where(Rating.person_id == self.kevin, Rating.excluded_at.is_(None))
        return db.session.scalars(newest.order_by(Rating.id.desc())).first() or a_rating(self.person(), 2, at=self.now)


def a_world() -> World:
    with transaction():
        root = a_team()
        faith = a_person("Faith Wambui", team=root)
        store = a_team(parent=root, led_by=faith)
        brian, dora = a_person("Brian Kamau", team=store), a_person("Dora Mwangi", team=store)
        tills, floor = a_team(parent=store, led_by=brian), a_team(parent=store, led_by=dora)
        chloe, kevin = a_person("Chloe Yusuf", team=root, roles=["hr"]), a_person("Kevin Odhiambo", team=tills)
        a_rating(kevin, 2, at=START - timedelta(days=2))
        a_shared_case(kevin, shares_at=START + timedelta(days=1), shared=False)
        return World(kevin.id, (brian.id, dora.id), chloe.id, (tills.id, floor.id))


# What can happen: each is tried by whoever may, and may be refused.


def open_case_of(world: World) -> CoachingCase:
    case = world.case()
    if case is None:
        raise DomainError("No case is open.")
    return case


def led_case(world: World) -> tuple[CoachingCase, int]:
    """The case and who may write in it, after the head start."""
    case, leader = open_case_of(world), world.leader()
    if leader is None or case.shares_at > world.now:
        raise DomainError("Nobody may write in it.")
    return case, leader


def book(world: World, days: int) -> None:
    case, leader = led_case(world)
    starts_at = clock.moment_at(world.today + timedelta(days=days), datetime.min.time().replace(hour=14), ZONE)
    book_session(case, by=leader, starts_at=starts_at, minutes=20, place=None, at=world.now)


def snooze(world: World, days: int) -> None:
    case, leader = led_case(world)
    clock_actions.snooze(case, reason="busy", days=days, by=leader, at=world.now)


def call_off(world: World, _amount: int) -> None:
    case, leader = led_case(world)
    clock_actions.call_off_talk(case, by=leader, at=world.now)


def hold(world: World, _amount: int, *, follow_up: bool = True) -> None:
    case, leader = led_case(world)
    on = world.today + FOLLOW_UP_IN if follow_up else None
    complete_session(case, by=leader, note="We talked.", agreed=[], follow_up_on=on, at=world.now)


def close(world: World, _amount: int) -> None:
    case, leader = led_case(world)
    clock_actions.close_without_talk(case, because="talked", by=leader, at=world.now)


def contest(world: World, _amount: int) -> None:
    ask(world.rating(), kind="wrong_stars", comment="The till was down.", at=world.now)


def accept(world: World, _amount: int) -> None:
    open_rounds = select(DisputeRound).where(DisputeRound.decided_at.is_(None), DisputeRound.decider_id.is_not(None))
    found = db.session.scalars(open_rounds).first()
    if found is None:
        raise DomainError("Nothing to decide.")
    dispute = db.session.get_one(Dispute, found.dispute_id)
    decide(dispute, outcome="accepted", reason="True.", by=found.decider_id or world.hr, at=world.now, leave_out=True)


def away(world: World, days: int, *, leader: bool = False) -> None:
    who = world.leader() if leader else world.kevin
    if who is None:
        raise DomainError("Nobody leads.")
    is_away(world.person(who), world.today + timedelta(days=1), world.today + timedelta(days=1 + days))


def back(_world: World, _amount: int) -> None:
    for absence in db.session.scalars(select(Absence)):
        db.session.delete(absence)


def move(world: World, to: int) -> None:
    team = db.session.get_one(Team, world.teams[to])
    move_person(world.person(), team, since=world.today, by=world.hr, at=world.now)


def team_of_kevin(world: World) -> Team:
    return db.session.get_one(Team, leaders_on(world.today).team_by_person[world.kevin])


def new_leader(world: World, who: int) -> None:
    person = world.person(world.leads[who])
    appoint_manager(team_of_kevin(world), person, since=world.today, by=world.hr, at=world.now)


def no_leader(world: World, _amount: int) -> None:
    open_ones = select(Tenure).where(Tenure.team_id == team_of_kevin(world).id, Tenure.ended_on.is_(None))
    for tenure in list(db.session.scalars(open_ones)):
        end_tenure(tenure, on=world.today, by=world.hr, at=world.now)


def deputy(world: World, _amount: int) -> None:
    last = world.today + timedelta(days=6)
    person = world.person(world.leads[1])
    appoint_deputy(team_of_kevin(world), person, since=world.today, last=last, by=world.hr, at=world.now)


def fall_again(world: World, _amount: int) -> None:
    """The weekly check opens no case beside one that is open."""
    if world.case() is not None or not world.person().works_on(world.today):
        raise DomainError("A case is open already, or he has left.")
    world.week += 1
    a_shared_case(world.person(), shares_at=world.now + timedelta(days=1), week=world.week, shared=False)


def leave(world: World, _amount: int) -> None:
    end_employment(world.person(), on=world.today + timedelta(days=1), by=world.hr, at=world.now)


EVENTS: dict[str, Callable[[World, int], Any]] = {
    "book": book,
    "snooze": snooze,
    "call_off": call_off,
    "hold": hold,
    "hold_without": lambda world, amount: hold(world, amount, follow_up=False),
    "close": close,
    "ask": lambda world, _amount: clock_actions.ask_for_another_time(open_case_of(world), at=world.now),
    "reply": lambda world, _amount: reply(open_case_of(world), "Two tills were shut.", at=world.now),
    "contest": contest,
    "accept": accept,
    "exclude": lambda world, _amount: exclude_rating(world.rating(), by=world.hr, reason="a test", at=world.now),
    "away": away,
    "leader_away": lambda world, days: away(world, days, leader=True),
    "back": back,
    "move": move,
    "new_leader": new_leader,
    "no_leader": no_leader,
    "deputy": deputy,
    "fall_again": fall_again,
    "leave": leave,
}


@settings(max_examples=25, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
# Rare by chance, and worth living through each time: a new leader after it has gone up, a talk handed on, nobody left to lead.
@example(steps=[("wait", 9), ("wait", 9), ("new_leader", 1), ("wait", 9), ("wait", 9)])
@example(steps=[("wait", 2), ("book", 6), ("new_leader", 1), ("wait", 1), ("call_off", 0)])
@example(steps=[("wait", 2), ("book", 6), ("no_leader", 0), ("wait", 9), ("new_leader", 1), ("wait", 9)])
def test_in_any_order_what_is_promised_about_a_case_holds(app: Flask, steps: list[tuple[str, int]]) -> None:
    db.session.remove()
    empty_database()
    db.session.remove()
    world = a_world()
    for name, amount in steps:
        if name == "wait":
            pass_time(world, days=amount)
        else:
            happen(world, name, amount)
        run(world)
        check(world)
    pass_time(world, days=21)
    check(world)
    pass_time(world, days=110, jobs_every=22)
    assert world.case() is None  # after 16 weeks at the latest nothing is open, whatever happened
    check(world)


def happen(world: World, name: str, amount: int) -> None:
    world.now += timedelta(minutes=7)
    try:
        with transaction():
            EVENTS[name](world, amount)
    except (DomainError, KeyError):  # refused; or he is in no team any more
        db.session.rollback()


def pass_time(world: World, *, days: int, jobs_every: int = 1) -> None:
    for number in range(1, days + 1):
        day = world.today + timedelta(days=1)
        for hour in (0, 8, 13):
            world.now = clock.moment_at(day, datetime.min.time().replace(hour=hour), ZONE)
            if number % jobs_every == 0:
                run(world)


def run(world: World) -> None:
    """The timetable’s jobs, and whether whoever was reminded just now leads him."""
    run_jobs(world.now)
    with reading():
        just_said = select(CoachingReminder).where(CoachingReminder.sent_at == world.now)
        for one in db.session.scalars(just_said):
            if one.step % 10 in LEADERS_STEPS:
                assert one.recipient_id in leading(world.kevin, world.today)


# What must hold at every moment


def check(world: World) -> None:
    db.session.rollback()
    cases = list(db.session.scalars(select(CoachingCase).order_by(CoachingCase.id)))
    assert len([case for case in cases if case.closed_at is None]) <= 1
    if not world.person().works_on(world.today):
        assert [case.id for case in cases if case.closed_at is None] == []
    for case in cases:
        if case.closed_at is not None:
            assert case.reminds_at is None
            assert planned_session(case) is None
        check_reminders(case)
        for session in db.session.scalars(select(CoachingSession).where(CoachingSession.case_id == case.id)):
            check_calendar(session, case)
    assert all(message.person_id != world.kevin for message in messages_about_waiting())
    db.session.rollback()


def messages_about_waiting() -> list[Message]:
    kinds = ("coaching.reminder", "coaching.escalated", "coaching.unled")
    return list(db.session.scalars(select(Message).where(Message.kind.in_(kinds))))


def check_reminders(case: CoachingCase) -> None:
    said = list(db.session.scalars(select(CoachingReminder).where(CoachingReminder.case_id == case.id)))
    assert all(case.shares_at <= one.sent_at for one in said)
    assert all(case.closed_at is None or one.sent_at <= case.closed_at for one in said)
    assert len(said) == case.reminders_sent
    above = [(one.step % 20 // 10, one.step % 10) for one in said if one.step % 10 not in LEADERS_STEPS]
    assert len(above) == len(set(above)), "somebody above was told twice"
    told = [
        (one.step % 20 // 10, one.recipient_id) for one in said if one.step % 10 in {ABOVE, HR} and one.recipient_id
    ]
    assert len(told) == len(set(told)), "one person was told twice"


def leading(person_id: int, day: date) -> set[int | None]:
    """Everybody who leads the person’s team on that day."""
    leaders = leaders_on(day)
    team = leaders.team_by_person.get(person_id)
    return set() if team is None else {leaders.managers.get(team), *leaders.deputies.get(team, [])}


def check_calendar(session: CoachingSession, case: CoachingCase) -> None:
    """For each mailbox the last word about a talk says what is so: it is there, or it is out."""
    mails = [mail for mail in calendar_mails() if mail.parameters["session"] == session.id]
    by_person = sorted(mails, key=lambda mail: (mail.person_id or 0, mail.id))
    for person_id, own in groupby(by_person, key=lambda mail: mail.person_id):
        last = check_sequence(list(own))
        assert last.parameters["sequence"] <= session.calendar_sequence
        starts_at = datetime.fromisoformat(last.parameters["starts_at"])
        off_at = session.called_off_at or (session.held_at if session.held_at and session.held_at < starts_at else None)
        is_theirs = person_id in {case.person_id, session.led_by_id}
        if off_at is not None and off_at < starts_at:
            assert last.parameters["method"] == "CANCEL"
        elif is_theirs:
            assert (last.parameters["method"], starts_at.date()) == ("REQUEST", session.starts_at.date())


def check_sequence(mails: list[OutboxMail]) -> OutboxMail:
    numbers = [mail.parameters["sequence"] for mail in mails]
    assert numbers == sorted(set(numbers)), "a calendar’s sequence went back or stood still"
    assert mails[0].parameters["method"] == "REQUEST"
    return mails[-1]
