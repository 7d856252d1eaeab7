"""An effect with its interval, as every way to compare gives it."""

from dataclasses import dataclass

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Effect:
    """estimate: the effect in stars, positive = better; low, high: its 95 % interval; nan where it cannot be worked out.

    n: how many the estimate speaks of. enough: there are as many as a number needs to be shown; else it is “too few to tell”.
    """

    estimate: float
    low: float
    high: float
    n: int
    enough: bool


def t_quantile(degrees: float) -> float:
    """How many standard errors a 95 % interval reaches to either side; degrees of freedom: 1 or more."""
    from scipy.special import stdtrit  # noqa: PLC0415 - a third of a second and 20 MB that only a comparison needs

    return float(stdtrit(degrees, (1 + CONFIDENCE) / 2))
