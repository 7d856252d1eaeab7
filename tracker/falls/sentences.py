"""What a replay found, in words; and where it stands."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core.language import month, number
from tracker.falls.models import FallReplay
from tracker.falls.rules import by_chance
from tracker.ratings.thresholds import Thresholds


def settings_words(chosen: Thresholds) -> str:
    """The four choices in one line."""
    fall = _("least fall %(fall)s stars", fall=number(chosen.least_fall))
    rest = ngettext("%(num)d week of rest", "%(num)d weeks of rest", chosen.cooldown_weeks)
    rule = _("strict rule") if chosen.strict else _("1 check in %(one_in)s", one_in=number(chosen.alert_one_in, 0))
    return f"{rule} · {fall} · {rest}"


def state_words(replay: FallReplay) -> str:
    if replay.cancelled_at:
        return _("Stopped")
    if replay.problem:
        return _("It could not be finished")
    return _("Done") if replay.finished_at else _("Running")


def found_sentence(found: dict[str, Any]) -> str:
    """“... would have alerted 7 people (9 times)”."""
    if found["people"] is None:
        return _(
            "Fewer than 5 people would have been alerted. So few are not counted here: each of them could be made out."
        )
    times = ngettext("%(num)d time", "%(num)d times", found["alerts"])
    return ngettext(
        "%(num)d person would have been alerted, %(times)s in all.",
        "%(num)d people would have been alerted, %(times)s in all.",
        found["people"],
        times=times,
    )


def chance_of(found: dict[str, Any], chosen: Thresholds) -> str:
    """How many of these chance alone would have brought, by the number really tested."""
    budget = chosen.budget(found["tested"])
    values = {
        "low": number(budget.low, 0),
        "high": number(budget.high, 0),
        "tested": number(found["tested"], 0),
        "rate": number(budget.rate),
    }
    if found["people"] is None:
        return _(
            "By chance alone, %(low)s to %(high)s alerts a year can be expected with %(tested)s people tested a week on average "
            "(%(rate)s a year to 100 people).",
            **values,
        )
    return ngettext(
        "About %(num)d of these alerts can be expected by chance alone: %(low)s to %(high)s in most years, with %(tested)s people tested "
        "a week on average (%(rate)s a year to 100 people).",
        "About %(num)d of these alerts can be expected by chance alone: %(low)s to %(high)s in most years, with %(tested)s people tested "
        "a week on average (%(rate)s a year to 100 people).",
        by_chance(budget.expected, found["alerts"]),
        **values,
    )


def period_words(first: str, last: str) -> str:
    start, end = month(date.fromisoformat(first)), month(date.fromisoformat(last))
    return start if start == end else _("%(start)s to %(end)s", start=start, end=end)


def short_result(replay: FallReplay) -> str:
    """One line for the list of replays."""
    if replay.result is None:
        return state_words(replay)
    people = replay.result["asked"]["people"]
    if people is None:
        return _("fewer than 5 people")
    return ngettext("%(num)d person", "%(num)d people", people)
