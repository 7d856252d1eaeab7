"""How often complaints are found to follow engagement where they do, or do not, in made-up companies.

Few runs here; `COMPLAINING_RUNS=2000 COMPLAINING_SEED=7 pytest -s tests/statistics/test_complaining_companies.py` for more and for others.
"""

import os
import sys

import pytest

from tests.statistics import complaining
from tests.statistics.complaining import Figures, Setting
from tracker.statistics.linkage import power_for_events

RUNS, SEED = int(os.environ.get("COMPLAINING_RUNS", "300")), int(os.environ.get("COMPLAINING_SEED", "0"))
MOST_FALSE = 0.07


def measured(setting: Setting) -> Figures:
    first = (
        (SEED * 1000 + setting.teams) * 1_000_000 + setting.months * 10_000 + round(1000 * setting.rate) * 100_000_000
    )
    found = complaining.figures(range(first, first + RUNS), setting)
    sys.stdout.write(
        f"\n{setting.teams:3d} teams, {setting.months:2d} months, {setting.rate:.1%}, factor {setting.factor}, shared {setting.shared}: "
        f"found {found.found:.1%} ± {found.found_error:.1%} (team-months {found.pooled:.0%}), estimate {found.estimate:+.2f} of 100, "
        f"{found.complaints_a_month:.2f} a team and month"
    )
    return found


@pytest.mark.parametrize("rate", [0.02, 0.05])
@pytest.mark.parametrize("teams", [10, 20, 50, 100])
def test_where_complaints_do_not_follow_nothing_is_found_whatever_makes_teams_differ(teams: int, rate: float) -> None:
    found = measured(Setting(teams=teams, rate=rate))
    assert found.found - 2 * found.found_error <= MOST_FALSE
    if teams >= 50:
        assert found.pooled > 2 * MOST_FALSE, "the plain correlation would have been believed"


@pytest.mark.parametrize(
    "setting", [Setting(months=6), Setting(rate=0.005), Setting(teams=10, rate=0.005), Setting(confounder=0.6)]
)
def test_nor_where_complaints_or_months_are_few(setting: Setting) -> None:
    found = measured(setting)
    assert found.found - 2 * found.found_error <= MOST_FALSE


def test_nor_where_a_bad_month_moves_some_teams_more_on_both_sides() -> None:
    found = measured(Setting(teams=50, shared=0.08))
    assert found.found - 2 * found.found_error <= MOST_FALSE


@pytest.mark.parametrize(("setting", "least"), [(Setting(50, factor=0.5), 0.6), (Setting(100, factor=0.5), 0.9)])
def test_where_complaints_halve_with_every_point_it_is_found(setting: Setting, least: float) -> None:
    found = measured(setting)
    assert found.found + 2 * found.found_error >= least
    true = -100 * setting.rate * 0.69
    assert true < found.estimate < 0, "drawn towards nothing, so “at least”"


@pytest.mark.parametrize(
    "setting",
    [Setting(20, 12, 0.02), Setting(20, 12, 0.05), Setting(10), Setting(20, 6), Setting(50), Setting(50, rate=0.005)],
)
def test_what_the_page_says_would_be_found_is_found_so_often(setting: Setting) -> None:
    halving = Setting(setting.teams, setting.months, setting.rate, factor=0.5)
    found = measured(halving)
    said = power_for_events(setting.teams, setting.months, found.complaints_a_month)
    assert said == pytest.approx(found.found, abs=0.06 + 2 * found.found_error)
