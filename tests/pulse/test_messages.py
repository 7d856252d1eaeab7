"""What the inbox says about a round: the same to everybody, so that it tells nobody who has answered."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import Cast
from tests.pulse.rounds import CLOSES, OPENS, an_open_round, closed
from tracker.core import clock
from tracker.core.db import db
from tracker.notifications.groups import group_of
from tracker.notifications.models import Message
from tracker.pulse.answering import Answers, Outcome, Voter, answer
from tracker.pulse.bank import next_items
from tracker.pulse.jobs import remind
from tracker.pulse.telling import tell_due

FIRST = next_items([])[0].key
DAY_FOUR = OPENS + timedelta(days=3, hours=4)


@pytest.fixture
def reminded(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> int:
    """A round on its fourth day: Amina has answered it, Kevin has not, both were reminded."""
    round_id = an_open_round()
    assert answer(round_id, Voter(person_id=cast.amina.id), Answers({FIRST: 4}, {})) == Outcome.KEPT
    assert remind(DAY_FOUR) == 1
    tell_due(DAY_FOUR)
    monkeypatch.setattr(clock, "now", lambda: DAY_FOUR)
    return round_id


def inbox(browse: Any, person: Any) -> str:
    text: str = browse(person, at=clock.now()).get("/inbox").text
    return text[text.index("<main") : text.index("</main>")]


def without_tokens(page: str) -> str:
    """Without what differs in each page and message: the form's token, the message's number, and who prints it."""
    return re.sub(r'name="csrf_token" value="[^"]*"|/inbox/\d+/opening|· [^<]*(?=</span><span>As of)', "", page)


def test_everybody_reads_the_same_words(reminded: int, cast: Cast, browse: Any) -> None:
    of_amina, of_kevin = inbox(browse, cast.amina), inbox(browse, cast.kevin)
    for words in (
        "The pulse of November 2026 is open",
        "The pulse of November 2026 is still open",
        "If you have answered, thank you.",
        "until Mon 16 Nov, 08:00",
    ):
        assert words in of_amina
        assert words in of_kevin
    assert without_tokens(of_amina) == without_tokens(of_kevin)


def test_a_message_leads_to_the_tab_and_reading_it_changes_no_answer(reminded: int, cast: Cast, browse: Any) -> None:
    kevin = browse(cast.kevin, at=DAY_FOUR)
    message = db.session.scalars(
        select(Message.id).where(Message.person_id == cast.kevin.id, Message.kind == "pulse.reminder")
    ).one()
    opened = kevin.post(f"/inbox/{message}/opening")
    assert opened.headers["Location"] == "/pulse"


def test_after_the_close_only_the_results_are_spoken_of(
    reminded: int, cast: Cast, browse: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed(reminded)
    monkeypatch.setattr(clock, "now", lambda: CLOSES + timedelta(hours=1))
    of_amina, of_kevin = inbox(browse, cast.amina), inbox(browse, cast.kevin)
    assert "The results of the pulse of November 2026 are here" in of_amina
    assert "is open" not in of_amina
    assert "still open" not in of_amina
    assert without_tokens(of_amina) == without_tokens(of_kevin)


def test_they_are_a_group_of_their_own_to_choose() -> None:
    assert {group_of(kind).key for kind in ("pulse.open", "pulse.reminder", "pulse.results")} == {"pulse"}
