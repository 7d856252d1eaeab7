"""What may be said of engagement beside customers’ ratings, from what one reader gets. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.pulse.bank import INPUTS
from tracker.reports.engagement import COMPANY, ENGAGEMENT, EVERYWHERE, MANAGERS
from tracker.reports.link_rules import LATER
from tracker.statistics.many import passes
from tracker.statistics.proportions import chance_of_difference, newcombe, wilson

Figures = Mapping[str, Any]
HALF_A_POINT = 0.5  # of engagement: what a link is told for
MAYBE = 5  # points: a smaller change is of the usual size, whatever its range


@dataclass(frozen=True)
class Share:
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
    staff: Share | None
    customers: Share | None
    people: int | None
    tone: str


@dataclass(frozen=True)
class Gap:
    """A driver in which a group lies clearly under the rest of the company, in points of share who agree."""

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
    """What engagement is followed by. slope, low, high: stars a point a month later; None below the minimum."""

    driver: str
    teams: int
    months: int
    power: float
    found: bool
    slope: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Moved:
    """A change since the time before: of a driver (points of 5), or of happy customers (percent) where driver is None."""

    key: str
    name: str
    driver: str | None
    difference: float
    low: float
    high: float
    verdict: str  # clear or maybe


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
    both = {key for key in groups if key in figures["stars"] and inputs_agree(figures, key)}
    inner = {above for key in both for above in _above(groups, key)}
    return [key for key in groups if key in both - inner and (key == top or top in _above(groups, key))]


def _above(groups: Mapping[str, Any], key: str) -> list[str]:
    found = []
    at = groups[key]["above"]
    while at is not None and at in groups:
        found.append(at)
        at = groups[at]["above"]
    return found


def inputs_agree(figures: Figures, key: str) -> Share | None:
    """The mean share who agree that they are motivated, trained and able to put things right, where all three are published.

    Its range is that of a single question with as many answers: the mean of three moves less, so it is rather too wide.
    """
    cells = [figures["cells"].get(driver, {}).get(key, {}) for driver in INPUTS]
    if any(cell.get("n") is None for cell in cells):
        return None
    n = min(cell["n"] for cell in cells)
    return _share(sum(cell["agree"] for cell in cells) / len(cells) / 100 * n, n)


def trained(figures: Figures, key: str) -> Share | None:
    """People with nothing overdue: all of them, so that there is no range."""
    people, clear = figures["cover"].get(key, (0, 0))
    return Share(round(100 * clear / people), None, None, people) if people else None


def given_of(figures: Figures) -> Mapping[str, Any]:
    """Of giving on the spot; empty where it was worked out before that was written down."""
    return figures.get("given") or {"closed": {}, "said": {}, "known": {}, "limits": {}, "currency": None}


def solved_with(figures: Figures, key: str) -> Share | None:
    """Complaints solved with something given, of those of which it was said."""
    sums = given_of(figures)["said"].get(key)
    return _share(sums[2], sums[1]) if sums else None


def settled(figures: Figures, key: str) -> Share | None:
    """Complaints settled within the own limit without asking, of those with something given and a limit set."""
    sums = given_of(figures)["known"].get(key)
    return _share(sums[2], sums[1]) if sums else None


def agree(figures: Figures, driver: str, key: str) -> Share | None:
    cell = figures["cells"].get(driver, {}).get(key, {})
    return Share(cell["agree"], cell["low"], cell["high"], cell["n"]) if cell.get("n") else None


def happy(figures: Figures, key: str) -> Share | None:
    sums = figures["stars"].get(key)
    return _share(sums["happy"], sums["n"]) if sums else None


def _share(successes: float, n: float) -> Share:
    low, high = wilson(successes, n)
    return Share(round(100 * successes / n), int(100 * low), -int(-100 * high // 1), int(n))


def standings(figures: Figures, keys: Sequence[str]) -> list[Standing]:
    """tone rests on customers: the group against everybody else, among all groups given (Benjamini and Hochberg at 10 %)."""
    tones = _against_the_rest(figures["stars"], keys)
    groups, stars = figures["groups"], figures["stars"]
    return [
        Standing(
            key,
            groups[key]["name"],
            inputs_agree(figures, key),
            happy(figures, key),
            stars[key]["people"] if key in stars else None,
            tones.get(key, ""),
        )
        for key in keys
    ]


def _against_the_rest(stars: Mapping[str, Any], keys: Iterable[str]) -> dict[str, str]:
    company = stars.get(COMPANY)
    looked = [key for key in keys if key in stars and key != COMPANY and company and stars[key]["n"] < company["n"]]
    pairs = [
        (stars[key]["happy"], stars[key]["n"], company["happy"] - stars[key]["happy"], company["n"] - stars[key]["n"])
        for key in looked
        if company
    ]
    return _clear(looked, pairs)


def _clear(keys: Sequence[Any], pairs: Sequence[tuple[float, float, float, float]]) -> dict[Any, str]:
    """What lies clearly above or below, among everything looked at and by its own range as well."""
    found = passes([chance_of_difference(*pair) for pair in pairs])
    tones = {}
    for key, pair in (one for one, is_found in zip(zip(keys, pairs, strict=True), found, strict=True) if is_found):
        low, high = newcombe(*pair)
        if low > 0 or high < 0:
            tones[key] = "above" if low > 0 else "below"
    return tones


def largest_gap(figures: Figures) -> Gap | None:
    """Where staff say it worst, against everybody else in the company: clear among all groups and drivers looked at."""
    looked, pairs = [], []
    for driver, cells in figures["cells"].items():
        company = cells.get(COMPANY, {})
        for key, cell in cells.items():
            if key in {COMPANY, MANAGERS} or cell.get("n") is None or not company.get("n") or cell["n"] >= company["n"]:
                continue
            agree, all_agree = cell["agree"] * cell["n"] / 100, company["agree"] * company["n"] / 100
            rest = company["n"] - cell["n"]
            looked.append((driver, key))
            pairs.append((agree, cell["n"], min(max(all_agree - agree, 0.0), rest), rest))
    tones = _clear(looked, pairs)
    below = [place for place, one in enumerate(looked) if tones.get(one) == "below"]
    if not below:
        return None
    worst = min(below, key=lambda place: pairs[place][0] / pairs[place][1] - pairs[place][2] / pairs[place][3])
    (driver, key), pair = looked[worst], pairs[worst]
    low, high = newcombe(*pair)
    cells = figures["cells"][driver]
    percents = (cells[key]["agree"], round(100 * pair[2] / pair[3]))
    points = (int(-100 * high), -int(100 * low // 1))
    return Gap(key, figures["groups"][key]["name"], driver, *percents, *points, n=cells[key]["n"])


def links(figures: Figures, *, touchpoint: str = EVERYWHERE) -> list[Link]:
    """All three inputs together first, then each driver, the steepest found ones before the others."""
    kept = figures["links"].get(touchpoint, {})
    found = [_link(driver, link) for driver, link in kept.items()]
    return sorted(found, key=lambda link: (not link.found, link.driver != ENGAGEMENT, -abs(link.slope or 0)))


def _link(driver: str, kept: Mapping[str, Any]) -> Link:
    slope, low, high = kept["lags"][str(LATER)] or (None, None, None)
    return Link(driver, kept["teams"], kept["months"], kept["power"], kept["found"], slope, low, high)


def changes(figures: Figures, keys: Sequence[str]) -> list[Moved]:
    """What moved since the time before in these groups, the clear ones first; what is of the usual size is left out."""
    names = {key: figures["groups"][key]["name"] for key in keys}
    found = [
        Moved(key, names[key], driver, *cell["change"])
        for driver, cells in figures["cells"].items()
        for key, cell in cells.items()
        if key in names and cell.get("change") and cell["change"][3] != "steady"
    ]
    found += _customers_moved(figures["stars"], names)
    return sorted(found, key=lambda moved: (moved.verdict != "clear", moved.name, moved.driver or ""))


def _customers_moved(stars: Mapping[str, Any], names: Mapping[str, str]) -> Iterable[Moved]:
    looked = [key for key in names if key in stars and stars[key]["n"] and stars[key]["n_before"]]
    pairs = [tuple(float(stars[key][part]) for part in ("happy", "n", "happy_before", "n_before")) for key in looked]
    clear = _clear(looked, pairs)  # type: ignore[arg-type]  # four each
    for key, (now, n, then, n_then) in zip(looked, pairs, strict=True):
        difference = 100 * (now / n - then / n_then)
        if key in clear or abs(difference) >= MAYBE:
            low, high = newcombe(now, n, then, n_then)
            verdict = "clear" if key in clear else "maybe"
            yield Moved(key, names[key], None, round(difference), int(100 * low // 1), -int(-100 * high // 1), verdict)
