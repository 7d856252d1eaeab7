"""What is called clear among many figures: as rarely wrong as promised, and never against the range that is told."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tracker.reports.clear_rules import clear_among, clear_changes
from tracker.reports.ranges import outwards
from tracker.statistics.proportions import newcombe

PAIR = st.tuples(st.integers(1, 3000), st.floats(0, 1), st.integers(1, 3000), st.floats(0, 1)).map(
    lambda drawn: (round(drawn[0] * drawn[1]), drawn[0], round(drawn[2] * drawn[3]), drawn[2])
)


@given(st.lists(PAIR, max_size=8))
def test_what_is_clear_leaves_out_nothing_at_all_in_whole_points(drawn: list[tuple[int, int, int, int]]) -> None:
    pairs = dict(enumerate(drawn))
    for place, tone in clear_among(pairs).items():
        low, high = outwards(*newcombe(*pairs[place]))
        assert (low > 0, high < 0) == (tone == "above", tone == "below")


def test_half_a_point_between_many_is_not_told_as_clear() -> None:
    """Of a million ratings anything is certain; what is told is “0 to 1 points”, and that is no difference."""
    assert clear_among({"a": (500_000, 1_000_000, 495_000, 1_000_000)}) == {}
    assert clear_among({"a": (500_000, 1_000_000, 480_000, 1_000_000)}) == {"a": "above"}


def test_the_more_is_looked_at_the_more_it_takes() -> None:
    clear, alike = (14, 40, 24, 40), (20, 40, 20, 40)
    assert clear_among({0: clear}) == {0: "below"}
    assert clear_among({0: clear, **dict.fromkeys(range(1, 9), alike)}) == {}
    assert clear_among({0: clear, **dict.fromkeys(range(1, 9), alike)}, {0: 1e-6}) == {0: "below"}


def test_changes_of_nothing_are_rarely_clear_among_many() -> None:
    rng, runs = np.random.default_rng(3), 400
    wrong = 0
    for _run in range(runs):
        by = rng.normal(0, 0.3, 30)
        wrong += any(clear_changes([(one, one - 0.588, one + 0.588) for one in by]))
    assert wrong / runs <= 0.1 + 2 * (0.09 / runs) ** 0.5
    assert clear_changes([(1.2, 0.6, 1.8), *[(0.1, -0.5, 0.7)] * 29]) == [True, *[False] * 29]
    assert clear_changes([(0.5, 0.0, 1.0), (0.3, 0.3, 0.3)]) == [False, False]
