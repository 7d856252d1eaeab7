"""Who held which post when: kept with constraints, found by moment, entered by who looks after the team."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.conftest import Cast
from tests.factories import a_person, a_rating, a_shift, a_team
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.core.errors import Conflict, Invalid, Refused
from tracker.organisation.models import Team
from tracker.posts.actions import add_shift, open_post, withdraw_shift
from tracker.posts.models import Post, Shift
from tracker.posts.queries import Roster, holder_of, holders_of
from tracker.posts.rules import span
from tracker.ratings.models import Rating

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
TWO = datetime(2026, 11, 17, 11, 0, tzinfo=UTC)  # two in the afternoon in Nairobi
HOUR = timedelta(hours=1)


def test_who_alone_held_it_is_found_up_to_the_last_moment(cast: Cast) -> None:
    with transaction():
        a_shift("Till 3", cast.amina, TWO - 6 * HOUR, TWO)
        a_shift("Till 3", cast.kevin, TWO, TWO + 8 * HOUR)
    assert holder_of("till  3", TWO - timedelta(seconds=1)) == cast.amina.id
    assert holder_of("Till 3", TWO) == cast.kevin.id
    assert holder_of("Till 3", TWO + 8 * HOUR) is None
    assert holder_of("Till 33", TWO) is None
    assert holder_of(None, TWO) is None


def test_two_at_once_are_nobody_and_both(cast: Cast) -> None:
    with transaction():
        a_shift("Till 3", cast.amina, TWO - HOUR, TWO + HOUR)
        a_shift("Till 3", cast.kevin, TWO - HOUR, TWO + HOUR)
    assert holder_of("Till 3", TWO) is None
    assert holders_of("Till 3", TWO) == sorted([cast.amina.id, cast.kevin.id])


def test_one_name_in_two_teams_is_nobody_until_the_team_is_said(cast: Cast) -> None:
    with transaction():
        a_shift("Till 3", cast.amina, TWO - HOUR, TWO + HOUR)
        other = a_team("Mombasa tills")
        a_shift("Till 3", a_person("Wanjiru", team=other), TWO - HOUR, TWO + HOUR, team=other)
    assert holder_of("Till 3", TWO) is None
    assert holder_of("Till 3, Nairobi Central tills", TWO) == cast.amina.id
    assert holder_of("Till 3", TWO, team_id=cast.tills.id) == cast.amina.id


def test_whoever_may_not_be_credited_is_nobody(cast: Cast) -> None:
    with transaction():
        a_shift("Till 3", cast.amina, TWO - HOUR, TWO + HOUR)
    assert holder_of("Till 3", TWO, but=cast.amina.id) is None


def test_what_was_withdrawn_credits_nobody(cast: Cast) -> None:
    with transaction():
        shift = a_shift("Till 3", cast.amina, TWO - HOUR, TWO + HOUR)
        withdraw_shift(shift, by=cast.brian.id, reason="They had swapped", at=NOW)
    assert holder_of("Till 3", TWO) is None


def test_a_roster_of_many_posts_asks_twice(cast: Cast) -> None:
    with transaction():
        for number in range(20):
            a_shift(f"Till {number}", cast.amina, TWO - HOUR, TWO + HOUR)
    roster = Roster([f"Till {number}" for number in range(20)], since=TWO - HOUR, until=TWO)
    amina = cast.amina.id
    db.session.rollback()
    assert [roster.holder(f"Till {number}", TWO) for number in range(20)] == [amina] * 20
    assert not db.session().in_transaction()  # it asked nothing more


@pytest.mark.parametrize(
    ("day", "starts", "ends", "zone", "hours"),
    [
        ("2026-11-16", "22:00", "06:00", "Africa/Nairobi", 8),
        ("2026-10-24", "22:00", "06:00", "Europe/Paris", 9),  # the clocks go back in this night
        ("2026-03-28", "22:00", "06:00", "Europe/Paris", 7),  # and forward in this one
        ("2026-03-29", "02:30", "06:00", "Europe/Paris", 3),  # a beginning that the clocks skip
        ("2026-11-16", "00:00", "00:00", "Africa/Nairobi", 24),
    ],
)
def test_nights_and_changes_of_the_clocks(day: str, starts: str, ends: str, zone: str, hours: int) -> None:
    hour = datetime.strptime
    begins, over = span(hour(day, "%Y-%m-%d").date(), hour(starts, "%H:%M").time(), hour(ends, "%H:%M").time(), zone)
    assert over - begins == timedelta(hours=hours)


def test_the_database_refuses_a_shift_that_ends_before_it_begins(cast: Cast) -> None:
    with transaction():
        shift = a_shift("Till 3", cast.amina, TWO, TWO + HOUR)
        row = {name: getattr(shift, name) for name in ("post_id", "person_id", "created_at")}
    with pytest.raises(IntegrityError), transaction():
        db.session.add(Shift(**row, starts_at=TWO + HOUR, ends_at=TWO))
    with pytest.raises(IntegrityError), transaction():
        db.session.add(Shift(**row, starts_at=TWO, ends_at=TWO + 2 * HOUR))


def test_what_a_shift_must_be(cast: Cast) -> None:
    with transaction():
        post = open_post(db.session.get_one(Team, cast.tills.id), "Till 3", by=cast.brian.id, at=NOW)
        db.session.flush()
        ahead = NOW + HOUR

        def add(person: Any, starts: datetime, ends: datetime, reason: str | None = None) -> Shift:
            return add_shift(post, person, starts_at=starts, ends_at=ends, by=cast.brian.id, reason=reason, at=NOW)

        add(cast.amina, ahead, ahead + HOUR)
        for wrong, error in (
            (lambda: add(cast.brian, ahead, ahead + HOUR), Refused),
            (lambda: add(cast.amina, ahead + HOUR, ahead), Invalid),
            (lambda: add(cast.amina, ahead, ahead + 25 * HOUR), Invalid),
            (lambda: add(cast.kevin, TWO, TWO + HOUR), Invalid),  # begun, and no reason
            (lambda: add(cast.amina, ahead, ahead + 2 * HOUR), Conflict),
            (lambda: open_post(db.session.get_one(Team, cast.tills.id), "TILL 3", by=None, at=NOW), Conflict),
        ):
            with pytest.raises(error):
                wrong()
        assert add(cast.kevin, TWO, TWO + HOUR, "He said so").reason == "He said so"


def test_a_later_change_of_the_past_moves_no_rating(cast: Cast) -> None:
    with transaction():
        rating = a_rating(cast.amina, at=TWO)
        shift = a_shift("Till 3", cast.amina, TWO - HOUR, TWO + HOUR)
        withdraw_shift(shift, by=cast.brian.id, reason="Swapped", at=NOW)
        a_shift("Till 3", cast.kevin, TWO - HOUR, TWO + HOUR)
    db.session.rollback()
    assert db.session.get_one(Rating, rating.id).person_id == cast.amina.id
    with pytest.raises(Conflict), transaction():
        withdraw_shift(db.session.get_one(Shift, shift.id), by=cast.brian.id, reason="Again", at=NOW)


def form_of(cast: Cast, **values: Any) -> dict[str, Any]:
    db.session.rollback()
    post = db.session.scalars(select(Post.id).order_by(Post.id)).first()
    return {
        "post": post,
        "person": cast.amina.id,
        "day": "2026-11-19",
        "starts": "22:00",
        "ends": "06:00",
        "reason": "",
        **values,
    }


def test_a_leader_enters_and_takes_out_shifts_of_the_own_team(cast: Cast, browse: Any) -> None:
    with clock.set_to(NOW):
        brian = browse(cast.brian, at=NOW)
        assert "Nobody is down for this day" in brian.get("/posts").text
        assert brian.post(f"/posts/of/{cast.tills.id}", {"name": "Till 3"}).status_code == 303
        assert brian.post(f"/posts/of/{cast.tills.id}", {"name": "till 3"}).status_code == 409
        assert brian.post(f"/posts/of/{cast.tills.id}", {"name": ""}).status_code == 422
        assert brian.post(f"/posts/of/{cast.tills.id}/shifts", form_of(cast)).status_code == 303
        page = brian.get("/posts?on=2026-11-19").text
        assert "Amina Otieno" in page
        assert "Amina Otieno" in brian.get("/posts?on=2026-11-20").text  # it ends then
        assert "Amina Otieno" not in brian.get("/posts?on=2026-11-21").text.split("Add a shift")[0]
        (shift,) = db.session.scalars(select(Shift)).all()
        assert shift.starts_at == datetime(2026, 11, 19, 19, 0, tzinfo=UTC)
        assert "Take it out" in brian.get(f"/shifts/{shift.id}/removal").text
        assert brian.post(f"/shifts/{shift.id}/removal").status_code == 303
        assert brian.get(f"/shifts/{shift.id}/removal").status_code == 404
    db.session.rollback()
    actions = set(db.session.scalars(select(AuditEntry.action)))
    assert {"post.opened", "shift.added", "shift.withdrawn"} <= actions


@pytest.mark.parametrize(
    ("wrong", "status", "words"),
    [
        ({"day": "2026-11-16"}, 422, "has begun already"),
        ({"starts": ""}, 422, "Choose a time"),
        ({"person": "0"}, 422, "Choose one from the list"),
        ({"day": "2030-11-16"}, 422, "too far ahead"),
    ],
)
def test_a_shift_that_cannot_be_is_refused_with_its_reason(
    cast: Cast, browse: Any, wrong: dict[str, Any], status: int, words: str
) -> None:
    with transaction():
        open_post(cast.tills, "Till 3", by=None, at=NOW)
    with clock.set_to(NOW):
        answer = browse(cast.brian, at=NOW).post(f"/posts/of/{cast.tills.id}/shifts", form_of(cast, **wrong))
    assert (answer.status_code, words in answer.text) == (status, True)


def test_what_has_begun_is_taken_out_only_with_a_reason(cast: Cast, browse: Any) -> None:
    with transaction():
        shift = a_shift("Till 3", cast.amina, TWO, TWO + HOUR)
    with clock.set_to(NOW):
        brian = browse(cast.brian, at=NOW)
        assert brian.post(f"/shifts/{shift.id}/removal", {"reason": ""}).status_code == 422
        assert brian.post(f"/shifts/{shift.id}/removal", {"reason": "They had swapped"}).status_code == 303
    db.session.rollback()
    assert db.session.get_one(Shift, shift.id).reason == "They had swapped"


def test_who_may(cast: Cast, browse: Any) -> None:
    with transaction():
        shift = a_shift("Till 3", cast.amina, TWO, TWO + HOUR)
        of_ruth = a_shift("Till 4", cast.ruth, TWO, TWO + HOUR)
    with clock.set_to(NOW):
        dora = browse(cast.dora, at=NOW)
        assert dora.get(f"/shifts/{shift.id}/removal").status_code == 404
        assert dora.get(f"/posts?team={cast.tills.id}").status_code == 404
        assert dora.post(f"/posts/of/{cast.tills.id}/shifts", form_of(cast)).status_code == 404
        assert "Amina" not in dora.get("/posts?on=2026-11-17").text
        amina = browse(cast.amina, at=NOW)
        assert amina.get("/posts").status_code == 403
        assert amina.get(f"/shifts/{shift.id}/removal").status_code == 403  # reads it, may not change it
        assert "Till 3" in amina.get("/me/posts").text
        assert "Till 3" not in browse(cast.kevin, at=NOW).get("/me/posts").text
        for office in (cast.chloe, cast.ruth):
            assert browse(office, at=NOW).get(f"/shifts/{shift.id}/removal").status_code == 200
        assert browse(cast.ruth, at=NOW).get(f"/shifts/{of_ruth.id}/removal").status_code == 403
        assert browse(None).get("/posts").status_code == 303
