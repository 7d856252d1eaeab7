"""The sections of the report about customers, in the order of the page."""

from tracker.reports import coverage, happy, repeat, stages
from tracker.reports.sections import Section

SECTIONS: tuple[Section, ...] = (happy.SECTION, stages.SECTION, repeat.SECTION, coverage.SECTION)
