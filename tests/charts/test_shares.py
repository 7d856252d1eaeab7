"""Shares on their scale, and so many of a hundred."""

import re
from typing import Any

import pytest
from markupsafe import Markup

from tracker.charts import ShareRow, dots, shares

ROW = ShareRow(label="Four", value=50, low=25, high=75)


def drawn(*rows: ShareRow, **changes: Any) -> Markup:
    given: dict[str, Any] = {"prefix": "s", "title": "Happy", "description": "Half of them", "width": 332}
    return shares(rows=rows, number=lambda percent: f"{percent:.0f}", **given | changes)


def test_the_scale_is_whole_and_a_range_lies_on_it() -> None:
    svg = drawn(ROW)
    assert re.findall(r">(\d+)%<", svg) == ["0", "25", "50", "75", "100"]
    assert 'class="wh" d="M91 42H241"' in svg
    assert 'class="pt" cx="166"' in svg
    assert 'aria-labelledby="s-title s-description"' in svg


def test_what_there_is_to_compare_with_is_grey_and_chance_a_dashed_line() -> None:
    svg = drawn(ROW, ShareRow(label="Five", value=10, low=5, high=20, is_quiet=True, by_chance=0))
    assert svg.count('class="wh"') == svg.count('class="wh qt"') == svg.count('class="pt qt"') == 1
    assert 'class="flag" d="M16 ' in svg


@pytest.mark.parametrize(("high", "anchor"), [(75, "start"), (100, "end")])
def test_a_number_stays_inside_the_picture(high: float, anchor: str) -> None:
    svg = drawn(ShareRow(label="Four", value=70, low=60, high=high))
    assert f'text-anchor="{anchor}">70<' in svg


def test_on_a_laptop_names_stand_beside_their_lines() -> None:
    [(start, _end)] = re.findall(r'class="wh" d="M([\d.]+) [\d.]+H([\d.]+)"', drawn(ROW, width=940))
    assert float(start) > 91
    assert 'class="full"' in drawn(ROW, width=940)


def test_names_are_escaped() -> None:
    assert "<b>" not in drawn(ShareRow(label="<b>", value=1, low=0, high=2))


@pytest.mark.parametrize("filled", [0, 1, 47, 100])
def test_so_many_of_a_hundred_are_filled_the_first_ones(filled: int) -> None:
    looks = re.findall(r'<circle class="(\w+)"', dots(prefix="d", title="T", description="D", filled=filled))
    assert looks == ["pt"] * filled + ["bandedge"] * (100 - filled)


def test_dots_lie_in_four_rows_of_25_and_never_on_one_another() -> None:
    svg = dots(prefix="d", title="T", description="D", filled=40)
    places = re.findall(r'cx="([\d.]+)" cy="([\d.]+)"', svg)
    assert len(set(places)) == 100
    assert [len({x for x, _y in places}), len({y for _x, y in places})] == [25, 4]


@pytest.mark.parametrize("filled", [-1, 101])
def test_more_than_all_cannot_be(filled: int) -> None:
    with pytest.raises(ValueError, match="hundred"):
        dots(prefix="d", title="T", description="D", filled=filled)


@pytest.mark.parametrize(("low", "high"), [(48, 52), (45, 55), (20, 80)])
def test_a_disc_never_hides_its_range(low: float, high: float) -> None:
    svg = drawn(ShareRow(label="Four", value=50, low=low, high=high))
    [(start, end)] = re.findall(r'class="wh" d="M([\d.]+) [\d.]+H([\d.]+)"', svg)
    [radius] = re.findall(r'class="pt"[^>]* r="([\d.]+)"', svg)
    assert 2 * float(radius) + 2 < float(end) - float(start), "with its pale edge of a pixel on either side"


def test_a_name_too_long_for_a_laptops_column_stands_above_its_line() -> None:
    svg = drawn(ShareRow(label="4 or 5 stars, at two touchpoints or more", value=50, low=25, high=75), width=460)
    assert 'class="wh" d="M123 ' in svg
