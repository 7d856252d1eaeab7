"""What every section of the report about customers keeps to."""

from typing import Any

import pytest
from flask import Flask

from tests.conftest import Cast
from tracker.reports.customer_sections import SECTIONS
from tracker.reports.sections import Section, Table


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.kind)
def test_a_section_says_how_it_is_worked_out_in_whole_words(session_app: Flask, section: Section) -> None:
    with session_app.app_context():
        for words in (section.method(), section.heading()):
            assert words
            assert "%%" not in words
            assert "%(" not in words


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.kind)
def test_how_a_section_is_worked_out_is_there_to_be_read(browse: Any, cast: Cast, section: Section) -> None:
    assert f'id="{section.anchor}"' in browse(cast.chloe).get("/explained").text


def test_only_numbers_stand_to_the_right_and_a_minus_is_one(session_app: Flask) -> None:
    table = Table(
        "Where", ["Place", "Ratings", "Apart", "Finding"], [["Tills", 12, -3, "yes"], ["Desk", 1200, None, None]]
    )
    assert [table.is_number(column) for column in range(4)] == [False, True, True, False]
    with session_app.app_context():
        assert table.written() == [["Tills", "12", "−3", "yes"], ["Desk", "1,200", "–", "–"]]
