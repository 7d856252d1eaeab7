"""A whole team falls: who leads above hears of the team, once and late enough, and nobody in it is blamed or named."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import Cast
from tests.factories import a_history, a_person, a_team, is_away, leads, many_ratings
from tracker.audit.models import AuditEntry
from tracker.coaching.jobs import check_falls, share_cards
from tracker.coaching.team_jobs import tell_of_teams
from tracker.core.db import db, transaction
from tracker.notifications.models import Message
from tracker.organisation.models import Membership, Person, Tenure
from tracker.ratings.fall_models import TeamFall
from tracker.ratings.models import Fall, ScoreCard

MONDAY = date(2026, 11, 16)
CHECKED = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 16, 5, 0, tzinfo=UTC)
SHARED = MORNING + timedelta(hours=24)


def mates(cast: Cast) -> list[Person]:
    return list(
        db.session.scalars(
            select(Person)
            .join(Membership, Membership.person_id == Person.id)
            .where(Membership.team_id == cast.tills.id)
        )
    )


def a_hard_month(people: list[Person], *, weeks: int = 4, until: date = MONDAY) -> None:
    days = [until - timedelta(days=1 + n) for n in range(7 * weeks)]
    many_ratings(
        [(person, 1 + (n + k) % 3, day) for k, person in enumerate(people) for n, day in enumerate(days) if n % 2]
    )


@pytest.fixture
def hard_month(cast: Cast) -> Cast:
    """A steady year in ten teams of six; in the last four weeks everybody at the tills gets two stars less."""
    with transaction():
        for _ in range(4):
            a_person(team=cast.tills)
        others = [a_person(team=team) for team in (a_team(parent=cast.root) for _ in range(9)) for _ in range(6)]
        a_history([*mates(cast), *others], until=MONDAY - timedelta(weeks=4), weeks=56, per_week=3, seed=3)
        a_history(others, until=MONDAY, weeks=4, per_week=3, seed=4)
        a_hard_month(mates(cast))
    return cast


def notices() -> list[TeamFall]:
    return list(db.session.scalars(select(TeamFall).order_by(TeamFall.week)))


def told() -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind == "team.fell")))


def test_the_team_is_kept_and_nobody_in_it_is_alerted(hard_month: Cast) -> None:
    check_falls(CHECKED)
    (notice,) = notices()
    assert (notice.team_id, notice.people, notice.n) == (hard_month.tills.id, 6, 84)
    assert notice.shift < -1
    assert notice.z <= -3
    assert db.session.scalars(select(Fall)).all() == []


def test_the_leaders_leader_hears_when_the_head_start_is_over(hard_month: Cast, browse: Any) -> None:
    check_falls(CHECKED)
    assert tell_of_teams(SHARED - timedelta(seconds=1)) == 0
    assert told() == []
    assert db.session.scalars(select(AuditEntry).where(AuditEntry.action == "team_fall.told")).all() == []
    assert tell_of_teams(SHARED) == 1
    (message,) = told()
    assert (message.person_id, message.parameters) == (hard_month.faith.id, {})
    assert tell_of_teams(SHARED + timedelta(hours=1)) == 0
    assert len(told()) == 1
    (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "team_fall.told"))
    assert entry.details == {"team": hard_month.tills.id, "to": hard_month.faith.id}


def test_the_notice_names_the_team_and_nobody(hard_month: Cast, browse: Any) -> None:
    check_falls(CHECKED)
    tell_of_teams(SHARED)
    faith = browse(hard_month.faith)
    inbox = faith.get("/inbox").text
    page = faith.get(f"/team-falls/{notices()[0].id}").text
    for text in (inbox, page):
        assert "Nairobi Central tills" in text
        assert "84 ratings of 6 people since" in text
        assert "likely between" in text
        assert not any(person.name in text for person in mates(hard_month))


def test_nobody_else_finds_it(hard_month: Cast, browse: Any) -> None:
    check_falls(CHECKED)
    url = f"/team-falls/{notices()[0].id}"
    assert browse(hard_month.faith).get(url).status_code == 404  # not yet told
    tell_of_teams(SHARED)
    for person in (hard_month.brian, hard_month.dora):
        assert browse(person).get(url).status_code == 404
    for person in (hard_month.kevin, hard_month.chloe, hard_month.ruth):
        assert browse(person).get(url).status_code == 403


def test_the_message_falls_silent_with_the_right(hard_month: Cast, browse: Any) -> None:
    check_falls(CHECKED)
    tell_of_teams(SHARED)
    with transaction():
        for tenure in db.session.scalars(select(Tenure).where(Tenure.person_id == hard_month.faith.id)):
            tenure.ended_on = date(2026, 11, 16)
        leads(hard_month.faith, hard_month.floor, since=date(2026, 11, 16), kind="deputy")
    faith = browse(hard_month.faith)
    assert "Nairobi Central tills" not in faith.get("/inbox").text
    assert faith.get(f"/team-falls/{notices()[0].id}").status_code == 404


def test_people_of_the_team_read_that_it_was_the_whole_team(hard_month: Cast, browse: Any) -> None:
    check_falls(CHECKED)
    assert "Your whole team fell in these weeks: 84 ratings of 6 people" in browse(hard_month.kevin).get("/me").text
    brian = browse(hard_month.brian)
    assert "whole team" not in brian.get(f"/people/{hard_month.kevin.id}/feedback").text
    share_cards(SHARED)
    assert "Kevin’s whole team fell in these weeks" in brian.get(f"/people/{hard_month.kevin.id}/feedback").text
    other = db.session.scalars(
        select(Person).where(Person.name.like("Person%"), Person.id.not_in([m.id for m in mates(hard_month)]))
    ).first()
    assert other is not None
    assert "whole team fell" not in browse(other).get("/me").text


def test_in_a_case_of_that_week_it_is_said_too(hard_month: Cast, browse: Any) -> None:
    with transaction():
        a_hard_month([hard_month.kevin], weeks=13)
        many_ratings([(hard_month.kevin, 1, MONDAY - timedelta(days=n)) for n in range(1, 60)])
    check_falls(CHECKED)
    fall = db.session.scalars(select(Fall)).one()
    assert fall.person_id == hard_month.kevin.id
    assert len(notices()) == 1
    cards = db.session.scalars(select(ScoreCard.figures).where(ScoreCard.person_id == hard_month.kevin.id)).all()
    assert cards[0]["team_fall"]["people"] == 6
    kevin = browse(hard_month.kevin)
    assert "Your whole team fell in these weeks" in kevin.get("/coaching").text or "/coaching/" in kevin.get("/me").text
    case = kevin.get("/me").text.split('href="/coaching/')[1].split('"')[0]
    assert "Your whole team fell in these weeks" in kevin.get(f"/coaching/{case}").text


def test_once_in_eight_weeks(hard_month: Cast) -> None:
    with transaction():
        everybody = list(db.session.scalars(select(Person).where(Person.name.like("Person%"))))
        others = [one for one in everybody if one.id not in {mate.id for mate in mates(hard_month)}]
        a_history(others, until=MONDAY + timedelta(weeks=2), weeks=2, per_week=3, seed=5)
        a_hard_month(mates(hard_month), weeks=2, until=MONDAY + timedelta(weeks=2))
    for week in range(3):
        at = CHECKED + timedelta(weeks=week)
        check_falls(at)
        tell_of_teams(at + timedelta(days=6))
    assert len(notices()) == 3
    assert [notice.shares_at is not None for notice in notices()] == [True, False, False]
    assert len(told()) == 1


def test_somebody_away_for_a_month_does_not_hold_it_up_for_longer_than_a_week(hard_month: Cast) -> None:
    with transaction():
        is_away(hard_month.kevin, date(2026, 11, 12), date(2026, 12, 14))
    check_falls(CHECKED)
    assert notices()[0].shares_at == CHECKED + timedelta(days=7)


def test_a_short_absence_holds_it_up(hard_month: Cast) -> None:
    with transaction():
        is_away(hard_month.kevin, date(2026, 11, 12), date(2026, 11, 18))
    check_falls(CHECKED)
    assert notices()[0].shares_at == datetime(2026, 11, 19, 5, tzinfo=UTC)


def test_a_team_of_four_is_not_spoken_of(hard_month: Cast) -> None:
    with transaction():
        for one in mates(hard_month)[:2]:
            membership = db.session.scalars(select(Membership).where(Membership.person_id == one.id)).one()
            membership.team_id = hard_month.root.id
    check_falls(CHECKED)
    assert notices() == []


def test_without_a_leader_above_nobody_is_told(hard_month: Cast) -> None:
    with transaction():
        for tenure in db.session.scalars(select(Tenure).where(Tenure.person_id == hard_month.faith.id)):
            db.session.delete(tenure)
    check_falls(CHECKED)
    assert tell_of_teams(SHARED) == 1
    assert told() == []


def test_the_same_check_twice_keeps_one(hard_month: Cast) -> None:
    check_falls(CHECKED)
    check_falls(CHECKED + timedelta(hours=3))
    assert len(notices()) == 1
