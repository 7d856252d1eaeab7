"""A figure from round to round: points with their ranges, and a line only where it is allowed."""

import re
from dataclasses import replace

import pytest

from tracker.charts import RoundPoint, over_rounds


def drawn(*points: RoundPoint) -> str:
    return str(
        over_rounds(
            prefix="r",
            title="Motivation",
            description="The newest is 3.4.",
            points=points,
            axis=(1.0, 3.0, 5.0),
            number=lambda value: f"{value:.1f}",
        )
    )


def point(value: float | None, *, is_joined: bool = True) -> RoundPoint:
    ends = (None, None) if value is None else (value - 0.5, value + 0.5)
    return RoundPoint(label="Nov", value=value, low=ends[0], high=ends[1], is_joined=is_joined)


def test_points_are_joined_where_they_may_be() -> None:
    assert drawn(point(3.0), point(3.2), point(3.4)).count('class="ln"') == 2
    assert drawn(point(3.0), point(3.2, is_joined=False), point(3.4)).count('class="ln"') == 1


def test_a_hidden_round_is_a_gap() -> None:
    picture = drawn(point(3.0), point(None), point(3.4))
    assert picture.count("<circle") == 2
    assert picture.count('class="bandedge"') == 2
    assert 'class="ln"' not in picture


def test_it_is_named_and_the_newest_point_carries_its_number() -> None:
    picture = drawn(point(3.0), point(3.4))
    assert 'role="img"' in picture
    assert "Motivation" in picture
    assert ">3.4</text>" in picture
    assert ">3.4</text>" not in drawn(point(3.4), point(None))


def test_no_round_and_one_round_can_be_drawn() -> None:
    assert "<circle" not in drawn()
    assert drawn(point(3.0)).count("<circle") == 1


@pytest.mark.parametrize(
    ("count", "told"), [(12, [1, 3, 5, 7, 9, 11]), (7, [0, 1, 2, 3, 4, 5, 6]), (13, [0, 2, 4, 6, 8, 10, 12])]
)
def test_months_are_told_as_far_apart_as_they_fit_and_the_last_always(count: int, told: list[int]) -> None:
    picture = drawn(*(replace(point(3.0), label=f"m{place}") for place in range(count)))
    assert re.findall(r">m(\d+)</text>", picture) == [str(place) for place in reversed(told)]
