"""Groups by two shares, and links by lag: where marks lie, what tells them apart without colour, and which bear a name."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from tracker.charts import Lag, Spot, by_lag, scatter


def spot(label: str = "Tills", x: float = 60, y: float = 80, *, reach: float = 5, tone: Any = "") -> Spot:
    return Spot(label=label, x=(x, x - reach, x + reach), y=(y, y - reach, y + reach), tone=tone)


def drawn(*spots: Spot, **changes: Any) -> Markup:
    given: dict[str, Any] = {"prefix": "s", "title": "Groups", "description": "Apart", "middle": None, "width": 326}
    given |= {"x_label": "staff", "y_label": "customers", "number": lambda percent: f"{percent:.0f}"}
    return scatter(spots=spots, **given | changes)


def test_axes_reach_in_tens_around_all_ranges() -> None:
    svg = drawn(spot(x=62, y=81), spot("Floor", x=74, y=93))
    assert re.findall(r">(\d+)%<", svg) == ["70", "80", "90", "100", "50", "60", "70", "80"]


@pytest.mark.parametrize(("tone", "corners"), [("above", 3), ("below", 4), ("", 0)])
def test_a_group_that_stands_out_has_a_shape_of_its_own(tone: str, corners: int) -> None:
    svg = drawn(spot(tone=tone))
    marks = re.findall(r'<(circle|path) class="pt[^"]*"(?: d="([^"]+)")?', svg)
    assert len(marks) == 1
    name, path = marks[0]
    assert name == ("path" if corners else "circle")
    assert len(re.findall("[MLHV]", path)) == corners


def test_the_company_is_two_dotted_lines() -> None:
    svg = drawn(spot(x=55, y=85, reach=5), middle=(55, 85))
    assert 'class="flag" d="M178 16V256M44 136H312"' in svg


def test_of_very_many_groups_only_those_that_stand_out_are_named() -> None:
    crowd = [spot(f"Group {number}", x=10 + 3 * number, y=50) for number in range(20)]
    svg = drawn(*crowd, spot("Tills", x=40, y=20, tone="below"), width=556)
    assert "Tills" in svg
    assert "Group" not in svg.replace("Groups", "")


@given(st.lists(st.tuples(st.integers(10, 90), st.integers(10, 90)), min_size=1, max_size=14, unique=True))
def test_no_two_names_lie_on_each_other_and_none_leaves_the_picture(places: list[tuple[int, int]]) -> None:
    svg = drawn(*(spot(f"Team {number}", *place) for number, place in enumerate(places)), width=556, height=430)
    names = [(float(x), float(y)) for x, y in re.findall(r'<text class="halo" x="([\d.]+)" y="([\d.]+)"', svg)]
    wide = len("Team 10") * 6.7
    assert all(0 <= x <= 556 - len("Team 0") * 6.7 for x, _y in names)
    for place, (x, y) in enumerate(names):
        assert all(abs(x - other) >= wide - 7 or abs(y - at) > 13 for other, at in names[place + 1 :])


def test_nothing_to_show_is_empty_axes() -> None:
    assert "<circle" not in drawn()


def lags(*given: tuple[float, float, float]) -> Markup:
    shown = [
        Lag(label=f"+{place} mo", value=value, low=low, high=high) for place, (value, low, high) in enumerate(given)
    ]
    return by_lag(prefix="l", title="Links", description="By month", lags=shown, number=lambda value: f"{value:+.2f}")


def test_what_may_be_chance_is_grey() -> None:
    svg = lags((0.06, 0.02, 0.10), (0.02, -0.03, 0.07), (-0.05, -0.09, -0.01))
    assert re.findall(r'<circle class="([^"]+)"', svg) == ["pt", "pt qt", "pt"]
    assert "+0.06" in svg


def test_the_axis_reaches_as_far_both_ways() -> None:
    svg = lags((0.06, 0.02, 0.10), (0.02, -0.2, 0.07))
    assert re.findall(r'text-anchor="end">([^<]+)<', svg) == ["+0.20", "+0.00", "-0.20"]


def test_no_link_is_an_empty_scale() -> None:
    assert "<circle" not in lags()


def test_where_nothing_ever_moved_there_is_an_axis_all_the_same() -> None:
    svg = lags((0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
    assert re.findall(r'text-anchor="end">([^<]+)<', svg) == ["+0.10", "+0.00", "-0.10"]
    assert "nan" not in svg
