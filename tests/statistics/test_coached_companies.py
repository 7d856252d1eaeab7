"""How often the range of coaching's effect covers the truth, in simulated companies (STATISTICS.md section 3).

A few runs here; `COACHED_RUNS=1000 COACHED_SEED=7 pytest -s tests/statistics/test_coached_companies.py` for many, and other, ones.
The plain comparison of before and after, on the same companies, is printed beside each.
"""

import os
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest

from tests.statistics import coached
from tests.statistics.coached import LARGE, SMALL, Run
from tests.statistics.simulation import Setting
from tracker.statistics.effects import Effect

RUNS, SEED = int(os.environ.get("COACHED_RUNS", "12")), int(os.environ.get("COACHED_SEED", "401"))
LARGEST_BIAS, LOWEST_COVERAGE, MOST_CLAIMS = 0.03, 0.93, 0.10
CLAIMS = ("Clearly better", "Probably")


@dataclass(frozen=True)
class Figures:
    """Of many companies: mean error of the estimate, how often the range held the truth, each with its own error."""

    bias: float
    bias_error: float
    coverage: float
    coverage_error: float
    half_width: float


def figures(effects: list[Effect], truths: list[float]) -> Figures:
    known = [(effect, truth) for effect, truth in zip(effects, truths, strict=True) if np.isfinite(effect.low)]
    errors = np.array([effect.estimate - truth for effect, truth in known])
    covers = np.mean([effect.low <= truth <= effect.high for effect, truth in known])
    half = np.mean([(effect.high - effect.low) / 2 for effect, _ in known])
    # With all of few covered, the plain error would be 0: as if one more had been missed.
    share = (covers * len(known) + 1) / (len(known) + 2)
    spread = np.sqrt(share * (1 - share) / len(known))
    return Figures(errors.mean(), errors.std(ddof=1) / np.sqrt(len(known)), float(covers), spread, float(half))


def measured(
    setting: Setting, way: Callable[[Run], Effect], *, effect: float, all_coached: bool
) -> tuple[Figures, Figures]:
    """Ours, and before against after, on the same companies."""
    runs = [coached.simulate(SEED + seed, setting, effect=effect, all_coached=all_coached) for seed in range(RUNS)]
    found = [figures([one(run) for run in runs], [run.truth for run in runs]) for one in (way, coached.naive)]
    for name, one in zip((way.__name__, "before/after"), found, strict=True):
        sys.stdout.write(
            f"\n{setting.people:5d} staff, effect {effect:.1f}, {name:12s}: bias {one.bias:+.3f} ± {one.bias_error:.3f}, "
            f"covers {one.coverage:.1%} ± {one.coverage_error:.1%}, half width {one.half_width:.3f}"
        )
    return found[0], found[1]


def holds(found: Figures) -> bool:
    unbiased = abs(found.bias) - 2 * found.bias_error <= LARGEST_BIAS
    return unbiased and found.coverage + 2 * found.coverage_error >= LOWEST_COVERAGE


@pytest.mark.parametrize("effect", [0.0, 0.2])
@pytest.mark.parametrize("setting", [LARGE, SMALL], ids=["1000", "300"])
def test_against_those_who_were_not_coached(setting: Setting, effect: float) -> None:
    ours, plain = measured(setting, coached.effect_a, effect=effect, all_coached=False)
    assert holds(ours), ours
    assert plain.bias > 0.4
    assert plain.coverage < 0.1


@pytest.mark.parametrize("effect", [0.0, 0.2])
@pytest.mark.parametrize("setting", [LARGE, SMALL], ids=["1000", "300"])
def test_against_how_dips_come_back(setting: Setting, effect: float) -> None:
    ours, plain = measured(setting, coached.effect_b, effect=effect, all_coached=True)
    assert holds(ours), ours
    assert plain.bias > 0.4
    assert plain.coverage < 0.1


def test_where_falls_stay_it_errs_on_the_modest_side() -> None:
    """What (b) cannot know: dips without an alert are mostly chance, and a fall that stays does not come back as they do."""
    ours, _plain = measured(replace(LARGE, healing=False), coached.effect_b, effect=0.2, all_coached=True)
    assert ours.bias < 0
    (compared, _) = measured(replace(LARGE, healing=False), coached.effect_a, effect=0.2, all_coached=False)
    assert holds(compared), "(a) compares with falls of the same kind"


def test_without_an_effect_few_cases_are_said_to_be_better() -> None:
    shares = []
    for learned in (False, True):
        words: Counter[str] = Counter()
        for seed in range(RUNS):
            run = coached.simulate(SEED + seed, LARGE, effect=0.0, all_coached=True)
            words.update(coached.verdicts(run, learned_spread=learned))
        cases = sum(words.values())
        shares.append((sum(words[claim] for claim in CLAIMS) / cases, cases))
        sys.stdout.write(f"\nspread {'learned' if learned else 'fixed'}: {dict(words)}")
    claimed, cases = shares[1]
    assert claimed - 2 * np.sqrt(claimed * (1 - claimed) / cases) <= MOST_CLAIMS
    assert claimed <= shares[0][0], "learning the spread of deep dips never claims more"


def test_the_company_is_the_one_described() -> None:
    runs = [coached.simulate(900 + seed, LARGE, effect=0.2, all_coached=False) for seed in range(6)]
    assert np.mean([run.truth for run in runs]) == pytest.approx(0.2, abs=0.01)
    deep = [np.asarray(run.flagged.dev) for run in runs]
    gap = np.mean([dev[~run.coached].mean() - dev[run.coached].mean() for dev, run in zip(deep, runs, strict=True)])
    assert gap > 0.05, "who fell further is coached more often"
    assert all((np.asarray(run.pool.dev) < 0).all() for run in runs)
