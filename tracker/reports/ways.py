"""What every page of a report offers: another month, a file, a mail. Its partial is reports/_ways.html."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.core.audience import Viewer
from tracker.core.language import long_month
from tracker.core.unchanged import unless_unchanged
from tracker.reports.contents import about_company
from tracker.reports.known import Known
from tracker.reports.policy import manages_mails
from tracker.reports.report_page import Report


@dataclass(frozen=True)
class Ways:
    """months: (value, words, is this one); earlier, later: addresses, None at the ends; others: the address's further arguments."""

    page_url: str
    files_url: str
    mails_url: str | None
    months: Sequence[tuple[str, str, bool]]
    earlier: str | None
    later: str | None
    others: Mapping[str, str]
    arguments: Mapping[str, str]
    has_file: bool


def page_of_sections(
    found: Known, report: Report, viewer: Viewer, given: Mapping[str, str], *, template: str
) -> ResponseReturnValue:
    """The page of a report about the whole company that is made of sections; 304 where the browser has it. given: as for `ways_of`."""

    def page() -> str:
        ways = ways_of(found, viewer, given, month=report.year.month if report.year else None, months=report.months)
        about = about_company(report)
        return render_template(template, report=report, title=found.title(), about=about, ways=ways)

    return unless_unchanged(report.mark, page)


def ways_of(
    found: Known, viewer: Viewer, given: Mapping[str, str], *, month: date | None, months: Sequence[date]
) -> Ways:
    """`given`: the arguments of the address; `month`: the one that is shown, None where there is none; `months`: the latest first."""
    others: dict[str, Any] = {name: given[name] for name in found.arguments if name in given and name != "month"}
    here = months.index(month) if month else 0

    def url(place: int) -> str | None:
        return url_for(found.page, month=_value(months[place]), **others) if 0 <= place < len(months) else None

    return Ways(
        page_url=url_for(found.page),
        files_url=url_for("report_files.take", name=found.name),
        mails_url=url_for("report_mails.mails", name=found.name) if manages_mails(viewer) else None,
        months=[(_value(one), long_month(one), one == month) for one in months],
        earlier=url(here + 1),
        later=url(here - 1),
        others=others,
        arguments={**others, **({"month": _value(month)} if month else {})},
        has_file=month is not None,
    )


def _value(month: date) -> str:
    return f"{month:%Y-%m}"
