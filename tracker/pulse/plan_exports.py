"""Actions as rows: for XLSX, CSV and the API, from the same plans and the same readings as the page."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO

from flask_babel import gettext as _

from tracker.core import clock, sheets
from tracker.core.language import month
from tracker.core.sheets import Line
from tracker.pulse import plan_sentences as say
from tracker.pulse.plan_queries import PlanRow
from tracker.pulse.plan_rules import Measured
from tracker.pulse.result_rules import Verdict


@dataclass(frozen=True)
class Reading:
    """A published figure with how many answered; low and high: its likely range, None where the spread is hidden."""

    month: date
    mean: float
    n: int
    low: float | None
    high: float | None


@dataclass(frozen=True)
class PlanLine:
    """An action. before: the figure it began from, aim: from where on it has moved; both None for whoever does not read the figures.
    asked_again: the month of the newest round since that asked, latest: its figure, None where it is hidden. moved: the first figure
    that was there, sure: how sure that change is, None where that cannot be told."""

    id: int
    row: PlanRow
    before: Reading | None
    aim: float | None
    asked_again: date | None
    latest: Reading | None
    moved: Reading | None
    sure: Verdict | None

    @property
    def words(self) -> str:
        """The measure as the page says it."""
        return f"{say.aim_words(self.row)} {say.measure_words(self.row)}".strip()


def plan_lines(rows: Iterable[PlanRow]) -> Iterator[PlanLine]:
    """In the order given."""
    for row in rows:
        newest = row.later[-1] if row.later else None
        reads = row.before is not None
        yield PlanLine(
            row.plan.id,
            row,
            _at(row, row.plan.round_id),
            row.plan.aim if reads else None,
            newest.month if newest and reads else None,
            _at(row, newest.id) if newest and reads else None,
            _at(row, row.moved_in.id) if row.moved_in and reads else None,
            row.sure,
        )


def _at(row: PlanRow, round_id: int) -> Reading | None:
    found = row.readings.get(round_id)
    asked = next((one for one in row.rounds if one.id == round_id), None)
    return _reading(row, asked.month, found) if found and asked else None


def _reading(row: PlanRow, of: date, found: Measured) -> Reading:
    low, high = found.likely(row.item.scale) or (None, None)
    return Reading(of, found.mean, found.n, low, high)


def headings() -> list[str]:
    return [
        _("What will be done"),
        _("Group"),
        _("Question"),
        _("Who"),
        _("By when"),
        _("How it stands"),
        _("From"),
        *_of_figure(),
        _("To reach"),
        _("Newest round"),
        _("Figure there"),
        *_of_figure(),
        _("The measure in words"),
        _("What was done"),
        _("Done on"),
        _("Why it was given up"),
        _("Given up on"),
        _("Planned on"),
    ]


def _of_figure() -> list[str]:
    return [_("Answers"), _("Likely from"), _("Likely to")]


def as_file(kind: str, rows: Iterable[PlanRow], *, zone: str) -> tuple[IO[bytes], int]:
    """The file at its beginning, and how many rows it holds. zone: whose days are written. In XLSX a second sheet says what figures are."""
    notes = [
        _("Means of published results of the pulse: of agreement 1 to 5, where 5 is the good end; of recommending the eNPS."),
        _("Likely from, to: the range in which the true mean likely lies (95 %), worked out as on the page of results."),
        _("A round without a figure is hidden to protect people. No figure at all: read by who belongs to the group or leads it."),
        _("That a figure moved does not say that the action moved it."),
    ]  # fmt: skip
    lines = (_cells(line, zone) for line in plan_lines(rows))
    return sheets.as_file(kind, _("Actions"), headings(), lines, notes=(_("How it is worked out"), notes))


def _cells(line: PlanLine, zone: str) -> Line:
    row, plan = line.row, line.row.plan
    return [
        plan.text,
        say.group_name(plan),
        say.item_words(row.item),
        say.owner_words(row),
        plan.due_on,
        say.state_words(row),
        *_figures(line.before),
        line.aim,
        month(line.asked_again) if line.asked_again else None,
        *_figures(line.latest),
        line.words,
        plan.done,
        _day(plan.done_at, zone),
        plan.given_up_because,
        _day(plan.given_up_at, zone),
        _day(plan.made_at, zone),
    ]


def _figures(found: Reading | None) -> Line:
    return [found.mean, found.n, found.low, found.high] if found else [None] * 4


def _day(moment: datetime | None, zone: str) -> date | None:
    return clock.local_day(moment, zone) if moment else None
