"""Reminders on the right mornings: weekends, holidays, clocks that change, leave, deputies, snoozes, new leaders, leavers.

Kevin's case is shared on Tuesday 17 November, 08:00 in Nairobi, which is Brian's morning too, unless a test says otherwise.
"""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from tests.coaching.timed import a_shared_case, at, calendar_mails, live, run_jobs, said, the_case, told
from tests.conftest import Cast
from tests.factories import a_person, a_team, is_away, joins, leads
from tracker.audit.models import AuditEntry
from tracker.coaching import clock_actions
from tracker.coaching.actions import book_session, complete_session
from tracker.coaching.appointments import planned_session
from tracker.coaching.models import CoachingCase, CoachingSession
from tracker.core.db import db, transaction
from tracker.core.errors import Conflict, Invalid
from tracker.organisation.actions import end_employment, move_person
from tracker.organisation.models import Absence, Holiday, Membership, Person, Tenure

SHARED = at("2026-11-17")
NINE = at("2026-11-18", 9)
MONTH = timedelta(days=33)


@pytest.fixture
def case(cast: Cast) -> CoachingCase:
    with transaction():
        return a_shared_case(cast.kevin, shares_at=SHARED)


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def ends(person: Person, model: type[Tenure] | type[Membership], on: date) -> None:
    row = db.session.scalars(select(model).where(model.person_id == person.id, model.ended_on.is_(None))).one()
    row.ended_on = on


def test_over_weekends_and_a_holiday_each_step_comes_on_its_working_morning(case: CoachingCase, cast: Cast) -> None:
    with transaction():
        db.session.add(Holiday(on=day("11-25"), name="A holiday"))
    live(SHARED, SHARED + MONTH)
    brian, faith, chloe = cast.brian.id, cast.faith.id, cast.chloe.id
    assert said(case) == [
        (day("11-17"), 0, brian),
        (day("11-20"), 1, brian),
        (day("11-27"), 2, brian),
        (day("12-02"), 3, faith),
        (day("12-09"), 4, chloe),
    ]
    assert told(cast.faith)[0].parameters["days"] == 10
    assert told(cast.kevin) == []


def test_where_clocks_change_the_morning_stays_at_eight(cast: Cast) -> None:
    """London goes from summer to winter time on Sunday 25 October 2026: eight is 07:00 UTC before and 08:00 after."""
    with transaction():
        team = a_team("London tills", parent=cast.root, time_zone="Europe/London")
        lena, paul = a_person("Lena Hart", team=team), a_person("Paul Moss", team=team)
        leads(lena, team)
        shares_at = at("2026-10-22", zone="Europe/London")
        case = a_shared_case(paul, shares_at=shares_at)
    live(shares_at, shares_at + timedelta(days=12), every_hour=True)
    sent = [message.visible_at for message in told(lena, "coaching.reminder")]
    assert sent == [
        datetime(2026, 10, 22, 7, 0, tzinfo=UTC),
        datetime(2026, 10, 27, 8, 0, tzinfo=UTC),
        datetime(2026, 11, 2, 8, 0, tzinfo=UTC),
    ]
    assert [step for _day, step, _who in said(case)] == [0, 1, 2]


def test_an_early_leader_of_late_starters_hears_on_the_next_morning_of_their_own(cast: Cast) -> None:
    """The employee’s day begins at two in the afternoon, and so does what is shared; the leader’s began at eight."""
    with transaction():
        late = a_team("Evening tills", parent=cast.root, work_starts=time(14), work_ends=time(22))
        leads(cast.dora, late)
        worker = a_person("Eve Ning", team=late)
        case = a_shared_case(worker, shares_at=at("2026-11-17", 14))
    live(at("2026-11-17", 14), at("2026-11-18", 9), every_hour=True)
    assert [message.visible_at for message in told(cast.dora)] == [at("2026-11-18", 8)]
    assert len(said(case)) == 1


def test_while_the_leader_is_away_a_deputy_is_reminded(case: CoachingCase, cast: Cast) -> None:
    with transaction():
        is_away(cast.brian, day("11-16"), day("11-21"))
        leads(cast.dora, cast.tills, since=day("11-16"), until=day("11-21"), kind="deputy")
    live(SHARED, at("2026-11-24"))
    assert said(case) == [(day("11-17"), 0, cast.dora.id), (day("11-20"), 1, cast.dora.id)]
    assert the_case(case).clock_leader_id == cast.brian.id


def test_a_deputy_named_later_is_reminded_the_next_morning(case: CoachingCase, cast: Cast) -> None:
    with transaction():
        is_away(cast.brian, day("11-17"), day("11-28"))
    live(SHARED, at("2026-11-18", 9))
    assert said(case) == []
    with transaction():
        leads(cast.dora, cast.tills, since=day("11-18"), until=day("11-28"), kind="deputy")
    live(at("2026-11-18", 10), at("2026-11-19", 9))
    assert said(case) == [(day("11-19"), 0, cast.dora.id)]


def test_without_a_deputy_the_clock_waits_for_the_leader_but_not_beyond_ten_working_days(
    case: CoachingCase, cast: Cast
) -> None:
    with transaction():
        is_away(cast.brian, day("11-17"), day("12-05"))
    live(SHARED, at("2026-12-08"))
    assert said(case) == [
        (day("12-01"), 3, cast.faith.id),
        (day("12-07"), 0, cast.brian.id),
        (day("12-08"), 4, cast.chloe.id),
    ]


def test_while_the_employee_is_away_nobody_is_reminded_and_nothing_waits(case: CoachingCase, cast: Cast) -> None:
    live(SHARED, at("2026-11-18"))
    with transaction():
        is_away(cast.kevin, day("11-19"), day("12-03"))
    live(at("2026-11-18", 9), at("2026-12-18"))
    days = [when for when, _step, _who in said(case)]
    # Two working days were worked before the leave, so the third comes two days after it.
    assert days == [day("11-17"), day("12-04"), day("12-10"), day("12-15")]
    assert told(cast.faith)[0].parameters["days"] == 10


def test_leave_that_is_taken_back_lets_the_clock_go_on_the_next_morning(case: CoachingCase, cast: Cast) -> None:
    with transaction():
        is_away(cast.brian, day("11-17"), day("11-28"))
    live(SHARED, at("2026-11-18", 9))
    with transaction():
        db.session.delete(db.session.scalars(select(Absence)).one())
    live(at("2026-11-18", 10), at("2026-11-19", 9))
    assert said(case) == [(day("11-19"), 0, cast.brian.id)]


def test_a_snooze_puts_reminders_off_and_who_is_above_hears_all_the_same(case: CoachingCase, cast: Cast) -> None:
    run_jobs(SHARED)
    with transaction():
        clock_actions.snooze(the_case(case), reason="busy", days=5, by=cast.brian.id, at=at("2026-11-18", 9))
    live(at("2026-11-18", 10), at("2026-11-25", 7))
    with transaction():
        clock_actions.snooze(the_case(case), reason="system", days=5, by=cast.brian.id, at=at("2026-11-25", 7, 30))
    live(at("2026-11-25", 8), SHARED + MONTH)
    # Both of the leader's steps lie before the end of the second snooze: only the last is said then.
    assert said(case) == [
        (day("11-17"), 0, cast.brian.id),
        (day("12-01"), 3, cast.faith.id),
        (day("12-02"), 2, cast.brian.id),
        (day("12-08"), 4, cast.chloe.id),
    ]
    texts = [message.parameters["reason"] for message in told(cast.kevin, "coaching.snoozed")]
    assert texts == ["busy", "system"]
    assert [entry.details["because"] for entry in _audited("coaching.snoozed")] == ["busy", "system"]


def test_a_third_snooze_a_longer_one_and_one_beside_a_time_are_refused(case: CoachingCase, cast: Cast) -> None:
    def snooze(days: int = 1, reason: str = "busy", *, on: str = "2026-11-18") -> None:
        clock_actions.snooze(the_case(case), reason=reason, days=days, by=cast.brian.id, at=at(on, 9))

    with pytest.raises(Invalid), transaction():
        snooze(days=6)
    with pytest.raises(Invalid), transaction():
        snooze(reason="lazy")
    with transaction():
        snooze()
    with pytest.raises(Conflict, match="already"), transaction():
        snooze()
    with transaction():
        snooze(on="2026-11-19")
    with pytest.raises(Conflict, match="twice"), transaction():
        snooze(on="2026-11-20")
    with transaction():
        _book(case, cast, "2026-11-23")
    with pytest.raises(Conflict, match="has a time"), transaction():
        snooze(on="2026-11-20")


def test_nobody_is_reminded_while_a_talk_is_booked_and_who_is_above_hears_nothing(
    case: CoachingCase, cast: Cast
) -> None:
    run_jobs(SHARED)
    with transaction():
        _book(case, cast, "2026-12-03")
    live(SHARED, at("2026-12-03", 23))
    assert len(said(case)) == 1
    live(at("2026-12-04", 0), at("2026-12-04", 9))
    # One word each morning: first to the leader, that it is not written up.
    assert said(case)[1:] == [(day("12-04"), 2, cast.brian.id)]


def test_a_called_off_talk_goes_on_where_the_clock_stood(case: CoachingCase, cast: Cast) -> None:
    run_jobs(SHARED)
    with transaction():
        _book(case, cast, "2026-11-24")
    live(SHARED, at("2026-11-22"))
    with transaction():
        clock_actions.call_off_talk(the_case(case), by=cast.brian.id, at=at("2026-11-23", 9))
    live(at("2026-11-23", 10), at("2026-11-24", 9))
    assert said(case)[1:] == [(day("11-24"), 1, cast.brian.id)]
    assert [message.kind for message in told(cast.kevin)] == ["coaching.booked", "coaching.called_off"]


def test_a_new_leader_gets_the_talk_and_a_fair_clock_and_nobody_above_hears_twice(
    case: CoachingCase, cast: Cast
) -> None:
    live(SHARED, at("2026-12-01", 9))
    assert [step for _day, step, _who in said(case)] == [0, 1, 2, 3]
    with transaction():
        _book(case, cast, "2026-12-10", now=at("2026-12-01", 10))
    with transaction():
        ends(cast.brian, Tenure, day("12-02"))
        leads(cast.dora, cast.tills, since=day("12-02"))
    live(at("2026-12-01", 11), at("2026-12-10", 23))
    session = planned_session(the_case(case))
    assert session
    assert (session.led_by_id, session.calendar_sequence) == (cast.dora.id, 1)
    with transaction():
        clock_actions.call_off_talk(the_case(case), by=cast.dora.id, at=at("2026-12-11", 0))
    live(at("2026-12-11", 0), at("2027-01-20"))
    assert said(case)[4:] == [
        (day("12-11"), 0, cast.dora.id),
        (day("12-16"), 1, cast.dora.id),
        (day("12-22"), 2, cast.dora.id),
        (date(2027, 1, 1), 4, cast.chloe.id),
    ]
    assert len(told(cast.faith)) == 1
    kinds = {person.name: [message.kind for message in told(person)] for person in (cast.kevin, cast.dora, cast.brian)}
    assert kinds[cast.kevin.name] == ["coaching.booked", "coaching.handed_on", "coaching.called_off"]
    assert kinds[cast.dora.name][0] == "coaching.taken_on"
    assert kinds[cast.brian.name][-1] == "coaching.given_up"


def test_where_nobody_leads_any_more_the_talk_is_called_off_and_who_is_above_hears_at_once(
    case: CoachingCase, cast: Cast
) -> None:
    run_jobs(SHARED)
    with transaction():
        _book(case, cast, "2026-11-26")
    with transaction():
        ends(cast.brian, Tenure, day("11-19"))
    live(at("2026-11-18", 12), at("2026-11-27"))
    assert planned_session(the_case(case)) is None
    assert said(case)[1:] == [(day("11-19"), 5, cast.faith.id), (day("11-26"), 4, cast.chloe.id)]
    assert told(cast.kevin)[-1].parameters["leader"] is None
    assert told(cast.brian)[-1].kind == "coaching.given_up"


def test_somebody_whom_nobody_leads_does_not_wait_ten_days(cast: Cast) -> None:
    with transaction():
        apart = a_team("Apart")
        zuri = a_person("Zuri Apart", team=apart)
        case = a_shared_case(zuri, shares_at=SHARED)
    live(SHARED, SHARED + MONTH)
    assert said(case) == [(day("11-17"), 4, cast.chloe.id)]
    assert told(cast.chloe)[0].kind == "coaching.unled"


def test_a_move_to_another_team_takes_the_talk_along(case: CoachingCase, cast: Cast) -> None:
    run_jobs(SHARED)
    with transaction():
        _book(case, cast, "2026-11-26")
    with transaction():
        move_person(cast.kevin, cast.floor, since=day("11-19"), by=cast.chloe.id, at=at("2026-11-18", 12))
    live(at("2026-11-18", 12), at("2026-11-19", 9))
    session = planned_session(the_case(case))
    assert session
    assert session.led_by_id == cast.dora.id


def test_whoever_leaves_leaves_nothing_open(case: CoachingCase, cast: Cast) -> None:
    run_jobs(SHARED)
    with transaction():
        _book(case, cast, "2026-11-26")
    with transaction():
        end_employment(cast.kevin, on=day("11-20"), by=cast.chloe.id, at=at("2026-11-18", 12))
    live(at("2026-11-18", 12), at("2026-11-19", 23))
    assert the_case(case).closed_at is None
    live(at("2026-11-20", 0), at("2026-11-27"))
    closed = the_case(case)
    assert (closed.closed_because, closed.reminds_at) == ("left", None)
    session = db.session.scalars(select(CoachingSession)).one()
    assert (session.called_off_because, session.calendar_sequence) == ("left", 1)
    assert len(said(case)) == 1


def test_whoever_leaves_within_the_head_start_leaves_no_word_behind(cast: Cast) -> None:
    with transaction():
        case = a_shared_case(cast.kevin, shares_at=at("2026-11-20"), shared=False)
    with transaction():
        end_employment(cast.kevin, on=day("11-19"), by=cast.chloe.id, at=at("2026-11-18", 12))
    live(at("2026-11-18", 12), at("2026-12-20"))
    assert the_case(case).closed_because == "left"
    assert _audited("coaching.") == []
    assert [message for person in (cast.brian, cast.faith, cast.chloe) for message in told(person)] == []


def test_on_leave_or_a_holiday_no_talk_is_set(case: CoachingCase, cast: Cast) -> None:
    with transaction():
        db.session.add(Holiday(on=day("11-25"), name="A holiday"))
        is_away(cast.kevin, day("11-26"), day("11-28"))
        is_away(cast.brian, day("11-30"), day("12-01"))
    for refused in ("2026-11-25", "2026-11-26", "2026-11-27", "2026-11-30"):
        with pytest.raises(Invalid, match="suits you both"), transaction():
            _book(case, cast, refused)
    with transaction():
        _book(case, cast, "2026-11-28")  # a Saturday: people who work shifts know theirs


def test_leave_entered_later_is_told_to_both_once_and_again_when_it_was_moved_onto_leave(
    case: CoachingCase, cast: Cast
) -> None:
    run_jobs(SHARED)
    with transaction():
        _book(case, cast, "2026-11-26")
    with transaction():
        is_away(cast.kevin, day("11-26"), day("11-27"))
    live(at("2026-11-18"), at("2026-11-20"))
    assert [len(told(person, "coaching.day_off")) for person in (cast.kevin, cast.brian)] == [1, 1]
    with transaction():
        _book(case, cast, "2026-11-30", now=at("2026-11-20", 9))
    with transaction():
        db.session.add(Holiday(on=day("11-30"), name="A holiday"))
    live(at("2026-11-20", 10), at("2026-11-24"))
    assert [len(told(person, "coaching.day_off")) for person in (cast.kevin, cast.brian)] == [2, 2]


def test_a_follow_up_in_six_weeks_falls_on_a_day_on_which_both_are_there(case: CoachingCase, cast: Cast) -> None:
    with transaction():
        is_away(cast.brian, day("12-30"), date(2027, 1, 4))
    with transaction():
        complete_session(
            the_case(case),
            by=cast.brian.id,
            note="We talked.",
            agreed=[],
            follow_up_on=day("12-30"),
            at=at("2026-11-18", 14),
        )
    session = planned_session(the_case(case))
    assert session
    assert (session.kind, session.starts_on) == ("follow_up", date(2027, 1, 4))
    live(at("2026-11-18", 15), at("2027-01-05", 9))
    assert said(case) == [(date(2027, 1, 5), 0, cast.brian.id)]


def test_closing_without_a_talk_frees_the_time_and_tells_why(case: CoachingCase, cast: Cast) -> None:
    run_jobs(SHARED)
    with transaction():
        _book(case, cast, "2026-11-26")
    with transaction():
        clock_actions.close_without_talk(the_case(case), because="declined", by=cast.brian.id, at=at("2026-11-18", 12))
    live(at("2026-11-18", 13), SHARED + MONTH)
    assert len(said(case)) == 1
    assert told(cast.kevin)[-1].kind == "coaching.closed"
    assert [mail.parameters["method"] for mail in calendar_mails(cast.brian)] == ["REQUEST", "CANCEL"]
    with pytest.raises(Conflict), transaction():
        clock_actions.close_without_talk(the_case(case), because="talked", by=cast.brian.id, at=at("2026-11-18", 13))


def test_a_standstill_of_the_server_is_made_up_for_with_one_word_a_morning(case: CoachingCase, cast: Cast) -> None:
    run_jobs(SHARED)
    live(at("2026-12-15", 8), at("2026-12-18", 9))
    assert said(case)[1:] == [
        (day("12-15"), 2, cast.brian.id),
        (day("12-16"), 3, cast.faith.id),
        (day("12-17"), 4, cast.chloe.id),
    ]


def test_somebody_who_is_above_and_in_hr_hears_once(case: CoachingCase, cast: Cast) -> None:
    with transaction():
        alone = a_team("Alone")
        lead = a_person("Lina Lead", team=alone)
        leads(lead, alone)
        worker = a_person("Wambo Worker")
        joins(worker, alone)
        other = a_shared_case(worker, shares_at=SHARED)
    live(SHARED, SHARED + MONTH)
    # Nobody is above Lina, so HR hears when they would have, and not again after 15 days.
    assert said(other)[3:] == [(day("12-01"), 4, cast.chloe.id)]


def _book(case: CoachingCase, cast: Cast, on: str, *, now: datetime = NINE) -> CoachingSession:
    return book_session(the_case(case), by=cast.brian.id, starts_at=at(on, 14), minutes=20, place="Back office", at=now)


def _audited(action: str) -> list[AuditEntry]:
    entries = select(AuditEntry).where(AuditEntry.action.startswith(action)).order_by(AuditEntry.id)
    return list(db.session.scalars(entries))
