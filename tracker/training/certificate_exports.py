"""All certificates of a scope, with their history, as a file for an audit: XLSX with real dates, or CSV without formulas."""

from collections.abc import Iterable, Iterator
from typing import IO

from flask_babel import gettext as _
from sqlalchemy import Select, and_, select
from sqlalchemy.orm import aliased

from tracker.core import sheets
from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.core.sheets import Line
from tracker.courses.models import CourseVersion
from tracker.organisation.models import Membership, Person, Team
from tracker.organisation.policy import holds_on
from tracker.training.certificate_models import Certificate, Completion
from tracker.training.certificate_policy import certificates_seen_by
from tracker.training.certificate_rules import State


def headings() -> list[str]:
    return [
        _("Staff number"),
        _("Name"),
        _("Team today"),
        _("Course"),
        _("Version"),
        _("How"),
        _("Number"),
        _("Issued"),
        _("Valid until"),
        _("State"),
        _("Ended early on"),
        _("Replaced by"),
        _("Attested by"),
        _("What was seen"),
    ]


def lines(viewer: Viewer) -> Iterator[Line]:
    """One certificate a line, by course, person and day of issue; read as they are written."""
    words = {
        State.VALID: _("valid"),
        State.ENDING: _("ends within 90 days"),
        State.RENEWABLE: _("can be renewed"),
        State.LAPSED: _("lapsed"),
        State.ENDED: _("to be done anew"),
        State.REPLACED: _("replaced"),
    }
    done = {"learned": _("done here"), "attested": _("attested")}
    statement = _statement(viewer).execution_options(yield_per=1000)
    for certificate, completion, version, person, team, newer, leader in db.session.execute(statement):
        yield [
            person.staff_number,
            person.name,
            team or "",
            certificate.title,
            version,
            done[completion.how],
            certificate.number,
            certificate.issued_on,
            certificate.last_day,
            words[certificate.state_on(viewer.today)],
            certificate.ended_on,
            newer or "",
            leader or "",
            completion.words or "",
        ]


def as_file(kind: str, rows: Iterable[Line]) -> tuple[IO[bytes], int]:
    """The file at its beginning, and how many rows it holds."""
    return sheets.as_file(kind, _("Certificates"), headings(), rows)


def _statement(viewer: Viewer) -> Select[Certificate, Completion, int, Person, str, str, str]:
    newer, leader = aliased(Certificate), aliased(Person)
    seen = certificates_seen_by(viewer).with_only_columns(Certificate.id)
    team = and_(Membership.person_id == Certificate.person_id, *holds_on(Membership, viewer.today))
    return (
        select(Certificate, Completion, CourseVersion.number, Person, Team.name, newer.number, leader.name)
        .join(Completion, Completion.id == Certificate.completion_id)
        .join(CourseVersion, CourseVersion.id == Completion.version_id)
        .join(Person, Person.id == Certificate.person_id)
        .outerjoin(Membership, team)
        .outerjoin(Team, Team.id == Membership.team_id)
        .outerjoin(newer, newer.id == Certificate.renewed_by_id)
        .outerjoin(leader, leader.id == Completion.by_id)
        .where(Certificate.id.in_(seen))
        .order_by(Certificate.title, Person.name, Certificate.person_id, Certificate.id)
    )
