"""Complaints after engagement: what is found, what is refused on every way out, and that no sentence says more than its range."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from tests.conftest import Browser, Cast
from tests.reports.companies import Many, many_teams, noise
from tests.reports.jobs import READ
from tests.reports.test_ways_out import archive_of, book_of, taken
from tracker.access.actions import set_roles
from tracker.access.queries import viewer_of_person
from tracker.api.actions import make_token
from tracker.core import clock, mail
from tracker.core.audience import seen_by
from tracker.core.db import db, transaction
from tracker.pulse.models import PulseNode, PulseResult
from tracker.ratings.months import next_month
from tracker.recovery.models import RecoveryCase
from tracker.reports import complaint_link_words as words
from tracker.reports.complaint_links import build, shown_or_not
from tracker.reports.jobs import work_out
from tracker.reports.known import contents_for, known
from tracker.reports.models import ReportFigures
from tracker.reports.periods import Year

ADDRESS = "/reports/customers"
SLOPE = "above its own usual"


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    with clock.set_to(READ):
        yield


def a_company(teams: int, months: int, *, less: float, complaints: float = 3.0, ratings: int = 40) -> Many:
    """Complaints a team and month: so many, and `less` fewer for each point that its mood was above its own usual the month before."""
    moods = noise(1, teams, months, 0.4)
    made = many_teams(
        teams, months, lambda team, month: 3.5 + moods[team, month], lambda _team, _month: 0.0, ratings=ratings
    )
    expected = complaints - less * np.roll(moods, 1, axis=1)
    with transaction():
        counts = np.random.default_rng(2).poisson(np.maximum(expected, 0))
        complain(made, counts)
    while work_out(READ):
        pass
    return made


def complain(made: Many, counts: Any) -> None:
    """counts: (teams, months). One of the company before, so that every month counts."""
    first = made.months[0].replace(year=made.months[0].year - 1)
    rows = [_case(first, None)]
    for team, of_team in zip(made.team_ids, counts, strict=True):
        for month, count in zip(made.months, of_team, strict=True):
            rows += [_case(month, team)] * int(count)
    db.session.execute(insert(RecoveryCase), rows)


def _case(month: date, team_id: int | None) -> dict[str, Any]:
    opened = datetime(month.year, month.month, 12, 9, tzinfo=UTC)
    # Closed: so many customers could not have one open each without being there.
    ended = {"closed_at": opened, "outcome": "solved"}
    return {"opened_at": opened, "opened_on": opened.date(), "team_id": team_id, **ended}


def kept() -> dict[str, Any]:
    newest = select(ReportFigures.figures).where(ReportFigures.kind == "complaint_links")
    return dict(db.session.scalars(newest.order_by(ReportFigures.month.desc()).limit(1)).one())


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def section_of(page: str) -> str:
    begin = page.index('aria-labelledby="complaint_links"')
    return text_of(page[begin : page.index("</section>", begin)])


def every_way_out(app: Flask, cast: Cast, chloe: Browser) -> list[str]:
    """The page, both files, and what programs and mails get."""
    files = [
        str([rows for name, rows in made.items() if name != "Method" and "Method" not in name])
        for made in (book_of(taken(chloe, "xlsx")), archive_of(taken(chloe, "zip")))
    ]
    viewer = viewer_of_person(cast.chloe.id, at=READ)
    assert viewer is not None
    with app.test_request_context(), seen_by(viewer):
        contents = contents_for(known("customers"), viewer, {})
        mailed = mail.written(cast.chloe, "Customers", "report", contents=contents, page_url="", maker=None)
        assert mailed is not None
        return [chloe.get(ADDRESS).text, *files, str(mailed), _of_program(app, cast)]


def _of_program(app: Flask, cast: Cast) -> str:
    with transaction():
        set_roles(db.session.merge(cast.ruth), {"admin", "hr"}, by=cast.chloe.id, at=READ)
        secret = make_token("board", ["reports:read"], expires_at=None, by=cast.ruth.id, at=READ)
    return app.test_client().get("/api/v1/reports/customers", headers={"Authorization": f"Bearer {secret}"}).text


def test_complaints_that_follow_engagement_are_found_and_told_with_their_range(
    app: Flask, cast: Cast, browse: Any
) -> None:
    made = a_company(20, 12, less=2.5)
    said = section_of(browse(cast.chloe).get(ADDRESS).text)
    assert "its customers complained clearly less a month later" in said
    assert "no proof of a cause" in said
    assert "20 teams and 12 months" in said
    assert "The other way round: complaints first" in said
    assert "not evidence of a cause" in said
    link = kept()["links"]["engagement"]
    estimate, low, high = link["lags"]["1"]
    assert link["found"]
    assert low < -2.5 / 40 * 100 < high, "the true slope, for each 100 ratings"
    assert estimate < 0
    assert kept()["ratings"] == 40 * 12 * len(made.team_ids)
    for way in every_way_out(app, cast, browse(cast.chloe)):
        assert SLOPE in way.replace("=\n", "")


def test_where_they_do_not_it_cannot_be_told(cast: Cast, browse: Any) -> None:
    a_company(20, 12, less=0.0)
    said = section_of(browse(cast.chloe).get(ADDRESS).text)
    assert "we cannot tell" in said
    assert "clearly" not in said.replace("called clear", "")
    assert "times in 10 if complaints really halved" in said


@pytest.mark.parametrize(("teams", "months", "complaints"), [(9, 12, 3.0), (12, 11, 3.0), (12, 12, 0.1)])
def test_below_the_minimum_there_is_no_slope_anywhere(
    app: Flask, cast: Cast, browse: Any, teams: int, months: int, complaints: float
) -> None:
    a_company(teams, months, less=0.0, complaints=complaints)
    figures = kept()
    assert all(lag is None for link in figures["links"].values() for lag in link["lags"].values())
    assert all(link["averages"] is None and not link["found"] for link in figures["links"].values())
    for way in every_way_out(app, cast, browse(cast.chloe)):
        assert "too few teams, months or complaints" in way.replace("=\n", "")
        assert SLOPE not in way.replace("=\n", "")
    said = section_of(browse(cast.chloe).get(ADDRESS).text)
    assert "too few teams, months or complaints" in said
    assert f"{teams} teams and {months} months, {figures['complaints']} complaints on" in said
    with app.test_request_context():
        for table in words.tables(figures):
            assert {value for row in table.rows for value in row[-3:]} == {None}


def test_hidden_cells_of_the_pulse_never_count(cast: Cast) -> None:
    """Teams whose cells are not published have no part, whatever their customers complain of."""
    made = many_teams(12, 12, lambda team, month: 3 + (team * month % 5) / 5, lambda _team, _month: 0.0)
    with transaction():
        complain(made, np.full((12, 12), 3))
        nodes = select(PulseNode.id).where(PulseNode.team_id == made.team_ids[0])
        db.session.execute(delete(PulseResult).where(PulseResult.node_id.in_(nodes)))
    found = build(Year(made.months[-1]))
    assert {link["teams"] for link in found["links"].values()} == {11}


def test_months_before_complaints_were_taken_are_no_months_without_any(cast: Cast) -> None:
    made = many_teams(20, 12, lambda team, month: 3 + (team * month % 5) / 5, lambda _team, _month: 0.0)
    counts = np.zeros((20, 12))
    counts[:, 5:] = 2
    with transaction():
        rows = [
            _case(month, team)
            for team, of_team in zip(made.team_ids, counts, strict=True)
            for month, count in zip(made.months, of_team, strict=True)
            for _each in range(int(count))
        ]
        db.session.execute(insert(RecoveryCase), rows)
    found = build(Year(made.months[-1]))
    assert found["months"] == 6, "from the first whole month on: the first complaint came on the 12th"
    assert (found["complaints"], found["ratings"]) == (20 * 6 * 2, 20 * 6 * 40)
    assert next_month(made.months[5]) == made.months[6]


def test_without_a_pulse_or_complaints_it_says_so(cast: Cast, browse: Any) -> None:
    many_teams(2, 1, lambda _team, _month: 3.5, lambda _team, _month: 0.0)
    while work_out(READ):
        pass
    assert "no whole month since the first complaint" in section_of(browse(cast.chloe).get(ADDRESS).text)
    assert words.tables(kept()) == []


def test_before_a_round_has_closed_it_says_so(cast: Cast, browse: Any) -> None:
    many_teams(2, 1, lambda _team, _month: 3.5, lambda _team, _month: 0.0, asks=False)
    while work_out(READ):
        pass
    assert "no round of the pulse has closed" in section_of(browse(cast.chloe).get(ADDRESS).text)


@pytest.mark.parametrize("who", ["amina", "brian", "dora", "ruth"])
def test_it_is_for_hr_alone(cast: Cast, browse: Any, who: str) -> None:
    assert browse(getattr(cast, who)).get(ADDRESS).status_code == 403


def test_what_is_not_shown_a_month_later_is_shown_at_no_other_distance() -> None:
    link = {"teams": 12, "found": True, "averaged": 12, "averages": [0.1, 0, 0.2], "lags": {"0": [1, 0, 2], "1": None}}
    assert shown_or_not(link, complaints=900) == {
        "teams": 12,
        "found": False,
        "averaged": 12,
        "averages": None,
        "also": [],
        "lags": {"0": None, "1": None},
    }
    assert shown_or_not({**link, "lags": {"1": [1, 0, 2]}}, complaints=29)["lags"] == {"1": None}
    assert shown_or_not({**link, "lags": {"1": [1, 0, 2]}}, complaints=30)["found"]


FIGURE = st.floats(-5, 5).map(lambda value: round(value, 3))


@st.composite
def some_links(draw: st.DrawFn) -> dict[str, Any]:
    links = {}
    for driver in draw(st.lists(st.sampled_from(["engagement", "power", "trained"]), min_size=1, unique=True)):
        slope, half, shown = draw(FIGURE), draw(st.floats(0.001, 4)), draw(st.booleans())
        range_ = [slope, round(slope - half, 3), round(slope + half, 3)]
        links[driver] = {
            "teams": draw(st.integers(0, 40)),
            "months": draw(st.integers(0, 12)),
            "power": draw(st.floats(0, 1)),
            "found": shown and draw(st.booleans()),  # by Benjamini and Hochberg, whatever its own range
            "lags": dict.fromkeys(("-1", "0", "1", "2", "3"), range_ if shown else None),
            "averaged": 12,
            "averages": [0.1, -0.2, 0.4] if shown else None,
        }
    counts = {name: draw(st.integers(1, 5000)) for name in ("months", "complaints", "ratings")}
    return {"links": links, **counts}


@settings(max_examples=300, deadline=None)
@given(figures=some_links())
def test_no_sentence_says_more_than_its_range(session_app: Flask, figures: dict[str, Any]) -> None:
    with session_app.test_request_context():
        said, told = words.headline(figures), words.findings(figures)
        for _name, beside in words.facts(figures):
            _back, first, last = figures["links"][told[0].driver]["lags"]["-1"]
            assert "evidence" in beside or ("cannot tell" in beside) == (first <= 0 <= last)
    one_or_many = "complaint" if figures["complaints"] == 1 else "complaints"
    assert f"{figures['complaints']:,} {one_or_many} on {figures['ratings']:,} ratings" in said[1]
    if not told:
        assert SLOPE not in said[0]
        assert "cannot tell" in said[0]
        return
    link = figures["links"][told[0].driver]
    _slope, low, high = (5 * value for value in link["lags"]["1"])
    assert ("clearly less" in said[0]) <= (link["found"] and high < 0)
    assert ("clearly more" in said[0]) <= (link["found"] and low > 0)
    assert ("cannot tell" in said[0]) == ("clearly" not in said[0])
    written_low, written_high = ends_in(said[0])
    assert written_low <= low + 1e-9
    assert written_high >= high - 1e-9
    assert max(low - written_low, written_high - high) < 0.1 + 1e-9


def ends_in(sentence: str) -> tuple[float, float]:
    """The range as the sentence writes it, fewer as a number below none."""
    found = re.search(r"([\d.]+)( fewer)? to ([\d.]+) (fewer|more) (?:complaints )?for each", sentence)
    assert found
    first, is_fewer, last, way = found.groups()
    if way == "fewer":
        return -float(last), -float(first)
    return -float(first) if is_fewer else float(first), float(last)
