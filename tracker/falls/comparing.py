"""The weekly checks that ran, worked out again and compared alert by alert; whatever differs is listed with its cause.

A check that is worked out again sees the ratings as they stand today. So where nothing was edited, late, moved or decided after it, it
must find the same; where something was, that is looked for: about the person, then the team, then anybody, for one person's ratings
move what is expected of others a little.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, or_, select

from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db
from tracker.falls.history import REACH, FallThen, History
from tracker.falls.replaying import Alert, Record, is_same, replay
from tracker.ratings.fall_queries import thresholds_on
from tracker.ratings.models import Attribution, Rating
from tracker.statistics.falls import Parameters

# What the audit says of the past being changed, where no row is left to tell.
AUDITED = {
    "rating.erased": "erased",
    "rating.included": "excluded",
    "import.undone": "import_undone",
    "person.moved": "moved",
    "rollup.mended": "rollup_mended",
}


@dataclass(frozen=True)
class Cause:
    """late, edited, excluded, credited, erased, second_look, moved, import_undone, rollup_mended, settings, case, cool_down or unknown;
    `of`: person, team or company, whoever it was that changed."""

    cause: str
    of: str = "person"


@dataclass(frozen=True)
class Difference:
    """kind: only_stored, only_replayed, or figures (both alert, with other figures)."""

    person: int
    week: int
    kind: str
    causes: list[Cause]
    stored: FallThen | None
    replayed: Alert | None


@dataclass(frozen=True)
class Comparison:
    """checks: weeks whose check is known to have run; agreed: alerts that are the same."""

    checks: list[int]
    agreed: list[Alert]
    differences: list[Difference]


def compare(history: History, *, goes_by: Parameters | None = None) -> Comparison:
    """Every check of the history that is known to have run. `goes_by`: other parameters than those of each Monday."""
    weeks = [week for week in history.weeks if week in history.checks or any(f.week == week for f in history.falls)]
    record = Record(_parameters(history, goes_by), history)
    for _week in replay(history, [record]):
        pass
    stored = {(fall.person, fall.week): fall for fall in history.falls if fall.week in weeks}
    found = {(alert.person, alert.week): alert for alert in record.alerts if alert.week in weeks}
    agreed = [alert for key, alert in found.items() if key in stored and is_same(alert, stored[key])]
    same = {(alert.person, alert.week) for alert in agreed}
    causes = _Causes(history, record)
    keys = sorted({*stored, *found} - same, key=lambda key: (key[1], key[0]))
    return Comparison(weeks, agreed, [causes.difference(key, stored.get(key), found.get(key)) for key in keys])


def _parameters(history: History, goes_by: Parameters | None) -> Callable[[int], Parameters]:
    if goes_by is not None:
        return lambda _week: goes_by
    chosen = {week: thresholds_on(clock.monday_of(week + 1)).parameters for week in history.weeks}
    return chosen.__getitem__


class _Causes:
    """What has changed since each check, looked up once a week that needs it."""

    def __init__(self, history: History, record: Record) -> None:
        self.history, self.record = history, record
        self._changed: dict[int, dict[str, set[int | None]]] = {}

    def difference(self, key: tuple[int, int], stored: FallThen | None, replayed: Alert | None) -> Difference:
        person, week = key
        kind = "only_replayed" if stored is None else "only_stored" if replayed is None else "figures"
        causes = [*self._rules(week, person, stored, replayed), *self._changes(person, week, stored)]
        return Difference(person, week, kind, causes or [Cause("unknown")], stored, replayed)

    def _rules(self, week: int, person: int, stored: FallThen | None, replayed: Alert | None) -> Iterator[Cause]:
        """Other settings than then; or somebody whom the record of today would have left alone."""
        then = stored.parameters if stored else self._parameters_then(week)
        if then is not None and then != _as_stored(self.record.goes_by(week)):
            yield Cause("settings", "company")
        if stored is not None and replayed is None:
            resting = self.record.resting(week, self.history.ran_at(week))
            if person in resting:
                yield Cause(resting[person])

    def _parameters_then(self, week: int) -> dict[str, Any] | None:
        return self.history.checks[week].parameters if week in self.history.checks else None

    def _changes(self, person: int, week: int, stored: FallThen | None) -> Iterator[Cause]:
        if week not in self._changed:
            self._changed[week] = changed_since(self.history, week)
        team = self._team(week)
        if stored is not None and stored.team is not None and stored.team != team.get(person, stored.team):
            yield Cause("moved")
        for cause, people in self._changed[week].items():
            mates = {one for one in people if one is not None and team.get(one) == team.get(person)}
            yield Cause(cause, "person" if person in people else "team" if mates else "company")

    def _team(self, week: int) -> dict[int, int]:
        return dict(zip(self.history.people, self.history.team[week].tolist(), strict=True))


def changed_since(history: History, week: int) -> dict[str, set[int | None]]:
    """Cause -> whom it concerns, of what has changed under a week's check since it ran; without causes that did not happen."""
    at = history.ran_at(week)
    first, last = clock.monday_of(week - REACH + 1), clock.monday_of(week + 1)
    ratings = select(Rating.person_id).where(Rating.rated_on >= first, Rating.rated_on < last).distinct()
    left_out = history.checks[week].left_out if week in history.checks else []
    found = {
        "late": _people(ratings.where(Rating.received_at > at)),
        "edited": _people(ratings.where(Rating.edited_at > at)),
        "excluded": _people(ratings.where(Rating.excluded_at > at)),
        "second_look": _people(select(Rating.person_id).where(Rating.id.in_(left_out), Rating.unchecked_at.is_(None))),
        "credited": _credited(at, first, last),
    }
    for action, person in db.session.execute(_audited(at)):
        found.setdefault(AUDITED[action], set()).add(person)
    return {cause: people for cause, people in found.items() if people}


def _people(statement: Select[Any]) -> set[int | None]:
    return set(db.session.scalars(statement))


def _credited(at: datetime, first: date, last: date) -> set[int | None]:
    rows = db.session.execute(
        select(Attribution.from_person_id, Attribution.to_person_id)
        .join(Rating, Rating.id == Attribution.rating_id)
        .where(Attribution.at > at, or_(Rating.rated_on.is_(None), Rating.rated_on >= first), Rating.rated_on < last)
    )
    return {person for row in rows for person in row if person is not None}


def _audited(at: datetime) -> Select[*tuple[Any, ...]]:
    return select(AuditEntry.action, AuditEntry.person_id).where(AuditEntry.at > at, AuditEntry.action.in_(AUDITED))


def _as_stored(parameters: Parameters) -> dict[str, Any]:
    """As JSON gives them back."""
    return {**asdict(parameters), "windows_weeks": list(parameters.windows_weeks)}
