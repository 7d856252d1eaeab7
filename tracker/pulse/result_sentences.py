"""Results in words: never stronger than their range."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core.language import month, number, plain_day, signed
from tracker.pulse.bank import RECOMMENDING, Item
from tracker.pulse.queries import ResultCell
from tracker.pulse.result_rules import Change, Estimate, Verdict, favourable_range
from tracker.pulse.result_table import Answered, ClosedRound, Row, label_of, name_of


def headline(row: Row) -> str:
    """The finding about a group: what has clearly moved, else how its questions lie to each other."""
    if row.is_hidden:
        return _("Too few answered in %(group)s to show anything of it by itself.", group=name_of(row.node))
    clear = [answer for answer in row.answers if answer.change and answer.change.verdict is Verdict.CLEAR]
    if clear:
        return _moved(row, clear)
    return _("%(group)s: %(finding)s", group=name_of(row.node), finding=_spread(row))


def _moved(row: Row, clear: Sequence[Answered]) -> str:
    """The largest change, in ranges of its own scale."""
    most = max(clear, key=lambda answer: abs(_share_of_scale(answer)))
    says = {"group": name_of(row.node), "what": label_of(most.item), "change": change_words(most)}
    others = len(clear) - 1
    if others == 0:
        return _("%(group)s: “%(what)s” has clearly moved. %(change)s", **says)
    return ngettext(
        "%(group)s: “%(what)s” has clearly moved, and so has one other question. %(change)s",
        "%(group)s: “%(what)s” has clearly moved, and so have %(num)d other questions. %(change)s",
        others,
        **says,
    )


def _share_of_scale(answer: Answered) -> float:
    width = 200 if answer.item.scale == RECOMMENDING else 4
    return answer.change.difference / width if answer.change else 0.0


def _spread(row: Row) -> str:
    """Highest and lowest question, where their ranges do not meet."""
    known = [
        (answer, found)
        for answer in row.answers
        if answer.item.scale != RECOMMENDING and (found := answer.estimate) is not None
    ]
    if len(known) < 2:
        return _("too little is shown to compare its questions.")
    (highest, top), (lowest, low) = (choose(known, key=lambda pair: pair[1].value) for choose in (max, min))
    steady = _("Nothing has clearly moved since the round before.") if any(one.change for one in row.answers) else ""
    if low.high >= top.low:
        found = _(
            "its questions lie close together, between %(low)s and %(high)s of 5.",
            low=number(low.value),
            high=number(top.value),
        )
    else:
        found = _(
            "“%(high)s” stands highest, at %(top)s of 5; “%(low)s” lowest, at %(least)s.",
            high=label_of(highest.item),
            top=number(top.value),
            low=label_of(lowest.item),
            least=number(low.value),
        )
    return f"{found} {steady}".strip()


def mean_words(item: Item, cell: ResultCell) -> str:
    """“3.4”; of recommending “+12”."""
    return signed(cell.mean, 0) if item.scale == RECOMMENDING else number(cell.mean)


def of_scale(item: Item) -> str:
    return _("eNPS, from −100 to 100") if item.scale == RECOMMENDING else _("of 5")


def range_words(item: Item, found: Estimate | None) -> str:
    if found is None:
        return _("No likely range: too few answers in the whole company.")
    ends = {"low": value_words(item, found.low), "high": value_words(item, found.high)}
    if found.of_company:
        return _("Likely between %(low)s and %(high)s, by how much answers differ in the whole company", **ends)
    return _("Likely between %(low)s and %(high)s", **ends)


def value_words(item: Item, value: float) -> str:
    return signed(value, 0) if item.scale == RECOMMENDING else number(value)


def favourable_words(item: Item, cell: ResultCell) -> str:
    low, high = (number(end, 0) for end in favourable_range(cell))
    says = {"share": number(cell.favourable, 0), "low": low, "high": high}
    if item.scale == RECOMMENDING:
        return _("%(share)s%% gave 9 or 10, likely %(low)s to %(high)s%%", **says)
    if item.is_reversed:
        return _("%(share)s%% disagree, which is the good end here; likely %(low)s to %(high)s%%", **says)
    return _("%(share)s%% agree, likely %(low)s to %(high)s%%", **says)


def pill_words(moved: Change) -> tuple[str, str]:
    """A pill’s words and tone; only a clear change has a colour."""
    if moved.verdict is Verdict.CLEAR:
        return _("Clear"), "good" if moved.difference > 0 else "attn"
    return (_("Maybe"), "") if moved.verdict is Verdict.MAYBE else (_("Steady"), "")


def change_words(answer: Answered) -> str:
    """“3.1 now, 3.6 in Oct 2026: likely between 0.8 lower and 0.2 lower.” Empty where nothing is compared."""
    moved, before, cell = answer.change, answer.before, answer.cell
    if answer.is_guessable and answer.before_month:
        return _(
            "No change since %(month)s is shown: one or two people came or went where fewer than 10 answered.",
            month=month(answer.before_month),
        )
    if moved is None or before is None or cell is None or answer.before_month is None:
        return ""
    says = {
        "now": mean_words(answer.item, cell),
        "then": mean_words(answer.item, before),
        "month": month(answer.before_month),
        "low": _apart(answer.item, moved.low),
        "high": _apart(answer.item, moved.high),
    }
    if moved.verdict is Verdict.STEADY:
        return _("%(now)s now, %(then)s in %(month)s: ups and downs of the usual size.", **says)
    if moved.verdict is Verdict.MAYBE:
        return _("%(now)s now, %(then)s in %(month)s: likely between %(low)s and %(high)s. That can be chance.", **says)
    return _("%(now)s now, %(then)s in %(month)s: likely between %(low)s and %(high)s.", **says)


def _apart(item: Item, difference: float) -> str:
    if difference == 0:
        return _("no change")
    size = number(abs(difference), 0 if item.scale == RECOMMENDING else 1)
    return _("%(size)s lower", size=size) if difference < 0 else _("%(size)s higher", size=size)


def basis(this: ClosedRound) -> str:
    """“Nov 2026 · closed on 16 November · 74 of 84 answered (88%)”."""
    says = {"month": month(this.month), "day": plain_day(_day(this))}
    if this.answered is None:
        return _("%(month)s · closed on %(day)s · too few answered to say how many", **says)
    share = number(100 * this.answered / this.invited, 0) if this.invited else "0"
    return _(
        "%(month)s · closed on %(day)s · %(answered)s of %(invited)s answered (%(share)s%%)",
        answered=number(this.answered, 0),
        invited=number(this.invited, 0),
        share=share,
        **says,
    )


def _day(this: ClosedRound) -> date:
    return this.closed_at.date()


def method(this: ClosedRound) -> list[str]:
    """How every figure of a round came about, for the foot of pages and the second sheet of files."""
    return [
        _(
            "A group is shown from %(score)s answers to a question; how many gave each answer, would recommend (whose figures say "
            "that by themselves), and comments, from %(comment)s.",
            score=this.k_score,
            comment=this.k_comment,
        ),
        _(
            "Further cells are hidden so that no smaller group can be worked out from totals. It was decided once, at the close."
        ),
        _("Groups of fewer than 10 who all gave the same answer, or all or none at the good end, are hidden too."),
        _("Means are from 1 to 5, where 5 is the good end, also where a question is put the other way round."),
        _("Would recommend (eNPS) is the share that gave 9 or 10 less the share that gave 0 to 6."),
        _("Likely ranges hold 19 times in 20. Those of shares are Wilson’s, those of means Student’s."),
        _(
            "Where few answered, a range rests on how much the whole company’s answers to that question differ, and says so."
        ),
        _(
            "Clear: the change is beyond chance, also when all questions of the group are looked at together. "
            "By chance alone about one group in twenty still shows one."
        ),
        _("Maybe: beyond chance if it were the only question. Steady: neither."),
        _("A group counts everybody beneath it; people who lead a team are counted as “Managers” only."),
    ]
