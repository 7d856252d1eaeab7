"""When answers about coaching are summed up, and to what. Pure."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from statistics import mean, pstdev

ITEMS = ("listened", "next_step", "fair")
FEWEST = 5
FEWEST_FOR_WORDS = 8  # as for comments of a pulse (STATISTICS 5)
ALL_EQUAL_FROM = 10  # fewer answers that are all the same would say what each of them was
ASKED_AFTER = 2  # working days after the talk
ASKED_UNTIL = timedelta(days=28)


def can_close(answers: Sequence[Mapping[str, int]], *, people: int) -> bool:
    """Whether these answers, from so many different people, may be shown as one batch."""
    if people < FEWEST:
        return False
    return len(answers) >= ALL_EQUAL_FROM or not any(_all_equal(answers, item) for item in ITEMS)


def summed_up(answers: Sequence[Mapping[str, int]]) -> dict[str, dict[str, float]]:
    """Item -> mean and standard deviation, both rounded to 0.1."""
    marks = {item: [answer[item] for answer in answers] for item in ITEMS}
    return {item: {"mean": round(mean(of_item), 1), "sd": round(pstdev(of_item), 1)} for item, of_item in marks.items()}


def _all_equal(answers: Sequence[Mapping[str, int]], item: str) -> bool:
    return len({answer[item] for answer in answers}) == 1
