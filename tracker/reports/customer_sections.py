"""The sections of the report about customers, in the order of the page."""

from tracker.reports import complaints, coverage, drivers, happy, listening, modes, repeat, stages
from tracker.reports.sections import Section

SECTIONS: tuple[Section, ...] = (
    happy.SECTION,
    stages.SECTION,
    repeat.SECTION,
    drivers.SECTION,
    complaints.SECTION,
    listening.SECTION,
    modes.SECTION,
    coverage.SECTION,
)
