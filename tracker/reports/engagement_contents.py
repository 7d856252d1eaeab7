"""The report on engagement in the shape that files, programs and mails are made from: its page’s own sentences and tables."""

from flask_babel import gettext as _

from tracker.core.language import long_month
from tracker.reports import engagement_sentences as say
from tracker.reports import given_words
from tracker.reports.contents import Chapter, Contents
from tracker.reports.engagement_page import EngagementReport


def title() -> str:
    return _("Engagement and satisfaction")


def readers() -> str:
    return _("This is for who leads a team, and for HR.")


def engagement_contents(report: EngagementReport) -> Contents:
    month = report.month
    about = _("No month can be read yet.")
    if month is not None:
        about = _("%(where)s, %(month)s.", where=report.where, month=long_month(month)) if report.figures else ""
    if report.passed_over:
        about = _("%(about)s What was asked for is not in the report of this month, so this is all of it.", about=about)
    return Contents(
        title=title(),
        about=about or (long_month(month) if month else ""),
        readers=readers(),
        month=month,
        months=report.months,
        chapters=_chapters(report) if month else [],
        made_at=report.made_at,
        mark=report.mark,
    )


def _chapters(report: EngagementReport) -> list[Chapter]:
    if report.figures is None:
        return [Chapter("short", _("In short"), [], [], "", is_worked_out=False)]
    findings = [f"{said} {behind}" for said, behind in report.findings]
    of_links = [said for said in report.link_words if not any(said in finding for finding in findings)]  # nothing twice
    return [
        Chapter("short", _("In short"), findings, [], say.method(report.figures)),
        Chapter(
            "figures",
            _("Groups, links and changes"),
            [
                *of_links,
                *([given_words.sentence(report.figures)] if given_words.is_told(report.figures) else []),
            ],
            report.tables,
            _(
                "Each team against its own usual and everybody’s month; no slope below 10 teams and 12 months, or 20 and 6. "
                "Of staff published cells of the pulse alone; of customers groups of five people or more. Links, complaints and who is "
                "happy every time: the twelve months that end with this one."
            ),
        ),
    ]
