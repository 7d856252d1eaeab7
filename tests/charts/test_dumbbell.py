"""Two shares a line: where disc and square lie, what is said beside them, and what is drawn where one is not known."""

import re
from typing import Any

from markupsafe import Markup

from tracker.charts import Pair, dumbbell, lowest_of


def drawn(*rows: Pair, **changes: Any) -> Markup:
    given: dict[str, Any] = {"prefix": "d", "title": "Buying", "description": "Apart", "width": 344, "lowest": 50}
    given |= {"disc_label": "customers", "square_label": "staff", "number": lambda share: f"{share:.0f}"}
    return dumbbell(rows=rows, **given | changes)


def test_the_line_joins_disc_and_square_whichever_is_higher() -> None:
    svg = drawn(
        Pair(label="Tills", disc=60, square=80, tone="clear"), Pair(label="Floor", disc=90, square=70, tone="grey")
    )
    assert re.findall(r'class="(wh(?: qt)?)" d="M([\d.]+) [\d.]+H([\d.]+)"', svg) == [
        ("wh", "84.4", "201.2"),
        ("wh qt", "142.8", "259.6"),
    ]
    assert re.findall(r'text-anchor="(\w+)">(60|80|90|70)<', svg) == [
        ("end", "60"),
        ("start", "80"),
        ("start", "90"),
        ("end", "70"),
    ]
    assert 'aria-labelledby="d-title d-description"' in svg


def test_without_customers_the_square_stands_alone() -> None:
    svg = drawn(Pair(label="Tills", disc=None, square=100, tone="grey"))
    assert "H" not in re.sub(r"<(title|desc|text)[^>]*>[^<]*</\1>", "", svg).replace("M", "")
    assert svg.count("<circle") == 1, "the one of the key"
    assert 'text-anchor="end">100<' in svg, "inside the picture"


def test_on_a_laptop_names_stand_beside_the_marks() -> None:
    svg = drawn(Pair(label="Tills", disc=50, square=100, tone="clear"), width=940)
    [(start, end)] = re.findall(r'class="wh" d="M([\d.]+) [\d.]+H([\d.]+)"', svg)
    assert float(start) > 50
    assert float(end) == 914


def test_names_are_escaped() -> None:
    assert "<b>" not in drawn(Pair(label="<b>", disc=1, square=2, tone="grey"))


def test_an_axis_begins_at_the_tens_below_and_never_above_half() -> None:
    assert lowest_of([]) == 50
    assert lowest_of([91.0, None]) == 50
    assert lowest_of([38.0]) == 30
    assert lowest_of([40.0]) == 30, "no mark at the very edge"
    assert lowest_of([0.0]) == 0
