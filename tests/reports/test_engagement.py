"""Engagement beside what customers say: what is found, what is refused, whose groups are shown, and that no sentence says more."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, select

from tests.conftest import Cast
from tests.factories import leads
from tests.reports.companies import READ, Many, many_teams, noise
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.organisation.models import Person, Team
from tracker.ratings.month_models import TeamMonthPeople
from tracker.reports import engagement_sentences as say
from tracker.reports.engagement import COMPANY
from tracker.reports.engagement_rules import Link, Moved, changes, largest_gap, lowest_shown, standings
from tracker.reports.jobs import work_out
from tracker.reports.link_rules import linked
from tracker.reports.models import ReportFigures

ADDRESS = "/reports/engagement"


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    with clock.set_to(READ):
        yield


def a_company(teams: int, months: int, *, slope: float) -> Many:
    """Moods move by half a point; ratings follow a month later, and the noise of 40 ratings lies on top."""
    moods, besides = noise(1, teams, months, 0.4), noise(2, teams, months, 0.05)
    made = many_teams(
        teams,
        months,
        lambda team, month: 3.5 + moods[team, month],
        lambda team, month: slope * (moods[team, month - 1] if month else 0) + besides[team, month],
    )
    work_everything_out()
    return made


def work_everything_out() -> None:
    while work_out(READ):
        pass


def kept() -> dict[str, Any]:
    newest = select(ReportFigures.figures).where(ReportFigures.kind == "engagement")
    return dict(db.session.scalars(newest.order_by(ReportFigures.month.desc()).limit(1)).one())


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_link_is_told_with_its_range_and_that_it_proves_nothing(cast: Cast, browse: Any) -> None:
    a_company(12, 12, slope=0.3)
    page = text_of(browse(cast.chloe).get(ADDRESS).text)
    assert "Customers feel it a month later" in page
    link = kept()["links"][COMPANY]["engagement"]
    low, high = (f"{0.5 * value:+.2f}" for value in link["lags"]["1"][1:])
    assert f"({low} to {high})" in page
    assert "no proof of a cause" in page
    assert link["found"]
    assert 0.2 < link["lags"]["1"][0] < 0.4


def test_where_there_is_none_it_cannot_be_told(cast: Cast, browse: Any) -> None:
    a_company(12, 12, slope=0.0)
    page = text_of(browse(cast.chloe).get(ADDRESS).text)
    assert "We cannot tell whether engaged teams have happier customers." in page
    assert "Customers feel it" not in page


@pytest.mark.parametrize(("teams", "months"), [(9, 12), (12, 11)])
def test_below_the_minimum_there_is_no_slope_anywhere(cast: Cast, browse: Any, teams: int, months: int) -> None:
    a_company(teams, months, slope=0.3)
    assert all(lag is None for link in kept()["links"][COMPANY].values() for lag in link["lags"].values())
    page = text_of(browse(cast.chloe).get(ADDRESS).text)
    assert "too few teams or months" in page
    assert f"{teams} teams and {months} months" in page
    assert "times in 10" in page
    assert "above its own usual" not in page


def test_the_address_chooses_month_group_touchpoint_and_driver(cast: Cast, browse: Any) -> None:
    made = a_company(12, 12, slope=0.3)
    chloe = browse(cast.chloe)
    assert "September 2026" in chloe.get(f"{ADDRESS}?month=2026-09").text
    assert "for “Power to fix things” was" in text_of(chloe.get(f"{ADDRESS}?driver=power").text)
    assert "By touchpoint only all teams together" in text_of(chloe.get(f"{ADDRESS}?touchpoint=1").text)
    assert "Team 003" in chloe.get(f"{ADDRESS}?team={made.team_ids[3]}").text
    for wrong in ("month=2031-01", "team=999999", "team=x", "touchpoint=77", "driver=mood", "month="):
        assert chloe.get(f"{ADDRESS}?{wrong}").status_code == 404, wrong


def test_whoever_leads_a_team_reads_their_own_everybodyalone(cast: Cast, browse: Any) -> None:
    made = a_company(12, 12, slope=0.3)
    with transaction():
        leads(db.session.get_one(Person, cast.dora.id), db.session.get_one(Team, made.team_ids[3]))
    page = browse(cast.dora).get(ADDRESS).text
    assert "Team 003" in page
    assert not set(re.findall(r"Team \d{3}", page)) - {"Team 003"}
    assert "above its own usual" not in page
    assert browse(cast.dora).get(f"{ADDRESS}?team={made.team_ids[4]}").status_code == 404
    assert browse(cast.dora).get(f"{ADDRESS}?touchpoint=1").status_code == 404


@pytest.mark.parametrize("who", ["amina", "ruth"])
def test_nobody_else_reads_it(cast: Cast, browse: Any, who: str) -> None:
    assert browse(getattr(cast, who)).get(ADDRESS).status_code == 403


def test_a_group_of_which_few_were_rated_is_not_shown_nor_left_over(cast: Cast, browse: Any) -> None:
    made = a_company(12, 12, slope=0.3)
    with transaction():
        for row in db.session.scalars(select(TeamMonthPeople).where(TeamMonthPeople.team_id == made.team_ids[0])):
            row.people = 3
        for row in db.session.scalars(select(ReportFigures)):
            row.rests_on = 0
    work_everything_out()
    stars = kept()["stars"]
    assert str(made.team_ids[0]) not in stars
    hidden = [str(team) for team in made.team_ids if str(team) not in stars]
    assert len(hidden) == 2, "another one is hidden, or the first could be worked out from the total"


def test_a_team_that_was_closed_before_the_year_is_gone_and_those_beneath_it_stay(cast: Cast) -> None:
    made = a_company(12, 12, slope=0.0)
    with transaction():
        closed, beneath = (db.session.get_one(Team, made.team_ids[place]) for place in (0, 1))
        closed.closed_on, beneath.parent_id = date(2025, 3, 1), closed.id
        db.session.execute(delete(ReportFigures))  # or the months would keep the tree that they were worked out with
    work_everything_out()
    groups = kept()["groups"]
    assert str(closed.id) not in groups
    assert groups[str(beneath.id)]["above"] == COMPANY


def test_before_anything_is_there_it_says_so(cast: Cast, browse: Any) -> None:
    assert "No month to read yet" in browse(cast.chloe).get(ADDRESS).text
    many_teams(2, 1, lambda _team, _month: 3.5, lambda _team, _month: 0.0)
    assert "Being worked out" in browse(cast.chloe).get(ADDRESS).text


def test_a_company_without_a_pulse_reads_what_customers_say(cast: Cast, browse: Any) -> None:
    many_teams(2, 1, lambda _team, _month: 3.5, lambda _team, _month: 0.0, asks=False)
    work_everything_out()
    page = text_of(browse(cast.chloe).get(ADDRESS).text)
    assert "No round of the pulse has closed" in page
    assert "80 customer ratings of the month" in page


@pytest.mark.parametrize("teams", [5, 60])
def test_a_page_asks_few_questions_however_many_teams_there_are(cast: Cast, browse: Any, teams: int) -> None:
    many_teams(teams, 12, lambda team, month: 3 + (team * month % 7) / 5, lambda team, _month: team % 3 / 10)
    work_everything_out()
    chloe = browse(cast.chloe)
    chloe.get(ADDRESS)
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    chloe.get(ADDRESS)
    questions = [one for one in asked if one.lstrip().upper().startswith("SELECT")]
    assert (
        len([one for one in questions if "report_figures" in one or "folded_month" in one or "touchpoint" in one]) == 3
    )
    assert len(questions) <= 3 + 6, questions  # the frame asks the others: who is there, what waits


# What no sentence may do: claim more than the figures that stand beside it.

FIGURE = st.floats(-1, 1).map(lambda value: round(value, 3))


@st.composite
def a_link(draw: st.DrawFn) -> Link:
    slope, half, enough = draw(FIGURE), draw(st.floats(0.001, 1)), draw(st.booleans())
    low, high = round(slope - half, 3), round(slope + half, 3)
    found = enough and (low > 0 or high < 0) and draw(st.booleans())
    shown = (slope, low, high) if enough else (None, None, None)
    return Link("power", draw(st.integers(0, 40)), draw(st.integers(0, 12)), draw(st.floats(0, 1)), found, *shown)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(link=a_link())
def test_what_is_said_of_a_link_is_what_its_range_says(app: Any, link: Link) -> None:
    stored = {
        "teams": link.teams,
        "months": link.months,
        "power": link.power,
        "found": link.found,
        "lags": {"1": [link.slope, link.low, link.high] if link.slope is not None else None},
        "averages": None,
    }
    with app.test_request_context():
        said, behind = say.link_finding({"links": {COMPANY: {"power": stored}}}, COMPANY)
    assert ("Customers feel it a month later" in said) == (link.found and (link.low or 0) > 0)
    assert ("the other way" in said) == (link.found and (link.high or 0) < 0)
    assert ("cannot tell" in said) == (not link.found)
    if link.slope is None or link.low is None or link.high is None:
        assert "above its own usual" not in behind
        assert "it takes 10 and 12" in behind
    else:
        ends = [say.signed(0.5 * value, 2) for value in (link.slope, link.low, link.high)]
        assert f"moved by {ends[0]} stars ({ends[1]} to {ends[2]})" in behind
        assert "no proof of a cause" in behind


@st.composite
def some_figures(draw: st.DrawFn) -> dict[str, Any]:
    groups: dict[str, Any] = {COMPANY: {"name": "All", "above": None, "team": 1}}
    stars: dict[str, Any] = {}
    cells: dict[str, Any] = {driver: {} for driver in ("motivation", "trained", "power")}
    for key in map(str, range(2, 2 + draw(st.integers(2, 8)))):
        groups[key] = {"name": f"Group {key}", "above": COMPANY, "team": int(key)}
        n, n_before = draw(st.integers(1, 400)), draw(st.integers(0, 400))
        happy, before = draw(st.integers(0, n)), draw(st.integers(0, n_before))
        stars[key] = {"people": 5, "n": n, "happy": happy, "n_before": n_before, "happy_before": before}
        for of_driver in cells.values():
            answers = draw(st.sampled_from([None, 5, 9, 40]))
            of_driver[key] = {"month": "2026-10-01", "n": answers, "agree": draw(st.integers(0, 100)), "tone": ""}
    total = {
        part: sum(one[part] for one in stars.values()) for part in ("people", "n", "happy", "n_before", "happy_before")
    }
    stars[COMPANY] = total
    for of_driver in cells.values():
        known = [cell for cell in of_driver.values() if cell["n"]]
        n = sum(cell["n"] for cell in known) + 10
        agree = round(100 * (sum(cell["n"] * cell["agree"] / 100 for cell in known) + 5) / n)
        of_driver[COMPANY] = {"month": "2026-10-01", "n": n, "agree": agree, "tone": ""}
    return {"groups": groups, "stars": stars, "cells": cells, "links": {}, "perception": [], "round": None, "cover": {}}


@settings(max_examples=150, deadline=None)
@given(figures=some_figures())
def test_what_stands_out_does_so_by_its_own_range(figures: dict[str, Any]) -> None:
    everybody = figures["stars"][COMPANY]
    for one in standings(figures, lowest_shown(figures, COMPANY)):
        assert one.customers is not None
        assert one.customers.low is not None
        assert one.customers.high is not None
        assert one.customers.low <= one.customers.percent <= one.customers.high
        mine = figures["stars"][one.key]
        rest = (everybody["happy"] - mine["happy"]) / max(everybody["n"] - mine["n"], 1)
        if one.tone:
            assert (mine["happy"] / mine["n"] > rest) == (one.tone == "above")
    gap = largest_gap(figures)
    if gap is not None:
        assert gap.percent < gap.company
        assert 0 <= gap.low <= gap.company - gap.percent <= gap.high
    for moved in changes(figures, list(figures["groups"])):
        assert moved.low <= moved.difference <= moved.high
        assert (moved.verdict == "clear") <= (moved.low >= 0 or moved.high <= 0)


def alike(seed: int, groups: int = 12) -> dict[str, Any]:
    """A company in which nobody differs from anybody, but by chance."""
    rng = np.random.default_rng(seed)
    names = {str(key): {"name": f"Group {key}", "above": COMPANY, "team": key} for key in range(2, 2 + groups)}
    stars: dict[str, Any] = {}
    cells: dict[str, Any] = {driver: {} for driver in ("motivation", "trained", "power")}
    for key in names:
        n, before = (int(many) for many in rng.integers(40, 120, 2))
        sums = {"happy": int(rng.binomial(n, 0.8)), "happy_before": int(rng.binomial(before, 0.8))}
        stars[key] = {"people": 6, "n": n, "n_before": before, **sums}
        for of_driver in cells.values():
            answers = int(rng.integers(5, 15))
            agree = round(100 * rng.binomial(answers, 0.6) / answers)
            of_driver[key] = {"month": "2026-10-01", "n": answers, "agree": agree, "tone": ""}
    stars[COMPANY] = {part: sum(one[part] for one in stars.values()) for part in stars["2"]}
    for of_driver in cells.values():
        n = sum(cell["n"] for cell in of_driver.values())
        agree = round(sum(cell["n"] * cell["agree"] for cell in of_driver.values()) / n)
        of_driver[COMPANY] = {"month": "2026-10-01", "n": n, "agree": agree, "tone": ""}
    everybody = {COMPANY: {"name": "All", "above": None, "team": 1}, **names}
    return {
        "groups": everybody,
        "stars": stars,
        "cells": cells,
        "links": {},
        "perception": [],
        "round": None,
        "cover": {},
    }


def test_where_nobody_differs_a_report_rarely_says_that_somebody_does() -> None:
    """At most one page in ten, within two standard errors; one group at a time every second page would."""
    pages, runs = [alike(seed) for seed in range(400)], 400
    error = (0.1 * 0.9 / runs) ** 0.5
    stands_out = sum(any(one.tone for one in standings(page, lowest_shown(page, COMPANY))) for page in pages)
    assert stands_out / runs <= 0.1 + 2 * error
    assert sum(largest_gap(page) is not None for page in pages) / runs <= 0.1 + 2 * error
    clear = sum(any(one.verdict == "clear" for one in changes(page, list(page["groups"]))) for page in pages)
    assert clear / runs <= 0.1 + 2 * error


@pytest.mark.parametrize("verdict", ["clear", "maybe"])
def test_a_change_that_could_be_chance_says_so(app: Any, verdict: str) -> None:
    with app.test_request_context():
        said = say.moved_words(Moved("2", "Tills", None, -6, -11, -1 if verdict == "clear" else 2, verdict))
    assert ("Could be chance" in said[1]) == (verdict == "maybe")
    assert "−11 to" in said[1]


def test_below_the_minimum_nothing_of_a_slope_is_kept() -> None:
    rng = noise(3, 9, 12, 0.3)
    made = linked({"power": rng + 3}, rng, noise(4, 9, 12, 0) + 50)
    assert made["power"]["lags"] == dict.fromkeys(("-1", "0", "1", "2", "3"))
    assert made["power"]["averages"] is None


def test_of_many_groups_the_page_shows_those_that_stand_out_and_says_so(cast: Cast, browse: Any) -> None:
    many_teams(30, 12, lambda team, _month: 1.5 if team == 17 else 4.0, lambda team, month: (team + month) % 5 / 4)
    work_everything_out()
    page = browse(cast.chloe).get(ADDRESS).text
    heading = page[page.index('<table class="heat">') :]
    heading = heading[: heading.index("</thead>")]
    assert "Team 017" in heading
    assert heading.count('scope="col"') == 2 + 12, "the drivers, the company, and as many groups as there is room for"
    groups = [group for group in kept()["groups"].values() if group["above"] == COMPANY]
    assert f"{len(groups) - 12} more groups have no room here" in text_of(page)
    assert "more changes are in the file" in text_of(page)


def test_a_month_is_named_in_full(cast: Cast, browse: Any) -> None:
    a_company(2, 1, slope=0.0)
    assert "October 2026" in browse(cast.chloe).get(ADDRESS).text
    assert date(2026, 10, 1).isoformat() not in text_of(browse(cast.chloe).get(ADDRESS).text)
