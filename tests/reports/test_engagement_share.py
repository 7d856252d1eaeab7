"""What whoever leads a team gets of the company’s figures: nothing from which a few others could be worked out."""

from typing import Any

import pytest

from tests.conftest import NOW, Cast
from tracker.core.audience import Viewer
from tracker.reports.engagement import COMPANY
from tracker.reports.engagement_share import share_of


def figures(cast: Cast, *, others: int) -> dict[str, Any]:
    """Ten people at the tills, and so many others in the company."""
    tills, people = str(cast.tills.id), {COMPANY: 10 + others, str(cast.tills.id): 10}
    groups = {
        COMPANY: {"name": "All", "above": None, "team": cast.root.id},
        tills: {"name": "Tills", "above": COMPANY, "team": cast.tills.id},
    }
    stars = {key: {"people": many, "n": 10 * many, "happy": 7 * many} for key, many in people.items()}
    empty: dict[str, Any] = {"round": None, "cells": {}, "perception": [], "links": {"0": {}}}
    cover = {key: [many, many] for key, many in people.items()}
    return {**empty, "groups": groups, "stars": stars, "cover": cover, "people": {"stars": people, "cover": people}}


@pytest.mark.parametrize(("others", "is_shown"), [(0, True), (1, False), (4, False), (5, True)])
def test_the_companys_sums_are_shown_unless_the_rest_is_of_few(cast: Cast, others: int, is_shown: bool) -> None:
    brian = Viewer(cast.brian.id, "Brian", at=NOW, today=NOW.date(), manages=True)
    share = share_of(brian, figures(cast, others=others))
    for part in ("stars", "cover"):
        assert (COMPANY in share[part]) == is_shown
        assert str(cast.tills.id) in share[part]
    assert share["links"] == share["people"] == {}


def test_another_teams_leader_gets_nothing_of_it(cast: Cast) -> None:
    dora = Viewer(cast.dora.id, "Dora", at=NOW, today=NOW.date(), manages=True)
    share = share_of(dora, figures(cast, others=5))
    assert list(share["stars"]) == list(share["cover"]) == list(share["groups"]) == [COMPANY]
