"""No sentence of the fairness audit says more than its figures, whatever these are."""

import re
from collections.abc import Iterator
from math import inf
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.house.words import said_all_the_same
from tracker.reports.fairness_rules import MEASURES, NOT_RECORDED, OTHERS
from tracker.reports.fairness_sentences import claims, details, headline
from tracker.reports.fairness_tables import tables
from tracker.reports.fairness_words import ends, group_name, looked_at, verdict

KEYS = {
    "contract": ["=full time", "=part time", OTHERS],
    "language": ["en", "sw"],
    "tenure": ["1_under_6", "2_6_to_24", "3_over_24"],
    "shift": ["1_early", "4_night", NOT_RECORDED],
}


@some.composite
def measured(draw: Any, measure: str) -> dict[str, Any] | None:
    if draw(some.integers(0, 4)) == 0:
        return None
    span = some.floats(-2, 2) if measure == "score" else some.floats(0, 12)
    low, value, high = sorted(draw(some.tuples(span, span, span)))
    own = sorted(draw(some.tuples(*[some.floats(0, 1)] * 3)))
    has_range = draw(some.integers(0, 5)) > 0
    return {
        "n": draw(some.integers(20, 90_000)),
        "own": [own[1], own[0], own[2]],
        "apart": [round(value, 4), round(low, 4), round(high, 4)] if has_range else [None, None, None],
        "least": draw(some.floats(0.01, 5)) if has_range else None,
        "enough": has_range and draw(some.booleans()),
        "p": 0.5,
        "found": draw(some.booleans()),
    }


@some.composite
def figures(draw: Any) -> dict[str, Any]:
    looked_at = []
    for key, groups in KEYS.items():
        state = draw(some.sampled_from(["shown", "shown", "alone", "not recorded"]))
        rows = [
            {
                "key": group,
                "people": draw(some.integers(20, 900)),
                "weeks": draw(some.integers(0, 9000)),
                "checked": draw(some.none() | some.floats(0, 1)),
                **{measure: draw(measured(measure)) for measure in MEASURES},
            }
            for group in groups
            if state == "shown"
        ]
        looked_at.append({"key": key, "state": state, "groups": rows})
    return {"form": 1, "quarter": True, "people": 2000, "ratings": 1, "checks": 52, "looked_at": looked_at}


def numbers_in(sentence: str) -> set[str]:
    return set(re.findall(r"[\d.,]*\d", sentence))


def _found(drawn: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], str, dict[str, Any] | None]]:
    for one in drawn["looked_at"]:
        for group in one["groups"]:
            for measure in MEASURES:
                yield one["key"], group, measure, group[measure]


def _said_once(drawn: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], str, dict[str, Any] | None]]:
    """Of the two languages either is everybody else of the other."""
    told: set[tuple[str, str]] = set()
    for key, group, measure, found in _found(drawn):
        if key == "language" and ((key, measure) in told or found is None):
            continue
        told.add((key, measure))
        yield key, group, measure, found


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=figures())
def test_a_claim_is_one_that_the_range_and_all_comparisons_allow_with_its_direction_and_size(
    app: Flask, drawn: dict[str, Any]
) -> None:
    with app.test_request_context():
        said = claims(drawn)
        for key, group, measure, found in _said_once(drawn):
            name = f"{looked_at(key)} – {group_name(key, group['key'])}"
            about = [sentence for sentence in said if sentence.startswith(f"{name}: ") and _is_about(measure, sentence)]
            usual = 0 if measure == "score" else 1
            may = found is not None and found["enough"] and found["found"] and not _holds(found["apart"], usual)
            assert not about or may, "a claim without a finding"
            if found is not None and verdict(measure, found) in {"higher", "lower"}:
                low, high = ends(measure, found)
                assert low <= found["apart"][1], "never narrower than it is"
                assert high >= found["apart"][2] or high == inf
                assert len(about) == 1
                assert f"({group['people']:,} people, {found['n']:,} " in about[0]
                if measure == "score":
                    assert ("stars over" if low > 0 else "stars under") in about[0]
                    assert numbers_in(about[0]) >= {f"{abs(low):.2f}", f"{abs(high):.2f}"}
        assert len(said) == len(set(said))
        assert said, "the card is never empty"
        verdicts = {verdict(measure, found) for _key, _group, measure, found in _said_once(drawn)}
        assert any("Too few to tell" in sentence for sentence in said) == (
            not verdicts & {"higher", "lower", "unclear"}
        )


def _is_about(measure: str, sentence: str) -> bool:
    words = {
        "score": " stars ",
        "alerts": "weekly check alerts",
        "answers": "are asked answer",
        "left_out": "ratings are left out",
        "changed": "second look",
    }
    return words[measure] in sentence


def _holds(apart: list[float], usual: int) -> bool:
    return apart[1] <= usual <= apart[2]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=figures())
def test_what_is_not_clear_is_told_with_ranges_that_hold_all_of_it(app: Flask, drawn: dict[str, Any]) -> None:
    with app.test_request_context():
        said = claims(drawn)
        compared = [(measure, verdict(measure, found)) for _key, _group, measure, found in _said_once(drawn)]
        unclear = [measure for measure, words in compared if words == "unclear"]
        clear = any(words in {"higher", "lower"} for _measure, words in compared)
        if unclear and not clear:
            count = f"{len(unclear)} comparison" + "s" * (len(unclear) > 1)
            assert said == [f"No clear difference in {count} of 2,000 people. That is no proof that there is none."]
        for one in drawn["looked_at"]:
            told = " ".join(details(one))
            stars = [group["score"] for group in one["groups"] if verdict("score", group["score"]) == "unclear"]
            assert ("stars" in told) == bool(stars)
            if stars:
                written = re.search(r"between ([+−]?)([\d.]+) and ([+−]?)([\d.]+) stars", told)
                assert written
                low, high = (float(written[place + 1]) * (-1 if written[place] == "−" else 1) for place in (1, 3))
                assert low <= min(found["apart"][1] for found in stars)
                assert high >= max(found["apart"][2] for found in stars)
            if one["state"] == "not recorded":
                assert "not recorded" in told


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=figures())
def test_tables_hold_what_the_sentences_say_and_hide_what_they_hide(app: Flask, drawn: dict[str, Any]) -> None:
    with app.test_request_context():
        made = tables(drawn)
        assert len(made) == sum(one["state"] == "shown" for one in drawn["looked_at"])
        for table in made:
            assert all(len(row) == len(table.headings) for row in table.rows)
        rows = [
            row for table in made for row in table.rows if row[2] != "Weeks with ratings enough for the check, of 100"
        ]
        for row, (key, group, measure, found) in zip(rows, _found(drawn), strict=True):
            assert row[:2] == [group_name(key, group["key"]), group["people"]]
            assert (row[3] is None and row[4] is None) == (found is None)
            assert str(row[-1]).startswith("clearly") == (verdict(measure, found) in {"higher", "lower"})
        assert said_all_the_same(" ".join(headline(drawn))) == []


@pytest.mark.parametrize(
    ("apart", "found", "words"),
    [
        ([1.9, 1.44, 2.51], True, "higher"),
        ([1.9, 1.44, 2.51], False, "unclear"),
        ([1.2, 1.04, 1.4], True, "unclear"),  # told as 1.0, so it reaches “as often”
        ([0.7, 0.5, 0.996], True, "unclear"),
        ([0.7, 0.5, 0.98], True, "lower"),
    ],
)
def test_a_range_that_reaches_no_difference_as_it_is_told_is_not_clear(
    apart: list[float], found: bool, words: str
) -> None:
    assert verdict("alerts", {"apart": apart, "enough": True, "found": found}) == words


def test_nothing_is_said_of_a_month_that_ends_no_quarter(app: Flask) -> None:
    with app.test_request_context():
        assert (headline({"form": 1, "quarter": False}), tables({"form": 1, "quarter": False})) == ([], [])
