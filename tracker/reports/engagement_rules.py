"""What may be said of engagement beside customers’ ratings, from what one reader gets. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from tracker.pulse.bank import INPUTS
from tracker.reports.clear_rules import Pair, clear_among
from tracker.reports.engagement import COMPANY, ENGAGEMENT, EVERYWHERE, MANAGERS
from tracker.reports.group_sums import ways_above
from tracker.reports.link_rules import LATER
from tracker.reports.ranges import apart_of, share_of
from tracker.reports.sections import Figures

HALF_A_POINT = 0.5  # of engagement: what a link is told for
A_POINT = 0.01  # of a share
LEAST_WIDE = 1e-9


@dataclass(frozen=True)
class GroupShare:
    """Percents with their likely range (95 %), rounded outwards, and the n they rest on. No range: everybody was counted."""

    percent: int
    low: int | None
    high: int | None
    n: int


@dataclass(frozen=True)
class Standing:
    """One group: staff who agree with the three inputs, and happy customers. tone: "above" or "below" the rest of the company, where
    that is more than chance among all groups looked at, else ""."""

    key: str
    name: str
    staff: GroupShare | None
    customers: GroupShare | None
    people: int | None
    tone: str


@dataclass(frozen=True)
class DriverGap:
    """A driver in which a group lies under the rest of the company, in points of share who agree. looked: among how many of these.

    is_clear: more than chance among all that were looked at. Else it is the furthest of those that would be, looked at alone: its
    range may well reach above 0."""

    is_clear: bool
    looked: int
    key: str
    name: str
    driver: str
    percent: int
    company: int
    low: int
    high: int
    n: int


@dataclass(frozen=True)
class Link:
    """What engagement is followed by. slope, low, high: stars a point a month later; None below the minimum. also: the
    other lags that are clear among themselves, looked at besides."""

    driver: str
    teams: int
    months: int
    power: float
    found: bool
    slope: float | None
    low: float | None
    high: float | None
    also: tuple[int, ...] = ()

    @property
    def sureness(self) -> float:
        """How many times its range’s half the slope lies from none; 0 below the minimum."""
        if self.slope is None or self.low is None or self.high is None:
            return 0.0
        return abs(self.slope) / max(self.high - self.low, LEAST_WIDE)


def shown_groups(figures: Figures, top: str) -> list[str]:
    """The groups right beneath one, by name; of a group with nobody beneath it, the group alone."""
    beneath = [key for key, group in figures["groups"].items() if group["above"] == top]
    return beneath or [top]


def standing_out(figures: Figures, keys: Sequence[str], most: int) -> list[str]:
    """As many groups as a map has room for: those with the most drivers that lie apart from the company’s, in the order given."""
    apart = {key: sum(bool(cells.get(key, {}).get("tone")) for cells in figures["cells"].values()) for key in keys}
    chosen = set(sorted(keys, key=lambda key: -apart[key])[:most])
    return [key for key in keys if key in chosen]


def lowest_shown(figures: Figures, top: str) -> list[str]:
    """Groups beneath one of which both sides are published, none of them within another, so that nobody is drawn twice."""
    groups = figures["groups"]
    both = {key for key in groups if key in figures["stars"] and _inputs(figures, key)}
    inner = {above for key in both for above in ways_above(groups, key)}
    return [key for key in groups if key in both - inner and (key == top or top in ways_above(groups, key))]


def inputs_agree(figures: Figures, key: str) -> GroupShare | None:
    """The mean share who agree that they are motivated, trained and able to put things right, where all three are published.

    Its range is that of a single question with as many answers: the mean of three moves less, so it is rather too wide.
    """
    cells = _inputs(figures, key)
    if not cells:
        return None
    n = min(cell["n"] for cell in cells)
    return _share(sum(cell["agree"] for cell in cells) / len(cells) / 100 * n, n)


def _inputs(figures: Figures, key: str) -> list[Mapping[str, Any]]:
    """The cells of all three, or none."""
    cells = [figures["cells"].get(driver, {}).get(key, {}) for driver in INPUTS]
    return cells if all(cell.get("n") is not None for cell in cells) else []


def trained(figures: Figures, key: str) -> GroupShare | None:
    """People with nothing overdue: all of them, so that there is no range."""
    people, clear = figures["cover"].get(key, (0, 0))
    return GroupShare(round(100 * clear / people), None, None, people) if people else None


def given_of(figures: Figures) -> Mapping[str, Any]:
    """Of giving on the spot; empty where it was worked out before that was written down."""
    return figures.get("given") or {"closed": {}, "said": {}, "known": {}, "limits": {}, "currency": None}


def solved_with(figures: Figures, key: str) -> GroupShare | None:
    """Complaints solved with something given, of those of which it was said."""
    sums = given_of(figures)["said"].get(key)
    return _share(sums[2], sums[1]) if sums else None


def settled(figures: Figures, key: str) -> GroupShare | None:
    """Complaints settled within the own limit without asking, of those with something given and a limit set."""
    sums = given_of(figures)["known"].get(key)
    return _share(sums[2], sums[1]) if sums else None


def agree(figures: Figures, driver: str, key: str) -> GroupShare | None:
    cell = figures["cells"].get(driver, {}).get(key, {})
    return GroupShare(cell["agree"], cell["low"], cell["high"], cell["n"]) if cell.get("n") else None


def happy(figures: Figures, key: str) -> GroupShare | None:
    sums = figures["stars"].get(key)
    return _share(sums["happy"], sums["n"]) if sums else None


def _share(successes: float, n: float) -> GroupShare:
    share = share_of(successes, n)
    return GroupShare(share.percent, share.low, share.high, int(n))


def standings(figures: Figures, keys: Sequence[str]) -> list[Standing]:
    """tone rests on customers: the group against everybody else, among all groups given (Benjamini and Hochberg at 10 %)."""
    tones = _against_the_rest(figures["stars"], keys)
    groups, stars = figures["groups"], figures["stars"]
    return [
        Standing(
            key,
            groups[key]["name"],
            staff=inputs_agree(figures, key),
            customers=happy(figures, key),
            people=stars[key]["people"] if key in stars else None,
            tone=tones.get(key, ""),
        )
        for key in keys
    ]


def _against_the_rest(stars: Mapping[str, Any], keys: Iterable[str]) -> dict[str, str]:
    company = stars.get(COMPANY)
    if not company:
        return {}
    looked = [key for key in keys if key in stars and key != COMPANY and stars[key]["n"] < company["n"]]
    return clear_among({key: _beside_others(stars[key], company) for key in looked})


def _beside_others(one: Mapping[str, Any], company: Mapping[str, Any]) -> Pair:
    return one["happy"], one["n"], company["happy"] - one["happy"], company["n"] - one["n"]


def largest_gap(figures: Figures) -> DriverGap | None:
    """Where staff say it worst, against everybody else in the company: clear among all groups and drivers looked at, else by its map."""
    pairs, cells = dict(_against_others(figures)), figures["cells"]
    chances = {(driver, key): cells[driver][key].get("chance") for driver, key in pairs}
    tones = clear_among(pairs, {place: chance for place, chance in chances.items() if chance is not None})
    coloured = [
        (driver, key)
        for (driver, key), pair in pairs.items()
        if cells[driver][key]["tone"].startswith("m") and _difference(pair) <= -A_POINT
    ]
    below = [place for place in pairs if tones.get(place) == "below"] or coloured
    if not below:
        return None
    driver, key = worst = min(below, key=lambda place: _difference(pairs[place]))
    _agree, _n, others_agree, others = pairs[worst]
    apart = apart_of(*pairs[worst])
    cell = cells[driver][key]
    return DriverGap(
        is_clear=worst in tones,
        looked=len(pairs),
        key=key,
        name=figures["groups"][key]["name"],
        driver=driver,
        percent=cell["agree"],
        company=round(100 * others_agree / others),
        low=-apart.high,
        high=-apart.low,
        n=cell["n"],
    )


def _against_others(figures: Figures) -> Iterable[tuple[tuple[str, str], Pair]]:
    """(driver, group) -> who agrees and who answered there, and everywhere else."""
    for driver, cells in figures["cells"].items():
        company = cells.get(COMPANY, {})
        for key, cell in cells.items():
            if key in {COMPANY, MANAGERS} or cell.get("n") is None or not company.get("n") or cell["n"] >= company["n"]:
                continue
            agree, all_agree = cell["agree"] * cell["n"] / 100, company["agree"] * company["n"] / 100
            others = company["n"] - cell["n"]
            yield (driver, key), (agree, cell["n"], min(max(all_agree - agree, 0.0), others), others)


def _difference(pair: Pair) -> float:
    agree, n, others_agree, others = pair
    return agree / n - others_agree / others


def figures_looked_at(figures: Figures) -> int:
    """How many groups and drivers are held against everybody else."""
    return sum(1 for _pair in _against_others(figures))


def links(figures: Figures, *, touchpoint: str = EVERYWHERE) -> list[Link]:
    """Those that are found before the others, single drivers among these by how sure they are; of the others all three inputs first.

    All three inputs are found as soon as one of them moves enough, so that a driver that is found by itself says more.
    """
    kept = figures["links"].get(touchpoint, {})
    found = [_link(driver, link) for driver, link in kept.items()]
    return sorted(found, key=_place_of)


def _place_of(link: Link) -> tuple[bool, bool, bool, float]:
    return (not link.found, link.slope is None, (link.driver == ENGAGEMENT) == link.found, -link.sureness)


def _link(driver: str, kept: Mapping[str, Any]) -> Link:
    """Found only where the range, as it is told, leaves out that there is none."""
    slope, low, high = kept["lags"][str(LATER)] or (None, None, None)
    told = half_a_point(kept["lags"][str(LATER)])
    found = kept["found"] and told is not None and (told[1] > 0 or told[2] < 0)
    return Link(
        driver,
        teams=kept["teams"],
        months=kept["months"],
        power=kept["power"],
        found=found,
        slope=slope,
        low=low,
        high=high,
        also=tuple(kept.get("also", ())),
    )


def half_a_point(kept: Sequence[float] | None) -> tuple[float, float, float] | None:
    """What ratings move for half a point of engagement, in hundredths of a star; the other way round points for half a star. The ends of
    the range are rounded outwards."""
    if kept is None:
        return None
    by, low, high = (100 * HALF_A_POINT * value for value in kept)
    return round(by) / 100, floor(round(low, 9)) / 100, ceil(round(high, 9)) / 100
