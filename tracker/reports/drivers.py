"""What stands behind low ratings, and what goes with happy ones: what customers name, each with its range."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import String, cast, func, select

from tracker.core.db import db
from tracker.ratings.models import Driver, Rating
from tracker.ratings.survey_models import SurveyVersion
from tracker.ratings.surveys import Survey
from tracker.reports import driver_words as words
from tracker.reports.answers import Tally, answers
from tracker.reports.elsewhere import complained_of, observed, obstacles_named
from tracker.reports.periods import Year
from tracker.reports.protection import touchpoints_hidden
from tracker.reports.sections import Section

MOST_LEADING = 3
Asked = Collection[str]
Key = tuple[int | None, str, int]  # version, or source and touchpoint where none is known


class _Said:
    """What was named where it could be named: ratings by what was asked and named, in chance groups."""

    def __init__(self) -> None:
        self.rows: list[tuple[Key, tuple[str, ...], int, bool, int]] = []
        self._named: dict[Key, set[str]] = defaultdict(set)

    def add(self, key: Key, named: tuple[str, ...], group: int, is_low: bool, count: int) -> None:
        self.rows.append((key, named, group, is_low, count))
        self._named[key].update(named)

    def asked(self) -> Mapping[Key, Asked]:
        """Where a version is known, its drivers; else what anybody named by this way in at this touchpoint: nothing means not asked."""
        contents = _contents()
        return {
            key: set(Survey(contents[key[0]]).keys) | names if key[0] in contents else names
            for key, names in self._named.items()
        }


def build(year: Year) -> dict[str, Any]:
    """Ratings of 3 stars and fewer are low, 4 and 5 happy. Sums are of ratings, and of these: low ratings that name a driver (`low`),
    that name it or one before it (`together`); happy ratings where it is named (`named`) and where not (`others`)."""
    said = _read(year)
    asked = said.asked()
    low, happy = _of_low(said, asked), _of_all(said, asked)
    order = sorted(happy, key=lambda key: (-low.count(key), key))
    names = dict(iter(db.session.execute(select(Driver.key, Driver.name))))
    complaints, seen = complained_of(year), observed(year)
    return {
        "low": low.total,
        "silent": low.silent,
        "drivers": [
            {
                "name": names.get(key, key),
                "low": low.of(key),
                "together": together,
                **happy[key],
                "complaints": complaints.get(key),
                "seen": seen.get(key),
            }
            for key, together in zip(order, low.together(order), strict=True)
        ],
        "ahead": low.ahead(order),
        "obstacles": obstacles_named(year),
    }


def _read(year: Year) -> _Said:
    hidden, said = touchpoints_hidden(year), _Said()
    found = answers(
        year,
        version=Rating.survey_version_id,
        source=Rating.source,
        touchpoint=func.coalesce(Rating.touchpoint_id, 0),
        drivers=cast(Rating.drivers, String),
    )
    for group, version, source, touchpoint, written, is_low, count in found:
        if touchpoint not in hidden:
            key = (version, "", 0) if version is not None else (None, source, touchpoint)
            said.add(key, _keys(written), group, bool(is_low), count)
    return said


def _contents() -> Mapping[int | None, Mapping[str, Any]]:
    return dict(iter(db.session.execute(select(SurveyVersion.id, SurveyVersion.content))))


@lru_cache(maxsize=4096)
def _keys(written: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(json.loads(written))) if written else ()


class _Low:
    """Low ratings of whoever could name something."""

    def __init__(self, rows: Sequence[tuple[Collection[str], int, int]]) -> None:
        self._rows = rows  # (named, group, how many)

    @property
    def total(self) -> int:
        return sum(count for _named, _group, count in self._rows)

    @property
    def silent(self) -> int:
        """Those that name nothing all the same."""
        return sum(count for named, _group, count in self._rows if not named)

    def count(self, key: str) -> int:
        return sum(count for named, _group, count in self._rows if key in named)

    def of(self, key: str) -> list[int]:
        return self._kept((group, count, key in named) for named, group, count in self._rows)

    def together(self, order: Sequence[str]) -> list[list[int]]:
        """Of each place in the order: the ratings that name what stands there or before it, each once."""
        place = {key: number for number, key in enumerate(order)}
        first = [
            (group, count, min((place[key] for key in named if key in place), default=len(order)))
            for named, group, count in self._rows
        ]
        return [self._kept((group, count, at <= number) for group, count, at in first) for number in range(len(order))]

    def ahead(self, order: Sequence[str]) -> dict[str, Any] | None:
        """How many lead: as few as half of the low ratings name, three at most. `sums`: of ratings that name either the last of these
        or the next one, but not both, those that name the last."""
        if len(order) < 2 or not self.count(order[0]):
            return None
        reach = (sums[2] * 2 >= sums[1] for sums in self.together(order[:MOST_LEADING]))
        leading = min(
            next((number for number, enough in enumerate(reach, start=1) if enough), MOST_LEADING), len(order) - 1
        )
        last, following = order[leading - 1], order[leading]
        either = (row for row in self._rows if (last in row[0]) != (following in row[0]))
        return {"leading": leading, "sums": self._kept((group, count, last in named) for named, group, count in either)}

    @staticmethod
    def _kept(rows: Iterable[tuple[int, int, bool]]) -> list[int]:
        tally = Tally()
        for group, count, does_name in rows:
            tally.add(group, count, count * does_name)
        return tally.kept


def _of_low(said: _Said, asked: Mapping[Key, Asked]) -> _Low:
    counts: dict[tuple[frozenset[str], int], int] = defaultdict(int)
    for key, named, group, is_low, count in said.rows:
        if is_low and asked[key]:
            counts[frozenset(named), group] += count
    return _Low([(*told, count) for told, count in counts.items()])


def _of_all(said: _Said, asked: Mapping[Key, Asked]) -> dict[str, dict[str, list[int]]]:
    """Driver -> happy ratings where it is named, and where it could have been."""
    named: dict[str, Tally] = defaultdict(Tally)
    others: dict[str, Tally] = defaultdict(Tally)
    for key, keys, group, is_low, count in said.rows:
        for driver in asked[key]:
            (named if driver in keys else others)[driver].add(group, count, 0 if is_low else count)
    return {
        driver: {"named": named[driver].kept, "others": others[driver].kept}
        for driver in sorted(set(named) | set(others))
        if driver in named  # what nobody ever names says nothing
    }


SECTION = Section(
    "drivers", "reports/_drawn.html", build, words.heading, words.headline, words.tables, words.method, words
)
