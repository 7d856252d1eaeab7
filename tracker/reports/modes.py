"""Ways of asking held beside each other and never added up: customers’ own ratings by channel, interviews, public reviews."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, case, extract, func, select

from tracker.core.db import db
from tracker.interviews.models import Encounter
from tracker.ratings.models import Channel, Rating
from tracker.ratings.month_models import TeamMonth
from tracker.ratings.rules import LOW_STARS
from tracker.reports import mode_words as words
from tracker.reports.answers import Tally, answers
from tracker.reports.periods import Year
from tracker.reports.protection import channels_hidden, touchpoints_hidden
from tracker.reports.rated import HAPPY, RATINGS, totals_in
from tracker.reports.sections import Section
from tracker.reviews.models import Review
from tracker.statistics.disclosure import SMALLEST_GROUP
from tracker.statistics.proportions import effective_n_of

Cell = tuple[int, date]  # touchpoint, month
Counts = Mapping[Cell, tuple[int, int]]  # how many, and how many of these happy


def build(year: Year) -> dict[str, Any]:
    """survey: sums of customers’ own ratings; channels: the same by channel, None where it is hidden. interview, review: n and happy of
    all, of those whose touchpoint and month have ratings too (`alike`), and what the ratings of these come to (`survey`: share, n)."""
    whole, channels = _surveys(year)
    surveyed = _surveyed(year, touchpoints_hidden(year))
    worth = _worth(whole)
    return {
        "survey": whole.kept,
        "channels": channels,
        "interview": _interviews(year, surveyed=surveyed, worth=worth),
        "review": _beside(_reviews(year), surveyed=surveyed, worth=worth),
    }


def _surveys(year: Year) -> tuple[Tally, list[dict[str, Any]]]:
    hidden, whole, by_channel = channels_hidden(year), Tally(), defaultdict[int, Tally](Tally)
    for group, channel, is_low, count in answers(year, channel=func.coalesce(Rating.channel_id, 0)):
        for tally in (whole, by_channel[channel]):
            tally.add(group, count, 0 if is_low else count)
    names = dict(iter(db.session.execute(select(Channel.id, Channel.name))))
    rows = [
        {"name": names.get(channel), "happy": None if channel in hidden else tally.kept}
        for channel, tally in by_channel.items()
    ]
    return whole, sorted(rows, key=lambda row: (row["name"] is None, row["name"]))


def _worth(whole: Tally) -> float:
    """How much of a rating each is worth, since some customers rate again and again: between 0 and 1."""
    sums = whole.sums
    return effective_n_of(sums) / sums.ratings if sums.customers > 1 else 1.0


def _surveyed(year: Year, hidden: Iterable[int]) -> Counts:
    """Where the touchpoint is not recorded, nothing is alike."""
    rows = db.session.execute(
        select(TeamMonth.touchpoint_id, TeamMonth.month, func.sum(RATINGS), func.sum(HAPPY))
        .where(*totals_in(year), TeamMonth.touchpoint_id.not_in({*hidden, 0}))
        .group_by(TeamMonth.touchpoint_id, TeamMonth.month)
    )
    return {(touchpoint, month): (int(n), int(happy)) for touchpoint, month, n, happy in rows}


def _interviews(year: Year, *, surveyed: Counts, worth: float) -> dict[str, Any]:
    """Hidden below five people whose service they are about."""
    within = (
        Encounter.kind == "interview",
        Encounter.taken_back_at.is_(None),
        Encounter.happened_on >= year.since,
        Encounter.happened_on < year.until,
    )
    people = db.session.scalar(select(func.count(Encounter.person_id.distinct())).where(*within)) or 0
    if 0 < people < SMALLEST_GROUP:
        return {"hidden": True}
    return _beside(_counted(Encounter, Encounter.happened_on, within), surveyed=surveyed, worth=worth)


def _reviews(year: Year) -> Counts:
    """Those with stars, in the month they were published, or read where that is not told; their days are those of Greenwich."""
    published = func.coalesce(Review.published_at, Review.received_at)
    within = (Review.stars.is_not(None), published >= year.begins_at, published < year.ends_at)
    return _counted(Review, published, within)


def _counted(model: type[Encounter] | type[Review], day: Any, within: Iterable[Any]) -> Counts:
    facts = (
        select(
            func.coalesce(model.touchpoint_id, 0).label("touchpoint"),
            extract("year", day).label("year"),
            extract("month", day).label("month"),
            case((model.stars > LOW_STARS, 1), else_=0).label("happy"),
        )
        .where(*within)
        .subquery()
    )
    key = (facts.c.touchpoint, facts.c.year, facts.c.month)
    counts: Select[Any] = select(*key, func.count(), func.sum(facts.c.happy)).group_by(*key)
    return {
        (touchpoint, date(int(year), int(month), 1)): (n, int(happy))
        for touchpoint, year, month, n, happy in db.session.execute(counts)
    }


def _beside(found: Counts, *, surveyed: Counts, worth: float) -> dict[str, Any]:
    """Ratings weigh as if they had been spread over touchpoints and months as these answers are (direct standardisation); as many
    independent ones as would be as sure: 1 / sum of w²/n, each being `worth` so much."""
    alike = {cell: counts for cell, counts in found.items() if cell in surveyed}
    n = sum(count for count, _happy in alike.values())
    kept: dict[str, Any] = {
        "hidden": False,
        "all": [sum(counts[place] for counts in found.values()) for place in (0, 1)],
        "alike": [n, sum(happy for _count, happy in alike.values())],
        "survey": None,
    }
    if n:
        weights = {cell: count / n for cell, (count, _happy) in alike.items()}
        share = sum(weight * surveyed[cell][1] / surveyed[cell][0] for cell, weight in weights.items())
        size = worth / sum(weight**2 / surveyed[cell][0] for cell, weight in weights.items())
        kept["survey"] = [round(share, 6), round(size, 3)]
    return kept


SECTION = Section(
    "modes", "reports/_drawn.html", build, words.heading, words.headline, words.tables, words.method, words
)
