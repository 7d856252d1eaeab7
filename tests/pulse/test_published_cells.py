"""The attackers on what a close really publishes: 500 companies, each with two questions that different people skip, and comments."""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import pytest

from tests.pulse.attacker import Cells, Figure, derived_figures, exposed, published_figure, small_sets
from tests.pulse.organisations import Organisation, random_organisation
from tracker.pulse.bank import Item, items, next_items
from tracker.pulse.boxes import Ballot
from tracker.pulse.publishing import Cell, Comment, Count, tree_of
from tracker.statistics.disclosure import publishable

PLAIN, TURNED, ENPS = next_items([])[0], items()["motivation_3"], items()["recommend_1"]
K_SCORE, K_COMMENT = 5, 8
COMPANIES = range(500)
AS_THEY_COME = (0.08, 0.12, 0.20, 0.35, 0.25)


@lru_cache(maxsize=600)
def counted(seed: int) -> tuple[Organisation, Count]:
    """A company, and the count of its ballots: everybody answers the first question, of the second the first of each node skips."""
    company = random_organisation(np.random.default_rng(seed))
    nodes = {node: None if above < 0 else int(above) for node, above in enumerate(company.parent)}
    count = Count(tree_of(nodes), [PLAIN, TURNED, ENPS])
    for node, own in enumerate(company.stars):
        stars = [star for star, times in enumerate(own, start=1) for _time in range(times)]
        for place, star in enumerate(stars):
            turned = {} if place == 0 else {TURNED.key: 6 - star}
            count.add(Ballot(node, {PLAIN.key: star, **turned, ENPS.key: 2 * star}, {PLAIN.key: f"{node}"}))
    return company, count


def published(seed: int, item: Item) -> list[Cell]:
    _company, count = counted(seed)
    return [cell for cell in count.cells(k_score=K_SCORE, k_comment=K_COMMENT) if cell.item == item.key]


def answers(company: Organisation, item: Item) -> dict[int, int]:
    return {node: max(int(n) - (item is TURNED), 0) for node, n in enumerate(company.own)}


def groups(company: Organisation, item: Item, nodes: Iterator[int]) -> set[Cells]:
    answering = frozenset(node for node, n in answers(company, item).items() if n)
    return {company.within[node] & answering for node in nodes} - {frozenset()}


@pytest.mark.parametrize("item", [PLAIN, TURNED, ENPS], ids=["plain", "turned", "eNPS"])
def test_no_group_of_one_to_four_can_be_solved_for(item: Item) -> None:
    large = shown = 0
    for seed in COMPANIES:
        company, _count = counted(seed)
        cells = published(seed, item)
        assert (
            small_sets(groups(company, item, (cell.node_id for cell in cells)), answers(company, item), K_SCORE)
            == set()
        )
        large += int(np.sum(company.n >= K_SCORE))
        shown += len(cells)
    print(f"\n{item.key}: {shown / large:.0%} of the groups of five or more are shown")  # noqa: T201


def test_of_answers_as_they_come_seven_groups_in_ten_are_shown() -> None:
    """All rules together, in the same trees, where nobody is made to think as their team does."""
    large = shown = 0
    for seed in COMPANIES:
        rng = np.random.default_rng(seed)
        company = random_organisation(rng)
        own = np.array([rng.multinomial(n, AS_THEY_COME) for n in company.own])
        company = Organisation(company.parent, own)
        by_size = publishable(company.parent, company.n, K_SCORE)
        shown += int(publishable(company.parent, company.n, K_SCORE, company.histogram, within=by_size).sum())
        large += int((company.n >= K_SCORE).sum())
    assert shown / large >= 0.70


def test_all_questions_together_do_not_say_how_many_of_a_few_have_answered() -> None:
    """Each question hides by what was answered to it; where nobody skips one, its counts are of those who answered at all."""
    for seed in COMPANIES:
        company, _count = counted(seed)
        cells = [cell for item in (PLAIN, ENPS) for cell in published(seed, item)]
        assert all(cell.n == company.n[cell.node_id] for cell in cells), "nobody skipped these two"
        answered = dict(enumerate(company.own))
        assert small_sets(groups(company, PLAIN, (cell.node_id for cell in cells)), answered, K_SCORE) == set()


def test_nobody_is_exposed_by_the_figures_themselves() -> None:
    """The second attacker, on the mean, share and distribution as they were published."""
    for seed in COMPANIES:
        company, _count = counted(seed)
        answering = frozenset(node for node, n in answers(company, PLAIN).items() if n)
        table = {company.within[cell.node_id] & answering: figure_of(cell) for cell in published(seed, PLAIN)}
        assert exposed(derived_figures(table), K_SCORE) == set()


def figure_of(cell: Cell) -> Figure:
    """Bounds from the published row alone."""
    if cell.histogram is not None:
        found = published_figure(cell.histogram, with_distribution=True)
        assert found.n == cell.n
        assert round(found.lowest_sum / cell.n, 1) == cell.mean
        assert round(100 * found.fewest / cell.n) == cell.favourable
        return found
    tenths = round(10 * cell.mean)
    lowest, highest = -(-cell.n * (2 * tenths - 1) // 20), cell.n * (2 * tenths + 1) // 20
    fewest, most = -(-cell.n * (2 * cell.favourable - 1) // 200), cell.n * (2 * cell.favourable + 1) // 200
    return Figure(cell.n, lowest, highest, fewest, most).tightened()


def test_distributions_come_from_eight_and_leave_eight() -> None:
    for seed in COMPANIES:
        company, _count = counted(seed)
        detailed = [cell for cell in published(seed, PLAIN) if cell.histogram is not None]
        assert all(cell.n >= K_COMMENT for cell in detailed)
        found = small_sets(
            groups(company, PLAIN, (cell.node_id for cell in detailed)), answers(company, PLAIN), K_COMMENT
        )
        assert found == set()


def test_recommending_comes_from_eight_since_its_figures_are_its_distribution() -> None:
    """An eNPS and the share at 9 or 10 say how many gave 0 to 6, 7 or 8, and 9 or 10: of five answers as of fifty."""
    for seed in COMPANIES:
        company, _count = counted(seed)
        cells = published(seed, ENPS)
        assert [cell for cell in cells if cell.histogram is None] == []
        found = small_sets(groups(company, ENPS, (cell.node_id for cell in cells)), answers(company, ENPS), K_COMMENT)
        assert found == set()


def test_comments_come_from_eight_and_what_is_left_above_does_too() -> None:
    kept = lost = 0
    for seed in COMPANIES:
        company, count = counted(seed)
        comments = count.comments(k_comment=K_COMMENT)
        places = {comment.node_id for comment in comments}
        assert all(int(comment.text) in company.within[comment.node_id] for comment in comments)
        found = small_sets(groups(company, PLAIN, iter(places)), answers(company, PLAIN), K_COMMENT)
        assert found == set()
        kept, lost = kept + len(comments), lost + count.ballots - len(comments)
    assert kept > 50 * lost, "a comment is lost only where the whole company is too small"


def test_comments_are_shuffled() -> None:
    _company, count = counted(max(COMPANIES, key=lambda seed: counted(seed)[1].ballots))
    drawn = {_order(count.comments(k_comment=K_COMMENT)) for _time in range(4)}
    assert len(drawn) == 4


def _order(comments: list[Comment]) -> tuple[str, ...]:
    return tuple(comment.text for comment in comments)


def test_a_reversed_question_is_turned_once_and_enps_is_in_points() -> None:
    count = Count(tree_of({1: None}), [TURNED, ENPS])
    for answer, recommends in [(1, 10), (1, 9), (2, 9), (2, 7), (4, 0), (5, 6)]:
        count.add(Ballot(1, {TURNED.key: answer, ENPS.key: recommends}))
    [turned] = count.cells(k_score=5, k_comment=8)
    assert (turned.item, turned.n, turned.mean, turned.favourable) == (TURNED.key, 6, 3.5, 67)
    assert turned.histogram is None, "six are too few for a distribution"
    for recommends in (8, 10):
        count.add(Ballot(1, {ENPS.key: recommends}))
    enps = next(cell for cell in count.cells(k_score=5, k_comment=8) if cell.item == ENPS.key)
    assert (enps.n, enps.mean, enps.favourable, enps.histogram) == (8, 25.0, 50, (2, 0, 2, 0, 4))
