"""HR reads how customers are chosen in groups of five or more, and nothing that follows from them about fewer."""

from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Cast
from tests.factories import a_person, a_team
from tests.home.cards import a_card, figures
from tracker.core.db import transaction
from tracker.ratings.sample_groups import published
from tracker.statistics.disclosure import SMALLEST_GROUP


def graded(grade: str) -> dict[str, Any]:
    return figures(sample={"grade": grade, "reasons": []})


def a_team_with(cast: Cast, name: str, grades: str) -> None:
    team = a_team(name, parent=cast.root)
    for grade in grades:
        a_card(a_person(team=team), graded(grade), audience="shared")


def test_teams_of_five_are_shown_and_smaller_ones_hidden(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        a_team_with(cast, "Large", "AABBCD")
        a_team_with(cast, "Middle", "AAAAA")
        a_team_with(cast, "Small", "AD")
        a_team_with(cast, "Other", "BBD")
    page = browse(cast.chloe).get("/samples").text
    assert "16 people with a grade" in page
    assert page.count("hidden to protect people") == 2
    assert '<th scope="row">Large</th><td class="num" data-label="With a grade">6</td>' in page


def test_one_small_team_takes_another_with_it(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        a_team_with(cast, "Large", "AABBCD")
        a_team_with(cast, "Middle", "AAAAA")
        a_team_with(cast, "Small", "AD")
    page = browse(cast.chloe).get("/samples").text
    assert page.count("hidden to protect people") == 2
    assert '<th scope="row">Large</th><td class="num" data-label="With a grade">6</td>' in page


def test_under_five_people_nothing_is_shown(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        a_team_with(cast, "Small", "ADCB")
    assert "Too few to tell" in browse(cast.chloe).get("/samples").text


@pytest.mark.parametrize("who", ["amina", "brian", "ruth"])
def test_it_is_for_hr(app: Flask, cast: Cast, browse: Any, who: str) -> None:
    assert browse(getattr(cast, who)).get("/samples").status_code == 403


@given(
    st.dictionaries(
        st.text("abcdef", min_size=1, max_size=3), st.tuples(st.integers(1, 12), st.integers(0, 12)), max_size=8
    )
)
def test_whatever_is_hidden_is_nothing_or_five_people(counts: dict[str, tuple[int, int]]) -> None:
    counts = {name: (graded, min(good, graded)) for name, (graded, good) in counts.items()}
    shown = published(counts)
    if shown.company is None:
        assert sum(graded for graded, _good in counts.values()) < SMALLEST_GROUP
        return
    visible = [group.graded for group in shown.teams if group.graded is not None]
    assert all(number >= SMALLEST_GROUP for number in visible)
    rest = (shown.company.graded or 0) - sum(visible)
    assert rest == 0 or rest >= SMALLEST_GROUP
