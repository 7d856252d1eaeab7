"""Turns by lot: which week each place in the order gets. Pure."""

from collections.abc import Mapping

LONGEST_WAIT, LONGEST_ALLOWED = 8, 12  # weeks
MOST_TALKS = 1000


def weeks_of(places: int, *, talks_a_week: int, longest_wait: int, taken: Mapping[int, int]) -> list[int]:
    """For each place in the order, how many weeks its turn comes later: the first week with a talk left, at most `longest_wait`.

    taken: weeks from now -> turns of earlier draws that come then. Ascending, so the first place never waits longer than the next.
    """
    found, week, left = [], 0, talks_a_week - taken.get(0, 0)
    for _place in range(places):
        while left <= 0 and week < longest_wait:
            week += 1
            left = talks_a_week - taken.get(week, 0)
        found.append(week)
        left -= 1
    return found
