"""How HR of the demo has set up the pulse: a round on the first Monday of each month, and a question of their own that nobody has put
into French yet, so that the page of a round says what is missing. Nothing here is drawn by chance."""

from datetime import datetime, timedelta

from tracker.access.queries import people_with_role
from tracker.core.db import transaction
from tracker.demo.pulse import hold_rounds
from tracker.demo.pulse_plans import plan_and_answer
from tracker.pulse.question_actions import write_question
from tracker.pulse.round_actions import Choices, save_schedule

CADENCE = Choices(is_on=True, week=1, weekday=1, every_months=1, open_days=7, k_score=5, k_comment=8, uses_codes=False)
QUESTION = {"en": "I know who to ask when I am stuck.", "sw": "Ninajua wa kumwuliza ninapokwama."}


def live_with_the_pulse(at: datetime) -> None:
    """Its cadence, fourteen rounds with their results, and what was done about them."""
    set_up_the_pulse(at)
    hold_rounds(at)
    plan_and_answer(at)


def set_up_the_pulse(at: datetime) -> None:
    """A month ago, by HR."""
    before = at - timedelta(days=30)
    hr = people_with_role("hr")[0]
    with transaction():
        save_schedule(CADENCE, by=hr, at=before)
        write_question(QUESTION, is_reversed=False, by=hr, at=before)
