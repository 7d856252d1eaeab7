"""The reports there are, by the name in their address. One line here gives a report its files, its place in the API and its mails."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from tracker.core.audience import Viewer
from tracker.core.errors import Refused
from tracker.reports.contents import Contents, contents_of
from tracker.reports.customer_sections import SECTIONS
from tracker.reports.engagement_contents import engagement_contents
from tracker.reports.engagement_contents import readers as engagement_readers
from tracker.reports.engagement_contents import title as engagement_title
from tracker.reports.engagement_page import Wanted, engagement_report
from tracker.reports.fairness_page import fairness_report
from tracker.reports.policy import reads_company, reads_cross_report
from tracker.reports.report_page import report_of

Arguments = Mapping[str, str]  # as in the address of the page: month=2026-10


@dataclass(frozen=True)
class Known:
    """`page`: the endpoint of its page; `arguments`: what its address may say, `month` first; `readers`: who may, as a sentence.

    `contents` gets the arguments and the viewer, who may read it: NotFound where there is no such month.
    """

    name: str
    page: str
    arguments: tuple[str, ...]
    title: Callable[[], str]
    readers: Callable[[], str]
    may_read: Callable[[Viewer], bool]
    contents: Callable[[Arguments, Viewer], Contents]

    def check(self, viewer: Viewer) -> None:
        """Refused for whoever may not read it."""
        if not self.may_read(viewer):
            raise Refused(self.readers())


def known(name: str) -> Known:
    """NotFound where there is no such report."""
    if name not in KNOWN:
        raise NotFound
    return KNOWN[name]


def contents_for(found: Known, viewer: Viewer, given: Arguments) -> Contents:
    """The report as this viewer reads it. Refused where they do not; what is no argument of the report is passed over."""
    found.check(viewer)
    return found.contents({name: given[name] for name in found.arguments if name in given}, viewer)


def _customers_title() -> str:
    return _("Customers over a year")


def _for_hr() -> str:
    return _("This is for HR.")


def _customers(given: Arguments, viewer: Viewer) -> Contents:
    report = report_of(SECTIONS, given.get("month"), at=viewer.at, five=given.get("happy") == "5")
    return contents_of(report, title=_customers_title(), readers=_for_hr())


def _fairness_title() -> str:
    return _("Does the weekly check treat people alike?")


def _fairness(given: Arguments, viewer: Viewer) -> Contents:
    report = fairness_report(given.get("month"), at=viewer.at)
    return contents_of(report, title=_fairness_title(), readers=_for_hr())


def _engagement(given: Arguments, viewer: Viewer) -> Contents:
    return engagement_contents(engagement_report(viewer, Wanted(**given)))


KNOWN: Mapping[str, Known] = {
    found.name: found
    for found in (
        Known(
            "engagement",
            "engagement_report.engagement",
            ("month", "team", "touchpoint", "driver"),
            engagement_title,
            engagement_readers,
            reads_cross_report,
            _engagement,
        ),
        Known(
            "customers",
            "customer_report.customers",
            ("month", "happy"),
            _customers_title,
            _for_hr,
            reads_company,
            _customers,
        ),
        Known("fairness", "fairness.fairness", ("month",), _fairness_title, _for_hr, reads_company, _fairness),
    )
}
