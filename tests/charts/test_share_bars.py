"""Shares as bars from 0 with their ranges."""

import re

import pytest

from tracker.charts import ShareBar, share_bars

ROW = ShareBar(label="Speed", words="n = 40", value=30, low=20, high=41)


def drawn(*rows: ShareBar, width: float = 326) -> str:
    return str(share_bars(prefix="p", title="Named", description="So it is.", rows=rows, percent="{}%", width=width))


def axis(picture: str) -> list[str]:
    return re.findall(r'class="q sm"[^>]*>(\d+)%<', picture)


def test_a_bar_begins_at_nothing_and_its_range_lies_over_its_end() -> None:
    """The axis ends at 60: 312 pixels from 2 on."""
    picture = drawn(ROW)
    assert 'x="2" y="32" width="156"' in picture
    assert "M106 38H215.2" in picture.replace(".0", "")


def test_the_axis_ends_at_the_twenties_above_and_never_beyond_all() -> None:
    assert axis(drawn(ROW)) == ["0", "15", "30", "45", "60"]
    full = ShareBar(label="All", words="n = 9", value=100, low=90, high=100)
    assert axis(drawn(full))[-1] == "100"


def test_name_and_number_stand_apart_on_a_laptop_too() -> None:
    long = ShareBar(label="Returns and guarantee were clear", words="n = 1,205", value=30, low=20, high=41)
    picture = drawn(long, width=900)
    ends = re.search(r'x="([\d.]+)"[^>]*text-anchor="end">n = 1,205', picture)
    assert ends
    assert float(ends[1]) > 32 * 7 + 9 * 6


def test_without_rows_there_is_only_the_axis() -> None:
    assert "<circle" not in drawn()


def test_a_long_name_stands_above_its_bar_and_is_shortened_where_it_has_no_room() -> None:
    """Beside its bar it would leave the bar less than half of the width; the table under the picture has it whole."""
    long = ShareBar(
        label="Returns, guarantees and what customers ask about both", words="n = 1,205", value=30, low=20, high=41
    )
    assert 'x="2" y=' in drawn(long, width=460)
    assert long.label not in drawn(long)
    [said] = re.findall(r">(Returns[^<]*)</text>", drawn(long))
    assert re.fullmatch(r"Returns, guarantees.*….*about both", said)
    assert len(said) * 7.4 + 9 * 6.7 < 326, "beside “n = 1,205”"


@pytest.mark.parametrize(("high", "anchor"), [(41, "start"), (60, "end")])
def test_the_share_is_written_beside_its_range_and_inside_the_picture(high: float, anchor: str) -> None:
    picture = drawn(ShareBar(label="Speed", words="n = 40", value=33, low=20, high=high))
    assert f'text-anchor="{anchor}">33%</text>' in picture
