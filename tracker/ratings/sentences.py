"""The figures in words: whole sentences, one for each case."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core.language import long_day, number
from tracker.ratings.rules import Figures


def headline(figures: Figures) -> str:
    """The first line of My feedback: the answer to "how am I doing?"."""
    match figures.headline:
        case "below":
            return _("A harder few weeks. Let’s look at why together.")
        case "above":
            return _("Customers rate you higher than we’d expect. Thank you.")
        case "a_little_under":
            return _("A little under your expected range. That can be chance.")
        case "rising":
            return _("You’re right where we’d expect, and moving up.")
        case "too_few":
            needed = figures.stored["needed"]
            return ngettext(
                "Too early to say. %(num)d more rating and we can.",
                "Too early to say. %(num)d more ratings and we can.",
                needed,
            )
    return _("You’re right where we’d expect.")


def resting_on(figures: Figures) -> str:
    """n and period, which stand beside every score."""
    weeks = figures.stored["weeks"] or 13
    return ngettext("%(num)d rating in %(weeks)d weeks", "%(num)d ratings in %(weeks)d weeks", figures.n, weeks=weeks)


def expected_range(figures: Figures) -> str:
    """“expected 4.2 to 4.6”."""
    return _("expected %(low)s to %(high)s", low=number(figures.stored["low"]), high=number(figures.stored["high"]))


def range_source(figures: Figures, name: str | None = None) -> str:
    """Where the expected range comes from; `name` when somebody else reads it."""
    if figures.stored["lean"]:
        if name:
            return _("%(name)s has few earlier ratings, so the range comes from people doing the same work.", name=name)
        return _("You have few earlier ratings, so the range comes from people doing the same work.")
    if name:
        return _("Worked out from %(name)s’s own record with the same kinds of customers.", name=name)
    return _("Worked out from your own record with the same kinds of customers.")


def fall_sentence(check: dict[str, object], name: str | None = None) -> str:
    """What the test for falls says: n, observed, expected and how rare that would be. `name` when somebody else reads it."""
    values = {
        "since": long_day(date.fromisoformat(str(check["since"]))),
        "observed": number(float(str(check["observed"]))),
        "expected": number(float(str(check["expected"]))),
        "one_in": number(float(str(check["one_in"])), 0),
        "name": name or "",
    }
    if name:
        return ngettext(
            "%(name)s’s last rating (since %(since)s) is %(observed)s; %(expected)s was expected from %(name)s’s own record with the same "
            "kinds of customers, after allowing for what changed for the whole team. If nothing had changed, one check in %(one_in)s "
            "would look this low.",
            "%(name)s’s last %(num)d ratings (since %(since)s) average %(observed)s; %(expected)s was expected from %(name)s’s own record "
            "with the same kinds of customers, after allowing for what changed for the whole team. If nothing had changed, one check in "
            "%(one_in)s would look this low.",
            int(str(check["n"])),
            **values,
        )
    return ngettext(
        "Your last rating (since %(since)s) is %(observed)s; %(expected)s was expected from your own record with the same kinds of "
        "customers, after allowing for what changed for your whole team. If nothing had changed, one check in %(one_in)s would look this "
        "low.",
        "Your last %(num)d ratings (since %(since)s) average %(observed)s; %(expected)s was expected from your own record with the same "
        "kinds of customers, after allowing for what changed for your whole team. If nothing had changed, one check in %(one_in)s would "
        "look this low.",
        int(str(check["n"])),
        **values,
    )


def emotion_word(code: str) -> str:
    """The word behind a fixed code."""
    words = {
        "cared_for": _("cared for"),
        "at_ease": _("at ease"),
        "delighted": _("delighted"),
        "rushed": _("rushed"),
        "confused": _("confused"),
        "frustrated": _("frustrated"),
    }
    return words.get(code, code)
