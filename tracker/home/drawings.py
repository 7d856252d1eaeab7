"""The small pictures of a board, all on one scale."""

from markupsafe import Markup

from tracker.core.language import number
from tracker.home.board import Board, BoardRow
from tracker.ratings.drawings import ends_of, small_range, spark


class BoardDrawings:
    """Draws the rows of one board. `ends`: the two ends of the scale that all rows share, in stars."""

    def __init__(self, board: Board) -> None:
        self.ends = ends_of(row.figures for row in board.rows if row.figures)

    @property
    def scale(self) -> tuple[str, str]:
        return number(self.ends[0], 0), number(self.ends[1], 0)

    def spark(self, row: BoardRow) -> Markup | None:
        return spark(row.figures, name=row.person.name, ends=self.ends) if row.figures else None

    def bar(self, row: BoardRow) -> Markup | None:
        """None where it is too early to say."""
        if row.figures is None or row.figures.score is None:
            return None
        return small_range(row.figures, name=row.person.name, ends=self.ends)
