"""A fall becomes a talk: real pages, real mail, real calendar entries, and a clock moved by hand.

Kevin works at the tills in London, which Brian leads; Faith leads Brian. The check finds Kevin's fall on Monday 12 October 2026. Then
come two weekends, the end of summer time (Sunday 25 October: eight in the morning is 07:00 UTC before, 08:00 after), a holiday of
the company, Brian's leave with Dora standing in, a new time, a talk that was held, a course, and a follow-up; and until January, what
the page says of whether it helped.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from tests.coaching.dips import another_house
from tests.conftest import Cast
from tests.factories import a_course, a_history, a_person, account_of, is_away, many_ratings
from tests.journeys.chromium import LAPTOP, PHONE, sign_in
from tests.journeys.serving import Hour, Postbox, text_of
from tracker.access.rules import hash_password
from tracker.coaching.effect_models import CaseEffect
from tracker.coaching.models import CoachingCase, CoachingSession
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.core.tasks import run_due
from tracker.organisation.models import Holiday, Person, Team
from tracker.ratings.models import Driver, Rating
from tracker.training.models import Assignment

pytestmark = pytest.mark.browser

PASSWORD = "three words together"
LONDON = "Europe/London"
MONDAY = date(2026, 10, 12)
HIS_SIDE = "Two tills were shut at noon."
NOTE = "We looked at the till plan together."
AGREED = "Open till 3 by noon"
MINUTE = timedelta(minutes=1)
LIVED = (0, 8, 12, 20)  # o'clock
A_VERDICT_COMES = "A verdict comes on Monday 4 January 2027, twelve weeks after the check."
TOO_EARLY = "Too early to say"


def at(day: int, hour: int = 8, minute: int = 0, *, month: int = 10, year: int = 2026) -> datetime:
    """That time in London."""
    return clock.moment_at(date(year, month, day), datetime.min.time().replace(hour=hour, minute=minute), LONDON)


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

    def live_until(self, moment: datetime, *, hours: Sequence[int] = LIVED) -> None:
        """Every midnight, morning, noon and evening until then: what must not happen has its chance."""
        day = self.hour.at.date()
        while day <= moment.date():
            for hour in hours:
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

    def case(self) -> tuple[int, Any]:
        """Kevin’s case, and its figures as stored, if there are any."""
        with self.app.app_context():  # later weeks may find other falls
            found = select(CoachingCase.id).where(CoachingCase.person_id == self.cast.kevin.id)
            case_id = db.session.scalars(found.order_by(CoachingCase.opened_at, CoachingCase.id)).first()
            assert case_id is not None
            effect = db.session.get(CaseEffect, case_id)
            figures = dict(effect.figures) if effect else None
            db.session.rollback()
        return case_id, figures

    def told(self, person: Person) -> str | None:
        """All that the page of the talk tells this person about whether it helped; None where it tells nothing."""
        page = self.visit(person, PHONE if person is self.cast.kevin else LAPTOP)
        page.goto(f"/coaching/{self.case()[0]}")
        section = page.locator("section.card").filter(has=page.get_by_role("heading", name="Did the talk help?"))
        words = " ".join(section.inner_text().split()) if section.count() else None
        page.context.close()
        return words

    def both_are_told(self, *words: str) -> str:
        """Kevin and Brian read the same, word for word, and these are among it."""
        own, led = self.told(self.cast.kevin), self.told(self.cast.brian)
        assert own == led
        assert own is not None
        for some in words:
            assert some in own, own
        return own

    def nobody_is_told(self) -> None:
        assert [self.told(self.cast.kevin), self.told(self.cast.brian)] == [None, None]


@pytest.fixture
def journey(app: Flask, cast: Cast, chromium: Browser, address: str, hour: Hour, postbox: Postbox) -> Iterator[Journey]:
    hour.at = at(9, 12)
    with transaction():
        for person in vars(cast).values():
            if isinstance(person, Person):
                account_of(person).password_hash = hash_password(PASSWORD)
        db.session.execute(update(Team).values(time_zone=LONDON))
        db.session.add(Holiday(on=date(2026, 10, 26), name="A day off for everybody"))
        db.session.add(Driver(key="speed", name="Speed"))
        a_course(title="Calm at the till", drivers=["speed"], at=at(1))
        others = [a_person(team=team) for team in (cast.tills, cast.floor) for _ in range(4)]
        a_history([cast.amina, cast.kevin, *others], until=MONDAY - timedelta(weeks=8), weeks=52, seed=3)
        a_history([cast.amina, *others], until=MONDAY + timedelta(weeks=13), weeks=21, seed=4)
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
    too_early_for_as_long_as_there_is_too_little_to_go_by(journey)
    kevin_reads_the_verdict_first_and_brian_the_same_a_day_later(journey)


def kevin_hears_first_and_replies(journey: Journey) -> None:
    """On Monday at eight; nobody else until Tuesday at eight. His last eight weeks come after Friday, so only Monday’s check has them."""
    cast = journey.cast
    journey.run_jobs(at(9, 12))
    kevins_customers_are_unhappy(journey)
    journey.live_until(at(12, 5))
    journey.live_until(at(12))
    page = journey.visit(cast.kevin, PHONE)
    open_message(page, "A harder few weeks")
    page.get_by_role("link", name="Tell your side").click()
    page.get_by_label("Your side of it").fill(HIS_SIDE)
    page.get_by_role("button", name="Save my side").click()
    journey.nobody_is_told()
    journey.live_until(at(13) - MINUTE)
    assert journey.mails(cast.brian, "Kevin") == []


def kevins_customers_are_unhappy(journey: Journey) -> None:
    kevin = journey.cast.kevin
    with transaction():
        many_ratings([(kevin, 1 + n % 3, MONDAY - timedelta(days=1 + 2 * n)) for n in range(26)])
        low = (Rating.person_id == kevin.id, Rating.stars < 3, Rating.rated_on >= MONDAY - timedelta(weeks=8))
        db.session.execute(update(Rating).where(*low).values(drivers=["speed"]))
    db.session.rollback()


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
    journey.nobody_is_told()
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
    a_course_is_assigned_in_two_clicks(journey, page)
    journey.both_are_told(TOO_EARLY, "What counts as after are the ratings from", A_VERDICT_COMES)


def a_course_is_assigned_in_two_clicks(journey: Journey, page: Page) -> None:
    """From where Brian stands: the page of the talk. Kevin’s low ratings name the speed, and a course is about it."""
    page.get_by_text("“Calm at the till”").click()
    page.get_by_role("button", name="Assign to Kevin").click()
    with journey.app.app_context():
        assigned = db.session.execute(select(Assignment.person_id, Assignment.driver)).all()
        db.session.rollback()
    assert [tuple(row) for row in assigned] == [(journey.cast.kevin.id, "speed")]
    agreed = page.locator("section.card").filter(has=page.get_by_role("heading", name="What we agreed"))
    expect(agreed).to_contain_text("due Sun 15 Nov")


def the_follow_up_comes_and_closes_it(journey: Journey) -> None:
    """Three weeks later, in both calendars since the talk; the morning after it Brian is asked to write it up, and nobody above."""
    cast = journey.cast
    kevin_is_rated(journey, [date(2026, 11, day) for day in (11, 16, 20)])
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
    so_far = "3 ratings so far of the weeks that count; from 5 on there is a figure."
    journey.both_are_told(TOO_EARLY, so_far, A_VERDICT_COMES)
    kevin_is_rated(journey, [date(2026, 11, 25) + timedelta(days=2 * n) for n in range(6)])
    journey.live_until(at(11, 9, month=12))
    assert len(journey.mails(cast.faith, "waiting")) == 1
    case = db.session.get_one(CoachingCase, journey.case()[0])
    sessions = db.session.scalars(select(CoachingSession).where(CoachingSession.case_id == case.id))
    assert [session.held_at is not None for session in sessions] == [True, True]
    assert (case.person_id, case.closed_because, case.reminds_at) == (cast.kevin.id, "followed_up", None)
    db.session.rollback()


def too_early_for_as_long_as_there_is_too_little_to_go_by(journey: Journey) -> None:
    """From five ratings on there is a figure with its range, and no verdict; on day 84 there are too few dips of others, and it says so."""
    figure = journey.both_are_told(TOO_EARLY, "9 ratings", A_VERDICT_COMES)
    assert "Scores that dip often come back by themselves" in figure
    kevin_is_rated(journey, [date(2026, 12, 12) + timedelta(days=2 * n) for n in range(11)])
    journey.live_until(at(6, 9, month=1, year=2027), hours=(8,))
    pool = journey.case()[1]["pool"]
    assert 0 < pool < 200
    months = f"Too early to say: there are only {pool} months of other people’s dips to compare with; it takes 200."
    assert "A verdict comes" not in journey.both_are_told(TOO_EARLY, "20 ratings", months)
    assert not [
        mail for person in (journey.cast.kevin, journey.cast.brian) for mail in told_of_a_verdict(journey, person)
    ]


def kevin_reads_the_verdict_first_and_brian_the_same_a_day_later(journey: Journey) -> None:
    """Another house joins with its ratings of two years. On the Monday after it there is enough to go by."""
    cast = journey.cast
    with transaction():
        another_house(db.session.get_one(Team, cast.floor.id), until=date(2027, 1, 4))
    db.session.rollback()
    journey.live_until(at(11, 9, month=1, year=2027), hours=(8,))
    own = journey.told(cast.kevin) or ""
    # Back where Kevin always was, and that is where such dips come back to by themselves: no credit to the talk.
    assert "No clear change beyond what such dips do by themselves (as of 11 January)." in own, own
    assert "we’d expect about all of this rise without any coaching" in own
    assert TOO_EARLY in (journey.told(cast.brian) or "")
    journey.live_until(at(12, month=1, year=2027) - MINUTE, hours=(12, 20))
    assert told_of_a_verdict(journey, cast.brian) == []
    journey.live_until(at(12, 12, month=1, year=2027), hours=(8,))
    assert journey.both_are_told("No clear change") == own
    for person in (cast.kevin, cast.brian):
        (mail,) = told_of_a_verdict(journey, person)
        assert "No clear change" not in mail
        words = re.sub(r"https?://\S+", "", mail)  # the address of a link is nobody's figure
        assert not re.search(r"\d[.,]\d", words), words
    for person in (cast.dora, cast.faith, cast.amina):
        assert journey.told(person) is None
        assert told_of_a_verdict(journey, person) == []


def told_of_a_verdict(journey: Journey, person: Person) -> list[str]:
    return journey.mails(person, "Twelve weeks after the check")


def kevin_is_rated(journey: Journey, days: Sequence[date]) -> None:
    """Four and five stars, three in four of them five."""
    kevin = journey.cast.kevin
    with transaction():
        many_ratings([(kevin, 4 if number % 4 == 0 else 5, day) for number, day in enumerate(days)])
    db.session.rollback()


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
