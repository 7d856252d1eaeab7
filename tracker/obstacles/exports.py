"""The board as a file: one thing that stands in the way a line, with the counts that the page shows."""

from collections.abc import Iterator

from flask_babel import gettext as _

from tracker.core.sheets import Line
from tracker.obstacles import sentences as words
from tracker.obstacles.queries import Board, Row


def headings() -> list[str]:
    return [
        _("What stands in the way"),
        _("Kind"),
        _("Who answers"),
        _("State"),
        _("Named first"),
        _("Due"),
        _("Answered"),
        _("Answer"),
        _("Ratings from"),
        _("Ratings until"),
        _("Ratings"),
        _("People"),
        *(_("%(stars)s stars", stars=stars) for stars in range(5, 0, -1)),
    ]


def lines(board: Board) -> Iterator[Line]:
    """Counts are empty where the page hides them."""
    for row in board.rows:
        yield [*_what(row), *_how_many(row, board)]


def _what(row: Row) -> Line:
    cause, answer = row.cause, row.answer
    return [
        cause.name,
        words.kind_words(cause.kind),
        cause.owner.name if cause.owner else "",
        row.state.value,
        cause.opened_at.date(),
        cause.due_on,
        answer.at.date() if answer else None,
        answer.words or "" if answer else "",
    ]


def _how_many(row: Row, board: Board) -> Line:
    period = [board.period.since, words.last_day(board.period)]
    if row.tally is None:
        return [*period, *[None] * 7]
    return [*period, row.tally.ratings, row.tally.people, *row.tally.stars]
