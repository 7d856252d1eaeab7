"""The rows of a file, and what each is stored as."""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from typing import NamedTuple

from tracker.core import clock
from tracker.core.db import reading
from tracker.intake.dates import DateReader, Moment, tells_the_hour
from tracker.intake.linking import LONGEST_NAME, Link, Links
from tracker.intake.occurrences import Occurrences
from tracker.intake.rules import RatingRow, Rejection, Scale, rating_reader, row_key
from tracker.intake.serving import Service, read_service
from tracker.intake.storing import Facts, drivers_text, moment_text
from tracker.intake.tables import Table

BATCH = 20_000
LONGEST_PLACE = 80
OBJECTS_PER_COLLECTION = 200_000
TOO_LONG = Rejection(f"The id or the customer is longer than {LONGEST_NAME} characters", "external_id")


@dataclass(frozen=True, kw_only=True)
class Choices:
    """How a file is to be read, as somebody settled it.

    `people`: references in the file -> the person's id. `fixes`: line -> {field: what to read instead}.
    """

    source: str = "file"
    mapping: Mapping[str, str]
    scale: Scale = "stars"
    day_first: bool | None = None
    create_missing: bool = False
    people: Mapping[str, int] | None = None
    fixes: Mapping[int, Mapping[str, str]] | None = None


# A row with the line it stands on and the text of its date. No class of its own: there are millions of them.
Line = tuple[int, RatingRow | Rejection, str]


class Read(NamedTuple):
    """A batch: what is to be stored, the lines it stands on, and (line, why) of what cannot be taken."""

    facts: list[Facts]
    lines: list[int]
    rejected: list[tuple[int, Rejection]]
    helped: dict[str, tuple[int, set[int], list[str]]]  # external id -> line, who else helped, names that are nobody's
    served: dict[str, tuple[int, Service | str]]  # external id -> line, facts of the service or what is wrong with them


@contextmanager
def _few_collections() -> Iterator[None]:
    """A batch is hundreds of thousands of small tuples without a circle among them. Looking for circles every few hundred
    of them, as Python does by default, takes a fifth of an import’s time."""
    before = gc.get_threshold()
    gc.set_threshold(OBJECTS_PER_COLLECTION, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


class Rows:
    """The rows of an open file, batch by batch. Reads the database, writes nothing. Raises UnusableMapping, UnreadableFile."""

    def __init__(self, table: Table, choices: Choices, *, at: datetime) -> None:
        with reading():
            self.links = Links(people=choices.people, creates=choices.create_missing)
        self.choices, self._table, self._at = choices, table, at
        self._read = rating_reader(
            table.headers,
            choices.mapping,
            scale=choices.scale,
            day_first=choices.day_first,
            zone=clock.zone(self.links.zone),
            now=at,
        )
        names = [header.casefold() for header in table.headers]
        self._columns = {field: names.index(header.strip().casefold()) for field, header in choices.mapping.items()}
        self._moments: dict[str, Callable[[str], Moment | str]] = {}
        self._occurrences = Occurrences()

    @property
    def share_read(self) -> float:
        return self._table.share_read

    def batches(self) -> Iterator[list[Line]]:
        read, column, rows = self._read, self._columns["rated_at"], self._table.rows()
        if self.choices.fixes:
            rows = self._mended(rows, self.choices.fixes)
        with _few_collections():
            while batch := [(number, read(cells), cells[column]) for number, cells in islice(rows, BATCH)]:
                yield batch

    def _mended(
        self, rows: Iterator[tuple[int, list[str]]], fixes: Mapping[int, Mapping[str, str]]
    ) -> Iterator[tuple[int, list[str]]]:
        """The rows with what somebody has put right in them; a row too short for it stays as it is."""
        for number, cells in rows:
            for field, value in fixes.get(number, {}).items():
                column = self._columns.get(field, len(cells))
                if column < len(cells):
                    cells[column] = value
            yield number, cells

    def facts(self, batch: Sequence[Line]) -> Read:
        """What a batch is stored as. With an import id in the links this makes what is missing, in the caller's transaction."""
        good = [(number, row, written) for number, row, written in batch if isinstance(row, RatingRow)]
        found = Read([], [], [], {}, {})
        if len(good) < len(batch):
            found.rejected.extend((line[0], line[1]) for line in batch if isinstance(line[1], Rejection))
        rows = [row for _number, row, _written in good]
        names = self.links.learn(rows)
        known, fact_of, keep, note = self.links.known, self._fact, found.facts.append, found.lines.append
        for (number, row, written), external_id, key in zip(good, self._external_ids(rows), names, strict=True):
            fact = fact_of(row, written, external_id, known[key])
            if isinstance(fact, Rejection):
                found.rejected.append((number, fact))
            else:
                keep(fact)
                note(number)
                if row.contributors:
                    found.helped[external_id] = (number, *self.links.people_named(row.contributors))
                if row.service:
                    found.served[external_id] = (number, self._service(row, fact.team_id))
        return found

    def _fact(self, row: RatingRow, written: str, external_id: str, link: Link) -> Facts | Rejection:
        links = self.links
        _, rated_at, rated_on, stars, value, _, employee, _, _, _, customer, comment, drivers, place, *_rest = row
        person_id, team_id, touchpoint_id, channel_id, problem = link
        if problem is not None or len(external_id) > LONGEST_NAME or len(customer) > LONGEST_NAME:
            return problem or TOO_LONG
        by_post = person_id is None and place and not employee
        if team_id is None and (person_id is not None or by_post):
            team_id = links.team_at(place) if by_post else links.team_on(person_id, rated_on)
        if team_id in links.elsewhere:
            moment = self._moment(written, links.elsewhere[team_id])
            if isinstance(moment, str):
                return Rejection(moment, "rated_at", written[:80])
            rated_at, rated_on = moment
        if by_post and tells_the_hour(written):
            person_id = links.holder(place, rated_at, team_id=team_id)
            team_id = link.team_id or links.team_on(person_id, rated_on) or team_id
        # What Facts(...) does, without its detour: this runs once a row.
        return tuple.__new__(
            Facts,
            (
                external_id,
                moment_text(rated_at),
                rated_on.isoformat(),
                stars,
                str(value),
                person_id,
                person_id,
                team_id,
                touchpoint_id,
                channel_id,
                links.customers.get(customer),
                comment or None,
                drivers_text(links.drivers(drivers)) if drivers else "[]",
                employee or None,
                place[:LONGEST_PLACE] or None,
                None if person_id is None else "post" if by_post else "explicit",
            ),
        )

    def _service(self, row: RatingRow, team_id: int | None) -> Service | str:
        zone = self.links.elsewhere.get(team_id, self.links.zone) if team_id is not None else self.links.zone
        return read_service(row.service, row.rated_at, partial(self._moment, zone=zone))

    def _external_ids(self, rows: Sequence[RatingRow]) -> list[str]:
        """The file's own ids; for rows without one a key of their content, and how many times it has come."""
        ids = [row[0] for row in rows]
        without = [position for position, external_id in enumerate(ids) if not external_id]
        if without:
            keys = [row_key(rows[position]) for position in without]
            for position, key, times in zip(without, keys, self._occurrences.number(keys), strict=True):
                ids[position] = key if times == 1 else f"{key}#{times}"
        return ids

    def _moment(self, written: str, zone: str) -> Moment | str:
        """A date as it is meant where the team works: a time without an offset is that place's own."""
        if zone not in self._moments:
            self._moments[zone] = DateReader(day_first=self.choices.day_first, zone=clock.zone(zone), now=self._at)
        return self._moments[zone](written)
