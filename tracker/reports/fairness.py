"""The fairness audit: does the weekly check treat people alike, whatever their contract, language, time here or shift?

Worked out once for the year that ends with a quarter, when everybody has been told of its last check, and then it stays. Whoever could
lay two states of the same figures side by side, one person having changed groups between them, would learn of that person.
"""

from typing import Any

from tracker.core.db import db
from tracker.reports import fairness_sentences
from tracker.reports.fairness_counts import checks_run, people_of
from tracker.reports.fairness_rules import audit
from tracker.reports.fairness_tables import tables
from tracker.reports.models import ReportFigures
from tracker.reports.periods import Year
from tracker.reports.sections import Section

KIND = "fairness"
FORM = 1  # of the figures as kept: another one lets them be worked out anew
QUARTER = 3


def build(year: Year) -> dict[str, Any]:
    """{form, quarter}; of a quarter also people, ratings, checks (weeks) and what is looked at (fairness_rules.audit)."""
    if not ends_quarter(year):
        return {"form": FORM, "quarter": False}
    kept = db.session.get(ReportFigures, (year.month, KIND))
    if kept is not None and kept.figures.get("form") == FORM:
        return dict(kept.figures)
    people, ran = people_of(year), checks_run(year)
    return {
        "form": FORM,
        "quarter": True,
        "people": len(people.n),
        "ratings": int(people.n.sum()),
        "checks": len(ran),
        "looked_at": audit(people),
    }


def ends_quarter(year: Year) -> bool:
    return year.month.month % QUARTER == 0


SECTION = Section(
    KIND,
    "reports/_fairness.html",
    build,
    fairness_sentences.heading,
    fairness_sentences.headline,
    tables,
    fairness_sentences.method,
    fairness_sentences,
)
