"""How often a link is found that is there, or is not, in made-up companies (STATISTICS.md section 4), beside what every tool draws.

Few runs here; `LINKED_RUNS=1000 LINKED_SEED=7 pytest -s tests/statistics/test_linked_companies.py` for more and for others.
"""

import os
import sys

import pytest

from tests.statistics import linked
from tests.statistics.linked import Figures, Setting, averages, ours, pooled
from tracker.statistics.linkage import power

RUNS, SEED = int(os.environ.get("LINKED_RUNS", "300")), int(os.environ.get("LINKED_SEED", "0"))
MOST_FALSE, LEAST_FOUND = 0.07, 0.75


def measured(setting: Setting) -> tuple[Figures, Figures, Figures]:
    first = SEED * 1_000_000 + setting.teams * 1000 + setting.months
    companies = [linked.simulate(first * 10_000 + run, setting) for run in range(RUNS)]
    ways = [linked.figures(way, companies) for way in (ours, pooled, averages)]
    sys.stdout.write(
        f"\n{setting.teams:3d} teams, {setting.months:2d} months, slope {setting.slope:.1f}, hidden {setting.hidden:.0%}: found "
        f"{ways[0].found:.1%} ± {ways[0].found_error:.1%} (team-months {ways[1].found:.0%}, team averages {ways[2].found:.0%}), "
        f"estimate {ways[0].estimate:+.3f}, enough {ways[0].enough:.0%}"
    )
    return ways[0], ways[1], ways[2]


@pytest.mark.parametrize("teams", [10, 20, 50, 100])
def test_where_there_is_no_link_none_is_found_whatever_makes_teams_differ(teams: int) -> None:
    effects, plain, _averages = measured(Setting(teams=teams))
    assert effects.enough == 1
    assert effects.found - 2 * effects.found_error <= MOST_FALSE
    assert abs(effects.estimate) < 0.01
    assert plain.found > 0.5, "the plain correlation would have been believed"


@pytest.mark.parametrize("setting", [Setting(months=6), Setting(hidden=0.5), Setting(persistence=0.7)])
def test_nor_where_months_are_few_hidden_or_alike(setting: Setting) -> None:
    effects, _plain, _averages = measured(setting)
    assert effects.found - 2 * effects.found_error <= MOST_FALSE


def test_what_customers_say_first_is_no_link_of_engagement() -> None:
    effects, _plain, _averages = measured(Setting(backwards=1.0))
    assert effects.found - 2 * effects.found_error <= MOST_FALSE


def test_where_there_is_a_link_it_is_found() -> None:
    effects, _plain, _averages = measured(Setting(slope=0.3))
    assert effects.found + 2 * effects.found_error >= LEAST_FOUND
    assert 0 < effects.estimate < 0.3, "drawn towards nothing, so “at least”"
    many, _plain, _averages = measured(Setting(slope=0.3, teams=50))
    assert many.found > 0.95


@pytest.mark.parametrize("setting", [Setting(teams=8, slope=0.3), Setting(teams=14, months=9, slope=0.3)])
def test_below_the_minimum_nothing_is_ever_found(setting: Setting) -> None:
    effects, plain, _averages = measured(setting)
    assert effects.enough == effects.found == 0
    assert plain.found > 0.5


@pytest.mark.parametrize("setting", [Setting(slope=0.3), Setting(10, slope=0.3), Setting(20, 6, slope=0.3)])
def test_what_the_page_says_would_be_found_is_found_so_often(setting: Setting) -> None:
    effects, _plain, _averages = measured(setting)
    assert power(setting.teams, setting.months) == pytest.approx(effects.found, abs=0.06 + 2 * effects.found_error)
