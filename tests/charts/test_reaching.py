"""A figure on its way: gaps stay gaps, a line only where it may be drawn, the aim where it is."""

import re
from typing import Any

from markupsafe import Markup

from tracker.charts.reaching import Reading, reaching


def drawn(*points: Reading, **changes: Any) -> Markup:
    given: dict[str, Any] = {"prefix": "r", "title": "Tills", "description": "Rising", "axis": [1.0, 3.0, 5.0]}
    given |= {"number": lambda value: f"{value:.1f}", "aim": 4.0, "aim_label": "to reach 4.0"}
    return reaching(points=points, **given | changes)


def known(value: float, label: str = "Nov", *, is_joined: bool = True) -> Reading:
    return Reading(label=label, value=value, low=value - 0.5, high=value + 0.5, is_joined=is_joined)


def test_a_hidden_round_is_a_gap() -> None:
    hidden = Reading(label="Oct", value=None)
    svg = drawn(known(3), hidden, known(4), known(4))
    assert svg.count("<circle") == 3
    assert svg.count('class="ln"') == 1, "nothing leads over the gap"
    assert svg.count('class="wh qt"') == 3


def test_no_line_where_none_may_be_drawn() -> None:
    assert 'class="ln"' not in drawn(known(3), known(4, is_joined=False))


def test_the_newest_known_carries_its_number_and_the_aim_its_words() -> None:
    svg = drawn(known(3.2), known(3.6), Reading(label="Dec", value=None))
    assert re.findall(r'class="lab halo"[^>]*>([^<]*)<', svg) == ["3.6"]
    assert "to reach 4.0" in svg
    assert 'aria-labelledby="r-title r-description"' in svg


def test_one_round_and_none() -> None:
    assert drawn(known(3)).count("<circle") == 1
    assert "<circle" not in drawn()


def test_names_of_rounds_do_not_crowd() -> None:
    svg = drawn(*(known(3, f"R{number}") for number in range(24)))
    names = re.findall(r">(R\d+)<", svg)
    assert names[-1] == "R23"
    assert 3 <= len(names) <= 7


def test_words_are_escaped() -> None:
    assert "<b>" not in drawn(known(3, "<b>"), aim_label="<b>")
