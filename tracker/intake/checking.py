"""What saving a file would do, worked out without saving anything."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from tracker.core.db import reading
from tracker.core.errors import Invalid
from tracker.intake.handing_on import HandedOn, differs, told_apart
from tracker.intake.occurrences import Occurrences
from tracker.intake.refusals import UnreadableFile
from tracker.intake.rows import Choices, Line, Rows
from tracker.intake.rules import Rejection, UnusableMapping, date_order
from tracker.intake.storing import Facts, content_of, stored_contents
from tracker.intake.tables import open_table

MOST_ROWS = 50_000  # what one request reads; a longer file is read to its end when it is saved
SHOWN = 50
REFERENCES_SHOWN = 20


Judged = tuple[int, list[Facts], list[tuple[int, Rejection]], list[HandedOn]]


@dataclass
class Check:
    """Counts of rows, and the first of those that need a look. `ready` would be stored, `waiting` of them in the tray."""

    rows: int = 0
    ready: int = 0
    unchanged: int = 0
    waiting: int = 0
    rejected: Counter[str] = field(default_factory=Counter)  # by the field to blame
    problems: list[tuple[int, Rejection]] = field(default_factory=list)
    unknown: Counter[str] = field(
        default_factory=Counter
    )  # employees nobody knows -> rows; "" when the row names nobody
    handed_on: list[HandedOn] = field(default_factory=list)  # the first of those known that name somebody else by now
    transferred: int = 0
    has_open_dates: bool = False  # some dates were left out that an order of day and month might settle
    is_longer: bool = False  # there are more rows than were looked at

    @property
    def left_out(self) -> int:
        return self.rejected.total()


def check_file(path: Path, choices: Choices, *, at: datetime) -> Check:
    """Read the file, or its beginning, as an import would. Raises Invalid with a sentence for a file or mapping that cannot be used."""
    check = Check()
    for batch, found, rejected, handed in _judged(path, choices, at=at):
        if check.rows + batch > MOST_ROWS:
            check.is_longer = True
            break
        check.rows += batch
        check.ready += len(found)
        nobody = [fact.employee_reference or "" for fact in found if fact.person_id is None]
        check.waiting += len(nobody)
        check.unknown.update(nobody)
        check.unchanged += batch - len(found) - len(rejected) - len(handed)
        check.transferred += len(handed)
        check.handed_on.extend(handed[: SHOWN - len(check.handed_on)])
        check.rejected.update(why.field for _line, why in rejected)
        check.has_open_dates = check.has_open_dates or any(_hangs_on_order(why) for _line, why in rejected)
        check.problems.extend(rejected[: SHOWN - len(check.problems)])
    return check


def _hangs_on_order(why: Rejection) -> bool:
    return why.field == "rated_at" and date_order([why.value]) != "iso"


def rejected_lines(path: Path, choices: Choices, *, at: datetime) -> Iterator[tuple[int, Rejection]]:
    """Every row that would be left out, with its line, in the order of the file."""
    for _size, _found, rejected, _handed in _judged(path, choices, at=at):
        yield from sorted(rejected, key=lambda item: item[0])


def _judged(path: Path, choices: Choices, *, at: datetime) -> Iterator[Judged]:
    """For each batch: its size, what would be stored, what would be left out, what was handed on. The rest is known already."""
    try:
        with open_table(path) as table:
            rows = Rows(table, choices, at=at)
            seen = _Seen(choices)
            for batch in rows.batches():
                with reading():
                    yield _judge(batch, rows, seen)
    except (UnreadableFile, UnusableMapping) as problem:
        raise Invalid(str(problem)) from problem


def _judge(batch: Sequence[Line], rows: Rows, seen: "_Seen") -> Judged:
    read = rows.facts(batch)
    stored = stored_contents({fact.external_id for fact in read.facts}, source=rows.choices.source)
    new: list[Facts] = []
    rejected, differing = list(read.rejected), []
    for fact, line, (is_repeated, is_same) in zip(read.facts, read.lines, seen.before(read.facts), strict=True):
        before = stored.get(fact.external_id)
        if before is None and not is_repeated:
            new.append(fact)
        elif before is not None and before != content_of(fact, rows.choices.scale):
            differing.append((fact, line, before))
        elif before is None and not is_same:
            rejected.append((line, differs(fact.external_id)))
    _unchanged, handed, misfits = told_apart(differing, scale=rows.choices.scale, source=rows.choices.source)
    return len(batch), new, sorted(rejected + misfits, key=lambda item: item[0]), handed


class _Seen:
    """Which ids the file itself has had before, and whether with the same content; 24 bytes a row, whatever they say."""

    def __init__(self, choices: Choices) -> None:
        self._scale = choices.scale
        self._ids, self._contents = Occurrences(), Occurrences()

    def before(self, facts: Sequence[Facts]) -> list[tuple[bool, bool]]:
        """(the id has come before, and with the same content) for each."""
        if not facts:
            return []
        ids = self._ids.number([_digest(fact.external_id) for fact in facts])
        contents = self._contents.number(
            [_digest(f"{fact.external_id}\x1f{content_of(fact, self._scale)}") for fact in facts]
        )
        return [(times > 1, same > 1) for times, same in zip(ids, contents, strict=True)]


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
