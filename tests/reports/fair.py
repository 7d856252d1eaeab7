"""Made-up companies whose check treats groups of people alike, or does not.

Teams differ for good in how customers rate them and in how often the check alerts; people of one team share that. Shifts go by team more
than by person, as they do; the other groups are drawn for each person.
"""

from dataclasses import dataclass

import numpy as np

from tracker.reports.fairness_rules import People


@dataclass(frozen=True)
class Setting:
    """more_alerts: how many times as often the check alerts whoever is on a fixed term; lower: stars that customers rate them lower."""

    people: int = 240
    teams: int = 20
    more_alerts: float = 1.0
    lower: float = 0.0
    alerts: float = 0.06  # a person and year
    team_stars: float = 0.08  # sd of what teams differ by
    team_alerts: float = 0.3  # sd of the logarithm


def made_up(seed: int, setting: Setting) -> People:
    rng = np.random.default_rng(seed)
    count = setting.people
    team = np.sort(rng.integers(0, setting.teams, count))
    groups = _groups(rng, team, setting)
    fixed = np.array([name == "=fixed term" for name in groups["contract"]])
    n = np.clip(rng.lognormal(4.3, 0.8, count), 3, 700).round()
    effect = rng.normal(0, 0.18, count) + rng.normal(0, setting.team_stars, setting.teams)[team] - setting.lower * fixed
    s = n * (4.3 + effect) + rng.normal(0, 1, count) * np.sqrt(n)
    checks = np.clip(rng.normal(40, 12, count), 0, 52).round() * (n > 20)
    rate = setting.alerts * np.exp(rng.normal(0, setting.team_alerts, setting.teams))[team]
    alerts = np.minimum(rng.poisson(rate * checks / 52 * np.where(fixed, setting.more_alerts, 1.0)), checks)
    asked = rng.poisson(n * 4)
    answering = np.clip(0.25 + rng.normal(0, 0.03, setting.teams)[team] + rng.normal(0, 0.03, count), 0.02, 0.9)
    return People(
        team=team,
        n=n,
        s=s,
        q=s**2 / n + np.maximum(n - 1, 0),
        x=n * 4.3,
        weeks=np.full(count, 52.0),
        checks=checks,
        alerts=alerts.astype(float),
        asked=asked.astype(float),
        answered=rng.binomial(asked, answering).astype(float),
        left_out=rng.poisson(n * 0.006).astype(float),
        changed=rng.binomial(alerts.astype(int), 0.1).astype(float),
        groups=groups,
    )


def _groups(rng: np.random.Generator, team: np.ndarray, setting: Setting) -> dict[str, list[str]]:
    usual = rng.choice(["early", "day", "late"], setting.teams)[team]
    own = rng.choice(["early", "day", "late"], setting.people)
    by_team = rng.random(setting.people) < 0.7
    return {
        "shift": [str(name) for name in np.where(by_team, usual, own)],
        "contract": _drawn(rng, setting.people, ["=full time", "=part time", "=fixed term"], [0.55, 0.25, 0.2]),
        "language": _drawn(rng, setting.people, ["en", "sw", "fr"], [0.6, 0.32, 0.08]),
        "tenure": _drawn(rng, setting.people, ["1_under_6", "2_6_to_24", "3_over_24"], [0.12, 0.33, 0.55]),
    }


def _drawn(rng: np.random.Generator, count: int, names: list[str], shares: list[float]) -> list[str]:
    return [str(name) for name in rng.choice(names, count, p=shares)]
