"""What the page of waiting talks says first."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.coaching.debt import Debt


def debt_headline(debts: Sequence[Debt]) -> str:
    """One sentence: how many talks wait, and how many of them have waited so long that somebody above was told."""
    talks = sum(debt.count for debt in debts)
    if not talks:
        return _("No talk is waiting")
    longest = max(debt.longest for debt in debts)
    if longest == 0:
        return ngettext("%(num)d talk waits since today", "%(num)d talks wait since today", talks)
    days = ngettext("%(num)d working day", "%(num)d working days", longest)
    return ngettext(
        "%(num)d talk waits, for %(days)s", "%(num)d talks wait, the longest for %(days)s", talks, days=days
    )


def waits(debt: Debt) -> str:
    """How many talks wait with one leader, and how long the longest."""
    if debt.longest == 0:
        return ngettext("%(num)d talk, since today", "%(num)d talks, since today", debt.count)
    days = ngettext("%(num)d working day", "%(num)d working days", debt.longest)
    return ngettext("%(num)d talk, for %(days)s", "%(num)d talks, the longest for %(days)s", debt.count, days=days)
