"""What the weekly check goes by: tried on last year, saved, and then gone by."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.coaching.test_check_falls import CHECKED, fallen  # noqa: F401 - a fixture is used by its name
from tests.conftest import NOW, Cast
from tracker.audit.models import AuditEntry
from tracker.coaching.jobs import check_falls
from tracker.core.db import db, transaction
from tracker.core.errors import Conflict, Invalid
from tracker.falls import actions
from tracker.falls.models import FallReplay
from tracker.falls.queries import last_week_to_replay, next_monday
from tracker.notifications.models import Message
from tracker.ratings.fall_models import FallSettings, WeeklyCheck
from tracker.ratings.fall_queries import people_tested, thresholds_on
from tracker.ratings.models import Fall
from tracker.ratings.thresholds import STANDARD, Thresholds

STRICTER = {"alert_one_in": "1000", "least_fall": "0.3", "cooldown_weeks": "12"}
AT = datetime(2026, 11, 18, 9, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 6, tzinfo=UTC)


def a_done_replay(chosen: Thresholds, *, by: int, at: datetime = AT) -> FallReplay:
    with transaction():
        replay = actions.ask_replay(chosen, last_week=last_week_to_replay(at), by=by, at=at)
        assert actions.claim(replay.id, "ours", at=at)
        assert actions.finish(replay.id, "ours", {"asked": {"people": None}}, at=at)
        return replay


def a_check_of(people: int) -> None:
    with transaction():
        db.session.add(WeeklyCheck(week=100, ran_at=LONG_AGO, tested=people, parameters={}, formula="x", left_out=[]))


def test_an_admin_tries_reads_and_saves(fallen: Cast, browse: Any) -> None:  # noqa: F811 - the fixture
    check_falls(CHECKED)
    ruth = browse(fallen.ruth)
    assert "As the product comes" in ruth.get("/settings/checks").text
    answer = ruth.post("/settings/checks/replays", STRICTER)
    assert answer.status_code == 303
    page = ruth.get(answer.location).text
    assert "Fewer than 5 people would have been alerted." in page
    assert "1 check in 1,000 · least fall 0.3 stars · 12 weeks of rest" in page
    saved = ruth.post(f"{answer.location}/settings")
    assert (saved.status_code, saved.location) == (303, "/settings/checks")
    after = ruth.get("/settings/checks").text
    assert "Saved by Ruth Kiprop" in after
    row = db.session.scalars(select(FallSettings)).one()
    assert Thresholds.of(row) == Thresholds(1000, 0.3, False, 12)
    assert row.from_monday > NOW.date()
    actions_of_audit = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("fall_%"))).all()
    assert sorted(actions_of_audit) == ["fall_replay.asked", "fall_settings.saved"]
    assert db.session.scalars(select(Message.person_id).where(Message.kind == "falls.settings")).all() == [
        fallen.chloe.id
    ]


def test_no_page_names_anybody(fallen: Cast, browse: Any) -> None:  # noqa: F811 - the fixture
    check_falls(CHECKED)
    ruth = browse(fallen.ruth)
    answer = ruth.post("/settings/checks/replays", {**STRICTER, "alert_one_in": "100"})
    for page in (ruth.get(answer.location).text, ruth.get("/settings/checks").text):
        assert "Kevin" not in page
        assert "Amina" not in page
    stored = db.session.scalars(select(FallReplay)).one()
    assert "person" not in str(stored.result)


def test_hr_reads_and_tries_and_may_not_save(fallen: Cast, browse: Any) -> None:  # noqa: F811 - the fixture
    chloe = browse(fallen.chloe)
    assert chloe.get("/settings/checks").status_code == 200
    answer = chloe.post("/settings/checks/replays", STRICTER)
    assert "An admin can save these settings." in chloe.get(answer.location).text
    assert chloe.post(f"{answer.location}/settings").status_code == 403
    assert db.session.scalars(select(FallSettings)).all() == []


@pytest.mark.parametrize("who", ["brian", "kevin", "dora"])
def test_nobody_else_gets_in(cast: Cast, browse: Any, who: str) -> None:
    browser = browse(getattr(cast, who))
    replay = a_done_replay(Thresholds(1000), by=cast.ruth.id)
    for url in ("/settings/checks", f"/settings/checks/replays/{replay.id}"):
        assert browser.get(url).status_code == 403
    for url in ("/settings/checks/replays", f"/settings/checks/replays/{replay.id}/settings"):
        assert browser.post(url, STRICTER).status_code == 403


def test_a_replay_that_is_not_there_is_404(cast: Cast, browse: Any) -> None:
    assert browse(cast.ruth).get("/settings/checks/replays/12345").status_code == 404


@pytest.mark.parametrize("wrong", [{"alert_one_in": "7"}, {"least_fall": "x"}, {"cooldown_weeks": ""}])
def test_what_is_not_offered_is_refused(cast: Cast, browse: Any, wrong: dict[str, str]) -> None:
    answer = browse(cast.ruth).post("/settings/checks/replays", {**STRICTER, **wrong})
    assert answer.status_code == 422
    assert "Choose one from the list" in answer.text
    assert db.session.scalars(select(FallReplay)).all() == []


def test_without_a_check_the_page_says_what_is_still_missing(cast: Cast, browse: Any) -> None:
    page = browse(cast.ruth).get("/settings/checks").text
    assert "we can say after the first check" in page
    assert "None yet." in page


def test_a_replay_of_a_company_without_ratings_finds_nobody(cast: Cast, browse: Any) -> None:
    ruth = browse(cast.ruth)
    answer = ruth.post("/settings/checks/replays", STRICTER)
    assert "Fewer than 5 people" in ruth.get(answer.location).text


def test_only_what_was_tried_and_finished_lately_can_be_saved(cast: Cast) -> None:
    with transaction():
        running = actions.ask_replay(Thresholds(200), last_week=100, by=cast.ruth.id, at=AT)
        with pytest.raises(Conflict, match="come to its end"):
            actions.save_settings(running, from_monday=date(2026, 11, 23), by=cast.ruth.id, at=AT)
        actions.stop_replay(running, by=cast.ruth.id, at=AT)
    old = a_done_replay(Thresholds(200), by=cast.ruth.id)
    with pytest.raises(Conflict, match="two weeks"):
        actions.save_settings(old, from_monday=date(2026, 12, 7), by=cast.ruth.id, at=AT + timedelta(days=15))
    same = a_done_replay(STANDARD, by=cast.ruth.id)
    with pytest.raises(Conflict, match="already"):
        actions.save_settings(same, from_monday=date(2026, 11, 23), by=cast.ruth.id, at=AT)


def test_the_strict_rule_needs_five_hundred_people(cast: Cast, browse: Any) -> None:
    a_check_of(499)
    with pytest.raises(Invalid, match="500 people"):
        actions.ask_replay(Thresholds(strict=True), last_week=100, by=cast.ruth.id, at=AT)
    assert 'name="strict"' not in browse(cast.ruth).get("/settings/checks").text
    with transaction():
        db.session.get_one(WeeklyCheck, 100).tested = 500
    assert 'name="strict"' in browse(cast.ruth).get("/settings/checks").text
    with transaction():
        assert actions.ask_replay(Thresholds(strict=True), last_week=100, by=cast.ruth.id, at=AT).strict


def test_the_budget_stands_for_the_companys_own_number(cast: Cast, browse: Any) -> None:
    a_check_of(60)
    page = browse(cast.ruth).get("/settings/checks").text
    assert (
        "With 60 people tested, as in the last check, that makes about 3 a year, in most years between 0 and 7." in page
    )


def test_a_check_goes_by_the_settings_as_of_its_monday(fallen: Cast) -> None:  # noqa: F811 - the fixture
    """Also when it is made up for later: what is saved on a Monday afternoon does not reach back."""
    chosen = a_done_replay(Thresholds(100, 0.5, False, 26), by=fallen.ruth.id)
    with transaction():
        row = actions.save_settings(chosen, from_monday=date(2026, 11, 23), by=fallen.ruth.id, at=AT)
    assert thresholds_on(date(2026, 11, 22)) == STANDARD
    assert thresholds_on(date(2026, 11, 23)) == Thresholds.of(row)
    check_falls(CHECKED)
    fall = db.session.scalars(select(Fall)).one()
    assert (fall.parameters["alert_p"], fall.parameters["min_fall"]) == (1 / 400, 0.2)
    check_falls(CHECKED + timedelta(weeks=1))
    checks = {one.week: one.parameters for one in db.session.scalars(select(WeeklyCheck))}
    assert [checks[week]["alert_p"] for week in sorted(checks)] == [1 / 400, 1 / 100]
    assert checks[max(checks)]["cooldown_weeks"] == 26


def test_settings_saved_on_a_monday_hold_from_the_next_one(fallen: Cast) -> None:  # noqa: F811 - the fixture
    assert next_monday(CHECKED - timedelta(hours=2)) == date(2026, 11, 23)
    check_falls(CHECKED)
    assert next_monday(CHECKED + timedelta(hours=2)) == date(2026, 11, 23)
    assert next_monday(datetime(2026, 11, 22, 20, tzinfo=UTC)) == date(2026, 11, 23)
    assert next_monday(datetime(2026, 11, 22, 22, tzinfo=UTC)) == date(2026, 11, 30)


def test_the_help_says_what_holds(cast: Cast, browse: Any) -> None:
    assert "fewer than one check in 400" in browse(cast.kevin).get("/explained").text
    chosen = a_done_replay(Thresholds(1000), by=cast.ruth.id)
    with transaction():
        actions.save_settings(chosen, from_monday=date(2020, 1, 6), by=cast.ruth.id, at=AT)
    page = browse(cast.kevin).get("/explained").text
    assert "fewer than one check in 1,000" in page
    assert "about 2 get such a suggestion in a year by chance alone" in page


def test_how_many_were_tested_is_no_sign_that_a_check_has_just_run(fallen: Cast) -> None:  # noqa: F811 - the fixture
    check_falls(CHECKED)
    assert people_tested(CHECKED + timedelta(hours=47)) == 0
    assert people_tested(CHECKED + timedelta(hours=48)) == 10
