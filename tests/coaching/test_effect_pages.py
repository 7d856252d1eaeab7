"""Who reads what became of a case, when; and HR’s page on whether coaching helps."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.coaching.test_effect_rules import CASE, COMPANY
from tests.conftest import NOW, Cast
from tests.home.cards import a_card, a_case, fallen
from tracker.audit.models import AuditEntry
from tracker.coaching.actions import complete_session
from tracker.coaching.effect_jobs import share_effects
from tracker.coaching.effect_models import CaseEffect, CoachingEffect
from tracker.coaching.models import CoachingCase
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.notifications.models import Message

MONDAY = clock.monday_of(clock.week_of(NOW.date()))
UNCLEAR = replace(CASE, week=clock.week_of(MONDAY) - 13)
BETTER = replace(UNCLEAR, verdict="better", after=0.4)
TOLD = clock.last_complete_week((NOW - timedelta(days=2)).date())  # the newest week of which HR reads
COLUMNS = {"week": clock.week_of(MONDAY) - 1, "decided_on": MONDAY}


@pytest.fixture
def case(cast: Cast) -> CoachingCase:
    """Kevin’s case, talked about three months ago."""
    with transaction():
        for audience in ("own", "shared"):
            a_card(cast.kevin, fallen(), audience=audience)
        made = a_case(cast.kevin, shares_at=NOW - timedelta(days=88))
        made.opened_at = NOW - timedelta(days=90)
        complete_session(
            made, by=cast.brian.id, note="We talked.", agreed=[], follow_up_on=None, at=NOW - timedelta(days=80)
        )
        return made


def has_figures(case: CoachingCase, own: Any, shared: Any = None, *, shares_at: datetime | None = None) -> None:
    with transaction():
        figures = {"figures": asdict(own), "shared_figures": asdict(shared) if shared else None}
        db.session.add(CaseEffect(case_id=case.id, **figures, **COLUMNS, shares_at=shares_at))


def page_of(browse: Any, person: Any, case: CoachingCase) -> str:
    return str(browse(person).get(f"/coaching/{case.id}").text)


def test_both_read_the_same_words_the_figure_and_the_table(case: CoachingCase, cast: Cast, browse: Any) -> None:
    has_figures(case, UNCLEAR, UNCLEAR)
    for person in (cast.kevin, cast.brian):
        page = page_of(browse, person, case)
        assert "Did the talk help?" in page
        assert "Up 0.3, but the true change could be anywhere from −0.1 to +0.7." in page
        assert "we’d expect about half of this rise without any coaching" in page
        assert "expected without coaching" in page
        assert "3.6 from 41 ratings, likely 3.3 to 3.9" in page
        assert "The same weeks, expected without coaching" in page


def test_kevin_reads_it_first_and_brian_has_the_week_before(case: CoachingCase, cast: Cast, browse: Any) -> None:
    has_figures(case, BETTER, replace(UNCLEAR, verdict="early"), shares_at=NOW + timedelta(days=1))
    assert "Clearly better" in page_of(browse, cast.kevin, case)
    share_effects(NOW)
    leader = page_of(browse, cast.brian, case)
    assert "Clearly better" not in leader
    assert "Too early to say" in leader
    share_effects(NOW + timedelta(days=1))
    assert "Clearly better" in page_of(browse, cast.brian, case)


def test_without_a_shared_copy_the_leader_finds_nothing_of_it(case: CoachingCase, cast: Cast, browse: Any) -> None:
    has_figures(case, BETTER, shares_at=NOW + timedelta(days=1))
    assert "Did the talk help?" not in page_of(browse, cast.brian, case)


def test_nobody_else_finds_the_case_at_all(case: CoachingCase, cast: Cast, browse: Any) -> None:
    has_figures(case, BETTER, BETTER)
    for person in (cast.dora, cast.chloe, cast.ruth, cast.faith, cast.amina):
        assert browse(person).get(f"/coaching/{case.id}").status_code == 404


def test_before_anything_was_worked_out_the_page_is_as_it_was(case: CoachingCase, cast: Cast, browse: Any) -> None:
    assert "Did the talk help?" not in page_of(browse, cast.kevin, case)


def test_sharing_a_verdict_tells_the_leader_and_the_audit_once_and_says_nothing_of_it(
    case: CoachingCase, cast: Cast, browse: Any
) -> None:
    has_figures(case, BETTER, shares_at=NOW)
    assert share_effects(NOW - timedelta(seconds=1)) == 0
    assert share_effects(NOW) == 1
    assert share_effects(NOW + timedelta(hours=1)) == 0
    [message] = db.session.scalars(select(Message).where(Message.kind == "coaching.verdict"))
    assert message.person_id == cast.brian.id
    [entry] = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "coaching.verdict"))
    assert entry.person_id == cast.kevin.id
    assert "better" not in str(entry.details)
    with transaction():
        db.session.get_one(Message, message.id).visible_at = NOW - timedelta(hours=1)
    inbox = browse(cast.brian).get("/inbox").text
    assert "Twelve weeks after the check: did the talk with Kevin help?" in inbox
    assert "Clearly better" not in inbox


def test_a_word_falls_silent_when_its_reader_leads_nobody_any_more(case: CoachingCase, cast: Cast, browse: Any) -> None:
    has_figures(case, BETTER, shares_at=NOW)
    share_effects(NOW)
    with transaction():
        for message in db.session.scalars(select(Message).where(Message.kind == "coaching.verdict")):
            message.visible_at, message.person_id = NOW - timedelta(hours=1), cast.dora.id
    assert "did the talk" not in browse(cast.dora).get("/inbox").text


def the_company(**values: Any) -> None:
    with transaction():
        db.session.add(CoachingEffect(week=TOLD, figures=asdict(replace(COMPANY, **values))))


def test_hr_reads_the_finding_its_range_and_what_misleads(cast: Cast, browse: Any) -> None:
    the_company()
    page = browse(cast.chloe).get("/coaching/effect").text
    assert "customers rated people 0.21 stars higher than they would have without; likely between 0.06 and 0.36" in page
    assert "A plain comparison of after with before would print +0.86 stars (+0.78 to +0.94)" in page
    assert "45 people who were talked with" in page
    assert "Months of dips without an alert (it takes 200)" in page
    assert "Kevin" not in page.split("<main")[1]
    assert "tills" not in page.split("<main")[1]


def test_under_the_minimum_it_says_so_with_the_numbers_there_are(cast: Cast, browse: Any) -> None:
    the_company(enough=False, coached=9, estimate=0.5, low=-0.2, high=1.2)
    page = browse(cast.chloe).get("/coaching/effect").text
    assert "Too few to tell whether talks help: the range goes from −0.20 to +1.20 stars" in page
    assert "0.50" not in page
    assert "9 people who were talked with" in page


def test_of_fewer_than_five_people_nothing_is_said(cast: Cast, browse: Any) -> None:
    """What became of two people would be known of each by the other, and nearly so by everybody."""
    few = {"coached": 4, "waited": 0, "late": 0, "silent": 0, "falls": 4, "teams": 1, "young": 3}
    the_company(enough=False, estimate=0.5, low=-0.27, high=1.23, design="b", **few)
    page = browse(cast.chloe).get("/coaching/effect").text.split("<main")[1]
    assert "Too few to tell whether talks help. There is no range yet." in page
    assert "Fewer than five people were talked with" in page
    for told in ("0.27", "1.23", "0.86", "A plain comparison", "Alerts old enough", "Teams of those"):
        assert told not in page, told
    assert page.count("fewer than five") == 4  # two rows, in both tables


def test_five_people_are_a_group(cast: Cast, browse: Any) -> None:
    whole = {"coached": 5, "waited": 0, "late": 0, "silent": 0, "falls": 5, "teams": 2, "young": 0}
    the_company(enough=False, estimate=0.5, low=-0.27, high=1.23, design="b", **whole)
    page = browse(cast.chloe).get("/coaching/effect").text
    assert "the range goes from −0.27 to +1.23 stars" in page
    assert "Alerts old enough" in page
    assert "fewer than five" not in page


def test_an_empty_company_has_an_empty_state(cast: Cast, browse: Any) -> None:
    assert "Nothing to compare yet" in browse(cast.chloe).get("/coaching/effect").text


def test_only_hr_reads_it(cast: Cast, browse: Any) -> None:
    the_company()
    for person in (cast.brian, cast.kevin, cast.dora, cast.faith, cast.ruth):
        answer = browse(person).get("/coaching/effect")
        assert answer.status_code in {403, 404}
        assert "0.21" not in answer.text
    assert browse(None).get("/coaching/effect").status_code in {302, 303}


def test_the_newest_week_is_read(cast: Cast, browse: Any) -> None:
    with transaction():
        older = replace(COMPANY, estimate=0.33, low=0.12, high=0.54)
        db.session.add(CoachingEffect(week=TOLD - 1, figures=asdict(older)))
    assert "0.33 stars higher" in browse(cast.chloe).get("/coaching/effect").text
    the_company()
    assert "0.21 stars higher" in browse(cast.chloe).get("/coaching/effect").text


def test_a_week_is_told_two_days_after_its_monday(cast: Cast, browse: Any) -> None:
    """A page that changed with the check would tell of it during somebody's head start."""
    monday = datetime(2026, 11, 16, 5, tzinfo=UTC)
    with transaction():
        db.session.add(CoachingEffect(week=clock.last_complete_week(monday.date()), figures=asdict(COMPANY)))
    for at, words in ((timedelta(hours=42), "Nothing to compare yet"), (timedelta(days=2), "0.21 stars higher")):
        with clock.set_to(monday + at):
            assert words in browse(cast.chloe, at=monday + at).get("/coaching/effect").text
