"""Did it help? The ways to compare that STATISTICS.md section 3 allows, by one name each.

(a) coaching_effect: people who fell and were coached, against people who fell and were not.
(b) counterfactual_effect: where everybody is coached, against how dips of the same depth come back by themselves; verdict: one case.
(c) rollout_effect: teams that were trained, against teams that were not trained yet.
"""

from tracker.statistics.coached import coaching_effect
from tracker.statistics.counterfactual import Counterfactual, counterfactual_effect, verdict
from tracker.statistics.dips import SPREAD, Group
from tracker.statistics.intervals import Effect
from tracker.statistics.rollout import AFTER, BEFORE, NEVER, IntArray, rollout_effect

__all__ = [
    "AFTER",
    "BEFORE",
    "NEVER",
    "SPREAD",
    "Counterfactual",
    "Effect",
    "Group",
    "IntArray",
    "coaching_effect",
    "counterfactual_effect",
    "rollout_effect",
    "verdict",
]
