"""Random figures into the report, its page as it is read out of it: every claim is held against the numbers that stand beside it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from math import ceil, floor
from typing import Any

import numpy as np
import pytest

from tests.conftest import Cast
from tests.reports.companies import LAST, a_check, month_end
from tests.reports.jobs import READ
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.ratings.month_models import FoldedMonth
from tracker.reports.engagement import FORM
from tracker.reports.engagement_sentences import driver_name
from tracker.reports.models import ReportFigures
from tracker.reports.periods import month_before
from tracker.statistics.proportions import newcombe, wilson

ADDRESS, PAGES = "/reports/engagement", 30
DRIVERS = ("motivation", "trained", "power", "staffing")
NUMBER = r"([+−]?\d+(?:\.\d+)?)"
Figures = dict[str, Any]


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    with clock.set_to(READ):
        yield


def number(words: str) -> float:
    return float(words.replace("−", "-"))


def drawn(seed: int) -> Figures:
    """Anything that could be kept; now and then everybody, nobody, one answer, or next to no difference between very many."""
    rng = np.random.default_rng(seed)
    groups: Figures = {"0": {"name": "Whole", "above": None, "team": 1}}
    keys = [str(key) for key in range(2, 2 + int(rng.integers(1, 9)))]
    groups |= {key: {"name": f"Group {key}", "above": "0", "team": int(key)} for key in keys}
    stars = {key: _stars(rng) for key in keys}
    stars["0"] = {part: sum(one[part] for one in stars.values()) for part in next(iter(stars.values()))}
    return {
        "form": FORM,
        "people": {},
        "groups": groups,
        "months": [],
        "rounds": 3,
        "round": {"id": 1, "month": "2026-10-01", "closed": "2026-10-12", "invited": 90, "answered": 70, "k": 5},
        "cells": {driver: _cells(rng, keys) for driver in DRIVERS},
        "cover": {},
        "stars": stars,
        "links": {"0": {driver: _link(rng) for driver in ("engagement", *DRIVERS)}},
        "perception": [_stage(rng, stage) for stage in ("pre_purchase", "purchase", "post_purchase")],
    }


def _stars(rng: np.random.Generator) -> dict[str, int]:
    n, before = (int(many) for many in rng.choice([1, 30, 200, 500_000], 2))
    share = rng.choice([0.0, 0.5, 0.8, 1.0])
    now, then = (round(many * float(min(share + rng.choice([0, 0.003, 0.1]), 1))) for many in (n, before))
    return {"people": 5, "n": n, "happy": now, "n_before": before, "happy_before": then}


def _cells(rng: np.random.Generator, keys: list[str]) -> dict[str, Any]:
    found = {}
    for key in keys:
        n = int(rng.choice([0, 5, 12, 40]))
        agree = int(rng.choice([0, 100, rng.integers(0, 101)]))
        found[key] = {"month": "2026-10-01", "n": n or None} | ({} if not n else _asked(rng, n, agree))
    known = [cell for cell in found.values() if cell["n"]]
    n = sum(cell["n"] for cell in known) + 10
    agree = round((sum(cell["n"] * cell["agree"] for cell in known) + 500) / n)
    return {"0": {"month": "2026-10-01", "n": n, **_asked(rng, n, agree)}, **found}


def _asked(rng: np.random.Generator, n: int, agree: int) -> dict[str, Any]:
    low, high = wilson(n * agree / 100, n)
    by, half = round(float(rng.normal(0, 0.5)), 1), float(rng.uniform(0.1, 1))
    ends = (round(by - half, 1), round(by + half, 1))
    verdict = "clear" if ends[0] > 0 or ends[1] < 0 else str(rng.choice(["maybe", "steady"]))
    return {
        "agree": agree,
        "low": floor(100 * low),
        "high": ceil(100 * high),
        "tone": str(rng.choice(["", "m1", "p2"])),
        "chance": float(rng.choice([1e-9, 0.01, 0.6])),
        "change": [by, *ends, verdict],
        "guessable": False,
    }


def _link(rng: np.random.Generator) -> dict[str, Any]:
    enough = bool(rng.random() < 0.8)
    lags = {}
    for lag in ("-1", "0", "1", "2", "3"):
        slope, half = float(rng.normal(0, 0.2)), float(rng.choice([0.005, 0.1, 0.4]))
        lags[lag] = [round(value, 3) for value in (slope, slope - half, slope + half)] if enough else None
    also = [int(lag) for lag in ("-1", "0", "2") if enough and rng.random() < 0.3]
    power, found = round(float(rng.random()), 2), enough and bool(rng.random() < 0.5)
    return {
        "teams": 20, "months": 12, "power": power, "found": found, "also": also, "lags": lags, "averaged": 12, "averages": None
    }  # fmt: skip


def _stage(rng: np.random.Generator, stage: str) -> dict[str, Any]:
    staff, customers = int(rng.integers(0, 101)), int(rng.integers(0, 101))
    half = int(rng.choice([1, 15, 60]))
    held = bool(rng.random() < 0.8)
    gap = {
        "answers": 8,
        "staff": [staff, max(staff - 30, 0), min(staff + 30, 100)],
        "ratings": 300 if held else 3,
        "raters": 200 if held else 2,
        "customers": [customers, max(customers - 5, 0), min(customers + 5, 100)] if held else None,
        "gap": [staff - customers, staff - customers - half, staff - customers + half] if held else None,
        "finding": "",
    }
    return {"stage": stage, "since": "2026-07-13", "last": "2026-10-11", "groups": {"0": gap}}


def test_every_claim_of_the_page_holds_for_the_numbers_beside_it(cast: Cast, browse: Any) -> None:
    with transaction():
        a_check(month_end(LAST), READ - timedelta(days=2))
        db.session.add(FoldedMonth(month=LAST, version=1, checked_at=READ))
        row = ReportFigures(month=LAST, kind="engagement", figures={}, version=1, rests_on=1, made_at=READ)
        db.session.add(row)
    chloe, met = browse(cast.chloe), set[str]()
    for seed in range(PAGES):
        figures = drawn(seed)
        then = {key: {"n": one["n_before"], "happy": one["happy_before"]} for key, one in figures["stars"].items()}
        before = {"form": FORM, "groups": figures["groups"], "stars": then}
        with transaction():
            for month, kept in ((LAST, figures), (month_before(LAST), before)):
                row = ReportFigures(
                    month=month, kind="engagement", figures=kept, version=seed + 2, rests_on=1, made_at=READ
                )
                db.session.merge(row)
        answer = chloe.get(ADDRESS)
        assert answer.status_code == 200
        page = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text)))
        met |= _links_hold(page, figures) | _groups_hold(page) | _perception_holds(page) | _changes_hold(page)
        _pictures_hold(answer.text, figures)
        assert not re.search(r"−0(\.0+)?\b(?!\.)|signific|\bproves\b|\bcauses\b", page), seed
    assert met == {
        "link", "no link", "other way", "gap", "no gap", "staff higher", "customers higher", "no perception", "clear", "maybe"
    }, "each was seen on some page"  # fmt: skip


def _links_hold(page: str, figures: Figures) -> set[str]:
    for by, low, high in re.findall(rf"moved by {NUMBER} stars \({NUMBER} to {NUMBER}\)", page):
        assert number(low) <= number(by) <= number(high)
    found = {}
    for driver, link in figures["links"]["0"].items():
        if link["found"] and link["lags"]["1"]:
            _by, low, high = link["lags"]["1"]
            found[driver_name(driver)] = (floor(round(50 * low, 9)) > 0) - (ceil(round(50 * high, 9)) < 0)
    ways = {name: way for name, way in found.items() if way}
    said = re.search(r"(Customers feel it|Ratings move the other way) a month later: ([^.]+)\.", page)
    if said is None:
        assert not ways
        assert "We cannot tell whether engaged teams have happier customers" in page
        return {"no link"}
    way = 1 if said[1].startswith("Customers") else -1
    named = {name for name in ways if name in said[2]}
    assert named
    assert all(ways[name] == way for name in named)
    assert "no proof of a cause" in page
    return {"link"} if way > 0 else {"other way"}


def _groups_hold(page: str) -> set[str]:
    said = re.search(rf"{NUMBER} % agree there, {NUMBER} % elsewhere: {NUMBER} to {NUMBER} points less", page)
    if said is None:
        assert "No group here stands out clearly" in page or "We cannot tell whether groups differ" in page
        return {"no gap"}
    there, elsewhere, low, high = map(number, said.groups())
    assert 0 < low <= high
    assert low <= elsewhere - there <= high
    assert re.search(r"\d+ answers; picked as the furthest of \d+ such figures", page)
    return {"gap"}


def _perception_holds(page: str) -> set[str]:
    said = re.search(
        rf"(We think|Customers think) better of it than (?:customers|we) do: .*?; {NUMBER} to {NUMBER} points apart",
        page,
    )
    if said is None:
        told = re.search(
            rf"whether staff and customers see it differently\. .*?(?:too few ratings|{NUMBER} to {NUMBER} points apart)",
            page,
        )
        assert told
        assert told[1] is None or number(told[1]) <= 0 <= number(told[2])
        return {"no perception"}
    low, high = number(said[2]), number(said[3])
    assert low > 0 if said[1] == "We think" else high < 0
    assert "13 July to 11 October: " in said[0], "of which weeks, since the report is of one month"
    assert re.search(r"\(8 answers\), \d+ % of customers’ ratings agree \(n = 300\)", page)
    return {"staff higher"} if low > 0 else {"customers higher"}


def _changes_hold(page: str) -> set[str]:
    met = set()
    card = page[page.index("What changed ") : page.index(" Steady ")]
    for verdict, by, doubt, low, high in re.findall(
        rf"(Clear|Maybe) [^:]+: \D*? {NUMBER} ?\. (Could be chance, )?likely {NUMBER} to {NUMBER} (?:points of 5|percentage points)",
        card,
    ):
        assert number(low) <= number(by) <= number(high)
        assert bool(doubt) == (verdict == "Maybe")
        if verdict == "Clear":
            assert number(low) > 0 or number(high) < 0
            assert number(by) != 0
        met.add(verdict.lower())
    return met


def _pictures_hold(html: str, figures: Figures) -> None:
    """Who is called happier or less happy than elsewhere is so by whole points of a range."""
    page, stars = unescape(html), figures["stars"]
    for words, way in (("Happier customers", 1), ("Less happy customers", -1)):
        for names in re.findall(rf"{words} than elsewhere: ([^.<]+)\.", page):
            for key in re.findall(r"Group (\d+)", names):
                one, every = stars[key], stars["0"]
                low, high = newcombe(
                    one["happy"], one["n"], every["happy"] - one["happy"], every["n"] - one["n"]
                )  # fmt: skip
                assert 100 * low > 0 if way > 0 else 100 * high < 0
