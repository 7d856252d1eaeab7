"""Bringing in who holds which post when, from a file. The same file twice changes nothing; another one corrects.

Everything is worked out before anything is written: the preview shows the plan that the import carries out.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.audit.actions import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Invalid
from tracker.intake.people_rows import Unfit
from tracker.intake.shift_rows import Hours, ShiftRow, columns_of, read_rows
from tracker.intake.tables import open_table
from tracker.organisation.models import Person, Team
from tracker.organisation.queries import teams_of_everybody
from tracker.posts.actions import add_shift, open_post, withdraw_shift
from tracker.posts.models import STANDS, Post, Shift
from tracker.posts.rules import LONGEST, key_of

MOST_ROWS = 20_000
PostKey = tuple[int, str]  # team, key of the post


@dataclass(frozen=True)
class PlannedShift:
    """What one row does. `replaces`: what the same person has of the post in these hours, by other times; it is taken out."""

    row: ShiftRow
    post: PostKey
    person: Person
    starts_at: datetime
    ends_at: datetime
    replaces: list[Shift]


@dataclass
class ShiftImport:
    """What an import does or has done: counts of rows, and (line, reason) of those left out, by line."""

    added: int = 0
    corrected: int = 0
    unchanged: int = 0
    posts_opened: list[str] = field(default_factory=list)
    rejected: list[tuple[int, str]] = field(default_factory=list)

    @property
    def changes(self) -> int:
        return self.added + self.corrected


def import_shifts(path: Path, *, by: int, at: datetime) -> ShiftImport:
    """Save the rows that fit, in the caller's transaction. Raises UnreadableFile and Invalid with a sentence."""
    planner, result = _planned(path, by=by, at=at)
    posts = {key: post for key, post in planner.posts.items() if post is not None}
    for key in planner.new_posts:
        posts[key] = open_post(planner.team(key[0]), planner.names[key], by=by, at=at)
        db.session.flush()
    for planned in planner.planned:
        reason = _("From a file") if planned.starts_at <= at or planned.replaces else None
        for old in planned.replaces:
            withdraw_shift(old, by=by, reason=_("Corrected by a file"), at=at)
        add_shift(
            posts[planned.post],
            planned.person,
            starts_at=planned.starts_at,
            ends_at=planned.ends_at,
            by=by,
            reason=reason,
            at=at,
        )
    record(
        "shifts.imported",
        by=by,
        about="shift",
        at=at,
        added=result.added,
        corrected=result.corrected,
        unchanged=result.unchanged,
        rejected=len(result.rejected),
    )
    return result


def preview_shifts(path: Path, *, by: int, at: datetime) -> ShiftImport:
    """What `import_shifts` would do; reads only."""
    return _planned(path, by=by, at=at)[1]


def _planned(path: Path, *, by: int, at: datetime) -> tuple["_Planner", ShiftImport]:
    with open_table(path) as table:
        lines = list(islice(table.rows(), MOST_ROWS + 1))
        if len(lines) > MOST_ROWS:
            raise Invalid(_("This file has more than %(most)s rows. Send it in parts.", most=f"{MOST_ROWS:,}"))
        rows, unread = read_rows(lines, columns_of(table.headers))
    planner = _Planner(rows, by=by, at=at)
    unchanged, misfits = planner.plan(rows)
    result = ShiftImport(
        added=sum(not planned.replaces for planned in planner.planned),
        corrected=sum(bool(planned.replaces) for planned in planner.planned),
        unchanged=unchanged,
        posts_opened=[planner.names[key] for key in planner.new_posts],
        rejected=sorted(unread + misfits),
    )
    return planner, result


class _Planner:
    """The company as an import of shifts knows it, loaded with a handful of questions."""

    def __init__(self, rows: Iterable[ShiftRow], *, by: int, at: datetime) -> None:
        self._by, self._hours = by, Hours(rows, at=at)
        self._teams = {team.id: team for team in db.session.scalars(select(Team))}
        self._team_ids = {team.name.casefold(): team.id for team in self._teams.values()}
        self._people = _people()
        self._team_of = teams_of_everybody(at.date())
        self.posts: dict[PostKey, Post | None] = {
            (post.team_id, post.key): post for post in db.session.scalars(select(Post))
        }
        self._standing: dict[int, dict[int, list[Shift]]] = {}  # post -> person -> shifts
        self._in_file: dict[tuple[PostKey, int], list[PlannedShift]] = defaultdict(list)
        self.names: dict[PostKey, str] = {}
        self.new_posts: list[PostKey] = []
        self.planned: list[PlannedShift] = []

    def team(self, id: int) -> Team:
        return self._teams[id]

    def plan(self, rows: Iterable[ShiftRow]) -> tuple[int, list[tuple[int, str]]]:
        """(rows that change nothing, line and reason of those that don't fit); the rest is in `planned`."""
        unchanged, refused = 0, []
        for row in rows:
            try:
                unchanged += not self._place(row)
            except Unfit as reason:
                refused.append((row.line, str(reason)))
        return unchanged, refused

    def _place(self, row: ShiftRow) -> bool:
        """Plan a row; False when it says what is known."""
        person = self._person(row.employee)
        team_id = self._team(row, person)
        starts_at, ends_at = self._hours.of(row, self._teams[team_id].time_zone)
        if not starts_at < ends_at <= starts_at + LONGEST:
            raise Unfit(_("This shift does not end after it begins, or lasts more than 24 hours"))
        if not person.works_on(clock.local_day(starts_at, self._teams[team_id].time_zone)):
            raise Unfit(_("%(name)s does not work here on that day", name=person.name))
        key = (team_id, key_of(row.post))
        held = self._held(key, person.id, starts_at, ends_at)
        before = [one for one in self._in_file[key, person.id] if one.starts_at < ends_at and one.ends_at > starts_at]
        spans = {(shift.starts_at, shift.ends_at) for shift in held} | {(one.starts_at, one.ends_at) for one in before}
        if (starts_at, ends_at) in spans:
            return False
        if before:
            raise Unfit(_("The row on line %(line)s gives other hours of the same shift", line=before[0].row.line))
        if key not in self.posts:
            self.posts[key] = None
            self.names[key] = row.post
            self.new_posts.append(key)
        self.planned.append(PlannedShift(row, key, person, starts_at, ends_at, held))
        self._in_file[key, person.id].append(self.planned[-1])
        return True

    def _person(self, reference: str) -> Person:
        found = self._people.get(reference.casefold(), [])
        if not found:
            raise Unfit(_("“%(who)s” is nobody’s staff number, address or name here", who=reference[:60]))
        if len(found) > 1:
            raise Unfit(_("More than one person is called “%(who)s”. Use the staff number", who=reference[:60]))
        if found[0].id == self._by:
            raise Unfit(_("This is a shift of your own. Somebody else has to enter it"))
        return found[0]

    def _team(self, row: ShiftRow, person: Person) -> int:
        """The team of the row; else the one whose post is called so; else that of the person on that day."""
        if row.team:
            if row.team.casefold() not in self._team_ids:
                raise Unfit(_("There is no team “%(team)s” here", team=row.team[:60]))
            return self._team_ids[row.team.casefold()]
        of_name = {team_id for team_id, key in self.posts if key == key_of(row.post)}
        if len(of_name) == 1:
            return of_name.pop()
        if of_name:
            raise Unfit(_("More than one team has a post “%(post)s”. Add a column “team”", post=row.post))
        if person.id not in self._team_of:
            raise Unfit(_("“%(post)s” is not known here, and %(name)s is in no team", post=row.post, name=person.name))
        return self._team_of[person.id]

    def _held(self, key: PostKey, person_id: int, starts_at: datetime, ends_at: datetime) -> list[Shift]:
        post = self.posts.get(key)
        if post is None:
            return []
        if post.id not in self._standing:
            self._standing[post.id] = _standing(post)
        shifts = self._standing[post.id].get(person_id, [])
        return [shift for shift in shifts if shift.starts_at < ends_at and shift.ends_at > starts_at]


def _people() -> dict[str, list[Person]]:
    """Staff number or address -> the one person; name -> whoever is called so."""
    everybody = list(db.session.scalars(select(Person).order_by(Person.id)))
    found: dict[str, list[Person]] = defaultdict(list)
    for person in everybody:
        found[person.name.casefold()].append(person)
    found.update({person.email.casefold(): [person] for person in everybody if person.email})
    found.update({person.staff_number.casefold(): [person] for person in everybody})
    return found


def _standing(post: Post) -> dict[int, list[Shift]]:
    found: dict[int, list[Shift]] = defaultdict(list)
    for shift in db.session.scalars(select(Shift).where(Shift.post_id == post.id, STANDS)):
        found[shift.person_id].append(shift)
    return found
