"""What the demo company does about results of the pulse: something done that waits for its measure, something late, something given up,
something under way; and one comment that was answered. Whether a measure has moved, the product finds out by itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from tracker.access.queries import people_with_role
from tracker.core.audience import Viewer
from tracker.core.db import db, reading, transaction
from tracker.organisation.models import Person, Team
from tracker.organisation.queries import leaders_on
from tracker.pulse.plan_actions import Planned, give_up, make_plan, say_done
from tracker.pulse.plan_jobs import follow_plans
from tracker.pulse.plan_queries import PlannedCell, groups_to_plan, planned_cells, rounds_to_plan
from tracker.pulse.plan_rules import STEP, lowest_aim
from tracker.pulse.reply_actions import answer_comment, deliver, write_back
from tracker.pulse.reply_queries import of_code

TILLS = "Nairobi Central tills"
REPLY_CODE = "DEM0-REP1-YC0D-E777"  # of whoever asked for replies in its newest closed round
ANSWERED = "Thank you for saying so. A second person covers the tills from noon to two as of Monday."
WRITTEN_BACK = "It helps already. Could it be Saturdays as well?"


@dataclass(frozen=True)
class Story:
    """A plan from a round so many back, of a group (None: the whole company) and driver, with what became of it."""

    text: str
    group: str | None
    driver: str
    rounds_back: int
    due: int  # days from today
    steps: int = 3  # how far above its figure, in the smallest steps of the scale
    done: str | None = None
    because: str | None = None


STORIES = (
    Story(
        "Whoever is at the till may refund up to 500 shillings without asking",
        TILLS,
        "power",
        4,
        -70,
        done="Every till refunds up to 500 shillings now. The paper for it is gone.",
    ),
    Story("Two open tills from noon to two, also on Saturdays", TILLS, "power", 1, -6),
    Story(
        "A paid hour every month to try out new products",
        None,
        "trained",
        5,
        -100,
        because="Rotas left no common hour. The short courses on new products replace it.",
    ),
    Story("Each team says once a week what it learned from a customer", None, "motivation", 0, 24),
)


def plan_and_answer(at: datetime) -> None:
    """After the rounds of the demo were held; nothing where there are none."""
    with reading():
        hr = next(iter(people_with_role("hr")), None)
        team = db.session.scalar(select(Team.id).where(Team.name == TILLS))
        leader = leaders_on(at.date()).of_team(team) if team is not None else None
    if hr is None or leader is None:
        return
    viewer = Viewer(hr, "HR", at=at, today=at.date(), roles=frozenset({"hr"}))
    for number, story in enumerate(STORIES):
        _tell(story, number, viewer, leader, at)
    follow_plans(at)
    _answer(leader, at)


def _tell(story: Story, number: int, viewer: Viewer, leader: int, at: datetime) -> None:
    with reading():
        cell = _cell(story, viewer)
    if cell is None or (least := lowest_aim(cell.figure.mean, cell.item.scale)) is None:
        return
    made_at = at - timedelta(days=28 * story.rounds_back + 3)
    by = leader if story.group else viewer.person_id
    with transaction():
        said = Planned(
            form_key=f"{number:032x}",
            text=story.text,
            owner=db.session.get_one(Person, by),
            due_on=(at + timedelta(days=story.due)).date(),
            aim=min(round(least + (story.steps - 1) * STEP[cell.item.scale], 1), 5.0),
        )
        plan, _is_new = make_plan(cell, said, by=by, at=made_at)
        if story.done:
            say_done(plan, story.done, by=by, at=made_at + timedelta(days=20))
        if story.because:
            give_up(plan, story.because, by=by, at=made_at + timedelta(days=40))


def _cell(story: Story, viewer: Viewer) -> PlannedCell | None:
    """None where it is hidden, or was not asked then."""
    rounds = rounds_to_plan(viewer)
    if len(rounds) <= story.rounds_back:
        return None
    groups = groups_to_plan(viewer, round_id=rounds[story.rounds_back], top=story.group is None)
    node = next((node for node, name in groups if story.group in {None, name}), None)
    cells = planned_cells(viewer, node_id=node) if node is not None else []
    return next((cell for cell in cells if cell.item.driver == story.driver), None)


def _answer(leader: int, at: datetime) -> None:
    with transaction():
        comment = next(iter(of_code(REPLY_CODE)), None)
        if comment is None:
            return
        answer_comment(comment, ANSWERED, by=leader, at=at - timedelta(days=2))
        write_back(comment, WRITTEN_BACK)
        deliver(day=at.date(), at=at)
