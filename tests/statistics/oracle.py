"""The fall check once more, in plain Python loops that follow STATISTICS.md section 2 step by step.

Slow and independent on purpose: the tests compare the product's arrays with it.
"""

import math
from statistics import median

from scipy.stats import gamma

STEPS = (4, 8, 13)


def fit(people):
    """people: list of (n, s, q, x)."""
    rated = [person for person in people if person[0] > 0]
    m, total = len(rated), sum(person[0] for person in rated)
    if m < 2 or total - m < 30:
        return 1.0, 1 / 17.8
    sigma2 = max(sum(q - s * s / n for n, s, q, _ in rated) / (total - m), 0.05)
    grand = sum(s - x for _, s, _, x in rated) / total
    n_star = (total - sum(n * n for n, *_ in rated) / total) / (m - 1)
    between = sum(n * ((s - x) / n - grand) ** 2 for n, s, _, x in rated) / (m - 1)
    return sigma2, max((between - sigma2) / n_star, 1e-6)


def means(rows, last):
    """{(cell, week): mu} for rows = list of (person, week, cell, [five counts])."""
    first = min(week for _, week, _, _ in rows)
    cells = {cell for _, _, cell, _ in rows}
    rated_weeks = sorted({week for _, week, _, stars in rows if sum(stars)})
    table = {}
    for week in range(first, last + 1):
        used = set(range(first, first + 4)) if week - first < 4 else set(range(week - 26, week))
        if not used & set(rated_weeks):
            used = set([rated for rated in rated_weeks if rated < week][-26:])
        inside = [(cell, stars) for _, at, cell, stars in rows if at in used]
        n_all = sum(sum(stars) for _, stars in inside)
        s_all = sum(r * stars[r - 1] for _, stars in inside for r in range(1, 6))
        for cell in cells:
            n = sum(sum(stars) for name, stars in inside if name == cell)
            s = sum(r * stars[r - 1] for name, stars in inside if name == cell for r in range(1, 6))
            table[cell, week] = (s + 20 * s_all / n_all) / (n + 20)
    return table


def sums(rows, people, mu, after, through):
    """[(n, S, Q, X)] over after < week <= through; after and through one per person."""
    figures = [[0, 0, 0, 0.0] for _ in range(people)]
    for person, week, cell, stars in rows:
        if after[person] < week <= through[person]:
            n = sum(stars)
            figures[person][0] += n
            figures[person][1] += sum(r * stars[r - 1] for r in range(1, 6))
            figures[person][2] += sum(r * r * stars[r - 1] for r in range(1, 6))
            figures[person][3] += n * mu[cell, week]
    return [tuple(figure) for figure in figures]


def baseline(past, team):
    """Steps 1 to 3: sigma2 and for each person (b, vb)."""
    sigma2, tau2 = fit(past)
    tg2, tw2 = 0.2 * tau2, 0.8 * tau2
    everything = sum(n for n, *_ in past)
    c0 = sum(s - x for _, s, _, x in past) / everything if everything else 0.0
    own = []
    for i, (n0, s0, _, x0) in enumerate(past):
        mates = [j for j in range(len(past)) if j != i and team[j] == team[i] and past[j][0] > 0]
        if mates:
            total = sum(past[j][0] for j in mates)
            mb = sum(past[j][1] - past[j][3] for j in mates) / total
            bg = tg2 / (tg2 + tw2 / len(mates) + sigma2 / total)
            prior, pv = c0 + bg * (mb - c0), tw2 + tg2 * (1 - bg)
        else:
            prior, pv = c0, tau2
        weight = n0 + sigma2 / pv
        own.append(((s0 - x0 + sigma2 / pv * prior) / weight, sigma2 / weight))
    return sigma2, own


def team_figure(members, d, n, own, c, sigma2):
    total = sum(n[j] for j in members)
    mean = sum(d[j] - n[j] * c for j in members) / total
    return mean, sigma2 / total + sum(n[j] ** 2 * own[j][1] for j in members) / total**2


def shifts(recent, own, sigma2, team):
    """Steps 4 and 5: c and for each person (u, vu)."""
    people = range(len(recent))
    n = [recent[i][0] for i in people]
    d = [recent[i][1] - recent[i][3] - n[i] * own[i][0] for i in people]
    c = sum(d) / sum(n)
    teams = [[i for i in people if team[i] == name and n[i] > 0] for name in sorted(set(team))]
    whole = [team_figure(members, d, n, own, c, sigma2) for members in teams if members]
    spread = 1.4826 * median(abs(mean) for mean, _ in whole)
    tu2 = max(spread**2 - median(variance for _, variance in whole), 0.05**2)
    result = []
    for i in people:
        mates = [j for j in people if j != i and team[j] == team[i] and n[j] > 0]
        if not mates:
            result.append((0.0, tu2))
            continue
        ub, vbar = team_figure(mates, d, n, own, c, sigma2)
        share = tu2 / (tu2 + vbar)
        result.append((ub, vbar) if abs(ub) > 2.5 * math.sqrt(vbar) else (share * ub, tu2 * (1 - share)))
    return c, result


def window(rows, team, on, weeks, mu, baseline_end, tolerance):
    """One window: for each person (n0, n, observed, expected, V, p), or None without ratings in it."""
    people = len(team)
    ends = [on - weeks if baseline_end[i] == -1 else min(baseline_end[i], on - weeks) for i in range(people)]
    past = sums(rows, people, mu, [end - 52 for end in ends], ends)
    recent = sums(rows, people, mu, [on - weeks] * people, [on] * people)
    if not any(figure[0] for figure in recent):
        return [None] * people
    sigma2, own = baseline(past, team)
    c, shift = shifts(recent, own, sigma2, team)
    above = sum(q - s * s / n for n, s, q, _ in past if n)
    below = sum((n - 1) * max((s / n - 1) * (5 - s / n), 0.3) for n, s, _, _ in past if n)
    kappa = above / below if below else 0.55
    result = []
    for i, (n, s, _, x) in enumerate(recent):
        if n == 0:
            result.append(None)
            continue
        expected = min(max(x / n + own[i][0] + c + shift[i][0], 1.2), 4.95)
        v = kappa * (expected - 1) * (5 - expected) / n + own[i][1] + shift[i][1] + tolerance**2
        result.append((past[i][0], n, s / n, expected, v, tail(expected, s / n, v, n)))
    return result


def tail(expected, observed, v, n):
    z = (expected - observed) / math.sqrt(v)
    mu3 = max(2 * 0.55 * (expected - 1) * (5 - expected) * (expected - 3), 0.05)
    g = max(mu3 / n**2 / v**1.5, 0.02)
    k = 4 / g**2
    return float(gamma.sf(k + z * math.sqrt(k), k)) if k + z * math.sqrt(k) > 0 else 1.0


def check(rows, team, on, *, windows=STEPS, min_n=8, min_n0=15, tolerance=0.1, mu=None, baseline_end=None):
    """For each person (n, observed, expected, sd, fall, P, weeks) or None when not tested."""
    rows = [row for row in rows if row[1] <= on]
    if not rows:
        return [None] * len(team)
    mu = mu or means(rows, on)
    ends = baseline_end or [-1] * len(team)
    figures = {weeks: window(rows, team, on, weeks, mu, ends, tolerance) for weeks in windows}
    result = []
    for i in range(len(team)):
        best = None
        for weeks in windows:
            found = figures[weeks][i]
            if found and found[1] >= min_n and found[0] >= min_n0 and (best is None or found[5] < best[1][5]):
                best = weeks, found
        if best is None:
            result.append(None)
            continue
        weeks, (_, n, observed, expected, v, p) = best
        result.append((n, observed, expected, math.sqrt(v), expected - observed, min(1.0, 2 * p), weeks))
    return result
