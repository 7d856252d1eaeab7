"""The three questions about the stages of a customer’s way come once a quarter, beyond the five of every round."""

from tracker.pulse.bank import Item, drivers, next_items, stage_items, stage_names
from tracker.ratings.models import STAGES

STAGE_KEYS = [item.key for item in stage_items()]


def asked_over(rounds: int, *, every_months: int = 1) -> list[list[Item]]:
    found: list[list[Item]] = []
    for _round in range(rounds):
        found.append(next_items([[item.key for item in items] for items in found], every_months=every_months))
    return found


def with_stages(rounds: list[list[Item]]) -> list[int]:
    return [number for number, items in enumerate(rounds, start=1) if [item.key for item in items[5:]] == STAGE_KEYS]


def test_every_third_round_asks_the_stages_beyond_its_five() -> None:
    rounds = asked_over(9)
    assert with_stages(rounds) == [3, 6, 9]
    assert [len(items) for items in rounds] == [5, 5, 8] * 3
    assert all(item.driver and not item.stage for items in rounds for item in items[:5])


def test_a_slower_cadence_still_asks_them_once_a_quarter() -> None:
    assert with_stages(asked_over(6, every_months=2)) == [2, 4, 6], "of every second month no third is a whole round"
    assert with_stages(asked_over(3, every_months=3)) == [1, 2, 3]
    assert with_stages(asked_over(3, every_months=6)) == [1, 2, 3]


def test_a_round_that_asked_them_out_of_turn_begins_the_quarter_anew() -> None:
    plain = [item.key for item in next_items([])]
    assert len(next_items([plain, plain + STAGE_KEYS[:1]])) == 5
    assert len(next_items([plain, plain + STAGE_KEYS, plain, plain])) == 8


def test_the_other_drivers_keep_their_turns() -> None:
    rotating = [item.driver for items in asked_over(9) for item in items[3:5]]
    assert set(rotating) == set(drivers()) - {"motivation", "trained", "power"}
    assert {rotating.count(driver) for driver in rotating} <= {1, 2, 3}


def test_stages_are_those_of_the_ratings_and_named_in_three_languages() -> None:
    assert tuple(item.stage for item in stage_items()) == STAGES
    assert set(stage_names()) == set(STAGE_KEYS)
    for item in stage_items():
        assert not item.is_reversed
        for words in (item.texts, stage_names()[item.key]):
            assert all(words[language] for language in ("en", "sw", "fr"))
    assert all(words["en"].startswith("Once a quarter") for words in stage_names().values())
