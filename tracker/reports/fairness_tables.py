"""The fairness audit in rows: one group and one measure a line, with typed figures in the unit of the line."""

from flask_babel import gettext as _

from tracker.reports.fairness_rules import MEASURES
from tracker.reports.fairness_words import (
    SCALE,
    Measured,
    checked_name,
    ends,
    group_name,
    looked_at,
    measure_name,
    verdict_words,
)
from tracker.reports.ranges import range_headings
from tracker.reports.sections import Figures, Table, Value


def tables(figures: Figures) -> list[Table]:
    """One for each thing that is looked at and shown."""
    if not figures["quarter"]:
        return []
    return [_table(one) for one in figures["looked_at"] if one["state"] == "shown"]


def _table(one: Measured) -> Table:
    headings = [
        _("Group"),
        _("People"),
        _("What"),
        _("Of how many"),
        _("Figure"),
        *range_headings(),
        _("Against everybody else: stars, or times as often"),
        _("Difference likely from"),
        _("Difference likely to"),
        _("Finding"),
    ]
    rows = [row for group in one["groups"] for row in _rows(one["key"], group)]
    return Table(looked_at(one["key"]), headings, rows)


def _rows(key: str, group: Measured) -> list[list[Value]]:
    who: list[Value] = [group_name(key, group["key"]), group["people"]]
    checked = None if group["checked"] is None else round(group["checked"] * 100, 1)
    weeks: list[Value] = [checked_name(), group["weeks"], checked, *[None] * 5, ""]
    return [
        [*who, *weeks],
        *([*who, measure_name(measure), *_figures(measure, group[measure])] for measure in MEASURES),
    ]


def _figures(measure: str, found: Measured | None) -> list[Value]:
    words = verdict_words(measure, found)
    if found is None:
        return [*[None] * 7, words]
    own = [None if value is None else round(value * SCALE[measure], 4) for value in found["own"]]
    if found["apart"][1] is None:
        return [found["n"], *own, None, None, None, words]
    low, high = ends(measure, found)
    return [found["n"], *own, found["apart"][0], low, None if high == float("inf") else high, words]
