"""Groups of people: who is put together, what is told, and how often something is claimed that is not there."""

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.reports.fair import Setting, made_up
from tracker.reports.fairness_rules import (
    FEWEST_CONCERNED,
    MEASURES,
    NOT_RECORDED,
    OTHERS,
    SMALLEST_CLASS,
    audit,
    classes,
    tellable,
)

RUNS = 300


def claims(found: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [
        (attribute["key"], group["key"], measure)
        for attribute in found
        for group in attribute["groups"]
        for measure in MEASURES
        if group[measure] and group[measure]["found"]
    ]


@pytest.mark.parametrize(
    "setting",
    [
        Setting(people=80, teams=9),
        Setting(people=120, teams=12),
        Setting(),
        Setting(teams=8, team_stars=0.15, team_alerts=0.6),
    ],
)
def test_where_groups_do_not_differ_one_audit_in_ten_at_most_claims_anything(setting: Setting) -> None:
    claiming = sum(bool(claims(audit(made_up(seed, setting)))) for seed in range(RUNS))
    assert claiming / RUNS - 2 * (0.1 * 0.9 / RUNS) ** 0.5 <= 0.10


def test_a_difference_that_is_built_in_is_found_in_its_direction() -> None:
    lower = Setting(people=1000, teams=60, lower=0.15)
    often = Setting(people=1000, teams=60, more_alerts=5.0, alerts=0.1)
    for setting, measure, sign in ((lower, "score", -1), (often, "alerts", 1)):
        found = audit(made_up(7, setting))
        assert ("contract", "=fixed term", measure) in claims(found)
        contract = next(one for one in found if one["key"] == "contract")
        apart = next(group for group in contract["groups"] if group["key"] == "=fixed term")[measure]["apart"]
        assert all(sign * (end - (0 if measure == "score" else 1)) > 0 for end in apart)


def test_one_team_after_another_does_not_make_a_shift_differ() -> None:
    """Shifts that are all the teams’ own: what teams differ by must not be taken for the shift’s."""
    claiming = 0
    for seed in range(RUNS):
        people = made_up(seed, Setting(teams=24, team_stars=0.2))
        by_team = ["early" if team % 2 else "late" for team in people.team]
        claiming += bool(claims(audit(replace(people, groups={"shift": by_team}))))
    assert claiming / RUNS - 2 * (0.1 * 0.9 / RUNS) ** 0.5 <= 0.10


@given(some.lists(some.sampled_from("abcdef"), max_size=200))
def test_no_group_is_under_twenty_whatever_is_subtracted(names: list[str]) -> None:
    shown = Counter(classes(names))
    if len(names) >= SMALLEST_CLASS:
        assert all(count >= SMALLEST_CLASS for count in shown.values())
    else:
        assert set(shown) <= {OTHERS}


@given(some.lists(some.tuples(some.integers(0, 60), some.integers(0, 8)), max_size=7))
def test_what_is_not_told_is_a_group_itself(drawn: list[tuple[int, int]]) -> None:
    sizes = [(base, min(base, concerned)) for base, concerned in drawn]
    told = tellable(sizes)
    assert all(
        base >= SMALLEST_CLASS and concerned >= FEWEST_CONCERNED
        for (base, concerned), is_told in zip(sizes, told, strict=True)
        if is_told
    )
    rest = [size for size, is_told in zip(sizes, told, strict=True) if not is_told]
    base, concerned = sum(size[0] for size in rest), sum(size[1] for size in rest)
    assert not any(told) or base == 0 or (base >= SMALLEST_CLASS and concerned >= FEWEST_CONCERNED)


@pytest.mark.parametrize(
    ("sizes", "told"),
    [
        ([(20, 3), (20, 3)], [True, True]),
        ([(20, 3), (20, 2)], [False, False]),
        ([(20, 3), (19, 3)], [False, False]),
        ([(40, 9), (20, 3), (20, 2)], [True, False, False]),
        ([(40, 9), (20, 2), (20, 1)], [True, False, False]),
    ],
)
def test_three_of_twenty_may_be_told_and_what_is_not_takes_the_smallest_with_it(
    sizes: list[tuple[int, int]], told: list[bool]
) -> None:
    assert tellable(sizes) == told


def test_a_group_alone_is_compared_with_nobody() -> None:
    people = made_up(1, Setting(people=60))
    states = {
        "all the same": ["=full time"] * 60,
        "one who is not": ["=full time"] * 59 + ["=part time"],
        "hardly known": [NOT_RECORDED] * 50 + ["=full time"] * 10,
        "known of many": [NOT_RECORDED] * 30 + ["=full time"] * 30,
    }
    found = {one["key"]: one for one in audit(replace(people, groups=states))}
    assert {key: one["state"] for key, one in found.items()} == {
        "all the same": "alone",
        "one who is not": "alone",
        "hardly known": "not recorded",
        "known of many": "shown",
    }
    assert [group["key"] for group in found["known of many"]["groups"]] == ["=full time", NOT_RECORDED]


def test_fewer_than_three_alerted_people_are_not_told_and_neither_is_what_would_tell_of_them() -> None:
    people = made_up(2, Setting(people=120, teams=10))
    three = ["=a"] * 40 + ["=b"] * 40 + ["=c"] * 40
    alerted = np.zeros(120)
    alerted[[0, 1, 2, 3, 40, 41, 42, 80]] = 1
    found = audit(replace(people, alerts=alerted, checks=np.full(120, 40.0), groups={"contract": three}))
    told = {group["key"]: group["alerts"] is not None for group in found[0]["groups"]}
    assert told == {"=a": True, "=b": False, "=c": False}, "of c’s one, b’s three less would have told"
    assert found[0]["groups"][0]["alerts"]["n"] == 1600
