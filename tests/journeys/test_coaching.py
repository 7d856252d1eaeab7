"""A fall becomes a talk: real pages, real mail, real calendar entries, and a clock moved by hand.

Kevin works at the tills in London, which Brian leads; Faith leads Brian. The check finds Kevin's fall on Monday 12 October 2026. Then
come two weekends, the end of summer time (Sunday 25 October: eight in the morning is 07:00 UTC before, 08:00 after), a holiday of
the company, Brian's leave with Dora standing in, a new time, a talk that was held, a course, and a follow-up.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from tests.conftest import Cast
from tests.factories import a_course, a_history, a_person, account_of, is_away, many_ratings
from tests.journeys.chromium import LAPTOP, PHONE, sign_in
from tests.journeys.serving import Hour, Postbox, text_of
from tracker.access.rules import hash_password
from tracker.coaching.models import CoachingCase, CoachingSession
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.core.tasks import run_due
from tracker.organisation.models import Holiday, Person, Team
from tracker.training.models import Assignment

pytestmark = pytest.mark.browser

PASSWORD = "three words together"
LONDON = "Europe/London"
MONDAY = date(2026, 10, 12)
HIS_SIDE = "Two tills were shut at noon."
NOTE = "We looked at the till plan together."
AGREED = "Open till 3 by noon"
MINUTE = timedelta(minutes=1)


def at(day: int, hour: int = 8, minute: int = 0, *, month: int = 10) -> datetime:
    """That time in London, in 2026."""
    return clock.moment_at(date(2026, month, day), datetime.min.time().replace(hour=hour, minute=minute), LONDON)


@dataclass
class Journey:
    """Everything that the steps share."""

    app: Flask
    cast: Cast
    chromium: Browser
    address: str
    hour: Hour
    postbox: Postbox

    def run_jobs(self, moment: datetime) -> None:
        """Let the timetable do what is due at this moment, and stay there."""
        self.hour.at = moment
        done = run_due(self.app, self.app.extensions["timetable"], at=moment)
        assert -1 not in done.values(), done

    def live_until(self, moment: datetime) -> None:
        """Every morning, noon and evening until then: what must not happen has its chance."""
        day = self.hour.at.date()
        while day <= moment.date():
            for hour in (0, 8, 12, 20):
                then = clock.moment_at(day, datetime.min.time().replace(hour=hour), LONDON)
                if self.hour.at < then < moment:
                    self.run_jobs(then)
            day += timedelta(days=1)
        self.run_jobs(moment)

    def visit(self, person: Person, device: Mapping[str, Any]) -> Page:
        page = self.chromium.new_context(**device, java_script_enabled=False, base_url=self.address).new_page()
        sign_in(page, self.address, person.staff_number, PASSWORD, remember=device is PHONE)
        return page

    def mails(self, person: Person, words: str) -> list[str]:
        """The texts of somebody's mails that hold these words."""
        found = [text_of(mail) for mail in self.postbox.mails_to(person.email)]
        return [text for text in found if words in text]

    def entries(self, person: Person) -> list[tuple[str, int, str]]:
        """(method, sequence, start in UTC) of every calendar entry that came by mail."""
        found = []
        for mail in self.postbox.mails_to(person.email):
            for part in mail.walk():
                if part.get_content_type() == "text/calendar":
                    calendar = Calendar.from_ical(part.get_content())
                    (event,) = calendar.walk("VEVENT")
                    starts_at = event.decoded("dtstart").astimezone(UTC)
                    found.append((str(calendar["method"]), int(event["sequence"]), f"{starts_at:%m-%d %H:%M}"))
        return found

    def look_at_verdict(self, _stage: str) -> None:
        """What the case page says about whether it helped, at each stage."""


@pytest.fixture
def journey(app: Flask, cast: Cast, chromium: Browser, address: str, hour: Hour, postbox: Postbox) -> Iterator[Journey]:
    hour.at = at(9, 12)
    with transaction():
        for person in vars(cast).values():
            if isinstance(person, Person):
                account_of(person).password_hash = hash_password(PASSWORD)
        db.session.execute(update(Team).values(time_zone=LONDON))
        db.session.add(Holiday(on=date(2026, 10, 26), name="A day off for everybody"))
        a_course(title="Calm at the till", drivers=["speed"], at=at(1))
        others = [a_person(team=team) for team in (cast.tills, cast.floor) for _ in range(4)]
        a_history([cast.amina, cast.kevin, *others], until=MONDAY - timedelta(weeks=8), weeks=52, seed=3)
        a_history([cast.amina, *others], until=MONDAY, weeks=8, seed=4)
        many_ratings([(cast.kevin, 1 + n % 3, MONDAY - timedelta(days=1 + 2 * n)) for n in range(26)])
    for row in vars(cast).values():  # let go of them: reading one would open a transaction that stops the server
        db.session.refresh(row)
        db.session.expunge(row)
    db.session.rollback()
    yield Journey(app, cast, chromium, address, hour, postbox)
    for context in chromium.contexts:
        context.close()


def test_from_a_fall_to_a_follow_up(journey: Journey) -> None:
    kevin_hears_first_and_replies(journey)
    brian_is_reminded_and_puts_it_off(journey)
    dora_stands_in_over_the_holiday_and_the_end_of_summer_time(journey)
    faith_hears_once_that_a_talk_waits(journey)
    brian_sets_a_time_that_stands_in_both_calendars(journey)
    leave_moves_it_and_the_calendars_follow(journey)
    the_talk_is_held_and_a_course_assigned(journey)
    the_follow_up_comes_and_closes_it(journey)


def kevin_hears_first_and_replies(journey: Journey) -> None:
    """On Monday at eight; nobody else until Tuesday at eight."""
    cast = journey.cast
    journey.live_until(at(12))
    page = journey.visit(cast.kevin, PHONE)
    open_message(page, "A harder few weeks")
    page.get_by_role("link", name="Tell your side").click()
    page.get_by_label("Your side of it").fill(HIS_SIDE)
    page.get_by_role("button", name="Save my side").click()
    journey.look_at_verdict("replied")
    journey.live_until(at(13) - MINUTE)
    assert journey.mails(cast.brian, "Kevin") == []


def brian_is_reminded_and_puts_it_off(journey: Journey) -> None:
    """Tuesday at eight. He looks at the till plan first: five working days, which Kevin reads."""
    cast = journey.cast
    journey.live_until(at(13))
    assert len(journey.mails(cast.brian, "A talk with Kevin Odhiambo is waiting")) == 1
    journey.hour.at = at(13, 10)
    page = journey.visit(cast.brian, LAPTOP)
    open_message(page, "A talk with Kevin Odhiambo is waiting")
    expect(page.locator("main")).to_contain_text(HIS_SIDE)
    page.get_by_text("Not now?").click()
    page.get_by_text("I look at staffing, queues and the system first").click()
    page.get_by_label("Remind me again in").select_option("5")
    page.get_by_role("button", name="Put it off").click()
    expect(page.locator("main")).to_contain_text("You are reminded again on Tuesday 20 October 2026.")
    page = journey.visit(cast.kevin, PHONE)
    open_message(page, "Brian Kamau will set a time for your talk by Tuesday 20 October 2026")
    expect(page.locator("main")).to_contain_text("Staffing, queues and the system are looked at first.")


def dora_stands_in_over_the_holiday_and_the_end_of_summer_time(journey: Journey) -> None:
    """Brian is on leave from the 20th to the 27th and names Dora himself. Seven of his working days after the first word lie on his
    leave, and Monday the 26th is a holiday: she hears on the 20th, when the snooze is over, at eight by the clock on the wall."""
    cast = journey.cast
    journey.hour.at = at(14, 10)
    page = journey.visit(cast.brian, LAPTOP)
    page.goto(f"/teams/{cast.tills.id}")
    page.get_by_text("New deputy").click()
    form = page.locator("form").filter(has=page.get_by_label("Last day"))
    form.get_by_label("Staff number or full name").fill(cast.dora.staff_number)
    form.get_by_label("From").fill("2026-10-20")
    form.get_by_label("Last day").fill("2026-10-27")
    form.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Dora Mwangi stands in while the manager is away, and is told.")
    with transaction():
        is_away(cast.brian, date(2026, 10, 20), date(2026, 10, 28))
    journey.live_until(at(20) - MINUTE)
    assert journey.mails(cast.dora, "Kevin") == []
    journey.live_until(at(20))
    assert len(journey.mails(cast.dora, "A talk with Kevin Odhiambo is waiting")) == 1
    assert len(journey.mails(cast.brian, "A talk with Kevin Odhiambo is waiting")) == 1
    page = journey.visit(cast.dora, LAPTOP)
    open_message(page, "A talk with Kevin Odhiambo is waiting")
    expect(page.locator("main")).to_contain_text(HIS_SIDE)


def faith_hears_once_that_a_talk_waits(journey: Journey) -> None:
    """Ten working days after the 13th, without the holiday: Wednesday the 28th at eight in winter time, which is 08:00 UTC."""
    cast = journey.cast
    assert at(28) == datetime(2026, 10, 28, 8, 0, tzinfo=UTC)
    journey.live_until(at(28) - MINUTE)
    assert journey.mails(cast.faith, "waiting") == []
    journey.live_until(at(28))
    (text,) = journey.mails(cast.faith, "waiting")
    assert "Brian Kamau has 1 talk waiting 10 working days" in text
    assert "Kevin" not in text
    page = journey.visit(cast.faith, LAPTOP)
    page.goto("/coaching/waiting")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 talk waits, for 10 working days")
    expect(page.locator("main")).to_contain_text("Brian Kamau")
    expect(page.locator("main")).not_to_contain_text("Kevin")
    page = journey.visit(cast.dora, LAPTOP)
    page.goto("/inbox")
    expect(page.locator("main")).not_to_contain_text("Kevin")  # her days of standing in are over


def brian_sets_a_time_that_stands_in_both_calendars(journey: Journey) -> None:
    cast = journey.cast
    journey.hour.at = at(28, 10)
    book(journey, "2026-11-02", "14:00", button="Set the time")
    journey.live_until(at(28, 12))
    for person in (cast.brian, cast.kevin):
        assert journey.entries(person) == [("REQUEST", 0, "11-02 14:00")]
    page = journey.visit(cast.kevin, PHONE)
    open_message(page, "Talk with Brian Kamau: Mon 2 Nov, 14:00")
    page.get_by_role("button", name="Ask for another time").click()
    expect(page.locator("main")).to_contain_text("Asked. The talk stands until a new time is set.")


def leave_moves_it_and_the_calendars_follow(journey: Journey) -> None:
    """Kevin is away on that Monday, it turns out: both hear, Brian moves it to the next day that suits, and nobody is reminded."""
    cast = journey.cast
    with transaction():
        is_away(cast.kevin, date(2026, 11, 2), date(2026, 11, 3))
    journey.live_until(at(29, 12))
    for person in (cast.brian, cast.kevin):
        assert len(journey.mails(person, "The talk on Mon 2 Nov, 14:00 falls on a day off")) == 1
    page = book(journey, "2026-11-02", "15:00", button="Move it", unfold=True)
    expect(page.locator("main")).to_contain_text("Tuesday 3 November 2026 suits you both.")
    book(journey, "2026-11-03", "09:30", button="Move it", unfold=True)
    journey.live_until(at(30, 12))
    for person in (cast.brian, cast.kevin):
        assert journey.entries(person)[1:] == [("REQUEST", 1, "11-03 09:30")]


def the_talk_is_held_and_a_course_assigned(journey: Journey) -> None:
    cast = journey.cast
    journey.live_until(at(3, 10, 30, month=11))
    journey.look_at_verdict("before the talk")
    page = journey.visit(cast.brian, LAPTOP)
    page.goto("/coaching")
    page.get_by_role("link", name="Kevin").first.click()
    form = page.locator("form").filter(has=page.get_by_role("button", name="Save the talk"))
    form.get_by_label("What you talked about").fill(NOTE)
    form.get_by_label("What you agreed").fill(AGREED)
    form.get_by_label("Who does it").select_option(label="Brian Kamau")
    form.get_by_label("By when").fill("2026-11-20")
    form.get_by_text("In 3 weeks").click()
    form.get_by_role("button", name="Save the talk").click()
    expect(page.locator("main")).to_contain_text("Saved. Kevin can read it now.")
    a_course_is_assigned(journey, page)
    journey.look_at_verdict("held")


def a_course_is_assigned(journey: Journey, page: Page) -> None:
    page.goto(f"/training/assign?person={journey.cast.kevin.id}")
    page.get_by_text("Calm at the till").first.click()
    page.get_by_role("button", name="Assign").first.click()
    with journey.app.app_context():
        assigned = db.session.scalars(select(Assignment.person_id)).all()
        db.session.rollback()
    assert assigned == [journey.cast.kevin.id]


def the_follow_up_comes_and_closes_it(journey: Journey) -> None:
    """Three weeks later, in both calendars since the talk; the morning after it Brian is asked to write it up, and nobody above."""
    cast = journey.cast
    journey.live_until(at(25, 9, month=11))
    assert journey.entries(cast.kevin)[2:] == [("REQUEST", 0, "11-24 10:00")]
    assert len(journey.mails(cast.brian, "The talk of Tue 24 Nov, 10:00 is not written up yet.")) == 1
    assert len(journey.mails(cast.faith, "waiting")) == 1
    page = journey.visit(cast.brian, LAPTOP)
    page.goto("/coaching")
    page.get_by_role("link", name="Kevin").first.click()
    form = page.locator("form").filter(has=page.get_by_role("button", name="Save the talk"))
    form.get_by_label("What you talked about").fill("It goes better since till 3 opens at noon.")
    form.get_by_role("button", name="Save the talk").click()
    expect(page.locator("main")).to_contain_text("You talked, and followed it up.")
    journey.look_at_verdict("closed")
    journey.live_until(at(11, 9, month=12))
    assert len(journey.mails(cast.faith, "waiting")) == 1
    first = select(CoachingCase).order_by(CoachingCase.opened_at, CoachingCase.id)  # later weeks may find other falls
    case = db.session.scalars(first).first()
    assert case is not None
    sessions = db.session.scalars(select(CoachingSession).where(CoachingSession.case_id == case.id))
    assert [session.held_at is not None for session in sessions] == [True, True]
    assert (case.person_id, case.closed_because, case.reminds_at) == (cast.kevin.id, "followed_up", None)


def book(journey: Journey, day: str, hour: str, *, button: str, unfold: bool = False) -> Page:
    """Brian sets or moves the time on the page of the talk."""
    page = journey.visit(journey.cast.brian, LAPTOP)
    page.goto("/coaching")
    page.get_by_role("link", name="Kevin").first.click()
    if unfold:
        page.locator("summary", has_text="Move it").click()
    page.get_by_label("Day", exact=True).fill(day)
    page.get_by_label("Time", exact=True).fill(hour)
    page.get_by_role("button", name=button).click()
    return page


def open_message(page: Page, title: str) -> None:
    page.goto("/inbox")
    page.get_by_role("listitem").filter(has_text=title).get_by_role("button").first.click()
