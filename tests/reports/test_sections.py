"""What every section of the report about customers keeps to."""

import pytest
from flask import Flask

from tracker.reports.customer_sections import SECTIONS
from tracker.reports.sections import Section


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.kind)
def test_a_section_says_how_it_is_worked_out_in_whole_words(session_app: Flask, section: Section) -> None:
    with session_app.app_context():
        for words in (section.method(), section.heading()):
            assert words
            assert "%%" not in words
            assert "%(" not in words
