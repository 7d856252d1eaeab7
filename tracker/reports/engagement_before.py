"""What is compared with: of the month before, what its own report says, and nothing else.

A group in which customers rated five people this month may have had one the month before, and a team may have been moved since: its
sums of then would tell of few. What that month’s own report shows tells nothing new.
"""

from typing import Any

from tracker.reports.engagement import COMPANY
from tracker.reports.group_sums import Groups, ways_above
from tracker.reports.sections import Figures

NOT_COMPARED = {"n_before": 0, "happy_before": 0}


def beside_before(figures: Figures, before: Figures | None) -> dict[str, Any]:
    """The figures of a month with n_before and happy_before beside the sums of each group that was shown then too, and had the same
    teams beneath it; 0 elsewhere. before: those kept of the month before."""
    then = _comparable(figures["groups"], before) if before else {}
    stars = {key: {**sums, **then.get(key, NOT_COMPARED)} for key, sums in figures["stars"].items()}
    return {**figures, "stars": stars}


def _comparable(groups: Groups, before: Figures) -> dict[str, dict[str, int]]:
    now, then = _beneath(groups), _beneath(before["groups"])
    return {
        key: {"n_before": sums["n"], "happy_before": sums["happy"]}
        for key, sums in before["stars"].items()
        if key == COMPANY or now.get(key) == then.get(key)
    }


def _beneath(groups: Groups) -> dict[str, set[str]]:
    """Group -> itself and all beneath it."""
    found: dict[str, set[str]] = {key: set() for key in groups}
    for key in groups:
        for at in (key, *ways_above(groups, key)):
            found[at].add(key)
    return found
