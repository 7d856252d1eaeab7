"""Charts drawn on the server as SVG: the same picture in a browser, on paper and in a mail.

Every function is pure: plain numbers and already translated words in, ``Markup`` out. Colours come from the
stylesheet's classes, so a chart follows the reader's theme and needs no inline style.
"""

from tracker.charts.before_after import Estimate, before_after
from tracker.charts.difference import difference
from tracker.charts.dots import dots
from tracker.charts.dumbbell import Pair, dumbbell, lowest_of
from tracker.charts.lags import Lag, by_lag
from tracker.charts.marks import standing
from tracker.charts.range_bar import range_bar, range_bar_small
from tracker.charts.rounds import RoundPoint, over_rounds
from tracker.charts.scale import scale_ends
from tracker.charts.scatter import Spot, scatter
from tracker.charts.share_bars import ShareBar, share_bars
from tracker.charts.shares import ShareRow, shares
from tracker.charts.sparkline import sparkline
from tracker.charts.star_bars import star_bars
from tracker.charts.trend import TrendPoint, trend

__all__ = [
    "Estimate",
    "Lag",
    "Pair",
    "RoundPoint",
    "ShareBar",
    "ShareRow",
    "Spot",
    "TrendPoint",
    "before_after",
    "by_lag",
    "difference",
    "dots",
    "dumbbell",
    "lowest_of",
    "over_rounds",
    "range_bar",
    "range_bar_small",
    "scale_ends",
    "scatter",
    "share_bars",
    "shares",
    "sparkline",
    "standing",
    "star_bars",
    "trend",
]
