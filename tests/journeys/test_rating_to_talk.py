"""From a customer's rating to a talk that was held: real pages, real mail, and a clock moved by hand.

Amina and Kevin work at the tills, which Brian leads. In September a customer is unhappy with Amina, and so are many in
the weeks after. On Monday 16 November the check finds it. Brian is on leave on Tuesday.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import a_history, a_person, account_of, is_away, many_ratings
from tests.journeys.chromium import LAPTOP, PHONE, sign_in
from tests.journeys.crawl import Seen, everything, new_lines
from tests.journeys.serving import Hour, Postbox, text_of
from tracker.access.rules import hash_password
from tracker.coaching.models import CoachingCase, CoachingSession
from tracker.core.db import db, transaction
from tracker.core.outbox import send_due
from tracker.core.tasks import run_due
from tracker.intake.actions import open_link
from tracker.interviews.models import Encounter
from tracker.notifications.jobs import write_digests
from tracker.notifications.models import Message
from tracker.organisation.models import Person
from tracker.ratings.fall_models import TeamFall
from tracker.ratings.models import STAGES, Fall, Rating
from tracker.ratings.obstacle_models import Cause
from tracker.recognition.models import Thanks
from tracker.recovery.jobs import close_forgotten
from tracker.recovery.models import RecoveryCase
from tracker.reviews.models import Review, ReviewFeed

pytestmark = pytest.mark.browser

PASSWORD = "three words together"
MONDAY = date(2026, 11, 16)
THE_VISIT = datetime(2026, 9, 22, 9, 0, tzinfo=UTC)  # a Tuesday, noon in Nairobi
CHECK = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)  # Monday, 04:00
AMINAS_MORNING = datetime(2026, 11, 16, 5, 0, tzinfo=UTC)
SHARED = AMINAS_MORNING + timedelta(hours=24)  # Tuesday 08:00: Brian's morning, were he not on leave
BRIANS_MORNING = datetime(2026, 11, 18, 5, 0, tzinfo=UTC)
THE_TALK = datetime(2026, 11, 19, 11, 0, tzinfo=UTC)  # Thursday, 14:00
FOLLOW_UP = datetime(2026, 12, 31, 7, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

COMMENT_OF_LOW_WEEKS = "The queue did not move."
COMMENT = "I waited a long time and nobody said why."
HER_SIDE = "Two tills were closed all month."
NOTE = "We looked at the till plan together."
AGREED = "Open till 3 at noon"
# Words that only a fall brings to a page.
SIGNS = re.compile(
    r"harder few weeks|could use a talk|lower than|below|has fallen|one check in|a talk|coaching\.", re.I
)


@dataclass
class Journey:
    """Everything that the steps share."""

    app: Flask
    cast: Cast
    chromium: Browser
    address: str
    hour: Hour
    postbox: Postbox
    browse: Any
    before: dict[str, dict[str, Seen]] = field(default_factory=dict)

    def run_jobs(self, at: datetime) -> None:
        """Let the timetable do what is due at this moment, and stay there."""
        self.hour.at = at
        done = run_due(self.app, self.app.extensions["timetable"], at=at)
        assert -1 not in done.values(), done

    def visit(self, person: Person | None, device: Mapping[str, Any]) -> Page:
        """A page of somebody who has just signed in; without scripts, which no page needs."""
        page = self.chromium.new_context(**device, java_script_enabled=False, base_url=self.address).new_page()
        if person is not None:
            sign_in(page, self.address, person.staff_number, PASSWORD, remember=device is PHONE)
        return page

    def all_pages_of(self, browser: Any) -> dict[str, Seen]:
        """What somebody finds at this hour, wherever they look."""
        return everything(self.app, browser, self._ids())

    def _ids(self) -> dict[str, list[Any]]:
        cast = self.cast
        things = [cast.amina, cast.tills, cast.floor]
        models = (
            Cause,
            CoachingCase,
            CoachingSession,
            Encounter,
            Fall,
            Message,
            Rating,
            RecoveryCase,
            Review,
            ReviewFeed,
            Thanks,
            TeamFall,
        )
        of_amina = select(Message.id).where(Message.person_id == cast.amina.id)
        newest = [db.session.scalar(select(model.id).order_by(model.id.desc()).limit(1)) for model in models]
        found = {thing.id for thing in things} | set(filter(None, newest)) | set(db.session.scalars(of_amina))
        db.session.rollback()
        return {
            "id": sorted(found),
            "person": [cast.amina.id],
            "token": ["nothing"],
            "number": ["nothing"],
            "stage": list(STAGES),
            "key": ["nothing"],
            "name": ["customers", "engagement", "fairness"],
        }


@pytest.fixture
def journey(
    app: Flask, cast: Cast, chromium: Browser, address: str, hour: Hour, postbox: Postbox, browse: Any
) -> Iterator[Journey]:
    with transaction():
        for person in vars(cast).values():
            if isinstance(person, Person):
                account_of(person).password_hash = hash_password(PASSWORD)
        is_away(cast.brian, date(2026, 11, 17), date(2026, 11, 18))
    for row in vars(cast).values():  # let go of them: reading one would open a transaction that stops the server
        db.session.refresh(row)
        db.session.expunge(row)
    db.session.rollback()
    journey = Journey(app, cast, chromium, address, hour, postbox, browse)
    yield journey
    for context in chromium.contexts:
        context.close()


def test_from_a_rating_to_a_talk_that_helped(journey: Journey) -> None:
    a_customer_rates_on_a_phone(journey)
    amina_reads_it_on_her_phone(journey)
    eight_weeks_go_by(journey)
    the_check_finds_it_and_nobody_else_can_tell(journey)
    amina_hears_first_and_writes_her_side(journey)
    until_the_last_minute_of_her_24_hours_nobody_else_can_tell(journey)
    brian_is_reminded_on_his_first_working_morning(journey)
    brian_books_the_talk(journey)
    amina_is_told_when_the_talk_is(journey)
    brian_writes_the_talk_up(journey)
    amina_reads_what_was_agreed(journey)
    the_follow_up_closes_it(journey)
    dora_finds_nothing_anywhere(journey)


def a_customer_rates_on_a_phone(journey: Journey) -> None:
    journey.hour.at = THE_VISIT
    with transaction():
        secret = open_link(
            journey.cast.amina, ended_at=THE_VISIT, by=journey.cast.brian.id, at=THE_VISIT, place="till 4"
        )
    page = journey.visit(None, PHONE)
    page.goto(f"/rate/{secret}")
    expect(page.get_by_role("heading", level=1)).to_have_text("How was your visit today?")
    page.get_by_role("radio", name="Bad", exact=True).check()
    page.get_by_label("Anything we should know?").fill(COMMENT)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for telling us")
    page.goto(f"/rate/{secret}")
    assert page.get_by_role("button", name="Send").count() == 0  # once


def amina_reads_it_on_her_phone(journey: Journey) -> None:
    page = journey.visit(journey.cast.amina, PHONE)
    page.goto("/me/ratings")
    expect(page.locator("main")).to_contain_text(COMMENT)


def eight_weeks_go_by(journey: Journey) -> None:
    """Steady ratings for everybody else, and for Amina many that are not."""
    cast = journey.cast
    her_complaint_ends(journey)
    with transaction():
        others = [a_person(team=team) for team in (cast.tills, cast.floor) for _ in range(4)]
        a_history([cast.amina, cast.kevin, *others], until=MONDAY - timedelta(weeks=8), weeks=52, seed=3)
        a_history([cast.kevin, *others], until=MONDAY, weeks=8, seed=4)
        many_ratings([(cast.amina, 1 + n % 3, MONDAY - timedelta(days=1 + 2 * n)) for n in range(25)])
        many_ratings([(cast.amina, 1, MONDAY - timedelta(days=3))], comment=COMMENT_OF_LOW_WEEKS)


def her_complaint_ends(journey: Journey) -> None:
    """Brian had word of it at once. She left no number, and nobody wrote an end to it."""
    journey.hour.at = THE_VISIT + MINUTE
    write_digests(journey.hour.at)
    send_due(journey.hour.at)
    assert "A customer was let down" in text_of(journey.postbox.mails_to(journey.cast.brian.email)[0])
    journey.hour.at = THE_VISIT + timedelta(days=15)
    assert close_forgotten(journey.hour.at) == 1


def the_check_finds_it_and_nobody_else_can_tell(journey: Journey) -> None:
    """Page by page the same, to the byte, as if it had not run; also the audit, the mails, and the signs of life."""
    journey.hour.at = CHECK + MINUTE
    watchers = {person.name: journey.browse(person, at=CHECK) for person in everybody_else(journey)}
    run_due(journey.app, (), at=CHECK - MINUTE)  # a sign of life and nothing else
    before = {name: journey.all_pages_of(watcher) for name, watcher in watchers.items()}
    journey.run_jobs(CHECK)
    journey.hour.at = CHECK + MINUTE
    case = db.session.scalars(select(CoachingCase)).one()
    assert (case.person_id, case.shares_at) == (journey.cast.amina.id, SHARED)
    db.session.rollback()
    for name, watcher in watchers.items():
        after = journey.all_pages_of(watcher)
        assert {url: (name, lines) for url, lines in new_lines(before[name], after).items()} == {}
        assert signs_on({url: seen for url, seen in after.items() if url not in before[name]}) == []
    journey.before = before


def amina_hears_first_and_writes_her_side(journey: Journey) -> None:
    """On Monday at 8, by mail and inbox; nobody else has a mail about it."""
    journey.run_jobs(AMINAS_MORNING)
    (mail,) = [
        mail for mail in journey.postbox.mails_to(journey.cast.amina.email) if "harder few weeks" in text_of(mail)
    ]
    assert "For 24 hours nobody else does" in text_of(mail)
    assert [mail["To"] for mail in journey.postbox.mails if "harder few weeks" in text_of(mail)] == [mail["To"]]
    page = journey.visit(journey.cast.amina, PHONE)
    open_message(page, "A harder few weeks")
    expect(page.locator("main")).to_contain_text("You are the first to see this. For 24 hours nobody else does.")
    page.get_by_role("link", name="Tell your side").click()
    expect(page.locator("main")).to_contain_text(COMMENT_OF_LOW_WEEKS)
    page.get_by_label("Your side of it").fill(HER_SIDE)
    page.get_by_role("button", name="Save my side").click()
    expect(page.get_by_label("Your side of it")).to_have_value(HER_SIDE)


def until_the_last_minute_of_her_24_hours_nobody_else_can_tell(journey: Journey) -> None:
    """A day later pages have changed, but Amina stands on them as Kevin does, whose week was like any other."""
    journey.visit(journey.cast.kevin, PHONE).goto("/me")  # signing in is audited: he does as Amina did
    journey.run_jobs(SHARED - MINUTE)
    for person in everybody_else(journey):
        after = journey.all_pages_of(journey.browse(person, at=journey.hour.at))
        changed = new_lines(journey.before[person.name], after)
        assert [(url, line) for url, lines in changed.items() for line in lines if SIGNS.search(line)] == []
        for url, lines in changed.items():
            assert as_of(journey.cast.amina, lines) == as_of(journey.cast.kevin, lines), (person.name, url)
        assert signs_on({url: seen for url, seen in after.items() if url not in journey.before[person.name]}) == []


def brian_is_reminded_on_his_first_working_morning(journey: Journey) -> None:
    """The head start is over on Tuesday at 8, but he is on leave until Wednesday at 8."""
    brian = journey.cast.brian
    journey.run_jobs(SHARED)
    journey.run_jobs(BRIANS_MORNING - MINUTE)
    assert [mail for mail in journey.postbox.mails_to(brian.email) if "Amina" in text_of(mail)] == []
    journey.run_jobs(BRIANS_MORNING)
    (mail,) = [mail for mail in journey.postbox.mails_to(brian.email) if "Amina" in text_of(mail)]
    assert "A talk with Amina Otieno is waiting" in text_of(mail)
    assert f"{journey.address}/inbox" in text_of(mail)
    journey.run_jobs(BRIANS_MORNING + timedelta(hours=3))
    assert len([mail for mail in journey.postbox.mails_to(brian.email) if "Amina" in text_of(mail)]) == 1


def brian_books_the_talk(journey: Journey) -> None:
    page = journey.visit(journey.cast.brian, LAPTOP)
    expect(page.get_by_role("heading", level=1)).to_contain_text("could use a talk")
    open_message(page, "A talk with Amina Otieno is waiting")
    expect(page.locator("main")).to_contain_text(HER_SIDE)
    page.get_by_label("Day", exact=True).fill("2026-11-19")
    page.get_by_label("Time", exact=True).fill("14:00")
    page.get_by_label("Where").fill("Back office")
    page.get_by_role("button", name="Set the time").click()
    expect(page.locator("main")).to_contain_text("The talk is set. Amina is told.")


def amina_is_told_when_the_talk_is(journey: Journey) -> None:
    journey.run_jobs(journey.hour.at + timedelta(hours=1))
    page = journey.visit(journey.cast.amina, PHONE)
    open_message(page, "Talk with Brian Kamau: Thu 19 Nov, 14:00")
    expect(page.locator("main")).to_contain_text("Back office")
    with page.expect_download() as download:
        page.get_by_role("link", name="Add to calendar").click()
    calendar = download.value.path().read_text(encoding="utf-8")
    assert "DTSTART:20261119T110000Z" in calendar
    assert "Amina" not in calendar


def brian_writes_the_talk_up(journey: Journey) -> None:
    journey.run_jobs(THE_TALK + timedelta(minutes=30))
    page = journey.visit(journey.cast.brian, LAPTOP)
    page.goto("/coaching")
    page.get_by_role("link", name="Amina").first.click()
    form = page.locator("form").filter(has=page.get_by_role("button", name="Save the talk"))
    form.get_by_label("What you talked about").fill(NOTE)
    form.get_by_label("What you agreed").fill(AGREED)
    form.get_by_label("Who does it").select_option(label="Brian Kamau")
    form.get_by_label("By when").fill("2026-12-03")
    form.get_by_text("In 6 weeks").click()
    form.get_by_role("button", name="Save the talk").click()
    expect(page.locator("main")).to_contain_text("Saved. Amina can read it now.")


def amina_reads_what_was_agreed(journey: Journey) -> None:
    journey.run_jobs(journey.hour.at + timedelta(hours=1))
    page = journey.visit(journey.cast.amina, PHONE)
    open_message(page, "Your talk is written up")
    expect(page.locator("main")).to_contain_text(NOTE)
    expect(page.locator("main")).to_contain_text(AGREED)


def the_follow_up_closes_it(journey: Journey) -> None:
    journey.run_jobs(FOLLOW_UP)
    page = journey.visit(journey.cast.brian, LAPTOP)
    page.goto("/coaching")
    page.get_by_role("link", name="Amina").first.click()
    form = page.locator("form").filter(has=page.get_by_role("button", name="Save the talk"))
    form.get_by_label("What you talked about").fill(f"{NOTE} It helped.")
    form.get_by_role("button", name="Save the talk").click()
    expect(page.locator("main")).to_contain_text("You talked, and followed it up.")


def dora_finds_nothing_anywhere(journey: Journey) -> None:
    """Amina stands in the directory, and that is all."""
    pages = journey.all_pages_of(journey.browse(journey.cast.dora, at=journey.hour.at))
    words = [COMMENT, COMMENT_OF_LOW_WEEKS, HER_SIDE, NOTE, AGREED]
    assert [(url, word) for url, seen in pages.items() for word in words if word in seen.text] == []
    about_amina = {url for url, seen in pages.items() if "Amina" in seen.text}
    assert {re.sub(r"\d+", "N", url) for url in about_amina} == {"/people", "/people/N", "/teams/N"}
    amina, case = journey.cast.amina.id, db.session.scalars(select(CoachingCase.id)).one()
    hers = [f"/coaching/{case}", f"/people/{amina}/feedback", f"/people/{amina}/ratings"]
    assert [pages[url].status for url in hers] == [404, 404, 404]


def open_message(page: Page, title: str) -> None:
    page.goto("/inbox")
    page.get_by_role("listitem").filter(has_text=title).get_by_role("button").click()


def everybody_else(journey: Journey) -> list[Person]:
    cast = journey.cast
    return [cast.brian, cast.dora, cast.chloe, cast.ruth, cast.faith]


def signs_on(pages: Mapping[str, Seen]) -> list[tuple[str, str]]:
    """Pages that can be opened and say something of a fall."""
    found = [(url, SIGNS.search(seen.text)) for url, seen in pages.items() if seen.status == 200]
    return [(url, match.group()) for url, match in found if match]


def as_of(person: Person, lines: list[str]) -> list[str]:
    """The lines about one person, with everything that is only theirs replaced."""
    theirs = re.compile("|".join(map(re.escape, [person.name, person.staff_number, str(person.email)])))
    about = [line for line in lines if theirs.search(line)]
    return sorted(re.sub(r"/people/\d+", "/people/N", theirs.sub("somebody", line)) for line in about)
