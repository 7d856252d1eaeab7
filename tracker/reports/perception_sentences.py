"""The perception gap in words that say no more than its range."""

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core.language import month, number, plain_day, signed
from tracker.reports.perception import Stage
from tracker.reports.perception_rules import Finding, Gap
from tracker.reports.ranges import FEWEST_CUSTOMERS, FEWEST_RATINGS, Apart, Share


def stage_heading(stage: Stage) -> str:
    names = {
        "pre_purchase": _("When they look for what they need"),
        "purchase": _("When they buy"),
        "post_purchase": _("After they have bought"),
    }
    return names[stage.key]


def headline(stage: Stage, *, five: bool) -> str:
    """The finding of the first group there is: the whole company’s, for whoever reads it."""
    gap = stage.rows[0]
    said = _("%(staff)s; %(customers)s.", staff=_staff_say(stage, gap), customers=_customers_say(gap, five=five))
    return said if gap.is_top else _("%(group)s: %(said)s", group=group_name(gap), said=said)


def _staff_say(stage: Stage, gap: Gap) -> str:
    percent = number(gap.staff.percent, 0)
    match stage.key:
        case "pre_purchase":
            return _(
                "%(percent)s %% of staff say customers get an excellent experience when they look for what they need",
                percent=percent,
            )
        case "purchase":
            return _("%(percent)s %% of staff say customers get an excellent experience when they buy", percent=percent)
    return _(
        "%(percent)s %% of staff say customers get an excellent experience after they have bought something",
        percent=percent,
    )


def _customers_say(gap: Gap, *, five: bool) -> str:
    if gap.customers is None:
        return hidden() if gap.is_hidden else _("too few customers have rated to hold that against")
    percent, far = number(gap.customers.percent, 0), how_far(gap)
    if five:
        return _("%(percent)s %% of customers’ ratings are five of five: %(far)s", percent=percent, far=far)
    return _("%(percent)s %% of customers’ ratings say so: %(far)s", percent=percent, far=far)


def how_far(gap: Gap) -> str:
    """The range of the gap in words, as far as it goes."""
    if gap.apart is None:
        return too_few(gap)
    low, high = sorted((abs(gap.apart.low), abs(gap.apart.high)))
    ends = {"low": number(low, 0), "high": number(high, 0)}
    match gap.finding:
        case Finding.STAFF_HIGHER:
            return _("between %(low)s and %(high)s points apart", **ends)
        case Finding.CUSTOMERS_HIGHER:
            return _("customers are happier than staff think, by between %(low)s and %(high)s points", **ends)
    return _(
        "we cannot tell whether they differ, the gap is likely between %(low)s and %(high)s points",
        low=signed(gap.apart.low, 0),
        high=signed(gap.apart.high, 0),
    )


def too_few(gap: Gap) -> str:
    """What is there and what it takes."""
    if gap.is_hidden:
        return hidden()
    return _(
        "too few: %(ratings)s ratings from %(raters)s customers, it takes %(fewest)s from %(most)s",
        ratings=number(gap.ratings, 0),
        fewest=FEWEST_RATINGS,
        raters=number(gap.raters, 0),
        most=FEWEST_CUSTOMERS,
    )


def hidden() -> str:
    return _("what customers say is hidden to protect people, it takes five whom they rated")


def group_name(gap: Gap) -> str:
    return _("Managers") if gap.kind == "managers" else gap.name


def share_words(share: Share) -> str:
    values = {name: number(getattr(share, name), 0) for name in ("percent", "low", "high")}
    return _("%(percent)s %% (%(low)s to %(high)s)", **values)


def staff_basis(gap: Gap) -> str:
    return ngettext("%(num)d answer", "%(num)d answers", gap.answers)


def customers_basis(gap: Gap) -> str:
    ratings = ngettext("%(count)s rating", "%(count)s ratings", gap.ratings, count=number(gap.ratings, 0))
    customers = ngettext("%(count)s customer", "%(count)s customers", gap.raters, count=number(gap.raters, 0))
    return _("%(ratings)s from %(customers)s", ratings=ratings, customers=customers)


def apart_words(apart: Apart | None) -> str:
    """+22 (+12 to +32), in points."""
    if apart is None:
        return "–"
    values = {name: signed(getattr(apart, name), 0) for name in ("points", "low", "high")}
    return _("%(points)s (%(low)s to %(high)s)", **values)


def verdict(gap: Gap) -> str:
    words = {
        Finding.STAFF_HIGHER: _("staff see it better"),
        Finding.CUSTOMERS_HIGHER: _("customers see it better"),
        Finding.UNCLEAR: _("cannot tell"),
        Finding.TOO_FEW: _("too few ratings"),
        Finding.HIDDEN: _("hidden to protect people"),
    }
    return words[gap.finding]


def basis(stage: Stage) -> str:
    """Whose words of when."""
    return _(
        "Staff: the pulse of %(month)s, closed %(closed)s. Customers: ratings of the 13 weeks from %(since)s to %(last)s.",
        month=month(stage.asked.month),
        closed=plain_day(stage.asked.closed_at.date()),
        since=plain_day(stage.period.since),
        last=plain_day(stage.period.last),
    )
