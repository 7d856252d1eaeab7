"""The figures in words: whole sentences, one for each case."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core.language import number, plain_day
from tracker.ratings.fall_sentences import team_fall_sentence
from tracker.ratings.rules import FEWEST_RATINGS, Figures
from tracker.ratings.survey_words import about, effort, emotion_word
from tracker.statistics.proportions import wilson

__all__ = ["about", "effort", "emotion_word", "team_fall_sentence"]  # pages take all they say of ratings from here
FEWEST_FOR_A_SHARE = 20


def headline(figures: Figures) -> str:
    """The first line of My feedback: the answer to "how am I doing?"."""
    match figures.headline:
        case "below":
            return harder_weeks()
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


def harder_weeks() -> str:
    """What somebody hears first of a fall, on their page and in the message of the week."""
    return _("A harder few weeks. Let’s look at why together.")


def headline_about(figures: Figures, name: str) -> str:
    """The same for who leads the person."""
    match figures.headline:
        case "below":
            return _("A harder few weeks for %(name)s. A talk could help.", name=name)
        case "above":
            return _("Customers rate %(name)s higher than we’d expect. A good moment to say thanks.", name=name)
        case "a_little_under":
            return _("%(name)s is a little under the expected range. That can be chance.", name=name)
        case "rising":
            return _("%(name)s is right where we’d expect, and moving up.", name=name)
        case "too_few":
            needed = figures.stored["needed"]
            return ngettext(
                "Too early to say. %(num)d more rating for %(name)s and we can.",
                "Too early to say. %(num)d more ratings for %(name)s and we can.",
                needed,
                name=name,
            )
    return _("%(name)s is right where we’d expect.", name=name)


def score_sentence(figures: Figures, name: str | None = None) -> str:
    """Score and expected range in one sentence, for who hears a picture. `name` when somebody else reads it."""
    values = {"name": name or ""}
    values |= {key: number(figures.stored[key]) for key in ("score", "low", "high") if figures.stored[key] is not None}
    match (figures.mark, bool(name)):
        case ("inside", True):
            return _("%(name)s %(score)s, inside the expected range %(low)s to %(high)s", **values)
        case ("below", True):
            return _("%(name)s %(score)s, below the expected range %(low)s to %(high)s", **values)
        case ("above", True):
            return _("%(name)s %(score)s, above the expected range %(low)s to %(high)s", **values)
        case ("inside", False):
            return _("You %(score)s, inside the expected range %(low)s to %(high)s", **values)
        case ("below", False):
            return _("You %(score)s, below the expected range %(low)s to %(high)s", **values)
        case ("above", False):
            return _("You %(score)s, above the expected range %(low)s to %(high)s", **values)
    return _("Too early to say")


def gap_sentence(name: str | None = None) -> str:
    """A level, not a fall: said without an alert."""
    if name:
        return _("Customers of the same work usually rate higher than %(name)s’s; a talk may help.", name=name)
    return _("Customers of the same work usually rate higher. That says nothing about why; a talk may help.")


def theme_sentence(driver: str, times: int, of: int) -> str:
    """What low ratings have in common."""
    return ngettext(
        "%(num)d of %(of)s low ratings says that “%(driver)s” could be better.",
        "%(num)d of %(of)s low ratings say that “%(driver)s” could be better.",
        times,
        driver=driver,
        of=number(of, 0),
    )


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
    """What the test for falls says: n, observed, expected and how rare. `name` when somebody else reads it."""
    values = {
        "since": plain_day(date.fromisoformat(str(check["since"]))),
        "observed": number(float(str(check["observed"]))),
        "expected": number(float(str(check["expected"]))),
        "one_in": number(float(str(check["one_in"])), 0),
        "name": name or "",
    }
    if name:
        return ngettext(
            "%(name)s’s last rating (since %(since)s) is %(observed)s; %(expected)s was expected from %(name)s’s own "
            "record with the same kinds of customers, after allowing for what changed for the whole team. "
            "If nothing had changed, one check in %(one_in)s would look this low.",
            "%(name)s’s last %(num)d ratings (since %(since)s) average %(observed)s; %(expected)s was expected from "
            "%(name)s’s own record with the same kinds of customers, after allowing for what changed for the whole "
            "team. If nothing had changed, one check in %(one_in)s would look this low.",
            int(str(check["n"])),
            **values,
        )
    return ngettext(
        "Your last rating (since %(since)s) is %(observed)s; %(expected)s was expected from your own record with the "
        "same kinds of customers, after allowing for what changed for your whole team. "
        "If nothing had changed, one check in %(one_in)s would look this low.",
        "Your last %(num)d ratings (since %(since)s) average %(observed)s; %(expected)s was expected from your own "
        "record with the same kinds of customers, after allowing for what changed for your whole team. "
        "If nothing had changed, one check in %(one_in)s would look this low.",
        int(str(check["n"])),
        **values,
    )


def calm_sentence(check: dict[str, object], name: str | None = None) -> str:
    """The same figures of a check that found nothing to mention."""
    values = {
        "since": plain_day(date.fromisoformat(str(check["since"]))),
        "observed": number(float(str(check["observed"]))),
        "expected": number(float(str(check["expected"]))),
        "name": name or "",
    }
    if name:
        return ngettext(
            "%(name)s’s last rating (since %(since)s) is %(observed)s; %(expected)s was expected. "
            "These are the usual ups and downs.",
            "%(name)s’s last %(num)d ratings (since %(since)s) average %(observed)s; %(expected)s was expected. "
            "These are the usual ups and downs.",
            int(str(check["n"])),
            **values,
        )
    return ngettext(
        "Your last rating (since %(since)s) is %(observed)s; %(expected)s was expected. "
        "These are the usual ups and downs.",
        "Your last %(num)d ratings (since %(since)s) average %(observed)s; %(expected)s was expected. "
        "These are the usual ups and downs.",
        int(str(check["n"])),
        **values,
    )


def touchpoint_line(part: dict[str, Any]) -> str:
    """What was given at one touchpoint, with n and likely range, or how many more it takes."""
    if part["mean"] is None:
        return ngettext(
            "%(n)s so far. %(num)d more rating and we can say.",
            "%(n)s so far. %(num)d more ratings and we can say.",
            FEWEST_RATINGS - part["n"],
            n=ngettext("%(num)d rating", "%(num)d ratings", part["n"]),
        )
    return ngettext(
        "%(mean)s from %(num)d rating, likely between %(low)s and %(high)s",
        "%(mean)s from %(num)d ratings, likely between %(low)s and %(high)s",
        part["n"],
        **{name: number(part[name]) for name in ("mean", "low", "high")},
    )


def driver_lines(part: dict[str, Any]) -> list[str]:
    """How often something was praised, and how often it could be better, of how many ratings that name anything."""
    lines = []
    if part["praised"]:
        lines.append(_("Went well: %(share)s", share=_share(part["praised"], part["of"])))
    if part["wished"]:
        lines.append(_("Could be better: %(share)s", share=_share(part["wished"], part["of"])))
    return lines


def _share(count: int, of: int) -> str:
    """“14 of 31”, and from 20 on the range that such a count leaves open."""
    values = {"count": number(count, 0), "of": number(of, 0)}
    if of < FEWEST_FOR_A_SHARE:
        return _("%(count)s of %(of)s", **values)
    low, high = (number(100 * end, 0) for end in wilson(count, of))
    return _("%(count)s of %(of)s, likely between %(low)s and %(high)s %%", low=low, high=high, **values)


def stage_name(stage: str) -> str:
    """A stage of the customer's way, by its name."""
    names = {
        "pre_purchase": _("Before the purchase"),
        "purchase": _("Purchase"),
        "post_purchase": _("After the purchase"),
    }
    return names[stage]


def sample_sentence(figures: Figures, name: str | None = None) -> str:
    """How the customers behind a score were chosen, in one line; `name` when somebody else reads it."""
    if figures.grade == "A":
        return _("A good sample: nearly every customer was asked, whatever came of it.")
    if figures.grade == "B":
        return _("A fair sample, with one thing to know.")
    if name:
        return _("Not a fair picture of all customers %(name)s served. Take the score with care.", name=name)
    return _("Not a fair picture of all customers you served. Take the score with care.")


def sample_reason(reason: dict[str, Any]) -> str:
    """What lowers a grade, with its counts."""
    values = {key: reason[key] for key in ("count", "of", "outcome", "other", "other_count", "other_of")}
    match reason["kind"]:
        case "selective":
            return _(
                "Asked were %(count)s of %(of)s customers with the outcome “%(outcome)s”, and %(other_count)s of "
                "%(other_of)s with “%(other)s”. So the score speaks of the choosing too.",
                **values,
            )
        case "dominated":
            return _("One customer gave %(count)s of the %(of)s ratings.", **values)
        case "flooded":
            return _("%(count)s of the %(of)s ratings came within one hour.", **values)
        case "few_asked":
            return _("Only %(count)s of %(of)s customers were asked.", **values)
    return _("Only %(count)s of %(of)s customers who were asked answered.", **values)
