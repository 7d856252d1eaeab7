"""The time of a talk in the browser: put off, called off, asked to be moved, closed; and who has talks waiting."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.coaching.timed import a_shared_case, at, live, run_jobs, the_case
from tests.conftest import Browser, Cast
from tests.factories import a_person, is_away, leads
from tracker.coaching.actions import book_session
from tracker.coaching.appointments import planned_session
from tracker.coaching.models import CoachingCase, CoachingSnooze
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.organisation.models import Person

SHARED = at("2026-11-17")
WEDNESDAY = at("2026-11-18", 10)
SNOOZE = {"snooze-reason": "busy", "snooze-days": "3"}
CLOSING = {"closing-because": "talked"}


@pytest.fixture(autouse=True)
def _wednesday() -> Iterator[None]:
    with clock.set_to(WEDNESDAY):
        yield


@pytest.fixture
def case(cast: Cast) -> CoachingCase:
    with transaction():
        case = a_shared_case(cast.kevin, shares_at=SHARED)
    run_jobs(SHARED)
    return case


def on(browse: Any, person: Person) -> Browser:
    signed_in: Browser = browse(person, at=WEDNESDAY)
    return signed_in


def book(case: CoachingCase, by: Person, starts_at: datetime) -> None:
    with transaction():
        book_session(the_case(case), by=by.id, starts_at=starts_at, minutes=20, place="Back office", at=WEDNESDAY)


def test_a_snooze_is_made_with_a_reason_that_both_read(case: CoachingCase, cast: Cast, browse: Any) -> None:
    assert on(browse, cast.brian).post(f"/coaching/{case.id}/snooze", SNOOZE).status_code == 303
    for person in (cast.brian, cast.kevin):
        page = on(browse, person).get(f"/coaching/{case.id}").text
        assert "Put off until Mon 23 Nov" in page
        assert "It is a busy time in the team." in page
    assert "by Monday 23 November 2026" in on(browse, cast.kevin).get("/inbox").text


def test_what_was_put_off_and_is_set_or_held_by_now_is_put_off_no_more(
    case: CoachingCase, cast: Cast, browse: Any
) -> None:
    on(browse, cast.brian).post(f"/coaching/{case.id}/snooze", SNOOZE)
    book(case, cast.brian, WEDNESDAY + timedelta(days=1))
    for person in (cast.brian, cast.kevin):
        assert "Put off until" not in on(browse, person).get(f"/coaching/{case.id}").text
    on(browse, cast.brian).post(f"/coaching/{case.id}/calling-off")
    assert "Put off until Mon 23 Nov" in on(browse, cast.kevin).get(f"/coaching/{case.id}").text
    written = {"held": "0", "note": "We talked.", "follow_up": "none"}
    assert on(browse, cast.brian).post(f"/coaching/{case.id}/completion", written).status_code == 303
    for person in (cast.brian, cast.kevin):
        assert "Put off until" not in on(browse, person).get(f"/coaching/{case.id}").text
    assert the_case(case).snoozed_until is None


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("snooze", {"snooze-reason": "", "snooze-days": "3"}),
        ("snooze", {"snooze-reason": "lazy", "snooze-days": "3"}),
        ("snooze", {"snooze-reason": "busy", "snooze-days": "6"}),
        ("snooze", {"snooze-reason": "busy", "snooze-days": "no"}),
        ("closing", {"closing-because": ""}),
        ("closing", {"closing-because": "left"}),
    ],
)
def test_bad_input_comes_back_with_a_summary_and_changes_nothing(
    case: CoachingCase, cast: Cast, browse: Any, path: str, fields: dict[str, str]
) -> None:
    answer = on(browse, cast.brian).post(f"/coaching/{case.id}/{path}", fields)
    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    assert 'id="error-summary"' in answer.text
    found = the_case(case)
    assert (found.snoozed_until, found.closed_at) == (None, None)
    assert db.session.query(CoachingSnooze).count() == 0


@pytest.mark.parametrize(
    ("path", "fields"), [("snooze", SNOOZE), ("calling-off", {}), ("closing", CLOSING), ("another-time", {})]
)
def test_a_stranger_finds_nothing_and_a_reader_may_not(
    case: CoachingCase, cast: Cast, browse: Any, path: str, fields: dict[str, str]
) -> None:
    book(case, cast.brian, at("2026-11-26", 14))
    for stranger in (cast.amina, cast.dora, cast.chloe, cast.ruth, cast.faith):
        assert on(browse, stranger).post(f"/coaching/{case.id}/{path}", fields).status_code == 404
    reader = cast.brian if path == "another-time" else cast.kevin
    assert on(browse, reader).post(f"/coaching/{case.id}/{path}", fields).status_code == 403
    assert planned_session(the_case(case)) is not None


def test_within_the_head_start_its_leader_is_a_stranger(cast: Cast, browse: Any) -> None:
    with transaction():
        case = a_shared_case(cast.kevin, shares_at=WEDNESDAY + timedelta(hours=1), shared=False)
    for path, fields in (("snooze", SNOOZE), ("closing", CLOSING), ("calling-off", {})):
        assert on(browse, cast.brian).post(f"/coaching/{case.id}/{path}", fields).status_code == 404


def test_a_talk_is_called_off_and_twice_is_a_conflict(case: CoachingCase, cast: Cast, browse: Any) -> None:
    book(case, cast.brian, at("2026-11-26", 14))
    brian = on(browse, cast.brian)
    assert "Call it off" in brian.get(f"/coaching/{case.id}").text
    assert brian.post(f"/coaching/{case.id}/calling-off").status_code == 303
    assert brian.post(f"/coaching/{case.id}/calling-off").status_code == 409
    assert "The talk on Thu 26 Nov, 14:00 is called off" in on(browse, cast.kevin).get("/inbox").text
    for page in ("/me", f"/coaching/{case.id}"):
        assert "26 Nov" not in on(browse, cast.kevin).get(page).text


def test_the_employee_asks_for_another_time_once_for_each_time_set(case: CoachingCase, cast: Cast, browse: Any) -> None:
    book(case, cast.brian, at("2026-11-26", 14))
    for _twice in range(2):
        assert on(browse, cast.kevin).post(f"/coaching/{case.id}/another-time").status_code == 303
    assert on(browse, cast.brian).get("/inbox").text.count("asks for another time than Thu 26 Nov, 14:00") == 1
    book(case, cast.brian, at("2026-11-27", 9))
    assert on(browse, cast.kevin).post(f"/coaching/{case.id}/another-time").status_code == 303
    assert "asks for another time than Fri 27 Nov, 09:00" in on(browse, cast.brian).get("/inbox").text


def test_a_time_on_leave_is_refused_without_saying_whose(case: CoachingCase, cast: Cast, browse: Any) -> None:
    with transaction():
        is_away(cast.brian, date(2026, 11, 26), date(2026, 11, 28))
    booked = {"on": "2026-11-26", "starts": "14:00", "minutes": "20", "place": ""}
    answer = on(browse, cast.brian).post(f"/coaching/{case.id}/booking", booked)
    assert answer.status_code == 422
    assert "One of you is away on that day, or it is a holiday. Monday 30 November 2026 suits you both." in answer.text


def test_leave_entered_later_stands_on_the_page_with_the_way_out(case: CoachingCase, cast: Cast, browse: Any) -> None:
    book(case, cast.brian, at("2026-11-26", 14))
    with transaction():
        is_away(cast.brian, date(2026, 11, 26), date(2026, 11, 28))
    assert "Move it to a day that suits you both." in on(browse, cast.brian).get(f"/coaching/{case.id}").text
    kevins = on(browse, cast.kevin).get(f"/coaching/{case.id}").text
    assert "You can ask for another time." in kevins
    assert "/another-time" in kevins


def test_a_follow_up_chosen_for_a_day_off_comes_back(case: CoachingCase, cast: Cast, browse: Any) -> None:
    with transaction():
        is_away(cast.kevin, date(2026, 12, 9), date(2026, 12, 11))
    written = {"note": "We talked.", "follow_up": "on", "follow_up_on": "2026-12-09"}
    answer = on(browse, cast.brian).post(f"/coaching/{case.id}/completion", written)
    assert answer.status_code == 422
    assert "One of you is away on that day, or it is no working day." in answer.text


def test_a_case_closed_without_a_talk_says_why(case: CoachingCase, cast: Cast, browse: Any) -> None:
    brian = on(browse, cast.brian)
    assert brian.post(f"/coaching/{case.id}/closing", CLOSING).status_code == 303
    assert brian.post(f"/coaching/{case.id}/snooze", SNOOZE).status_code == 409
    for person in (cast.brian, cast.kevin):
        page = on(browse, person).get(f"/coaching/{case.id}").text
        assert "You talked already, and nothing more is needed." in page
        assert "Not now?" not in page


# Who has talks waiting


def a_full_team(cast: Cast) -> None:
    with transaction():
        for _person in range(4):
            a_person(team=cast.tills)


def test_who_is_above_and_hr_read_who_has_talks_waiting_and_of_whom_nothing(
    case: CoachingCase, cast: Cast, browse: Any
) -> None:
    a_full_team(cast)
    with clock.set_to(at("2026-11-24", 10)):
        for reader in (cast.faith, cast.chloe):
            page = browse(reader, at=at("2026-11-24", 9)).get("/coaching/waiting").text
            assert "1 talk waits, for 5 working days" in page
            assert "Brian Kamau" in page
            assert "Nairobi Central tills" in page
            assert "Kevin" not in page


def test_what_is_still_the_employees_alone_is_not_counted(cast: Cast, browse: Any) -> None:
    a_full_team(cast)
    with transaction():
        a_shared_case(cast.kevin, shares_at=WEDNESDAY + timedelta(minutes=1), shared=False)
    assert "Nobody has a talk waiting" in on(browse, cast.faith).get("/coaching/waiting").text


def test_a_talk_that_has_a_time_does_not_wait(case: CoachingCase, cast: Cast, browse: Any) -> None:
    a_full_team(cast)
    assert "1 talk waits" in on(browse, cast.chloe).get("/coaching/waiting").text
    book(case, cast.brian, at("2026-11-26", 14))
    assert "No talk is waiting" in on(browse, cast.chloe).get("/coaching/waiting").text


def test_in_a_team_of_fewer_than_five_it_is_listed_when_it_has_gone_up(
    case: CoachingCase, cast: Cast, browse: Any
) -> None:
    with clock.set_to(at("2026-11-30", 10)):
        assert "Brian" not in browse(cast.faith, at=at("2026-11-30", 9)).get("/coaching/waiting").text
    with clock.set_to(at("2026-12-01", 10)):
        assert "Brian Kamau" in browse(cast.faith, at=at("2026-12-01", 9)).get("/coaching/waiting").text


def test_the_employees_leave_does_not_count_as_waiting(case: CoachingCase, cast: Cast, browse: Any) -> None:
    a_full_team(cast)
    with transaction():
        is_away(cast.kevin, date(2026, 11, 19), date(2026, 11, 24))
    with clock.set_to(at("2026-11-24", 10)):
        page = browse(cast.faith, at=at("2026-11-24", 9)).get("/coaching/waiting").text
        assert "for 2 working days" in page
        assert "waiting 2 working days" in browse(cast.brian, at=at("2026-11-24", 9)).get("/coaching").text


def test_nobody_else_reads_it_and_nobody_their_own(case: CoachingCase, cast: Cast, browse: Any) -> None:
    a_full_team(cast)
    for person in (cast.brian, cast.dora, cast.kevin, cast.amina, cast.ruth):
        assert on(browse, person).get("/coaching/waiting").status_code == 403
    with transaction():
        case_of_hr = a_shared_case(cast.chloe, shares_at=SHARED)
        leads(cast.chloe, cast.tills, since=date(2026, 11, 1), kind="deputy")
    page = on(browse, cast.chloe).get("/coaching/waiting").text
    assert "Nairobi Central tills" in page  # of Brian’s talks, for he leads them
    assert case_of_hr.person_id == cast.chloe.id
    assert "1 talk waits" in page


def test_a_team_that_nobody_leads_is_listed_by_its_name(cast: Cast, browse: Any) -> None:
    with transaction():
        hired = [a_person(team=cast.root) for _number in range(5)]
        a_shared_case(hired[0], shares_at=SHARED)
    live(SHARED, at("2026-11-18", 8))
    page = on(browse, cast.chloe).get("/coaching/waiting").text
    assert "Nobody leads this team" in page
    assert "Zawadora" in page
    assert hired[0].name not in page
