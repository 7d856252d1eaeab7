"""A section of a report: what works it out, and the one set of sentences and tables that screen, paper, file, API and mail show."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracker.core.language import number
from tracker.reports.periods import Year

Figures = Mapping[str, Any]  # as kept: JSON
Value = str | int | float | None


@dataclass(frozen=True)
class Table:
    """What a section shows, in rows. Values are typed and in the unit of their heading; None is hidden, or cannot be told."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Value]]

    def is_number(self, column: int) -> bool:
        """Whether a column (from 0) holds numbers alone, or what stands for one that is hidden: such a column stands to the right."""
        return not any(isinstance(row[column], str) for row in self.rows)

    def written(self) -> list[list[str]]:
        """The rows as a page writes them."""
        return [[_written(value) for value in row] for row in self.rows]


def _written(value: Value) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else number(value, 0 if isinstance(value, int) else 2).replace("-", "−")


Since = tuple[list[str], list[Table]]  # what is said of a year ago, in sentences and in rows


@dataclass(frozen=True)
class Section:
    """`kind`: under which its figures are kept; also its anchor. `template`: its partial, which gets `section`, `figures` and `words`.

    build: for the twelve months, once; None where several sections share what is kept under another kind.
    headline, tables: from what was kept, as `Part.read` hands it, for every way out; words: the module of its sentences;
    explained: its place on “How this is worked out”, where that is another than its own.
    since: from the figures of this year and of the one before, where that was rated in all of its months; nothing where it cannot tell.
    """

    kind: str
    template: str
    build: Callable[[Year], dict[str, Any]] | None
    heading: Callable[[], str]
    headline: Callable[[Figures], list[str]]
    tables: Callable[[Figures], list[Table]]
    method: Callable[[], str]
    words: Any = None
    since: Callable[[Figures, Figures], Since] | None = None
    explained: str = field(default="", kw_only=True)

    @property
    def anchor(self) -> str:
        """Where “How this is worked out” explains it."""
        return self.explained or f"report-{self.kind}"


def way_of(figures: Figures) -> str:
    """What counts as happy for this reader: `five` stars alone, or `four` and five."""
    return "five" if figures.get("only_five") else "four"
