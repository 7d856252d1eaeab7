"""Charts drawn from fixed numbers: what they say, where the marks lie, and that nothing breaks them."""

import re
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import numpy as np
import pytest
from markupsafe import Markup

from tracker.charts import (
    Estimate,
    TrendPoint,
    before_after,
    range_bar,
    range_bar_small,
    scale_ends,
    sparkline,
    standing,
    star_bars,
    trend,
)
from tracker.charts.scale import ticks

NAN = float("nan")


def number(value: float) -> str:
    return f"{value:.1f}"


def a_range_bar(**changes: Any) -> Markup:
    given: dict[str, Any] = {
        "prefix": "score",
        "title": "Your score",
        "description": "Inside",
        "value": 4.5,
        "low": 4.2,
        "high": 4.6,
        "value_label": "you 4.5",
        "range_label": "expected 4.2 to 4.6",
        "number": lambda stars: f"{stars:.0f}",
    }
    return range_bar(**given | changes)


def a_trend(values: list[float | None], *, low: float | None = 4.0, high: float | None = 4.6, **more: Any) -> Markup:
    weeks = [TrendPoint(label=f"week {index}", value=value, low=low, high=high) for index, value in enumerate(values)]
    named: dict[str, Any] = {"prefix": "weeks", "title": "T", "description": "D", "range_label": "expected range"}
    return trend(points=weeks, number=number, **named | more)


def a_sparkline(values: list[float | None], **more: Any) -> Markup:
    return sparkline(
        sentence="Kevin: 12 weeks", values=values, low=[4.0] * len(values), high=[4.5] * len(values), **more
    )


def some_star_bars(counts: list[int]) -> Markup:
    rows = [(f"{5 - index} stars", count) for index, count in enumerate(counts)]
    return star_bars(prefix="stars", title="T", description="D", rows=rows, number=str)


def a_before_after(value: float | None = 3.6, low: float | None = 3.3, high: float | None = 3.9) -> Markup:
    row = Estimate(label="6 weeks before", note="41 ratings", value=value, low=low, high=high)
    return before_after(
        prefix="change",
        title="T",
        description="D",
        rows=[row],
        expected_low=4.1,
        expected_high=4.5,
        range_label="expected range",
        number=number,
    )


EVERY_CHART: list[Callable[[], Markup]] = [
    a_range_bar,
    lambda: range_bar_small(sentence="S", value=4.5, low=4.2, high=4.6),
    lambda: a_trend([4.1, None, 4.3, 4.4]),
    lambda: a_sparkline([4.1, None, 4.3, 4.4]),
    lambda: some_star_bars([29, 12, 2, 2, 1]),
    a_before_after,
]


def parsed(svg: Markup) -> Element:
    return fromstring(str(svg))  # noqa: S314  # our own markup; parsing it is the test


def found(svg: Markup, tag: str, class_: str = "") -> list[Element]:
    return [item for item in parsed(svg).iter(tag) if class_ in (item.get("class") or "").split() or not class_]


def words(svg: Markup) -> list[str]:
    return [item.text or "" for item in found(svg, "text")]


def test_the_range_bar_of_fixed_numbers_reads_exactly_so() -> None:
    assert str(a_range_bar()) == (
        '<svg viewBox="0 0 326 64" width="326" height="64" role="img" aria-labelledby="score-title score-description">'
        '<title id="score-title">Your score</title><desc id="score-description">Inside</desc>'
        '<rect class="track" x="0" y="25" width="326" height="10" rx="5"/>'
        '<rect class="band" x="195.6" y="21" width="65.2" height="18" rx="5"/>'
        '<path class="bandedge" d="M195.6 21v18M260.8 21v18"/>'
        '<circle class="pt" cx="244.5" cy="30" r="8"/>'
        '<text class="lab" x="244.5" y="14" text-anchor="middle">you 4.5</text>'
        '<text class="bl" x="228.2" y="56" text-anchor="middle">expected 4.2 to 4.6</text>'
        '<text class="q sm" x="0" y="56" text-anchor="start">3</text>'
        '<text class="q sm" x="326" y="56" text-anchor="end">5</text></svg>'
    )


@pytest.mark.parametrize("draw", EVERY_CHART)
def test_every_chart_is_a_named_image_without_inline_style_or_script(draw: Callable[[], Markup]) -> None:
    svg = draw()
    picture = parsed(svg)
    assert picture.get("role") == "img"
    named_by = (picture.get("aria-labelledby") or "").split()
    ids = [item.get("id") for item in picture.iter() if item.get("id")]
    assert picture.get("aria-label") or (named_by and named_by == ids)
    assert "style" not in svg
    assert "<script" not in svg
    assert " on" not in re.sub(r">[^<]*<", "><", svg)


@pytest.mark.parametrize("draw", EVERY_CHART)
def test_no_chart_holds_a_number_that_is_not_one(draw: Callable[[], Markup]) -> None:
    assert not re.search(r'"[^"]*\b(nan|inf|None)\b', draw())


@pytest.mark.parametrize(
    ("value", "where", "shape"),
    [
        (4.4, "inside", "circle"),
        (4.2, "inside", "circle"),
        (4.6, "inside", "circle"),
        (3.9, "below", "path"),
        (4.8, "above", "path"),
    ],
)
def test_the_mark_is_a_disc_inside_and_another_shape_outside(value: float, where: str, shape: str) -> None:
    assert standing(value, low=4.2, high=4.6) == where
    assert [
        item.tag for item in parsed(a_range_bar(value=value)).iter() if "pt" in (item.get("class") or "").split()
    ] == [shape]


def test_a_diamond_has_four_corners_and_the_colour_of_attention_a_triangle_three() -> None:
    (below,), (above,) = found(a_range_bar(value=3.9), "path", "pt"), found(a_range_bar(value=4.8), "path", "pt")
    assert (below.get("d") or "").count("L") == 3
    assert below.get("class") == "pt at"
    assert (above.get("d") or "").count("L") == 2
    assert above.get("class") == "pt"


def test_a_mark_lies_between_the_edges_of_its_band() -> None:
    (band,), (disc,) = found(a_range_bar(), "rect", "band"), found(a_range_bar(), "circle", "pt")
    left = float(band.get("x") or 0)
    assert left < float(disc.get("cx") or 0) < left + float(band.get("width") or 0)


def test_the_scale_runs_from_three_to_five_and_from_a_lower_star_once_a_value_lies_under_three() -> None:
    assert scale_ends([4.2, None, 3.0]) == (3.0, 5.0)
    assert scale_ends([4.2, 2.9]) == (2.0, 5.0)
    assert scale_ends([4.2, 1.3]) == (1.0, 5.0)
    assert scale_ends([0.4]) == (1.0, 5.0)
    assert scale_ends([]) == (3.0, 5.0)
    assert {"3", "5"} <= set(words(a_range_bar()))
    assert {"2", "5"} <= set(words(a_range_bar(value=2.1)))


@pytest.mark.parametrize("value", [0.0, 9.0, -3.0])
def test_a_value_outside_the_scale_is_drawn_whole_at_its_end(value: float) -> None:
    (track,) = found(range_bar_small(sentence="S", value=value, low=None, high=None), "circle", "pt")
    assert 6 <= float(track.get("cx") or 0) <= 144


@pytest.mark.parametrize("unknown", [None, NAN, float("inf")])
def test_what_is_not_known_is_left_out_with_its_words(unknown: float | None) -> None:
    assert not found(a_range_bar(value=unknown), "circle")
    assert "you 4.5" not in words(a_range_bar(value=unknown))
    without_range = a_range_bar(low=unknown)
    assert not found(without_range, "rect", "band")
    assert "expected 4.2 to 4.6" not in words(without_range)
    assert found(without_range, "circle", "pt")


def test_labels_at_the_ends_of_the_scale_stay_inside_the_picture_and_off_its_numbers() -> None:
    svg = a_range_bar(value=5.0, low=4.8, high=5.0)
    you, expected = (item for item in found(svg, "text") if item.text in ("you 4.5", "expected 4.2 to 4.6"))
    assert float(you.get("x") or 0) + len("you 4.5") * 6.7 / 2 <= 326.1
    assert float(expected.get("x") or 0) + len("expected 4.2 to 4.6") * 6.7 / 2 <= 310.1


def test_everything_written_by_people_is_escaped() -> None:
    evil = '<script>"&'
    svg = a_range_bar(title=evil, description=evil, value_label=evil, range_label=evil, prefix='a"b')
    assert "<script" not in svg
    assert parsed(svg)
    assert words(svg)[0] == evil
    assert parsed(range_bar_small(sentence=evil, value=4, low=3, high=5)).get("aria-label") == evil
    assert evil in words(a_trend([4.0, 4.1], event=(0, evil)))


def test_a_gap_splits_the_line_and_a_lone_point_becomes_a_small_disc() -> None:
    svg = a_trend([4.1, 4.2, None, 4.3, None, 4.4, 4.5])
    lines = [(item.get("points") or "").split() for item in found(svg, "polyline", "ln")]
    assert [len(points) for points in lines] == [2, 2]
    assert [item.get("r") for item in found(svg, "circle", "pt")] == ["3", "6"]


def test_the_band_breaks_where_no_range_is_known() -> None:
    svg = sparkline(sentence="S", values=[4.0] * 5, low=[3.9, 3.9, None, 3.9, 3.9], high=[4.1, 4.1, 4.1, NAN, 4.1])
    assert len(found(svg, "polygon", "band")) == 2


def test_only_the_newest_known_point_carries_its_number() -> None:
    assert words(a_trend([4.1, 4.2, 4.3, None])).count("4.3") == 1
    assert "4.1" not in words(a_trend([4.1, 4.2, 4.3, None]))


def test_higher_scores_lie_higher_and_later_weeks_further_on() -> None:
    (line,) = found(a_trend([4.1, 4.3, 4.5]), "polyline", "ln")
    pairs = [tuple(map(float, pair.split(","))) for pair in (line.get("points") or "").split()]
    assert sorted(pairs) == pairs
    assert [y for _, y in pairs] == sorted((y for _, y in pairs), reverse=True)


def test_the_axis_is_in_halves_for_close_values_and_in_whole_stars_for_distant_ones() -> None:
    assert ticks([4.0, 4.8]) == [3.5, 4.0, 4.5, 5.0]
    assert ticks([2.5, 4.8]) == [2.0, 3.0, 4.0, 5.0]
    assert ticks([4.2, 4.2]) == [4.0, 4.5, 5.0]
    assert ticks([5.0]) == [4.0, 4.5, 5.0]
    assert ticks([1.0]) == [1.0, 1.5, 2.0]
    assert ticks([]) == ticks([None, NAN]) == [3.0, 3.5, 4.0, 4.5, 5.0]


def test_first_and_last_week_are_dated_and_a_wider_chart_dates_more() -> None:
    values: list[float | None] = [4.2] * 12
    dates = [word for word in words(a_trend(values)) if word.startswith("week")]
    assert (dates[0], dates[-1], len(dates)) == ("week 0", "week 11", 3)
    assert len([word for word in words(a_trend(values, width=560)) if word.startswith("week")]) > 3


def test_a_flag_near_the_right_end_turns_its_words_to_the_left() -> None:
    def anchor(position: int) -> str | None:
        svg = a_trend([4.2] * 12, event=(position, "A course with a long name"))
        return next(item.get("text-anchor") for item in found(svg, "text") if item.text == "A course with a long name")

    assert (anchor(1), anchor(10)) == ("start", "end")
    assert not found(a_trend([4.2, 4.3], event=(7, "Later than the chart")), "path", "flag")


@pytest.mark.parametrize("values", [[], [None, None], [4.2], [4.2, 4.2, 4.2], [NAN, 4.0], [0.0, 9.0]])
def test_a_trend_and_a_sparkline_draw_whatever_there_is(values: list[float | None]) -> None:
    for svg in (a_trend(values), a_trend(values, low=None, high=None), a_sparkline(values)):
        assert parsed(svg).get("role") == "img"
        assert not re.search(r'(points|d|cx|cy|x|y)="[^"]*(nan|inf)', svg)


def test_numpy_numbers_are_drawn_like_pythons_own() -> None:
    assert a_sparkline(list(np.array([4.1, 4.3]))) == a_sparkline([4.1, 4.3])


def test_ranges_of_another_length_than_the_values_are_refused() -> None:
    with pytest.raises(ValueError, match="equally long"):
        sparkline(sentence="S", values=[4.0, 4.1], low=[3.9], high=[4.2, 4.3])


def test_star_bars_start_at_nought_and_the_fullest_row_fills_its_track() -> None:
    svg = some_star_bars([29, 12, 2, 0, 1])
    bars = [float(item.get("width") or 0) for item in found(svg, "rect", "bar")]
    track = float(found(svg, "rect", "track")[0].get("width") or 0)
    assert bars[0] == track
    assert len(bars) == 4
    assert bars[1] == pytest.approx(track * 12 / 29, abs=0.1)
    assert [word for word in words(svg) if word.isdigit()] == ["29", "12", "2", "0", "1"]


def test_star_bars_of_no_ratings_are_five_empty_tracks() -> None:
    svg = some_star_bars([0] * 5)
    assert len(found(svg, "rect", "track")) == 5
    assert not found(svg, "rect", "bar")


def test_before_and_after_draw_the_likely_range_as_a_line_and_the_expected_one_as_a_band() -> None:
    svg = a_before_after()
    (band,), (likely,) = found(svg, "rect", "band"), found(svg, "path", "wh")
    start, end = map(float, re.findall(r"[MH]([\d.]+)", likely.get("d") or ""))
    assert start < end < float(band.get("x") or 0) + float(band.get("width") or 0)
    assert {"6 weeks before", "41 ratings", "3.6", "expected range"} <= set(words(svg))


def test_what_would_come_by_itself_is_a_frame_around_its_row_with_its_name() -> None:
    row = {"label": "8 weeks after", "note": "41 ratings", "value": 4.3, "low": 4.0, "high": 4.6}
    rows = [Estimate(**row), Estimate(**row, usual_low=3.6, usual_high=4.2, usual_label="by itself")]
    told = {"prefix": "change", "title": "T", "description": "D", "expected_low": 4.1, "expected_high": 4.5}
    svg = before_after(**told, rows=rows, range_label="expected range", number=number)
    (frame,) = found(svg, "rect", "bandedge")
    (_first, mark) = found(svg, "circle", "pt")
    start, width = float(frame.get("x") or 0), float(frame.get("width") or 0)
    assert start + width < float(mark.get("cx") or 0)
    assert "by itself" in words(svg)
    assert not found(before_after(**told, rows=rows[:1], range_label="", number=number), "rect", "bandedge")


def test_before_and_after_without_an_estimate_keep_the_row_and_draw_no_mark() -> None:
    svg = a_before_after(value=None, low=None, high=None)
    assert "6 weeks before" in words(svg)
    assert not found(svg, "path", "pt")
    assert not found(svg, "path", "wh")
