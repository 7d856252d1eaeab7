"""A round of the pulse that is open in the demo company, for whoever looks at its pages. Amina has not answered it; Kevin has."""

from collections import deque
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from playwright.sync_api import Page
from sqlalchemy import select

from tests.pulse.rounds import a_round
from tests.pulse.slips import a_slip
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.organisation.models import Person
from tracker.pulse.answering import Answers, Outcome, Voter, answer
from tracker.pulse.models import PulseNode, PulseRound
from tracker.pulse.opening import open_round

KEVIN = "N-0398"
_slips: deque[str] = deque()


def in_a_round(**arguments: Any) -> Callable[[], dict[str, Any]]:
    """The arguments of a page, while a round is open."""

    def found() -> dict[str, Any]:
        the_open_round()
        return arguments

    return found


def the_open_round() -> int:
    """Opened two days ago, if none is open."""
    found = db.session.scalar(select(PulseRound.id).where(PulseRound.state == "open"))
    if found is not None:
        return found
    opened_at = clock.now() - timedelta(days=2)
    with transaction():
        made = a_round(opens_at=opened_at)
        open_round(made, by=None, today=opened_at.date(), at=opened_at)
        return made.id


def answered() -> dict[str, Any]:
    """Kevin has answered, once, however often it is asked for."""
    round_id = the_open_round()
    kevin = db.session.scalars(select(Person.id).where(Person.staff_number == KEVIN)).one()
    first = db.session.get_one(PulseRound, round_id).items[0]["key"]
    assert answer(round_id, Voter(person_id=kevin), Answers({first: 4}, {})) in {Outcome.KEPT, Outcome.ANSWERED}
    return {}


def a_slip_in_hand() -> dict[str, Any]:
    """A few slips, of which each look takes one."""
    round_id = the_open_round()
    team = db.session.scalars(
        select(PulseNode.name).where(PulseNode.round_id == round_id, PulseNode.kind == "team").order_by(PulseNode.id)
    ).first()
    assert team is not None
    _slips.append(a_slip(round_id, team))
    return {}


def use_it(page: Page) -> None:
    """From the slip to the thank-you page, with one comment."""
    page.get_by_label("Your code").fill(_slips[-1])
    page.get_by_role("button", name="Start").click()
    page.get_by_label("Want to say why?").fill("The new lamps help a lot.")
    for _number in range(20):
        page.get_by_role("radio").first.check()
        page.locator("button[value=next]").click()
        if page.get_by_text("Your answers are in the box").count():
            return
