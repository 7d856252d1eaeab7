"""Shares as bars from 0 with their ranges."""

import re

from tracker.charts import ShareBar, share_bars

ROW = ShareBar(label="Speed", words="n = 40", value=30, low=20, high=41)


def drawn(*rows: ShareBar, width: float = 326) -> str:
    return str(share_bars(prefix="p", title="Named", description="So it is.", rows=rows, percent="{}%", width=width))


def test_a_bar_begins_at_nothing_and_its_range_lies_over_its_end() -> None:
    """The axis ends at 60: 312 pixels from 2 on."""
    picture = drawn(ROW)
    assert 'x="2" y="32" width="156"' in picture
    assert "M106 38H215.2" in picture.replace(".0", "")


def test_the_axis_ends_at_the_twenties_above_and_never_beyond_all() -> None:
    assert re.findall(r">(\d+)%<", drawn(ROW)) == ["0", "15", "30", "45", "60"]
    full = ShareBar(label="All", words="n = 9", value=100, low=90, high=100)
    assert re.findall(r">(\d+)%<", drawn(full))[-1] == "100"


def test_name_and_number_stand_apart_on_a_laptop_too() -> None:
    long = ShareBar(label="Returns and guarantee were clear", words="n = 1,205", value=30, low=20, high=41)
    picture = drawn(long, width=900)
    ends = re.search(r'x="([\d.]+)"[^>]*text-anchor="end">n = 1,205', picture)
    assert ends
    assert float(ends[1]) > 32 * 7 + 9 * 6


def test_without_rows_there_is_only_the_axis() -> None:
    assert "<circle" not in drawn()
