"""Before and after of one case in words: the one source for page, mail, API and file. Never an effect as a number for one person."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.coaching.effect_rules import DECIDED, TOLD_FROM, CaseFigures, after_from, verdict_on
from tracker.core.language import long_day, number, plain_day, signed

Row = list[str]


@dataclass(frozen=True)
class Contents:
    """verdict: a value of effect_rules.KINDS or “none”; word: the same for a pill. on: the day of the verdict, or on which one comes;
    None where none comes. headline: the finding in one sentence. sentences: what goes with it. rows: when, score, likely range,
    ratings."""

    verdict: str
    word: str
    on: date | None
    headline: str
    sentences: list[str]
    rows: list[Row]


def contents_of(figures: CaseFigures, *, decided_on: date | None, today: date) -> Contents:
    """In the language of whoever reads. `decided_on`: the day of the verdict, if there is one. It asks the database nothing."""
    sentences = [_verdict_sentence(figures, decided_on, today)]
    if figures.has_after:
        sentences += [_by_itself(figures), _more(figures, today)]
    return Contents(
        figures.verdict,
        verdict_word(figures.verdict),
        _day_of(figures, decided_on, today),
        _change(figures) if figures.has_after else _waiting(figures),
        [sentence for sentence in sentences if sentence],
        table_of(figures),
    )


def verdict_word(verdict: str) -> str:
    words = {
        "better": _("Clearly better"),
        "probably": _("Probably better"),
        "unclear": _("No clear change"),
        "lower": _("Lower than expected"),
        "early": _("Too early to say"),
    }
    return words.get(verdict, _("No verdict"))


def before_label(figures: CaseFigures) -> str:
    return ngettext("%(num)d week before", "%(num)d weeks before", figures.window_weeks)


def after_label(figures: CaseFigures) -> str:
    return ngettext("%(num)d week after", "%(num)d weeks after", figures.weeks_after)


def ratings(n: int) -> str:
    return ngettext("%(num)d rating", "%(num)d ratings", n)


def usual_label() -> str:
    return _("expected without coaching")


def range_words(ends: tuple[float, float]) -> str:
    return _("%(low)s to %(high)s", low=number(ends[0]), high=number(ends[1]))


def table_of(figures: CaseFigures) -> list[Row]:
    """When, score, likely range, ratings."""
    before = figures.likely(figures.observed, figures.n)
    rows = [[before_label(figures), number(figures.observed), range_words(before), number(figures.n, 0)]]
    if figures.has_after:
        after = figures.likely(figures.after_score, figures.n_after)
        rows.append([after_label(figures), number(figures.after_score), range_words(after), number(figures.n_after, 0)])
    if usual := figures.usual_range:
        rows.append([_("The same weeks, expected without coaching"), "–", range_words(usual), "–"])
    rows.append([_("Expected range at the check"), "–", range_words(figures.expected_range), "–"])
    return rows


def description(figures: CaseFigures) -> str:
    """What the picture shows, for who hears it."""
    told = [
        _(
            "%(when)s: %(score)s from %(ratings)s, likely %(range)s.",
            when=when,
            score=score,
            ratings=ratings(int(n)),
            range=ends,
        )
        for when, score, ends, n in table_of(figures)
        if score != "–"
    ]
    if usual := figures.usual_range:
        told.append(_("Expected without coaching: %(range)s.", range=range_words(usual)))
    return " ".join(told)


def basis() -> str:
    return _("As if with the same kinds of customers before and after, and without what moved the whole company.")


def _verdict_sentence(figures: CaseFigures, decided_on: date | None, today: date) -> str:
    on = plain_day(decided_on) if decided_on else ""
    match figures.verdict:
        case "better":
            return _("Clearly better than such dips come back by themselves (as of %(day)s).", day=on)
        case "probably":
            return _("Probably better than such dips come back by themselves (as of %(day)s).", day=on)
        case "lower":
            return _(
                "Lower than such dips usually come back by themselves (as of %(day)s). That says nothing about why.",
                day=on,
            )
        case "unclear":
            return _("No clear change beyond what such dips do by themselves (as of %(day)s).", day=on)
        case "none":
            return _("There is no verdict, because the first talk was not held within four weeks of the check.")
    if today < verdict_on(figures.week):
        return _("A verdict comes on %(day)s, twelve weeks after the check.", day=long_day(verdict_on(figures.week)))
    if not figures.has_after:
        return _("Too early to say, and it stays so: there were under 5 ratings in the weeks that count.")
    return ngettext(
        "Too early to say: there is only %(num)d month of other people’s dips to compare with; it takes 200.",
        "Too early to say: there are only %(num)d months of other people’s dips to compare with; it takes 200.",
        figures.pool,
    )


def _day_of(figures: CaseFigures, decided_on: date | None, today: date) -> date | None:
    comes_on = verdict_on(figures.week)
    return decided_on or (comes_on if figures.verdict == "early" and today < comes_on else None)


def _waiting(figures: CaseFigures) -> str:
    first, last = after_from(figures.week), verdict_on(figures.week) - timedelta(days=1)
    if figures.n_after:
        return ngettext(
            "%(num)d rating so far of the weeks that count; from 5 on there is a figure.",
            "%(num)d ratings so far of the weeks that count; from 5 on there is a figure.",
            figures.n_after,
        )
    return _(
        "What counts as after are the ratings from %(first)s to %(last)s.", first=plain_day(first), last=plain_day(last)
    )


def _change(figures: CaseFigures) -> str:
    """Plain, with its range; the range goes first where it holds no change."""
    change, half = figures.change, figures.change_half
    by, low, high = number(abs(change)), signed(change - half, 1), signed(change + half, 1)
    if abs(change) < TOLD_FROM:
        return _("About the same, but the true change could be anywhere from %(low)s to %(high)s.", low=low, high=high)
    if change > 0:
        if change - half > 0:
            return _("Up %(by)s; the true change is likely between %(low)s and %(high)s.", by=by, low=low, high=high)
        return _(
            "Up %(by)s, but the true change could be anywhere from %(low)s to %(high)s.", by=by, low=low, high=high
        )
    if change + half < 0:
        return _("Down %(by)s; the true change is likely between %(low)s and %(high)s.", by=by, low=low, high=high)
    return _("Down %(by)s, but the true change could be anywhere from %(low)s to %(high)s.", by=by, low=low, high=high)


def _by_itself(figures: CaseFigures) -> str:
    """How much would have come back without anybody’s help: in words where there is a rise to compare with."""
    rise = figures.usual_rise
    if rise is None:
        return _("Scores that dip often come back by themselves.")
    if figures.change < TOLD_FROM or rise < TOLD_FROM:
        return _(
            "Scores that dip often come back by themselves; without any coaching we’d expect %(by)s stars in these weeks.",
            by=signed(rise, 1),
        )
    return _share(rise / figures.change)


def _share(share: float) -> str:
    if share < 0.375:
        return _(
            "Scores that dip often come back by themselves; we’d expect about a quarter of this rise without any coaching."
        )
    if share < 0.625:
        return _(
            "Scores that dip often come back by themselves; we’d expect about half of this rise without any coaching."
        )
    if share < 0.875:
        return _(
            "Scores that dip often come back by themselves; we’d expect about three quarters of this rise without any coaching."
        )
    if share <= 1.2:
        return _(
            "Scores that dip often come back by themselves; we’d expect about all of this rise without any coaching."
        )
    return _("Scores that dip often come back by themselves; we’d expect more than this rise without any coaching.")


def _more(figures: CaseFigures, today: date) -> str:
    """How many more ratings would tell, and by when, while there are weeks left that count."""
    more = figures.more_ratings
    if figures.verdict in DECIDED or more == 0 or today >= verdict_on(figures.week):
        return ""
    by = figures.told_by(more, today=today) if more is not None else None
    if more is None or by is None or by > verdict_on(figures.week):
        return _("Ratings alone will not tell before that day whether this is more than chance.")
    return ngettext(
        "About %(num)d more rating would tell whether this is more than chance, likely by %(day)s.",
        "About %(num)d more ratings would tell whether this is more than chance, likely by %(day)s.",
        _rounded(more),
        day=plain_day(by),
    )


def _rounded(count: int) -> int:
    """Up to the next ten from 10 on: it is a guess."""
    return count if count < 10 else -(-count // 10) * 10
