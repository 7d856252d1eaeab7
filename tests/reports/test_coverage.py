"""Coverage: who was met and who was asked, with ranges, months without a rating, and what is not known said as such."""

from datetime import UTC, date, datetime
from typing import Any

from tests.conftest import Cast
from tests.factories import a_channel, a_touchpoint
from tests.reports.a_year import OCTOBER, YEAR, Answers
from tests.reports.jobs import folded
from tracker.core.db import db, transaction
from tracker.ratings.models import Interaction
from tracker.ratings.samples import CUSTOMERS_FILE
from tracker.reports import coverage_words as words
from tracker.reports.coverage import build
from tracker.statistics.proportions import wilson


def stored(year: Answers) -> dict[str, Any]:
    year.store()
    folded()
    return build(YEAR)


def row_of(figures: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(row for row in figures["touchpoints"] if row["name"] == name)
    return found


def test_each_touchpoint_has_its_share_with_a_range(year: Answers) -> None:
    year.add(60, 5)
    year.add(40, 2)
    found = stored(year)
    share = words.share_in(row_of(found, "Tills"))
    assert share is not None
    assert share.percent == 60
    low, high = wilson(60, 100)
    assert abs(share.low - 100 * low) < 4
    assert abs(share.high - 100 * high) < 4
    assert words.tables(found)[0].rows[0][3:7] == [100, 60, share.low, share.high]


def test_months_without_a_rating_are_counted_and_named(year: Answers) -> None:
    with transaction():
        desk = a_touchpoint("Desk")
    for month in (8, 9, 10):
        year.add(6, 4, on=date(2026, month, 14))
    year.add(6, 4, on=date(2026, 9, 14), touchpoint_id=desk.id)
    found = stored(year)
    assert (found["months"], row_of(found, "Desk")["silent"], row_of(found, "Tills")["silent"]) == (3, 2, 0)
    assert words.headline(found)[1] == "One was rated, but not in each of the 3 months: Desk (2)."


def test_channels_stand_by_name(year: Answers) -> None:
    with transaction():
        kiosk = a_channel("Kiosk")
    year.add(6, 4, on=OCTOBER)
    year.add(6, 4, on=OCTOBER, channel_id=kiosk.id)
    assert row_of(stored(year), "Tills")["channels"] == ["Kiosk", "Mailed link"]


def test_times_served_are_unknown_unless_a_system_tells_of_all(year: Answers) -> None:
    with transaction():
        desk = a_touchpoint("Desk")
        tills = a_touchpoint()
        day = date(2026, 10, 14)
        given = {"ended_at": datetime(2026, 10, 14, 9, tzinfo=UTC), "ended_on": day}
        db.session.add_all(
            [
                Interaction(
                    touchpoint_id=tills.id, team_id=year.team_id, source="till system", external_id="1", **given
                ),
                Interaction(
                    touchpoint_id=desk.id, team_id=year.team_id, source=CUSTOMERS_FILE, external_id="2", **given
                ),
                Interaction(touchpoint_id=desk.id, **given),
            ]
        )
    found = stored(year)
    assert (row_of(found, "Tills")["served"], row_of(found, "Desk")["served"]) == (1, None)
    assert [row[2] for row in words.tables(found)[0].rows] == ["not known", 1]


def test_times_served_are_at_least_so_many_where_other_teams_tell_nothing(year: Answers, cast: Cast) -> None:
    year.add(6, 4, on=OCTOBER, team_id=cast.floor.id)
    with transaction():
        given = {"ended_at": datetime(2026, 10, 14, 9, tzinfo=UTC), "ended_on": date(2026, 10, 14)}
        till = {"touchpoint_id": a_touchpoint().id, "team_id": cast.tills.id, "source": "till system"}
        db.session.add(Interaction(external_id="1", **till, **given))
    assert words.tables(stored(year))[0].rows[0][2] == "at least 1"


def test_one_persons_touchpoint_is_hidden_and_another_with_it(year: Answers, cast: Cast) -> None:
    with transaction():
        desk, floor = a_touchpoint("Desk"), a_touchpoint("Floor")
    year.add(60, 4)
    few = Answers([cast.amina], year.team_id)
    few.add(40, 2, touchpoint_id=desk.id)
    few.store()
    some = Answers([*year.people[2:], cast.brian], year.team_id)
    some.add(48, 4, touchpoint_id=floor.id)
    some.store()
    found = stored(year)
    assert [row["hidden"] for row in found["touchpoints"]] == [True, True, False]  # Desk, Floor, Tills
    assert [row["happy"] is None for row in found["touchpoints"]] == [True, True, False]
    assert words.tables(found)[0].rows[0][3:7] == ["hidden to protect people", None, None, None]


def test_below_thirty_ratings_there_is_no_share(year: Answers) -> None:
    year.add(29, 5)
    assert words.tables(stored(year))[0].rows[0][3:7] == [29, None, None, None]


def test_without_touchpoints_it_says_so(cast: Cast) -> None:
    assert words.headline(build(YEAR)) == ["No touchpoint is set up yet."]
