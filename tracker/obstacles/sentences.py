"""What stands in the way, in words: whole sentences, one for each case."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core.language import day, month, number, plain_day
from tracker.obstacles.queries import Board, Group, Row
from tracker.obstacles.report import Period, Tally
from tracker.obstacles.rules import State
from tracker.ratings.obstacle_models import CauseEntry
from tracker.ratings.obstacles import KINDS


def kind_words(kind: str) -> str:
    return str(KINDS[kind])


def headline(board: Board) -> str:
    """The board’s first line: how many, in how many ratings, since when."""
    if board.total is None:
        return _("What stands in the way")
    named = sum(row.tally is not None for row in board.rows)
    words = {"ratings": number(board.total.ratings, 0), "day": plain_day(board.period.since)}
    return ngettext(
        "%(num)d obstacle stood in the way of %(ratings)s ratings since %(day)s",
        "%(num)d obstacles stood in the way of %(ratings)s ratings since %(day)s",
        named,
        **words,
    )


def basis(board: Board, *, with_people: bool) -> str:
    """What the counts rest on, and what they leave out."""
    until = day(last_day(board.period))
    if board.total is not None and not with_people:
        return _("Said by staff about their ratings, up to %(day)s. What nobody named is not in it.", day=until)
    if board.total is None:
        return _("Said by staff about their ratings. Counts stand here from five people on, up to %(day)s.", day=until)
    return ngettext(
        "Said by staff about the ratings of %(num)d person, up to %(day)s. What nobody named is not in it.",
        "Said by staff about the ratings of %(num)d people, up to %(day)s. What nobody named is not in it.",
        board.total.people,
        day=until,
    )


def group_words(group: Group, today: date) -> str:
    """What stands beside a team’s name: its ratings together, and what is past its day."""
    late = sum(row.is_late(today) for row in group.rows)
    words = [_("past its day: %(count)s", count=number(late, 0))] if late else []
    if group.tally and len(group.rows) > 1:
        ratings = group.tally.ratings
        words.insert(0, ngettext("%(num)d rating together", "%(num)d ratings together", ratings))
    return " · ".join(words)


def hidden_words(board: Board) -> str | None:
    """What is on the list without a count."""
    if not board.hidden:
        return None
    return ngettext(
        "%(num)d more was named by fewer than five people: its count is hidden, and in no sum here.",
        "%(num)d more were named by fewer than five people each: their counts are hidden, and in no sum here.",
        board.hidden,
    )


def unnamed_words(tally: Tally) -> str:
    return ngettext(
        "In %(num)d rating more only the kind was said, without a name for it.",
        "In %(num)d ratings more only the kind was said, without a name for it.",
        tally.ratings,
    )


def last_day(period: Period) -> date:
    return date.fromordinal(period.until.toordinal() - 1)


def count_words(row: Row) -> str:
    """For a cell: the number, or why there is none."""
    return number(row.tally.ratings, 0) if row.tally else _("fewer than five people")


def ratings_words(tally: Tally, period: Period, *, with_people: bool) -> str:
    """How many ratings, since when, and for whoever may read it of how many people."""
    words = {"since": plain_day(period.since), "until": plain_day(last_day(period))}
    if not with_people:
        return ngettext(
            "%(num)d rating, from %(since)s to %(until)s.",
            "%(num)d ratings, from %(since)s to %(until)s.",
            tally.ratings,
            **words,
        )
    return ngettext(
        "%(num)d rating of %(people)s people, from %(since)s to %(until)s.",
        "%(num)d ratings of %(people)s people, from %(since)s to %(until)s.",
        tally.ratings,
        people=number(tally.people, 0),
        **words,
    )


def state_words(row: Row, today: date) -> str:
    """Where it has got to, in a few words."""
    due = row.cause.due_on
    match row.state:
        case State.UNOWNED:
            return _("Nobody answers for it yet")
        case State.WAITING:
            if due is None:
                return _("Waits for an answer")
            if due < today:
                return _("Answer was due %(day)s", day=day(due))
            return _("Answer due %(day)s", day=day(due))
        case State.PLANNED:
            if due is not None and due < today:
                return _("Was to change by %(day)s", day=day(due))
            return _("Changes by %(day)s", day=day(due)) if due else _("Will change")
        case State.DECLINED:
            return _("Stays as it is")
    return _("Done")


def open_words(row: Row, today: date) -> str:
    """How long it has been open, or that it is not."""
    if not row.state.is_open:
        return _("closed")
    return ngettext("%(num)d day", "%(num)d days", row.days_open(today))


def answer_words(entry: CauseEntry) -> str:
    """An answer’s heading: who says what."""
    team = entry.team.name if entry.team else _("Whoever answers")
    match entry.kind:
        case "planned":
            return _("%(team)s will change it by %(day)s", team=team, day=day(entry.change_on or entry.at.date()))
        case "declined":
            return _("%(team)s can’t change it", team=team)
    return _("%(team)s: it is done", team=team)


def entry_words(entry: CauseEntry) -> str:
    """A line of the history."""
    match entry.kind:
        case "given":
            return _("%(team)s was asked to answer", team=entry.team.name if entry.team else "?")
        case "renamed":
            return _("It got another name")
        case "merged":
            return _("“%(name)s” became a part of it", name=entry.words or "?")
    return answer_words(entry)


def month_words(start: date) -> str:
    return month(start)


def month_count(count: int | None) -> str:
    return _("hidden to protect people") if count is None else number(count, 0)
