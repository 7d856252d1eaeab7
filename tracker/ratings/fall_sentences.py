"""What the weekly check goes by, what chance alone brings, and that a whole team fell, in words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core.language import number, plain_day
from tracker.ratings.thresholds import Thresholds


def rule_sentence(chosen: Thresholds) -> str:
    """When a talk is suggested."""
    fall = number(chosen.least_fall)
    if chosen.strict:
        return _(
            "A talk is suggested only when the fall is %(fall)s stars or more and stands out among all checks of the week so clearly "
            "that at most a fifth of such suggestions would be chance.",
            fall=fall,
        )
    return _(
        "A talk is suggested only when the fall is %(fall)s stars or more and would come up in fewer than one check in %(one_in)s if "
        "nothing had changed.",
        fall=fall,
        one_in=number(chosen.alert_one_in, 0),
    )


def rest_sentence(chosen: Thresholds) -> str:
    return ngettext(
        "After a suggestion nobody gets another for %(num)d week, nor while a talk is open.",
        "After a suggestion nobody gets another for %(num)d weeks, nor while a talk is open.",
        chosen.cooldown_weeks,
    )


def chance_sentence(chosen: Thresholds) -> str:
    """The false-alarm budget, for a hundred people."""
    rate = chosen.budget(0).rate
    if not chosen.is_measured:
        return _(
            "There is a check every week. So out of 100 people whose service did not change, at most about %(about)s get such a "
            "suggestion in a year by chance alone (%(rate)s with a least fall of 0.2 stars and 8 weeks of rest, measured by simulation; "
            "with what is chosen here there are fewer).",
            about=number(rate, 0),
            rate=number(rate),
        )
    return _(
        "There is a check every week. So out of 100 people whose service did not change, about %(about)s get such a suggestion in a "
        "year by chance alone (%(rate)s in the ups and downs of a usual year, measured by simulation).",
        about=number(rate, 0),
        rate=number(rate),
    )


def own_chance_sentence(chosen: Thresholds, people: int) -> str:
    """The same for as many as the company’s last check could test; `people` 0 before the first check."""
    if not people:
        return _("How many that makes here, we can say after the first check.")
    found = chosen.budget(people)
    return ngettext(
        "With %(num)d person tested, as in the last check, that makes about %(expected)s a year, in most years between %(low)s and "
        "%(high)s.",
        "With %(num)d people tested, as in the last check, that makes about %(expected)s a year, in most years between %(low)s and "
        "%(high)s.",
        people,
        expected=number(found.expected, 1 if found.expected < 1 else 0),
        low=number(found.low, 0),
        high=number(found.high, 0),
    )


def team_fall_sentence(found: Mapping[str, Any], name: str | None = None) -> str:
    """That the whole team fell, beside one person’s figures; `name` when somebody else reads it."""
    values = {
        "since": plain_day(date.fromisoformat(found["since"])),
        "ratings": number(found["n"], 0),
        "fall": number(-found["shift"]),
        "low": number(max(-found["high"], 0.0)),
        "high": number(-found["low"]),
    }
    if name:
        return ngettext(
            "%(name)s’s whole team fell in these weeks: %(ratings)s ratings of %(num)d person since %(since)s lie %(fall)s stars under "
            "what was expected of the team (likely between %(low)s and %(high)s). So look at the work first.",
            "%(name)s’s whole team fell in these weeks: %(ratings)s ratings of %(num)d people since %(since)s lie %(fall)s stars under "
            "what was expected of the team (likely between %(low)s and %(high)s). So look at the work first.",
            found["people"],
            name=name,
            **values,
        )
    return ngettext(
        "Your whole team fell in these weeks: %(ratings)s ratings of %(num)d person since %(since)s lie %(fall)s stars under what was "
        "expected of the team (likely between %(low)s and %(high)s). That is about the work, not about one person.",
        "Your whole team fell in these weeks: %(ratings)s ratings of %(num)d people since %(since)s lie %(fall)s stars under what was "
        "expected of the team (likely between %(low)s and %(high)s). That is about the work, not about one person.",
        found["people"],
        **values,
    )


def team_notice_sentence(found: Mapping[str, Any], team: str) -> str:
    """The same for who leads above: the team, nobody in it."""
    return ngettext(
        "%(team)s as a whole: %(ratings)s ratings of %(num)d person since %(since)s lie %(fall)s stars under what was expected (likely "
        "between %(low)s and %(high)s), after allowing for what changed for the whole company.",
        "%(team)s as a whole: %(ratings)s ratings of %(num)d people since %(since)s lie %(fall)s stars under what was expected (likely "
        "between %(low)s and %(high)s), after allowing for what changed for the whole company.",
        found["people"],
        team=team,
        since=plain_day(date.fromisoformat(found["since"])),
        ratings=number(found["n"], 0),
        fall=number(-found["shift"]),
        low=number(max(-found["high"], 0.0)),
        high=number(-found["low"]),
    )
