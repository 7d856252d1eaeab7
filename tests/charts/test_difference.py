"""A difference against none: where line and disc lie, and what runs out of the scale."""

import re
from typing import Any

from markupsafe import Markup

from tracker.charts import difference


def drawn(value: float | None, low: float | None, high: float | None, **changes: Any) -> Markup:
    given: dict[str, Any] = {"prefix": "d", "title": "Calm", "description": "Higher", "end": 0.5, "width": 344}
    given |= {"zero_label": "no difference", "number": lambda stars: f"{stars:+.1f}"}
    return difference(value=value, low=low, high=high, **given | changes)


def ends(svg: Markup) -> list[float]:
    [path] = re.findall(r'class="wh(?: qt)?" d="M([\d.]+) 20H([\d.]+)"', svg)
    return [float(end) for end in path]


def test_the_line_is_the_range_and_the_disc_the_estimate() -> None:
    svg = drawn(0.25, 0.0, 0.5)
    assert ends(svg) == [172, 322]
    assert 'cx="247"' in svg
    assert ">no difference<" in svg
    assert ">-0.5<" in svg
    assert 'aria-labelledby="d-title d-description"' in svg


def test_a_range_wider_than_the_scale_runs_out_of_it() -> None:
    assert ends(drawn(0.0, -0.7, 0.9)) == [0, 344]


def test_without_an_estimate_the_range_is_grey_and_bare() -> None:
    svg = drawn(None, -0.2, 0.2)
    assert "wh qt" in svg
    assert "<circle" not in svg


def test_without_a_range_nothing_is_claimed() -> None:
    svg = drawn(0.3, None, None)
    assert "<circle" not in svg
    assert 'class="wh' not in svg
