"""Companies of one team, of several trees, with people in no team; rounds that nobody or hardly anybody answers: every page stands."""

from typing import Any

import pytest
from sqlalchemy import delete, select, update

from tests.conftest import Cast
from tests.factories import a_person, a_team
from tests.pulse.company import NOVEMBER, WITH_ENPS
from tests.pulse.rounds import an_open_round, closed
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.organisation.models import Membership, Team, Tenure
from tracker.pulse.answering import Answers, Outcome, Voter, answer
from tracker.pulse.models import PulseMember, PulseNode, PulseResult, PulseRound

AFTER = NOVEMBER.replace(day=10)


def one_team(cast: Cast) -> None:
    """Everybody in the one team that is left, and nobody leads it."""
    db.session.execute(delete(Tenure))
    db.session.execute(update(Membership).values(team_id=cast.root.id))
    for team in db.session.scalars(select(Team).where(Team.id != cast.root.id).order_by(Team.id.desc())):
        db.session.delete(team)
        db.session.flush()


def several_trees(_cast: Cast) -> None:
    for place in ("Mombasa", "Kisumu"):
        team = a_team(place)
        for number in range(6):
            a_person(f"{place} {number}", team=team)


def nobody_in_a_team(_cast: Cast) -> None:
    db.session.execute(delete(Tenure))
    db.session.execute(delete(Membership))


@pytest.mark.parametrize("answers", [0, 1, 4, 5, 100])
@pytest.mark.parametrize("shape", [one_team, several_trees, nobody_in_a_team])
def test_every_page_stands(cast: Cast, browse: Any, shape: Any, answers: int) -> None:
    with transaction():
        for number in range(4):
            a_person(f"New {number}", team=cast.tills)
        shape(cast)
    round_id = an_open_round(items=WITH_ENPS, opens_at=NOVEMBER)
    asked = list(db.session.scalars(select(PulseMember.person_id).order_by(PulseMember.person_id)))[:answers]
    for place, person in enumerate(asked):
        numbers = {item.key: 1 + (place + at) % 5 for at, item in enumerate(WITH_ENPS)}
        assert answer(round_id, Voter(person_id=person), Answers(numbers, {})) == Outcome.KEPT
    closed(round_id, at=AFTER)
    top = db.session.scalars(
        select(PulseNode.id).where(PulseNode.round_id == round_id, PulseNode.parent_id.is_(None))
    ).one()
    shown = set(db.session.scalars(select(PulseResult.n).where(PulseResult.node_id == top)))
    assert bool(shown) == (len(asked) >= 5)
    assert db.session.get_one(PulseRound, round_id).state == "closed"
    with clock.set_to(AFTER):
        for person in (cast.chloe, cast.kevin, cast.brian):
            browser = browse(person, at=AFTER)
            for path in ("", f"/{round_id}", f"/{round_id}/paper", f"/{round_id}/find-me", f"/groups/{top}"):
                page = browser.get(f"/pulse/results{path}")
                assert page.status_code == 200, (path, page.text)
                assert len(asked) >= 5 or f"{len(asked)} of " not in page.text
            with browser.post(f"/pulse/results/{round_id}/files", {"file": "xlsx"}) as file:
                assert file.status_code == 200
        assert browse(cast.chloe, at=AFTER).get(f"/pulse/rounds/{round_id}").status_code == 200
        assert browse(cast.chloe, at=AFTER).get("/reports/perception").status_code == 200
