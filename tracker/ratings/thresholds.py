"""What the weekly check goes by, as a company may choose it. Pure.

Every choice lies where false alarms were measured, or on the side where there are fewer: a larger fall and a longer cool-down than the
measured ones can only lower their number, so what the pages say of it stays true as "at most".
"""

from dataclasses import dataclass
from typing import Self

from tracker.statistics.budget import Budget, budget
from tracker.statistics.falls import Parameters

ALERT_ONE_IN = (100, 150, 200, 300, 400, 600, 800, 1000)
LEAST_FALLS = (0.2, 0.3, 0.4, 0.5)
COOL_DOWNS = (8, 12, 16, 26)
STRICT_FROM = 500  # with fewer people tested, the strict rule is the looser one


@dataclass(frozen=True)
class Thresholds:
    """alert_one_in: alert when fewer than one check in so many would look as low. least_fall in stars. strict: Benjamini-Hochberg at 20 %
    instead. ValueError for what is not offered."""

    alert_one_in: int = 400
    least_fall: float = 0.2
    strict: bool = False
    cooldown_weeks: int = 8

    def __post_init__(self) -> None:
        if (
            self.alert_one_in not in ALERT_ONE_IN
            or self.least_fall not in LEAST_FALLS
            or self.cooldown_weeks not in COOL_DOWNS
        ):
            raise ValueError("Choose a threshold, a least fall and a cool-down that are offered.")

    @classmethod
    def of(cls, row: object) -> Self:
        """From a row that keeps them in columns of these names."""
        return cls(*(getattr(row, name) for name in cls.__dataclass_fields__))

    @property
    def parameters(self) -> Parameters:
        return Parameters(
            alert_p=1 / self.alert_one_in,
            min_fall=self.least_fall,
            strict=self.strict,
            cooldown_weeks=self.cooldown_weeks,
        )

    def budget(self, people: float) -> Budget:
        """False alerts to expect a year when so many are tested and nothing changes for them."""
        return budget(1 / self.alert_one_in, people, strict=self.strict)

    @property
    def is_measured(self) -> bool:
        """Whether the budget is the measured one; else it is an upper bound."""
        return self.least_fall == min(LEAST_FALLS) and self.cooldown_weeks == min(COOL_DOWNS)


STANDARD = Thresholds()
