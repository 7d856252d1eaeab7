"""The sections of the report about customers, in the order of the page."""

from tracker.reports import complaints, coverage, drivers, listening, modes
from tracker.reports.sections import Section

SECTIONS: tuple[Section, ...] = (
    drivers.SECTION,
    complaints.SECTION,
    listening.SECTION,
    modes.SECTION,
    coverage.SECTION,
)
