"""Engagement beside what customers say: what is found, what is refused, whose groups are shown, and that no sentence says more."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from math import ceil, floor
from typing import Any

import numpy as np
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from tests.conftest import Cast
from tests.factories import a_team, leads
from tests.reports.companies import Many, many_teams, noise
from tests.reports.customers import come_again, worked_out
from tests.reports.jobs import READ, all_worked_out
from tests.reports.test_ways_out import book_of
from tests.statements import statements
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.core.language import signed
from tracker.organisation.models import Person, Team
from tracker.ratings.models import Touchpoint
from tracker.ratings.month_models import TeamMonthPeople
from tracker.reports import engagement_sentences as say
from tracker.reports.engagement import COMPANY
from tracker.reports.engagement_changes import Moved, changes
from tracker.reports.engagement_rules import DriverGap, Link, half_a_point, largest_gap, lowest_shown, standings
from tracker.reports.link_rules import linked
from tracker.reports.models import ReportFigures
from tracker.statistics.linkage import lagged_slope

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
    all_worked_out()
    return made


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
    low, high = (f"{value / 100:+.2f}" for value in told(link))
    assert f"({low} to {high})" in page
    assert "no proof of a cause" in page
    assert link["found"]
    assert 0.2 < link["lags"]["1"][0] < 0.4


def test_the_other_way_round_and_teams_against_teams_stand_beside_it(cast: Cast, browse: Any) -> None:
    a_company(12, 12, slope=0.3)
    page = text_of(browse(cast.chloe).get(f"{ADDRESS}?driver=power").text)
    link = kept()["links"][COMPANY]["power"]
    by, low, high = half_a_point(link["lags"]["-1"]) or (0, 0, 0)
    assert f"a month later moved by {signed(by, 2)} points ({signed(low, 2)} to {signed(high, 2)})" in page
    r, low, high = link["averages"]
    assert f"a correlation of {signed(r, 2)} ({signed(low, 2)} to {signed(high, 2)}, 12 teams)" in page
    assert "not evidence of a cause" in page


def test_where_there_is_none_it_cannot_be_told(cast: Cast, browse: Any) -> None:
    a_company(12, 12, slope=0.0)
    page = text_of(browse(cast.chloe).get(ADDRESS).text)
    assert "We cannot tell whether engaged teams have happier customers." in page
    assert "Customers feel it" not in page


@pytest.mark.parametrize(("teams", "months"), [(9, 12), (12, 11)])
def test_below_the_minimum_there_is_no_slope_anywhere(cast: Cast, browse: Any, teams: int, months: int) -> None:
    a_company(teams, months, slope=0.3)
    assert all(lag is None for link in kept()["links"][COMPANY].values() for lag in link["lags"].values())
    chloe = browse(cast.chloe)
    page = text_of(chloe.get(ADDRESS).text)
    with chloe.post(f"{ADDRESS}/files", {"file": "xlsx"}) as answer:
        findings = book_of(answer.data)["Findings"]
    assert sum("it takes 10 and 12" in said for _section, said in findings) == 1, "nothing is said twice"
    on_paper = text_of(re.sub(r"<form.*?</form>", "", chloe.get(f"{ADDRESS}?driver=power").text, flags=re.DOTALL))
    assert "Which moves first? Power to fix things" in on_paper, "where nothing can be chosen it says of what it is"
    assert "too few teams or months" in page
    assert f"{teams} teams and {months} months" in page
    assert "times in 10" in page
    assert "above its own usual" not in page
    assert "other way round" not in page


def test_the_address_chooses_month_group_touchpoint_and_driver(cast: Cast, browse: Any) -> None:
    made = a_company(12, 12, slope=0.3)
    chloe = browse(cast.chloe)
    assert "September 2026" in chloe.get(f"{ADDRESS}?month=2026-09").text
    assert "for “Power to fix things” was" in text_of(chloe.get(f"{ADDRESS}?driver=power").text)
    assert "By touchpoint only all teams together" in text_of(chloe.get(f"{ADDRESS}?touchpoint=1").text)
    assert "Team 003" in chloe.get(f"{ADDRESS}?team={made.team_ids[3]}").text
    for wrong in ("month=2031-01", "team=999999", "team=x", "touchpoint=77", "driver=mood", "month="):
        assert chloe.get(f"{ADDRESS}?{wrong}").status_code == 404, wrong


def test_what_another_month_does_not_have_is_passed_over_and_said(cast: Cast, browse: Any) -> None:
    a_company(12, 12, slope=0.3)
    with transaction():
        other = a_team(parent=cast.root)
        at_the_door = Touchpoint(id=901, name="At the door", stage="purchase")
        db.session.add(at_the_door)
    chloe, dora = browse(cast.chloe), browse(cast.dora)
    told = "What you chose is not in the report of September 2026, so you see all of it."
    for chosen in (f"team={other.id}", f"touchpoint={at_the_door.id}", "driver=staffing"):
        assert told in text_of(chloe.get(f"{ADDRESS}?month=2026-09&{chosen}").text), chosen
        with chloe.post(
            f"{ADDRESS}/files", {"file": "xlsx", "month": "2026-09", **dict([chosen.split("=")])}
        ) as answer:
            assert answer.status_code == 200, chosen
            assert (
                "What was asked for is not in the report of this month"
                in dict(book_of(answer.data)["Method"])["Period"]
            )
        assert dora.get(f"{ADDRESS}?month=2026-09&{chosen}").status_code == 404, chosen
    assert told not in text_of(chloe.get(f"{ADDRESS}?month=2026-09&driver=power").text)


def test_going_to_a_group_keeps_month_and_driver(cast: Cast, browse: Any) -> None:
    a_company(12, 12, slope=0.3)
    page = browse(cast.chloe).get(f"{ADDRESS}?month=2026-09&driver=power").text
    links = re.findall(r'<th scope="col"><a href="([^"]+)"', page)
    assert links
    assert all("month=2026-09" in link and "driver=power" in link for link in links)


def test_of_one_group_the_findings_say_that_they_are_of_all(cast: Cast, browse: Any) -> None:
    made = a_company(12, 12, slope=0.3)
    chloe = browse(cast.chloe)
    told = "Of all groups that you read, not of Team 003 alone"
    assert told in text_of(chloe.get(f"{ADDRESS}?team={made.team_ids[3]}").text)
    assert "Of all groups that you read" not in text_of(chloe.get(ADDRESS).text)


def test_a_group_that_the_map_has_no_column_for_is_named_with_the_one_it_is_in(app: Flask) -> None:
    groups = {"0": ("All", None), "2": ("Support", "0"), "3": ("Desk", "2"), "4": ("Tills", "0")}
    figures = {"groups": {key: {"name": name, "above": above} for key, (name, above) in groups.items()}}
    for key, said in (("3", "Desk in Support"), ("4", "Tills")):
        gap = DriverGap(False, 9, key, groups[key][0], "power", 20, 80, 10, 90, 5)
        with app.test_request_context():
            assert say.placed(figures, gap) == said
            assert say.furthest_words(gap, said).startswith(f"Furthest from the others: {said}, power to fix things.")


def test_whoever_leads_a_team_reads_their_own_alone(cast: Cast, browse: Any) -> None:
    made = a_company(12, 12, slope=0.3)
    with transaction():
        leads(db.session.get_one(Person, cast.dora.id), db.session.get_one(Team, made.team_ids[3]))
    page = browse(cast.dora).get(ADDRESS).text
    assert "Team 003" in page
    assert not set(re.findall(r"Team \d{3}", page)) - {"Team 003"}
    assert "above its own usual" not in page
    assert browse(cast.dora).get(f"{ADDRESS}?team={made.team_ids[4]}").status_code == 404
    assert browse(cast.dora).get(f"{ADDRESS}?touchpoint=1").status_code == 404


def test_who_is_happy_every_time_stands_beside_it_for_hr_alone(cast: Cast, browse: Any) -> None:
    come_again(cast.amina, [(5, 4, 5)] * 30 + [(5, 2, 5)] * 10)
    a_company(10, 12, slope=0.0)
    chloe, brian = browse(cast.chloe), browse(cast.brian)
    page = chloe.get(ADDRESS).text
    assert "75 % of 40 customers who came again gave 4 or 5 stars" in text_of(page)
    assert re.search(r"By chance alone: \d+ %, if every customer were equally often happy", text_of(page))
    assert page.count('id="happy-dots-title"') == page.count('id="perception"') == page.count('id="changed"') == 1
    assert chloe.get(f"{ADDRESS}?touchpoint=1").text.count("happy-dots-title") == 0
    of_leader = brian.get(ADDRESS).text
    assert "who came again" not in of_leader
    assert of_leader.count('id="perception"') == of_leader.count('id="changed"') == 1


def test_before_the_first_round_every_card_is_there_once(cast: Cast, browse: Any) -> None:
    come_again(cast.amina, [(5, 4, 5)] * 30)
    worked_out()
    page = browse(cast.chloe).get(ADDRESS).text
    assert page.count('id="happy-dots-title"') == page.count('id="perception"') == page.count('id="changed"') == 1
    assert "No round of the pulse has closed" in page


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
    all_worked_out()
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
    all_worked_out()
    groups = kept()["groups"]
    assert str(closed.id) not in groups
    assert groups[str(beneath.id)]["above"] == COMPANY


def test_before_anything_is_there_it_says_so(cast: Cast, browse: Any) -> None:
    assert "No month to read yet" in browse(cast.chloe).get(ADDRESS).text
    many_teams(2, 1, lambda _team, _month: 3.5, lambda _team, _month: 0.0)
    assert "Being worked out" in browse(cast.chloe).get(ADDRESS).text


def test_a_company_without_a_pulse_reads_what_customers_say(cast: Cast, browse: Any) -> None:
    many_teams(2, 1, lambda _team, _month: 3.5, lambda _team, _month: 0.0, asks=False)
    all_worked_out()
    page = text_of(browse(cast.chloe).get(ADDRESS).text)
    assert "No round of the pulse has closed" in page
    assert "80 customer ratings of the month" in page


@pytest.mark.parametrize("teams", [5, 60])
def test_a_page_asks_few_questions_however_many_teams_there_are(cast: Cast, browse: Any, teams: int) -> None:
    many_teams(teams, 12, lambda team, month: 3 + (team * month % 7) / 5, lambda team, _month: team % 3 / 10)
    all_worked_out()
    chloe = browse(cast.chloe)
    chloe.get(ADDRESS)
    with statements() as asked:
        chloe.get(ADDRESS)
    questions = [one for one in asked if one.lstrip().upper().startswith("SELECT")]
    assert (
        len([one for one in questions if "report_figures" in one or "folded_month" in one or "touchpoint" in one]) == 3
    )
    assert len(questions) <= 3 + 6, questions  # the frame asks the others: who is there, what waits


# What no sentence may do: claim more than the figures that stand beside it.

FIGURE = st.floats(-1, 1).map(lambda value: round(value, 3))
OTHER_LAGS = (-1, 0, 2, 3)


@st.composite
def a_link(draw: st.DrawFn) -> dict[str, Any]:
    """As it is kept; found whatever its range says, so that words are held to the range and not to the mark."""
    slope, half, enough = draw(FIGURE), draw(st.floats(0.001, 1) | st.floats(0.001, 0.03)), draw(st.booleans())
    shown = [slope, round(slope - half, 3), round(slope + half, 3)] if enough else None
    return {
        "teams": draw(st.integers(0, 40)),
        "months": draw(st.integers(0, 12)),
        "power": draw(st.floats(0, 1)),
        "found": enough and draw(st.booleans()),
        "also": draw(st.lists(st.sampled_from(OTHER_LAGS), unique=True)),
        "lags": {"1": shown},
        "averaged": 12,
        "averages": None,
    }


def said_of(link: dict[str, Any], others: Sequence[dict[str, Any]] = ()) -> tuple[str, str]:
    every = dict(zip(("power", "trained", "motivation", "staffing"), (link, *others), strict=False))
    return say.link_finding({"links": {COMPANY: every}}, COMPANY)


def told(link: dict[str, Any]) -> list[int]:
    """The range in hundredths of a star for half a point, never narrower than it is."""
    return [floor(round(50 * link["lags"]["1"][1], 9)), ceil(round(50 * link["lags"]["1"][2], 9))]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(link=a_link())
def test_what_is_said_of_a_link_is_what_its_range_says(app: Any, link: dict[str, Any]) -> None:
    with app.test_request_context():
        said, behind = said_of(link)
    low, high = told(link) if link["lags"]["1"] else (0, 0)
    assert ("Customers feel it a month later" in said) == (link["found"] and low > 0)
    assert ("the other way a month later" in said) == (link["found"] and high < 0)
    assert ("cannot tell" in said) == (not link["found"] or low <= 0 <= high)
    if link["lags"]["1"] is None:
        assert "above its own usual" not in behind
        assert "it takes 10 and 12" in behind
        assert "0.3 would" in behind
        return
    assert f"({say.signed(low / 100, 2)} to {say.signed(high / 100, 2)})" in behind
    moved_by = float(re.findall(r"moved by ([+−]?\d\.\d\d) stars", behind)[0].replace("−", "-"))
    assert low <= round(100 * moved_by) <= high
    assert "no proof of a cause" in behind
    assert ("0.3 would" in behind) == ("cannot tell" in said), "how much would have been seen, where nothing is"
    if "cannot tell" not in said:
        assert ("which of the two comes first we cannot tell" in behind) == (-1 in link["also"])
        assert ("Neither in another month" in behind) == (not link["also"])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(every=st.lists(a_link(), min_size=2, max_size=4))
def test_of_several_drivers_those_are_named_that_are_found_and_move_the_same_way(
    app: Any, every: list[dict[str, Any]]
) -> None:
    with app.test_request_context():
        said, behind = said_of(every[0], every[1:])
        names = [say.driver_name(driver) for driver in ("power", "trained", "motivation", "staffing")]
    up, down = (
        {name for name, link in zip(names, every, strict=False) if link["found"] and is_so(told(link))}
        for is_so in (lambda ends: ends[0] > 0, lambda ends: ends[1] < 0)
    )
    named = {name for name in names if name in said}
    assert named in (up, down)
    assert bool(named) == bool(up or down)
    looked = sum(link["lags"]["1"] is not None for link in every)
    if looked > 1:
        clear = re.findall(r"Of (\d+) things looked at (one|\d+) (?:is|are) clear", behind)
        assert clear == [(str(looked), {1: "one"}.get(len(up | down), str(len(up | down))))]


@pytest.mark.parametrize(
    ("power", "words"),
    [
        (0.0, "hardly ever"),
        (0.04, "hardly ever"),
        (0.12, "once in 10"),
        (0.43, "about 4 times in 10"),
        (0.94, "about 9 times in 10"),
        (1.0, "nearly always"),
    ],
)
def test_how_often_a_link_would_be_seen_is_told_as_it_is(app: Any, power: float, words: str) -> None:
    with app.test_request_context():
        assert words in say.seen(Link("power", 14, 9, power, False, None, None, None))


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
            agree, tone = draw(st.integers(0, 100)), draw(st.sampled_from(["", "m1", "m2", "p1"]))
            of_driver[key] = {"month": "2026-10-01", "n": answers, "agree": agree, "tone": tone}
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
        assert gap.percent <= gap.company
        assert gap.low <= gap.company - gap.percent <= gap.high
        assert gap.low >= 0 or not gap.is_clear
        said = " ".join(say.group_finding(figures))
        assert ("stands out clearly" in said) == ("may be chance" in said) == (not gap.is_clear)
        assert say.answers(gap.n) in said
    for moved in changes(figures, list(figures["groups"])):
        assert moved.low <= moved.difference <= moved.high
        assert (moved.verdict == "clear") <= (moved.low > 0 or moved.high < 0)


def as_the_pulse_calls_it(by: float, error: float) -> list[Any]:
    """Clear among the three questions of one group, maybe by itself."""
    wide, plain = 2.394 * error, 1.96 * error
    verdict = "clear" if abs(by) > wide else "maybe" if abs(by) > plain else "steady"
    return [round(by, 1), round(by - wide, 1), round(by + wide, 1), verdict]


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
            moved = as_the_pulse_calls_it(float(rng.normal(0, 0.3)), 0.3)
            of_driver[key] = {"month": "2026-10-01", "n": answers, "agree": agree, "tone": "", "change": moved}
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
    assert sum((gap := largest_gap(page)) is not None and gap.is_clear for page in pages) / runs <= 0.1 + 2 * error
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


def test_nine_rounds_are_no_year_however_much_later_ratings_are_looked_at() -> None:
    moods, ratings = noise(3, 12, 12, 0.3) + 3, noise(5, 12, 12, 0.1)
    moods[:, 9:] = np.nan
    assert lagged_slope(moods, ratings, noise(4, 12, 12, 0) + 50, 3).enough
    made = linked({"power": moods}, ratings, noise(4, 12, 12, 0) + 50)
    assert made["power"]["lags"] == dict.fromkeys(("-1", "0", "1", "2", "3"))
    assert made["power"]["months"] == 10


def test_hidden_months_see_less() -> None:
    moods, ratings, n = noise(3, 20, 12, 0.3) + 3, noise(5, 20, 12, 0.1), noise(4, 20, 12, 0) + 50
    full = linked({"power": moods}, ratings, n)["power"]
    moods[np.add.outer(np.arange(20), np.arange(12)) % 2 == 1] = np.nan
    half = linked({"power": moods}, ratings, n)["power"]
    assert (half["teams"], half["months"]) == (full["teams"], full["months"])
    assert half["power"] < full["power"] - 0.2


def test_of_many_groups_the_page_shows_those_that_stand_out_and_says_so(cast: Cast, browse: Any) -> None:
    many_teams(30, 12, lambda team, _month: 1.5 if team == 17 else 4.0, lambda team, month: (team + month) % 5 / 4)
    all_worked_out()
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
