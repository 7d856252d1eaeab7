"""What is not measured, and how one can see it. Each sentence is held against the schema and the matrix when the pack is made:

one that does not hold any more says so, instead of going on to promise it.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import Date, DateTime, Table, Time

from tracker.core.db import db
from tracker.organisation.policy import cell, matrix
from tracker.pulse.kept import ANSWERS

# Words that a column's name would hold if such a thing were kept.
OF_PLACES = {"latitude", "longitude", "gps", "geo", "location", "photo", "camera", "microphone", "recording", "video"}
OF_DEVICES = {"keystroke", "keystrokes", "mouse", "screen", "screenshot", "clipboard", "clicks", "scrolled"}
OF_HOURS = {"break", "breaks", "clocked", "presence", "idle", "attendance", "overtime"}
OF_LIVES = {
    *("salary", "pay", "wage", "bonus", "health", "sick", "illness", "pregnant", "disability", "union", "religion"),
    *("gender", "sex", "birth", "birthday", "age", "nationality", "ethnicity", "married", "children", "politics"),
}
OF_RANKS = {"rank", "ranking", "percentile", "quartile", "decile", "standing", "league"}
OF_NETWORKS = {"ip", "ipaddress", "remote", "hostname", "mac"}
ABSENCE = {"id", "person_id", "started_on", "ended_on"}
FOR_GROUPS = ("coaching_effect", "training_effect", "weekly_check")
OF_ONE_PERSON = ("rating.read", "score.read", "alert.read", "coaching_note.read", "interview.read", "observation.read")


@dataclass(frozen=True)
class Claim:
    """says: what is not done; because: where one can see it; holds: whether it is so in this instance."""

    key: str
    says: LazyString
    because: LazyString
    holds: Callable[[], bool]


OF_THE_SCHEMA = (
    Claim(
        "places",
        _l("Nobody is located, filmed or listened to."),
        _l("No column of the database is for it, and every answer of the product forbids browsers its use."),
        lambda: _no_column_says(OF_PLACES),
    ),
    Claim(
        "devices",
        _l("Neither what is typed or clicked is measured, nor what is on a screen."),
        _l(
            "No column is for it, and no script on staff’s pages listens to keys or to the mouse’s way. The customers’ kiosk does, to "
            "clear itself when nobody is there. Packages of courses bring scripts of their makers, on a site of their own."
        ),
        lambda: _no_column_says(OF_DEVICES),
    ),
    Claim(
        "hours",
        _l("Working hours and breaks are not recorded."),
        _l("No column is for it. What comes near: posts as they were planned, days away, and when somebody signed in."),
        lambda: _no_column_says(OF_HOURS),
    ),
    Claim(
        "absence",
        _l("Why somebody is away is not kept."),
        _l("The table of days away holds the person, the first and the last day, and nothing else."),
        lambda: {column.name for column in db.metadata.tables["absence"].columns} == ABSENCE,
    ),
    Claim(
        "lives",
        _l("Pay, health, age, sex, religion, union and family are not kept."),
        _l("No column is for them. What people write in free words nobody checks for it."),
        lambda: _no_column_says(OF_LIVES),
    ),
    Claim(
        "ranks",
        _l("Nobody is ranked: no place among colleagues is kept."),
        _l("No column is for it. A team’s board lists everybody by name, and first of all who could use a talk."),
        lambda: _no_column_says(OF_RANKS),
    ),
    Claim(
        "networks",
        _l("From which network address somebody works is not kept in the database."),
        _l("No column is for it. To slow down guessing, a keyed hash of it is kept for a while."),
        lambda: _no_column_says(OF_NETWORKS),
    ),
    Claim(
        "pulse",
        _l("What somebody answered in the pulse cannot be looked up."),
        _l("Where answers are, the database has no person, no day and no time."),
        lambda: all(_is_of_nobody(db.metadata.tables[name]) for name in ANSWERS),
    ),
    Claim(
        "effects",
        _l("What talks or courses change is not worked out as a figure for one person."),
        _l("The tables of these figures have no person. Beside one’s own talk stand the ratings before and after."),
        lambda: not any(_points_at_a_person(db.metadata.tables[name]) for name in FOR_GROUPS),
    ),
)


OF_THE_MATRIX = (
    Claim(
        "ballots",
        _l("Nobody may read what one person answered in the pulse, administrators and the person included."),
        _l("The right for it is denied to everybody, and only the pulse’s own files reach these tables."),
        lambda: _nobody_may("pulse_answer.read"),
    ),
    Claim(
        "office",
        _l("HR and administrators read no single person’s ratings, scores, checks, talks, interviews or observations."),
        _l(
            "None of these rights is theirs by role. Who answers a second look or takes care of a complaint reads that one rating."
        ),
        lambda: all(cell(right, role) in "DGB" for right in OF_ONE_PERSON for role in ("hr", "admin")),
    ),
    Claim(
        "former",
        _l("Who led somebody once reads none of that any more, from the day on which they stop."),
        _l("None of these rights is theirs. Rights are worked out from dates at each request."),
        lambda: all(cell(right, "mgr_then") == "D" for right in OF_ONE_PERSON),
    ),
    Claim(
        "colleagues",
        _l("Colleagues read none of that."),
        _l(
            "None of these rights is theirs as colleagues. Who was asked to help with a complaint reads that one rating."
        ),
        lambda: all(cell(right, "peer") == "D" for right in OF_ONE_PERSON),
    ),
    Claim(
        "log",
        _l("Nobody may delete from the audit log."),
        _l(
            "The right for it is denied to everybody. Entries are sealed one to the next, so that a gap would be found."
        ),
        lambda: _nobody_may("audit.delete"),
    ),
)
CLAIMS = (*OF_THE_SCHEMA, *OF_THE_MATRIX)


def _no_column_says(words: Iterable[str]) -> bool:
    return not set(words) & {
        part
        for table in db.metadata.tables.values()
        for column in table.columns
        for part in re.split(r"[_\d]+", column.name.lower())
    }


def _is_of_nobody(table: Table) -> bool:
    has_time = any(isinstance(column.type, DateTime | Date | Time) for column in table.columns)
    return not has_time and not _points_at_a_person(table)


def _points_at_a_person(table: Table) -> bool:
    by_key = any(key.column.table.name == "person" for column in table.columns for key in column.foreign_keys)
    return by_key or any(column.name == "person_id" or column.name.endswith("by_id") for column in table.columns)


def _nobody_may(action: str) -> bool:
    """A right that is not in the matrix is nobody's either."""
    return set(matrix().get(action, {}).values()) <= {"D"}
