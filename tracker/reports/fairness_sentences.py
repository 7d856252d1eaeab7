"""The fairness audit in sentences that say no more than their ranges. About the tool, never about people.

Clear is a difference whose range leaves “no difference” out, and that holds when it is remembered how much was looked at.
"""

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core.language import number, signed
from tracker.reports.fairness_rules import FEWEST_CONCERNED, MEASURES, SMALLEST_CLASS
from tracker.reports.fairness_words import (
    Measured,
    basis,
    beside,
    checked,
    checked_name,
    ends,
    group_name,
    looked_at,
    measure_name,
    own_words,
    people,
    range_words,
    verdict,
    verdict_words,
)
from tracker.reports.sections import Figures
from tracker.statistics.fairness import FEWEST_TEAMS

__all__ = [
    "MEASURES",
    "basis",
    "beside",
    "caveats",
    "checked",
    "checked_name",
    "claims",
    "details",
    "group_name",
    "heading",
    "headline",
    "looked_at",
    "measure_name",
    "method",
    "own_words",
    "people",
    "verdict_words",
]
CLEAR = {"higher", "lower"}


def heading() -> str:
    return _("Each group beside everybody else")


def headline(figures: Figures) -> list[str]:
    """Everything that is said, in order: what is clear or that nothing is, what nobody may read into it, what is known of the rest."""
    if not figures["quarter"]:
        return []
    known = [sentence for one in figures["looked_at"] for sentence in details(one)]
    return [*claims(figures), *caveats(), *known]


def caveats() -> list[str]:
    """On every way out: whoever has the file or the mail alone would read a cause into a difference."""
    return [
        _(
            "This is about the tool, not about people. It says whether groups fare differently with it, and never why: work, customers "
            "and time to learn differ too. No difference here is a reason to treat anybody differently; it is one to look at how the "
            "check works for them."
        ),
        _(
            "Nothing here is crossed with teams or towns, so that nobody can be found. A group that works mostly in some of them shares "
            "what is different there, its customers and its staffing: look at where before you look at who."
        ),
    ]


def claims(figures: Figures) -> list[str]:
    """Each clear difference; or that there is none, with how much was looked at."""
    if not any(one["groups"] for one in figures["looked_at"]):
        return [_too_few(figures)]
    compared = [(verdict(measure, group[measure]), key, group, measure) for key, group, measure in _compared(figures)]
    clear = [clearly(key, group, measure) for found, key, group, measure in compared if found in CLEAR]
    unclear = sum(found == "unclear" for found, _key, _group, _measure in compared)
    return [*clear, *_of_the_rest(unclear, figures["people"], has_clear=bool(clear))]


def _compared(figures: Figures) -> Iterator[tuple[str, Measured, str]]:
    """What stands beside everybody else. Of two groups either is everybody else of the other: that is said once."""
    for measure in MEASURES:
        for one in figures["looked_at"]:
            told = [group for group in one["groups"] if group[measure] is not None]
            for group in told[:1] if len(one["groups"]) == 2 else told:
                yield one["key"], group, measure


def _too_few(figures: Figures) -> str:
    return ngettext(
        "Too few to tell: one person was rated. It takes two groups of %(fewest)s people or more.",
        "Too few to tell: %(people)s people were rated, and nothing divides them into two groups of %(fewest)s or more.",
        figures["people"],
        people=number(figures["people"], 0),
        fewest=SMALLEST_CLASS,
    )


def clearly(key: str, group: Measured, measure: str) -> str:
    """One clear difference, as a sentence with its size."""
    found = group[measure]
    return _(
        "%(what)s – %(group)s: %(said)s (%(people)s people, %(basis)s).",
        what=looked_at(key),
        group=group_name(key, group["key"]),
        said=_claim(measure, *ends(measure, found)),
        people=number(group["people"], 0),
        basis=basis(measure, found["n"]),
    )


def _claim(measure: str, low: float, high: float) -> str:
    smaller, larger = (number(end, 2) for end in sorted((abs(low), abs(high))))
    words = {
        "under": _(
            "ratings lie %(low)s to %(high)s stars under everybody else’s for the same work", low=smaller, high=larger
        ),
        "over": _(
            "ratings lie %(low)s to %(high)s stars over everybody else’s for the same work", low=smaller, high=larger
        ),
        "alerts": _("the weekly check alerts %(times)s times as often as elsewhere", times=range_words(low, high)),
        "answers": _(
            "customers who are asked answer %(times)s times as often as elsewhere", times=range_words(low, high)
        ),
        "left_out": _("ratings are left out %(times)s times as often as elsewhere", times=range_words(low, high)),
        "changed": _(
            "a second look changes what lay behind an alert %(times)s times as often as elsewhere",
            times=range_words(low, high),
        ),
    }
    return words[("under" if high < 0 else "over") if measure == "score" else measure]


def _of_the_rest(count: int, people: int, *, has_clear: bool) -> list[str]:
    if not count:
        return []
    if has_clear:
        said = ngettext(
            "In %(num)d other comparison no difference is clear.",
            "In %(num)d other comparisons no difference is clear.",
            count,
        )
        return [said]
    values = {"people": number(people, 0)}
    said = ngettext(
        "No clear difference in %(num)d comparison of %(people)s people. That is no proof that there is none.",
        "No clear difference in %(num)d comparisons of %(people)s people. That is no proof that there is none.",
        count,
        **values,
    )
    return [said]


def details(one: Measured) -> list[str]:
    """What is known of one thing that is looked at where nothing is clear: how far apart groups may lie, and what would be seen."""
    name = looked_at(one["key"])
    if one["state"] == "not recorded":
        return [_("%(what)s: not recorded for enough people.", what=name)]
    if one["state"] == "alone":
        return [_("%(what)s: there are no two groups of %(fewest)s people.", what=name, fewest=SMALLEST_CLASS)]
    found = [_stars(name, one["groups"]), _alerts(name, one["groups"]), _learning(one)]
    return [sentence for sentence in found if sentence]


def _unclear(groups: Sequence[Measured], measure: str) -> list[Measured]:
    return [group[measure] for group in groups if verdict(measure, group[measure]) == "unclear"]


def _stars(name: str, groups: Sequence[Measured]) -> str:
    unclear = _unclear(groups, "score")
    if not unclear:
        return ""
    ranges = [ends("score", found) for found in unclear]
    return _(
        "%(what)s: where ratings differ by no clear amount, it is likely between %(low)s and %(high)s stars; "
        "less than %(least)s stars would mostly not be seen with so few.",
        what=name,
        low=signed(min(low for low, _high in ranges), 2),
        high=signed(max(high for _low, high in ranges), 2),
        least=number(min(found["least"] for found in unclear), 2),
    )


def _alerts(name: str, groups: Sequence[Measured]) -> str:
    if all(group["alerts"] is None for group in groups):
        return _(
            "%(what)s: too few people were alerted to compare. It takes %(fewest)s of each group, and as many of all others.",
            what=name,
            fewest=FEWEST_CONCERNED,
        )
    unclear = _unclear(groups, "alerts")
    if not unclear:
        return ""
    ranges = [ends("alerts", found) for found in unclear]
    return _(
        "%(what)s: where alerts differ by no clear amount, they are likely %(times)s times as often as everybody else’s; "
        "less than %(least)s times as often would mostly not be seen with so few.",
        what=name,
        times=range_words(min(low for low, _high in ranges), max(high for _low, high in ranges)),
        least=number(min(found["least"] for found in unclear), 1),
    )


def _learning(one: Measured) -> str:
    if one["key"] != "tenure":
        return ""
    return _(
        "Whoever is new is checked in fewer weeks, as it takes 15 ratings before; and some of what differs may be learning the job."
    )


def method() -> str:
    return _(
        "In brackets: the likely range, 95 %%, as wide as whole teams and whole people differ by anyway. Clear is only what holds "
        "among all comparisons together, one false claim in ten at most (Benjamini and Hochberg); it takes %(teams)s teams on either "
        "side. Groups under %(fewest)s people are put together, and nothing is shown that fewer than %(concerned)s people stand behind.",
        teams=FEWEST_TEAMS,
        fewest=SMALLEST_CLASS,
        concerned=FEWEST_CONCERNED,
    )
