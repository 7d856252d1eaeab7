"""Happy every time, drawn: so many of a hundred, and the share on its scale beside what there is to compare with."""

from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup

from tracker.charts import ShareRow, dots, shares
from tracker.core.language import number
from tracker.reports import happy_words as say
from tracker.reports.pictures import PHONE, WIDE
from tracker.reports.sections import Figures, way_of
from tracker.statistics.consistency import Consistency


@dataclass(frozen=True)
class Drawn:
    """percent: the share in one number; the hundred dots; its range, for phone and laptop."""

    percent: str
    hundred: Markup
    phone: Markup
    wide: Markup


@dataclass(frozen=True)
class Shown:
    """What stands under the sentences. drawn: None below 30 customers, where no share is shown."""

    drawn: Drawn | None
    facts: list[tuple[str, str]]


def shown(figures: Figures) -> Shown:
    return Shown(_drawn(figures), say.facts(figures))


def _drawn(figures: Figures) -> Drawn | None:
    found = say.of_way(figures, way_of(figures))
    share = say.share(found)
    if share is None:
        return None
    title = _("%(percent)s of 100 customers who came again and again are happy every time", percent=share.percent)
    sentence = say.headline(figures)[0]
    hundred = dots(prefix="happy-dots", title=title, description=sentence, filled=share.percent)
    percent = _("%(percent)s %%", percent=number(share.percent, 0))
    return Drawn(percent, hundred, *(_ranges(figures, found, sentence, width) for width in (PHONE, WIDE)))


def _ranges(figures: Figures, found: Consistency, sentence: str, width: int) -> Markup:
    names = say.names(way_of(figures))
    year_ago = say.whole_year_ago(figures)
    groups = [(names[0], found), (names[1], say.of_way(figures, way_of(figures), journey=True))]
    if year_ago is not None:
        groups.append((names[2], say.of_way(year_ago, way_of(figures))))
    return shares(
        prefix=f"happy-{width}",
        title=_("Happy every time, with likely ranges"),
        description=sentence,
        rows=[_row(label, group, is_quiet=group is not found) for label, group in groups if group.enough],
        number=lambda percent: number(percent, 0),
        width=width,
    )


def _row(label: str, found: Consistency, *, is_quiet: bool) -> ShareRow:
    values = {name: 100 * getattr(found, name) for name in ("low", "high")}
    by_chance = 100 * found.chance
    return ShareRow(label=label, value=100 * found.share, is_quiet=is_quiet, by_chance=by_chance, **values)
