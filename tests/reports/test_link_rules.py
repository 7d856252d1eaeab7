"""Which other lags are mentioned beside a link: those that are clear and point the same way."""

import numpy as np
import pytest

from tracker.reports.link_rules import linked
from tracker.statistics.scores import FloatArray

TEAMS, MONTHS, LINK = 40, 12, 0.5


def company(*, later: float) -> tuple[FloatArray, FloatArray]:
    """Moods that know nothing of each other; ratings follow a month later by LINK, and three months later by `later`."""
    chance = np.random.default_rng(8)
    moods = chance.normal(3.5, 0.4, (TEAMS, MONTHS))
    stars = chance.normal(0, 0.05, (TEAMS, MONTHS))
    stars[:, 1:] += LINK * moods[:, :-1]
    stars[:, 3:] += later * moods[:, :-3]
    return moods, stars


@pytest.mark.parametrize(("later", "is_mentioned"), [(LINK, True), (-LINK, False)])
def test_what_points_the_other_way_is_not_mentioned(later: float, is_mentioned: bool) -> None:
    moods, stars = company(later=later)
    link = linked({"power": moods}, stars, np.full((TEAMS, MONTHS), 60.0))["power"]
    low, high = link["lags"]["3"][1:]
    assert link["found"]
    assert low > 0 or high < 0, "it is clear either way"
    assert (3 in link["also"]) == is_mentioned
