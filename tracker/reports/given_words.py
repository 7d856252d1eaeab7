"""What is said of giving on the spot: one paragraph, each count with its range, and what is not told."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core.language import long_month, number
from tracker.reports.engagement import COMPANY
from tracker.reports.engagement_rules import GroupShare, given_of, settled, solved_with
from tracker.reports.sections import Figures


def is_told(figures: Figures) -> bool:
    """Whether there is anything to say: a limit that was set, or complaints of which it was said what was given."""
    given = given_of(figures)
    return given["currency"] is not None or bool(given["said"])


def sentence(figures: Figures) -> str:
    """Of the whole company. Who leads a part of it reads nothing of the company’s, and is not told why that could not be counted."""
    if not given_of(figures).get("is_of_company", True):
        return _(
            "What customers were given is shown of groups you lead alone, where five people or more are behind a figure."
        )
    if given_of(figures)["closed"].get(COMPANY) is None:
        return _("What customers were given is not told: fewer than five people closed complaints.")
    used = _("It says how the room to act is used, not what it changes.")
    return " ".join([_solved(figures), *_settled(figures), used])


def _solved(figures: Figures) -> str:
    closed, share = given_of(figures)["closed"][COMPANY], solved_with(figures, COMPANY)
    many = ngettext(
        "%(count)s complaint was closed in the twelve months to %(month)s",
        "%(count)s complaints were closed in the twelve months to %(month)s",
        closed[1],
        count=_n(closed[1]),
        month=long_month(date.fromisoformat(figures["months"][-1])),
    )
    if share is None:
        return _("%(many)s; too few people said what was given.", many=many)
    return _(
        "%(many)s. Of the %(n)s of which it was said what was given, %(share)s were solved with something given.",
        many=many,
        n=_n(share.n),
        share=_range(share),
    )


def _settled(figures: Figures) -> list[str]:
    share = settled(figures, COMPANY)
    if share is None:
        return [
            _(
                "Whether that was within the own limit is not told: fewer than five people gave something with a limit set."
            )
        ]
    return [
        _(
            "Of %(n)s with something given and a limit set, %(share)s were settled within the own limit, without asking.",
            n=_n(share.n),
            share=_range(share),
        )
    ]


def _range(share: GroupShare) -> str:
    return _(
        "%(percent)s %% (likely %(low)s to %(high)s %%)",
        percent=number(share.percent, 0),
        low=number(share.low or 0, 0),
        high=number(share.high or 0, 0),
    )


def _n(value: int) -> str:
    return number(value, 0)
