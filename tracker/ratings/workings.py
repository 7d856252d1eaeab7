"""How a score over the year is worked out, with the person's own figures put into the formula in words."""

import math
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core.language import number, signed
from tracker.ratings.rules import Figures


def working_steps(figures: Figures) -> list[str]:
    """One sentence a step, in order; empty when the last 52 weeks hold no rating. Source: STATISTICS.md section 1."""
    working = figures.stored["working"]
    if not working["n"] or working["mean"] is None:
        return []
    return [*_own(working), *_mixed(working), *_shown(working)]


def spread_step(figures: Figures) -> str | None:
    """The likely range of the first touchpoint that has one, worked through; None where none has."""
    part = next((part for part in figures.touchpoints if part["mean"] is not None and part["name"]), None)
    sigma2 = figures.stored["working"]["sigma2"]
    if part is None or sigma2 is None:
        return None
    return _(
        "%(touchpoint)s: %(mean)s ± 1.96 × %(spread)s ÷ √%(n)s, so likely between %(low)s and %(high)s.",
        touchpoint=part["name"],
        spread=number(math.sqrt(sigma2), 2),
        n=number(part["n"], 0),
        **{name: number(part[name], 2) for name in ("mean", "low", "high")},
    )


def _own(working: dict[str, Any]) -> list[str]:
    return [
        ngettext(
            "In the last 52 weeks you have %(num)d rating: %(mean)s.",
            "In the last 52 weeks you have %(num)d ratings. Their mean is %(mean)s.",
            working["n"],
            mean=number(working["mean"], 2),
        ),
        _(
            "The same work, in the same weeks, got %(expected)s from the whole company’s customers. "
            "So yours lie %(difference)s stars from that.",
            expected=number(working["expected_mean"], 2),
            difference=signed(working["mean"] - working["expected_mean"], 2),
        ),
    ]


def _mixed(working: dict[str, Any]) -> list[str]:
    weight, prior = working["prior_weight"], working["prior"]
    places = 1 if weight < 100 else 0  # where people hardly differ the weight is huge, and its decimals say nothing
    values = {
        "n": number(working["n"], 0),
        "difference": signed(working["mean"] - working["expected_mean"], 2),
        "weight": number(weight, places),
        "prior": signed(prior, 2),
        "effect": signed(working["effect"], 2),
        "total": number(working["n"] + weight, places),
    }
    return [
        _(
            "Few ratings say little. So we begin with what your team’s ratings suggest for you, %(prior)s stars, "
            "and count that as much as %(weight)s ratings.",
            **values,
        ),
        _(
            "Together: (%(n)s × %(difference)s + %(weight)s × %(prior)s) ÷ %(total)s = %(effect)s stars.",
            **values,
        ),
    ]


def _shown(working: dict[str, Any]) -> list[str]:
    return [
        _(
            "Added to %(standard)s, what the company gets over its usual mix of work, "
            "your score over the year is %(score)s, likely between %(low)s and %(high)s.",
            standard=number(working["standard_mean"], 2),
            score=number(working["score"], 2),
            low=number(working["low"], 2),
            high=number(working["high"], 2),
        )
    ]
