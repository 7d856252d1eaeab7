"""How much a person's ratings can be trusted as a sample of the customers served: grades A to D, with their reasons.

Our own rules, for no standard names any. What lowers a grade is what makes a mean speak of the choosing and not of the service:
asking happy customers rather than others, asking few, few answers, a flood in one hour, one customer rating again and again.
Every bound needs enough cases to mean something; below them nothing is said.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

FEWEST_SERVED = 20  # customers of an outcome before two shares of asked ones are compared
FEWEST_RATINGS = 10
CLEAR = 2.58  # standard errors: one in a hundred by chance
CLEAR_DIFFERENCE = 0.15
FEW_ASKED = 0.5
FEW_ANSWERS, FEWEST_ASKED = 0.05, 50
FLOOD = 1 / 3  # of all ratings inside one hour
DOMINANCE = 0.25  # of all ratings by one customer
GRADES = "ABCD"
# How many grades each reason costs.
COST = {"selective": 3, "dominated": 2, "flooded": 1, "few_asked": 1, "few_answers": 1}


@dataclass(frozen=True)
class Sample:
    """What is known of the customers a person served in a period.

    served, asked: outcome -> number of customers ("" where none was noted). answered: how many of those asked.
    ratings: all that count, by whatever door; most_in_an_hour, most_by_a_customer: the largest such share, as a count.
    """

    served: Mapping[str, int]
    asked: Mapping[str, int]
    answered: int
    ratings: int
    most_in_an_hour: int
    most_by_a_customer: int


@dataclass(frozen=True)
class Reason:
    """Why a grade is lower: `kind` is a key of COST, `of` and `count` the figures behind it (count of of).

    For selective inviting `outcome` is the one asked most, `other` the one asked least with `other_count` of `other_of`."""

    kind: str
    count: int
    of: int
    outcome: str = ""
    other: str = ""
    other_count: int = 0
    other_of: int = 0


@dataclass(frozen=True)
class Signal:
    """grade: A to D, or None where nothing is known about who was asked and nothing else speaks against the ratings."""

    grade: str | None
    reasons: tuple[Reason, ...]


def signal_of(sample: Sample) -> Signal:
    """The grade of a sample and what lowers it, the gravest first."""
    reasons = sorted(
        filter(
            None, (_selective(sample), _few_asked(sample), _few_answers(sample), _flooded(sample), _dominated(sample))
        ),
        key=lambda reason: -COST[reason.kind],
    )
    cost = sum(COST[reason.kind] for reason in reasons)
    known = sum(sample.served.values()) >= FEWEST_SERVED
    if not known and not cost:
        return Signal(None, ())
    return Signal(GRADES[min(cost, len(GRADES) - 1)], tuple(reasons))


def _selective(sample: Sample) -> Reason | None:
    """Two outcomes whose customers are asked at clearly different rates: the widest such pair (two-proportion z test)."""
    outcomes = [outcome for outcome, served in sample.served.items() if outcome and served >= FEWEST_SERVED]
    if len(outcomes) < 2:
        return None
    share = {outcome: sample.asked.get(outcome, 0) / sample.served[outcome] for outcome in outcomes}
    most, least = max(outcomes, key=lambda o: (share[o], o)), min(outcomes, key=lambda o: (share[o], o))
    n, m = sample.served[most], sample.served[least]
    pooled = (sample.asked.get(most, 0) + sample.asked.get(least, 0)) / (n + m)
    error = math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    difference = share[most] - share[least]
    if error == 0 or difference < CLEAR_DIFFERENCE or difference / error < CLEAR:
        return None
    asked = sample.asked
    return Reason("selective", asked.get(most, 0), n, most, least, asked.get(least, 0), m)


def _few_asked(sample: Sample) -> Reason | None:
    served, asked = sum(sample.served.values()), sum(sample.asked.values())
    return Reason("few_asked", asked, served) if served >= FEWEST_SERVED and asked / served < FEW_ASKED else None


def _few_answers(sample: Sample) -> Reason | None:
    asked = sum(sample.asked.values())
    is_few = asked >= FEWEST_ASKED and sample.answered / asked < FEW_ANSWERS
    return Reason("few_answers", sample.answered, asked) if is_few else None


def _flooded(sample: Sample) -> Reason | None:
    is_flood = sample.ratings >= FEWEST_RATINGS and sample.most_in_an_hour / sample.ratings >= FLOOD
    return Reason("flooded", sample.most_in_an_hour, sample.ratings) if is_flood else None


def _dominated(sample: Sample) -> Reason | None:
    is_dominated = sample.ratings >= FEWEST_RATINGS and sample.most_by_a_customer / sample.ratings >= DOMINANCE
    return Reason("dominated", sample.most_by_a_customer, sample.ratings) if is_dominated else None
