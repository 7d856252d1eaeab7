"""The perception gap as a file: the rows of the page, one group at one stage a line."""

from collections.abc import Iterable, Iterator

from flask_babel import gettext as _

from tracker.core.sheets import Line
from tracker.reports import perception_sentences as say
from tracker.reports import ranges
from tracker.reports.perception import Stage
from tracker.reports.perception_rules import Gap


def headings(*, five: bool) -> list[str]:
    customers = _("Customers with 5, %") if five else _("Customers with 4 or 5, %")
    return [
        _("Stage"),
        _("Group"),
        _("Round of"),
        _("Closed"),
        _("Answers of staff"),
        _("Staff who agree, %"),
        *ranges.range_headings(),
        _("Ratings from"),
        _("Ratings until"),
        _("Ratings"),
        _("Customers"),
        customers,
        *ranges.range_headings(),
        _("Gap, points"),
        *ranges.range_headings(),
        _("Finding"),
    ]


def lines(stages: Iterable[Stage]) -> Iterator[Line]:
    """Figures are empty where the page says that there are too few ratings; hidden groups are in neither."""
    for stage in stages:
        for gap in stage.rows:
            yield [*_which(stage, gap), *_figures(stage, gap)]


def _which(stage: Stage, gap: Gap) -> Line:
    asked = stage.asked
    return [say.stage_heading(stage), say.group_name(gap), asked.month, asked.closed_at.date()]


def _figures(stage: Stage, gap: Gap) -> Line:
    return [
        gap.answers,
        *ranges.values(gap.staff),
        stage.period.since,
        stage.period.last,
        *((None, None) if gap.is_hidden else (gap.ratings, gap.raters)),
        *ranges.values(gap.customers),
        *ranges.values(gap.apart),
        say.verdict(gap),
    ]
