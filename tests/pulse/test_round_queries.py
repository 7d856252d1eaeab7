"""HR's pages of rounds ask the database as often in a large company as in a small one."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from tests.conftest import NOW, Cast
from tests.factories import a_person, a_team
from tests.pulse.rounds import a_round, an_open_round
from tracker.core.db import db, transaction

MOST = {"list": 9, "setup": 16, "open": 12}


def statements(browser: Any, path: str) -> int:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith(("SELECT", "WITH")):
            sent.append(statement)

    db.session.rollback()
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert browser.get(path).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(sent)


@pytest.mark.parametrize("page", ["list", "setup", "open"])
def test_flat_in_people_teams_and_rounds(cast: Cast, browse: Any, page: str) -> None:
    chloe = browse(cast.chloe)
    with transaction():
        draft = a_round(opens_at=NOW + timedelta(days=40))
    running = an_open_round(opens_at=NOW - timedelta(days=4), uses_codes=True)
    paths = {"list": "/pulse/rounds", "setup": f"/pulse/rounds/{draft.id}", "open": f"/pulse/rounds/{running}"}
    before = statements(chloe, paths[page])
    with transaction():
        for number in range(6):
            team = a_team(f"More {number}", parent=cast.floor)
            for one in range(5):
                a_person(f"Person {number} {one}", team=team)
            past = a_round(opens_at=NOW - timedelta(days=100 + 30 * number))
            past.state, past.closed_at, past.invited, past.answered = "closed", NOW, 40, 30
    assert statements(chloe, paths[page]) == before <= MOST[page]
