"""Actions about results of the pulse as the API gives them: those of the page, with the same figures and the same ones hidden."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from tracker.core.audience import Viewer
from tracker.pulse import plan_sentences as say
from tracker.pulse.plan_exports import PlanLine, Reading, plan_lines
from tracker.pulse.plan_queries import plan_rows

State = Literal["open", "late", "done", "moved", "given_up"]


class FigureOut(BaseModel):
    """A published mean."""

    month: date = Field(description="The first day of the month its round is named after")
    mean: float = Field(description="1 to 5, where 5 is the good end; of recommending the eNPS, -100 to 100")
    n: int = Field(description="How many answered")
    low: float | None = Field(description="Its likely range (95 %); null where it is hidden how answers spread")
    high: float | None


class PulseActionOut(BaseModel):
    id: int
    group: str
    question: str = Field(description="The key of the question whose figure is to move")
    text: str = Field(description="The question")
    action: str = Field(description="What will be done")
    owner: str = Field(description="Whose it is")
    due_on: date
    state: State = Field(
        description="done: done, but the figure has not moved; moved: it has; late: past its day and not done"
    )
    before: FigureOut | None = Field(description="Where it began; null where the maker does not read the figures")
    aim: float | None = Field(description="From where on it has moved")
    asked_again: date | None = Field(description="The month of the newest round since that asked the same")
    latest: FigureOut | None = Field(description="Its figure; null where it is hidden to protect people")
    moved: FigureOut | None = Field(description="The first figure that was there")
    sure: Literal["clear", "maybe", "steady"] | None = Field(
        description="How sure that change is; null where it cannot be told, such as under 10 answers"
    )
    words: str = Field(description="The measure in words, as the page says it")
    done: str | None = Field(description="What was done")
    done_at: datetime | None
    given_up_because: str | None
    given_up_at: datetime | None
    made_at: datetime


class PulseActionPage(BaseModel):
    data: list[PulseActionOut]
    next_cursor: str | None = Field(description="Where the next page begins; null at the end")


def action_page(viewer: Viewer, *, after: int, limit: int) -> tuple[list[PulseActionOut], int | None]:
    """Actions in the order in which they were planned, and the one after which the next page begins."""
    left = sorted((row for row in plan_rows(viewer) if row.plan.id > after), key=lambda row: row.plan.id)
    shown = [_action(line) for line in plan_lines(left[:limit])]
    return shown, shown[-1].id if len(left) > limit else None


def _action(line: PlanLine) -> PulseActionOut:
    plan = line.row.plan
    return PulseActionOut(
        id=plan.id,
        group=say.group_name(plan),
        question=plan.item,
        text=say.item_words(line.row.item),
        action=plan.text,
        owner=plan.owner.name,
        due_on=plan.due_on,
        state=line.row.state.value,
        before=_figure(line.before),
        aim=line.aim,
        asked_again=line.asked_again,
        latest=_figure(line.latest),
        moved=_figure(line.moved),
        sure=line.sure.value if line.sure else None,
        words=line.words,
        done=plan.done,
        done_at=plan.done_at,
        given_up_because=plan.given_up_because,
        given_up_at=plan.given_up_at,
        made_at=plan.made_at,
    )


def _figure(found: Reading | None) -> FigureOut | None:
    return FigureOut(month=found.month, mean=found.mean, n=found.n, low=found.low, high=found.high) if found else None
