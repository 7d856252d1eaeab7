"""The sections of the report about customers, in the order of the page."""

from tracker.reports import complaint_links, complaints, coverage, drivers, happy, listening, modes, repeat, stages
from tracker.reports.sections import Section

SECTIONS: tuple[Section, ...] = (
    happy.SECTION,
    stages.SECTION,
    repeat.SECTION,
    drivers.SECTION,
    complaints.SECTION,
    complaint_links.SECTION,
    listening.SECTION,
    modes.SECTION,
    coverage.SECTION,
)
