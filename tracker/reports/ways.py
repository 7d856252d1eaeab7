"""What every page of a report offers: another month, a file. Its partial is reports/_ways.html."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from tracker.core.language import long_month
from tracker.reports.known import Known


@dataclass(frozen=True)
class Ways:
    """months: (value, words, is this one); earlier, later: addresses, None at the ends; others: the address's further arguments."""

    page_url: str
    files_url: str
    months: Sequence[tuple[str, str, bool]]
    earlier: str | None
    later: str | None
    others: Mapping[str, str]
    arguments: Mapping[str, str]
    has_file: bool


def ways_of(found: Known, given: Mapping[str, str], *, month: date | None, months: Sequence[date]) -> Ways:
    """`given`: the arguments of the address; `month`: the one that is shown, None where there is none; `months`: the latest first."""
    others: dict[str, Any] = {name: given[name] for name in found.arguments if name in given and name != "month"}
    here = months.index(month) if month else 0

    def url(place: int) -> str | None:
        return url_for(found.page, month=_value(months[place]), **others) if 0 <= place < len(months) else None

    return Ways(
        page_url=url_for(found.page),
        files_url=url_for("report_files.take", name=found.name),
        months=[(_value(one), long_month(one), one == month) for one in months],
        earlier=url(here + 1),
        later=url(here - 1),
        others=others,
        arguments={**others, **({"month": _value(month)} if month else {})},
        has_file=month is not None,
    )


def _value(month: date) -> str:
    return f"{month:%Y-%m}"
