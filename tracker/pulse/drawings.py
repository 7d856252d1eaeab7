"""Pictures of published figures: how many gave each answer, and a question from round to round."""

from collections.abc import Sequence

from flask_babel import gettext as _
from markupsafe import Markup

from tracker.charts import RoundPoint, over_rounds, star_bars
from tracker.core.language import number
from tracker.pulse.bank import AGREEMENT, RECOMMENDING, Item
from tracker.pulse.queries import ResultCell
from tracker.pulse.result_sentences import value_words

AXES = {AGREEMENT: (1.0, 2.0, 3.0, 4.0, 5.0), RECOMMENDING: (-100.0, -50.0, 0.0, 50.0, 100.0)}
PHONE, COLUMN = 326, 470


def answer_counts(item: Item, cell: ResultCell) -> list[tuple[str, int]]:
    """Best end first, in the words that people chose from; empty where the counts are not published."""
    if cell.histogram is None:
        return []
    return list(zip(_words(item), _shown(item, cell.histogram), strict=True))


def bars(item: Item, cell: ResultCell, *, title: str) -> Markup | None:
    """How many gave each answer, where that is published."""
    rows = answer_counts(item, cell)
    if not rows:
        return None
    said = "; ".join(f"{words}: {number(count, 0)}" for words, count in rows)
    return star_bars(
        prefix=f"bars-{cell.node_id}-{item.key}",
        title=title,
        description=said,
        rows=rows,
        number=lambda count: number(count, 0),
        width=PHONE,
    )


def over_time(item: Item, points: Sequence[RoundPoint], *, title: str, description: str, width: int = PHONE) -> Markup:
    return over_rounds(
        prefix=f"rounds-{item.key}-{width}",
        title=title,
        description=description,
        points=points,
        axis=AXES[item.scale],
        number=lambda value: value_words(item, value) if item.scale == RECOMMENDING else _tick(value),
        width=width,
    )


def _tick(value: float) -> str:
    """1 to 5 on the axis, 3.4 beside a point."""
    return number(value, 0 if value.is_integer() else 1)


def _words(item: Item) -> list[str]:
    if item.scale == RECOMMENDING:
        return [_("9 or 10"), _("7 or 8"), _("0 to 6")]
    words = [_("Strongly agree"), _("Agree"), _("Neither"), _("Disagree"), _("Strongly disagree")]
    return words[::-1] if item.is_reversed else words


def _shown(item: Item, histogram: tuple[int, ...]) -> list[int]:
    return list(histogram[::-2] if item.scale == RECOMMENDING else histogram[::-1])
