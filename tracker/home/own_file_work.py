"""What one's own file says of somebody at work: teams, roles, shifts, sign-ins, messages, deeds."""

from collections.abc import Iterable

from sqlalchemy import select

from tracker.access.models import Account, RoleGrant, SignInSession
from tracker.audit.models import AuditEntry
from tracker.audit.words import in_words
from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.home.own_file_lines import Line, Section, rows
from tracker.notifications.kinds import kind_of
from tracker.notifications.models import Message
from tracker.notifications.policy import messages_of
from tracker.notifications.queries import still_seen
from tracker.organisation.models import Absence, Membership, Person, Team, Tenure
from tracker.posts.models import Post, Shift
from tracker.posts.policy import shifts_seen_by


def _you(viewer: Viewer) -> Iterable[Line]:
    columns = (Person.name, Person.staff_number, Person.email, Person.language, Person.contract, Person.started_on)
    more = (Person.ended_on, Account.created_at.label("account_since"), Account.password_set_at)
    return rows(select(*columns, *more).outerjoin(Account).where(Person.id == viewer.person_id))


def _teams(viewer: Viewer) -> Iterable[Line]:
    columns = (Team.name.label("team"), Membership.started_on, Membership.ended_on)
    mine = Membership.person_id == viewer.person_id
    return rows(select(*columns).join(Team, Team.id == Membership.team_id).where(mine).order_by(Membership.started_on))


def _led(viewer: Viewer) -> Iterable[Line]:
    columns = (Team.name.label("team"), Tenure.kind, Tenure.started_on, Tenure.ended_on)
    mine = Tenure.person_id == viewer.person_id
    return rows(select(*columns).join(Team, Team.id == Tenure.team_id).where(mine).order_by(Tenure.started_on))


def _roles(viewer: Viewer) -> Iterable[Line]:
    return rows(select(RoleGrant.role, RoleGrant.granted_at).where(RoleGrant.person_id == viewer.person_id))


def _away(viewer: Viewer) -> Iterable[Line]:
    mine = Absence.person_id == viewer.person_id
    return rows(select(Absence.started_on, Absence.ended_on).where(mine).order_by(Absence.started_on))


def _sign_ins(viewer: Viewer) -> Iterable[Line]:
    of = SignInSession
    columns = (of.browser, of.created_at.label("began_at"), of.last_used_on, of.expires_at, of.ended_at)
    account = select(Account.id).where(Account.person_id == viewer.person_id).scalar_subquery()
    return rows(select(*columns).where(of.account_id == account).order_by(of.created_at.desc()))


def _shifts(viewer: Viewer) -> Iterable[Line]:
    mine = shifts_seen_by(viewer).where(Shift.person_id == viewer.person_id)
    columns = (Post.name.label("post"), Shift.starts_at, Shift.ends_at)
    return rows(mine.join(Post, Post.id == Shift.post_id).with_only_columns(*columns).order_by(Shift.starts_at))


def _messages(viewer: Viewer) -> Iterable[Line]:
    found = still_seen(db.session.scalars(messages_of(viewer).order_by(Message.visible_at)), viewer)
    return [
        {"at": message.visible_at, "title": kind_of(message).title(message), "read_at": message.read_at}
        for message in found
    ]


def _deeds(viewer: Viewer) -> Iterable[Line]:
    found = select(AuditEntry.at, AuditEntry.action).where(AuditEntry.by_id == viewer.person_id)
    return [{"at": at, "what": in_words(action)} for at, action in db.session.execute(found.order_by(AuditEntry.id))]


SECTIONS = (
    Section("you", ("person", "account"), _you),
    Section("teams", ("membership",), _teams),
    Section("teams_led", ("tenure",), _led),
    Section("roles", ("role_grant",), _roles),
    Section("days_away", ("absence",), _away),
    Section("sign_ins", ("sign_in_session",), _sign_ins),
    Section("shifts", ("shift",), _shifts),
    Section("messages", ("message",), _messages),
    Section("what_you_did", ("audit_entry",), _deeds),
)
