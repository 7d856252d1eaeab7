"""Plans in words. Every figure with how many answered and its likely range."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core.language import locale, month, number, plain_day
from tracker.pulse.bank import RECOMMENDING, Item
from tracker.pulse.models import PulsePlan
from tracker.pulse.plan_queries import PlanRow
from tracker.pulse.plan_rules import Measured, State, has_moved
from tracker.pulse.result_rules import FEW, Verdict


def state_words(row: PlanRow) -> str:
    match row.state:
        case State.GIVEN_UP:
            return _("given up")
        case State.MOVED:
            return _("the measure moved")
        case State.DONE:
            return _("done, measure still open")
        case State.LATE:
            return _("past its day")
    return _("open")


def filter_words(state: State | None) -> str:
    words = {
        None: _("All"),
        State.LATE: _("Past their day"),
        State.OPEN: _("Open"),
        State.DONE: _("Done, not moved yet"),
        State.MOVED: _("Moved"),
        State.GIVEN_UP: _("Given up"),
    }
    return words[state]


def nothing_words(state: State | None) -> str:
    """What a list of one state says when it is empty."""
    if state == State.LATE:
        return _("Nothing is past its day.")
    return _("No action stands so now.")


def group_name(plan: PulsePlan) -> str:
    if plan.team is not None:
        return plan.team.name
    return _("Managers") if plan.kind == "managers" else _("The whole company")


def item_words(item: Item) -> str:
    return item.text(locale().language)


def value_words(value: float, item: Item) -> str:
    return number(value, places_of(item)).replace("-", "−")


def places_of(item: Item) -> int:
    return 0 if item.scale == RECOMMENDING else 1


def figure_words(found: Measured, item: Item) -> str:
    """3.2 (34 answers, likely between 2.9 and 3.5)."""
    mean, likely = value_words(found.mean, item), found.likely(item.scale)
    if likely is None:
        return ngettext(
            "%(mean)s (%(num)d answer, likely range hidden to protect people)",
            "%(mean)s (%(num)d answers, likely range hidden to protect people)",
            found.n,
            mean=mean,
        )
    return ngettext(
        "%(mean)s (%(num)d answer, likely between %(low)s and %(high)s)",
        "%(mean)s (%(num)d answers, likely between %(low)s and %(high)s)",
        found.n,
        mean=mean,
        low=value_words(likely[0], item),
        high=value_words(likely[1], item),
    )


def scale_words(item: Item) -> str:
    if item.scale == RECOMMENDING:
        return _("eNPS, from −100 to 100")
    if item.is_reversed:
        return _("mean agreement from 1 to 5, turned round: 5 is the good end")
    return _("mean agreement from 1 to 5")


def aim_words(row: PlanRow) -> str:
    """What is to move, from where and up to where, for whoever reads the figures."""
    if row.before is None:
        return _("The figures are read by who belongs to the group or leads it.")
    before = figure_words(row.before, row.item)
    aim = value_words(row.plan.aim, row.item)
    return _("From %(before)s to %(aim)s or more.", before=before, aim=aim)


def measure_words(row: PlanRow) -> str:
    """How the measure stands: since which round, or what is awaited."""
    if row.before is None:
        return ""
    if row.moved_in is not None:
        return _moved_words(row, row.before, row.readings[row.moved_in.id], row.moved_in.month)
    if not row.later:
        return _("No round has asked it again yet.")
    return _newest_words(row, row.later[-1].id, row.later[-1].month)


def _newest_words(row: PlanRow, round_id: int, when: date) -> str:
    """A measure that is not there: still awaited, but for what was given up."""
    found, is_over = row.readings.get(round_id), row.state == State.GIVEN_UP
    if found is None and is_over:
        return _("%(month)s: hidden this time to protect people.", month=month(when))
    if found is None:
        return _("%(month)s: hidden this time to protect people, still open.", month=month(when))
    said = {"month": month(when), "figure": figure_words(found, row.item)}
    if is_over:
        return _("%(month)s: %(figure)s. It was not there.", **said)
    return _("%(month)s: %(figure)s. Not there yet, still open.", **said)


def _moved_words(row: PlanRow, before: Measured, found: Measured, when: date) -> str:
    said = {"month": month(when), "figure": figure_words(found, row.item)}
    match row.sure:
        case Verdict.CLEAR:
            return _("%(month)s: %(figure)s. A clear change.", **said)
        case Verdict.MAYBE:
            return _("%(month)s: %(figure)s. Maybe a change: it can be chance.", **said)
        case Verdict.STEADY:
            return _("%(month)s: %(figure)s. It is there, and it can well be chance.", **said)
    if min(before.n, found.n) < FEW:
        return _(
            "%(month)s: %(figure)s. With fewer than 10 answers in a round nobody can say whether it is more than chance.",
            **said,
        )
    return _("%(month)s: %(figure)s. How sure that is can’t be told from what is shown.", **said)


def change_pill(row: PlanRow) -> tuple[str, str] | None:
    """(word, tone) for a measure that has moved."""
    if row.before is None or row.moved_in is None:
        return None
    match row.sure:
        case Verdict.CLEAR:
            return _("Clear"), "good"
        case Verdict.MAYBE:
            return _("Maybe"), ""
        case Verdict.STEADY:
            return _("Steady"), ""
    return _("Can’t tell"), ""


def reading_words(row: PlanRow, round_id: int) -> tuple[str, str, str]:
    """(figure, answers, likely range) of one round for the table, or that it is hidden."""
    found = row.readings.get(round_id)
    if found is None:
        return _("hidden to protect people"), "–", "–"
    mean, n, likely = value_words(found.mean, row.item), number(found.n, 0), found.likely(row.item.scale)
    if likely is None:
        return mean, n, _("hidden to protect people")
    low, high = (value_words(end, row.item) for end in likely)
    return mean, n, _("%(low)s to %(high)s", low=low, high=high)


def finding_words(row: PlanRow) -> str:
    """The chart in a sentence."""
    known = [row.readings[asked.id] for asked in row.rounds if asked.id in row.readings]
    if not known:
        return _("Every round is hidden to protect people.")
    newest = figure_words(known[-1], row.item)
    aim = value_words(row.plan.aim, row.item)
    if has_moved(known[-1].mean, row.plan.aim):
        return _("The newest figure is %(newest)s. It was to reach %(aim)s.", newest=newest, aim=aim)
    return _("The newest figure is %(newest)s. It is to reach %(aim)s.", newest=newest, aim=aim)


def due_words(row: PlanRow) -> str:
    return _("by %(day)s", day=plain_day(row.plan.due_on))


def owner_words(row: PlanRow) -> str:
    return _("%(name)s, who has left", name=row.plan.owner.name) if row.owner_left else row.plan.owner.name


def headline(rows: list[PlanRow]) -> str:
    """What waits, in a sentence."""
    late = sum(row.state == State.LATE for row in rows)
    open_ones = sum(row.state in {State.OPEN, State.LATE} for row in rows)
    if late:
        return ngettext("%(num)d action is past its day", "%(num)d actions are past their day", late)
    if open_ones:
        return ngettext("%(num)d action is under way", "%(num)d actions are under way", open_ones)
    return _("Nothing waits to be done")
