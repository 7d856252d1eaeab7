"""A made-up company with everything that moves ratings without anybody's fault, and some true falls.

The setting of STATISTICS.md section 2, "Simulation": employees in teams of ten, 26 weeks of history and a year of
weekly checks; ratings per month lognormal (median 12, sd .8, cap 80); stars cut from a normal latent variable so that
they come out at 9/4/8/19/60 %; six cells, the last of them the complaints desk; abilities with sd .26, slow drift, a
seasonal wave, a 21-day company shock, a fifth of the teams 0.5 down for 30 to 60 days, a fifth of the people with a
new case mix, some moved to the complaints desk, noise shared by a team on a day, and 12 % true falls of .3, .5 or .8
for 120 days. Falls are in stars, averaged over everybody's ratings; all other shifts are latent. Everything is drawn
at once with numpy; nothing loops over people.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from tracker.statistics.falls import STANDARD as STANDARD_CHECK
from tracker.statistics.falls import WeekRows, cell_means, check_sums, edges
from tracker.statistics.weeks import sum_weeks

HISTORY_WEEKS, CHECKED_WEEKS, WEEK = 26, 52, 7
WEEKS = HISTORY_WEEKS + CHECKED_WEEKS
DAYS = WEEKS * WEEK
MONTH = 30.4
SHARES = (0.09, 0.04, 0.08, 0.19, 0.60)
CELLS = np.array([0.25, 0.10, 0.0, -0.10, -0.25, -0.70])
DESK = len(CELLS) - 1
FALLS = (0.3, 0.5, 0.8)
FALL_DAYS, GRACE_DAYS, FOLLOWED_DAYS = 120, 14, 90
NEVER = 10**6


@dataclass(frozen=True)
class Setting:
    """Sizes and strengths; strengths on the latent scale."""

    people: int = 5000
    team_size: int = 10
    ability_sd: float = 0.26
    team_part: float = 0.2
    drift_sd_a_year: float = 0.10
    wave: float = 0.08
    company_shock: float = 0.25
    team_shock: float = 0.5
    shocked_teams: float = 0.2
    new_mix: float = 0.2
    moved_to_desk: float = 0.04
    team_day_sd: float = 0.15
    true_falls: float = 0.12
    healing: bool = False  # a fall grows smaller day by day until it is over, instead of staying as deep as it began


STANDARD = Setting()


@dataclass(frozen=True)
class Company:
    """What happened: weekly rows, teams, and for each person the ratings a month, the day and size of the true fall,
    the day of the move to the complaints desk, the first and last day of the team's shock (day NEVER = none)."""

    rows: WeekRows
    team: np.ndarray
    monthly: np.ndarray
    fall_day: np.ndarray
    fall_size: np.ndarray
    desk_day: np.ndarray
    shock_start: np.ndarray
    shock_end: np.ndarray


@dataclass(frozen=True)
class Alerts:
    """One entry for each alert: who, and the first day after the last week it looked at."""

    person: np.ndarray
    day: np.ndarray


def simulate(seed, setting=STANDARD):
    """A company, the same for the same seed."""
    rng = np.random.default_rng(seed)
    people, team = setting.people, np.arange(setting.people) // setting.team_size
    monthly = np.minimum(12 * np.exp(0.8 * rng.standard_normal(people)), 80)
    person = np.repeat(np.arange(people), rng.poisson(monthly * DAYS / MONTH))
    day = rng.integers(0, DAYS, len(person))
    fall_day, fall_size = true_falls(rng, setting)
    shock_start, shock_end = team_shocks(rng, setting, team)
    cell, desk_day = cells(rng, setting, person, day)
    latent = CELLS[cell] + quiet_movements(rng, setting, team, person, day)
    cuts = np.quantile(latent + rng.standard_normal(len(latent)), np.cumsum(SHARES)[:-1])
    latent -= setting.team_shock * ((day >= shock_start[person]) & (day < shock_end[person]))
    fallen = (day >= fall_day[person]) & (day < fall_day[person] + FALL_DAYS)
    depth = 1 - (day - fall_day[person]) / FALL_DAYS if setting.healing else 1.0
    latent -= latent_falls(fall_size, latent, cuts)[person] * fallen * depth
    star = np.searchsorted(cuts, latent + rng.standard_normal(len(latent)))
    rows = weekly(people, person, day // WEEK, cell, star)
    return Company(rows, team, monthly, fall_day, fall_size, desk_day, shock_start, shock_end)


def true_falls(rng, setting):
    """Day and size of each person's fall; a fall starts anywhere in the year that leaves it its whole length."""
    falls = rng.random(setting.people) < setting.true_falls
    day = HISTORY_WEEKS * WEEK + rng.integers(0, CHECKED_WEEKS * WEEK - FALL_DAYS, setting.people)
    return np.where(falls, day, NEVER), np.where(falls, rng.choice(FALLS, setting.people), 0.0)


def latent_falls(stars, latent, cuts):
    """How far the latent variable must fall so that the mean of all ratings falls by `stars`."""
    sample, shifts = latent[::101], np.linspace(0, 2, 41)
    mean = [ndtr(sample[:, None] - shift - cuts).sum(axis=1).mean() for shift in shifts]
    return np.interp(stars, mean[0] - np.array(mean), shifts)


def team_shocks(rng, setting, team):
    """First and last day of the shock of each person's team."""
    teams = team[-1] + 1
    start = HISTORY_WEEKS * WEEK + rng.integers(0, CHECKED_WEEKS * WEEK - 60, teams)
    start = np.where(rng.random(teams) < setting.shocked_teams, start, NEVER)
    return start[team], (start + rng.integers(30, 61, teams))[team]


def cells(rng, setting, person, day):
    """Each rating's cell, and the day a person moved to the complaints desk."""
    people = setting.people
    mix = np.cumsum(rng.dirichlet(np.array([6, 6, 6, 4, 4, 1]) / 4, (2, people)), axis=2)
    change = HISTORY_WEEKS * WEEK + rng.integers(0, CHECKED_WEEKS * WEEK, people)
    kind = rng.random(people)
    changes = np.where(kind < setting.new_mix, change, NEVER)
    desk_day = np.where(kind < setting.moved_to_desk, change, NEVER)
    later = (day >= changes[person]).astype(int)
    draw = rng.random(len(person))
    cell = (draw[:, None] > mix[later, person][:, :-1]).sum(axis=1)
    return np.where((day >= desk_day[person]) & (draw < 0.9), DESK, cell), desk_day


def quiet_movements(rng, setting, team, person, day):
    """Ability, drift, season, the company's shock, and each team's good and bad days: nobody's fall."""
    people, teams = setting.people, team[-1] + 1
    within = np.sqrt(1 - setting.team_part) * rng.standard_normal(people)
    ability = setting.ability_sd * (within + np.sqrt(setting.team_part) * rng.standard_normal(teams)[team])
    steps = rng.standard_normal((people, WEEKS)) * setting.drift_sd_a_year / np.sqrt(52)
    drift = np.cumsum(steps, axis=1)
    days = np.arange(DAYS)
    shock_day = HISTORY_WEEKS * WEEK + rng.integers(0, CHECKED_WEEKS * WEEK - 21)
    common = setting.wave * np.sin(2 * np.pi * (days / 364 + rng.random()))
    common -= setting.company_shock * ((days >= shock_day) & (days < shock_day + 21))
    team_day = setting.team_day_sd * rng.standard_normal((teams, DAYS))
    return ability[person] + drift[person, day // WEEK] + common[day] + team_day[team[person], day]


def weekly(people, person, week, cell, star):
    """Star histograms per person, week and cell."""
    key = (person * WEEKS + week) * len(CELLS) + cell
    counts = np.bincount(key * 5 + star, minlength=people * WEEKS * len(CELLS) * 5).reshape(-1, 5)
    held = np.flatnonzero(counts.any(axis=1))
    return WeekRows(held // len(CELLS) // WEEKS, held // len(CELLS) % WEEKS, held % len(CELLS), counts[held])


def alerts(company, parameters=STANDARD_CHECK, flag="alert"):
    """Every alert of a year of weekly checks, with the cool-down kept. The checks share their running totals."""
    quiet_until = np.full(len(company.team), -1)
    who, when = [], []
    checked = range(HISTORY_WEEKS, WEEKS)
    wanted = np.concatenate([edges(on, parameters) for on in checked])
    sums = sum_weeks(company.rows, len(company.team), wanted, on=WEEKS, mu=cell_means(company.rows))
    for on in checked:
        found = getattr(check_sums(sums, company.team, on, parameters), flag) & (on >= quiet_until)
        quiet_until[found] = on + parameters.cooldown_weeks
        who.append(np.flatnonzero(found))
        when.append(np.full(found.sum(), (on + 1) * WEEK))
    return Alerts(np.concatenate(who), np.concatenate(when))


def figures(company, raised):
    """The figures of the acceptance line, in per cent except false_alerts (per 100 unchanged staff a year)."""
    start = company.fall_day[raised.person]
    true = (raised.day > start) & (raised.day <= start + FALL_DAYS + GRACE_DAYS)
    unchanged = company.fall_day == NEVER
    caught = np.zeros(len(unchanged), bool)
    caught[raised.person[true & (raised.day <= start + FOLLOWED_DAYS)]] = True
    large_busy = (company.fall_size == max(FALLS)) & (company.monthly >= 12)
    return {
        "false_alerts": 100 * (unchanged[raised.person]).sum() / unchanged.sum(),
        "false_alerts_of_all": 100 * (~true).sum() / len(unchanged),
        "precision": 100 * true.mean() if len(true) else 100.0,
        "falls_caught": share(caught, ~unchanged),
        "busy_falls_caught": share(caught, ~unchanged & (company.monthly >= 12)),
        "large_busy_falls_caught": share(caught, large_busy),
        "moved_blamed": share(blamed(raised, company.desk_day), unchanged & moved_in_time(company)),
        "shock_blamed": 100 * in_shock(company, raised, ~true) / len(unchanged),
    }


def blamed(raised, since, days=120):
    """(people,) who had an alert within `days` of the day `since`."""
    late = raised.day - since[raised.person]
    who = np.zeros(len(since), bool)
    who[raised.person[(late > 0) & (late <= days)]] = True
    return who


def moved_in_time(company, days=120):
    return company.desk_day <= DAYS - days


def in_shock(company, raised, false):
    """Alerts that are false and fell into the shock of the person's team."""
    during = (raised.day > company.shock_start[raised.person]) & (raised.day <= company.shock_end[raised.person])
    return (during & false).sum()


def share(of, among):
    """Per cent of those `among` who are `of`; nan if there are none."""
    return 100 * of[among].mean() if among.any() else float("nan")
