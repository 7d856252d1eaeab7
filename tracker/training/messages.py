"""What the inbox and the mail say about training."""

from flask import Flask, url_for
from flask_babel import gettext as _

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.core.language import plain_day
from tracker.courses.models import CourseVersion
from tracker.courses.queries import current_version
from tracker.notifications.kinds import MessageKind, shows
from tracker.notifications.models import Message
from tracker.organisation.models import Person
from tracker.training.learning_models import CourseRun, QuizAttempt
from tracker.training.models import Assignment
from tracker.training.policy import answers_marked_by, assignments_read_by, runs_given_more_by


def start(app: Flask) -> None:
    shows(app, "training.assigned", MessageKind("training", _assigned_title, _assigned_text, _mine, _is_open))
    shows(app, "training.soon", MessageKind("clock", _soon_title, _assigned_text, _mine, _is_open))
    shows(app, "training.late", MessageKind("clock", _late_title, _late_text, _mine, _is_open))
    shows(app, "training.waived", MessageKind("check", _waived_title, _waived_text, _mine))
    shows(app, "training.withdrawn", MessageKind("info", _withdrawn_title, _withdrawn_text, _mine))
    shows(app, "training.marked", MessageKind("training", _marked_title, _marked_text, _run_url))
    shows(app, "training.another", MessageKind("training", _another_title, _another_text, _mine))
    shows(app, "training.to_mark", MessageKind("training", _to_mark_title, _to_mark_text, _marking, _reads_attempt))
    shows(app, "training.failed", MessageKind("training", _failed_title, _failed_text, _team, _reads_run))
    shows(app, "training.team_late", MessageKind("clock", _team_late_title, _team_late_text, _team, _reads))


def _assigned_title(message: Message) -> str:
    return _("A course for you: %(title)s", title=_title(message))


def _assigned_text(message: Message) -> str:
    assignment = _assignment(message)
    if assignment is None or assignment.due_on is None:
        return _("Begin it when it suits you; your place is saved.")
    words = _("Until %(day)s. Your place is saved after every step.", day=plain_day(assignment.due_on))
    return f"{words} “{assignment.words}”" if assignment.words else words


def _soon_title(message: Message) -> str:
    assignment = _assignment(message)
    if assignment is None or assignment.due_on is None:
        return _title(message)
    return _("%(title)s is due on %(day)s", title=_title(message), day=plain_day(assignment.due_on))


def _late_title(message: Message) -> str:
    return _("%(title)s is overdue", title=_title(message))


def _late_text(_message: Message) -> str:
    return _("If there was no time for it, say so to whoever leads your team: it can be moved or waived.")


def _waived_title(message: Message) -> str:
    return _("You need not do %(title)s", title=_title(message))


def _waived_text(message: Message) -> str:
    assignment = _assignment(message)
    return _("The reason: %(words)s", words=assignment.reason or "") if assignment else ""


def _withdrawn_title(message: Message) -> str:
    return _("%(title)s is off your list", title=_title(message))


def _withdrawn_text(_message: Message) -> str:
    return _("What it was for holds no more. What you have done of it stays.")


def _marked_title(message: Message) -> str:
    run = db.session.get(CourseRun, message.about_id)
    return _("Your answer in %(title)s was read", title=_title_of_run(run))


def _marked_text(_message: Message) -> str:
    return _("Look at what was said to it, and go on.")


def _another_title(message: Message) -> str:
    version = current_version(message.about_id or 0)
    return _("You have another go at %(title)s", title=version.title if version else _("a course"))


def _another_text(_message: Message) -> str:
    return _("What you have read stays done; only the check is asked again.")


def _to_mark_title(message: Message) -> str:
    return _("%(name)s wrote an answer for you to read", name=_learner(message))


def _to_mark_text(_message: Message) -> str:
    return _("The course goes on as soon as you have said what you think of it.")


def _failed_title(message: Message) -> str:
    return _("%(name)s has no go left at a check", name=_name(db.session.get(CourseRun, message.about_id)))


def _failed_text(message: Message) -> str:
    title = _title_of_run(db.session.get(CourseRun, message.about_id))
    return _("“%(title)s”. Talk about it, then give another go.", title=title)


def _team_late_title(message: Message) -> str:
    assignment = _assignment(message)
    person = db.session.get(Person, assignment.person_id) if assignment else None
    return _("%(name)s has a course overdue", name=person.name if person else _("Somebody"))


def _team_late_text(message: Message) -> str:
    return _("“%(title)s”. Plan a quiet half hour, move it, or waive it with a reason.", title=_title(message))


def _mine(_message: Message) -> str:
    return url_for("training.training")


def _run_url(message: Message) -> str:
    return url_for("training.run", id=message.about_id)


def _marking(_message: Message) -> str:
    return url_for("training.marking")


def _team(_message: Message) -> str:
    return url_for("training.team")


def _assignment(message: Message) -> Assignment | None:
    return db.session.get(Assignment, message.about_id)


def _title(message: Message) -> str:
    assignment = _assignment(message)
    version = current_version(assignment.course_id) if assignment else None
    return version.title if version else _("A course")


def _title_of_run(run: CourseRun | None) -> str:
    return db.session.get_one(CourseVersion, run.version_id).title if run else _("a course")


def _learner(message: Message) -> str:
    attempt = db.session.get(QuizAttempt, message.about_id)
    return _name(db.session.get(CourseRun, attempt.run_id) if attempt else None)


def _name(run: CourseRun | None) -> str:
    return db.session.get_one(Person, run.person_id).name if run else _("Somebody")


def _is_open(message: Message, _viewer: Viewer) -> bool:
    assignment = _assignment(message)
    return assignment is not None and assignment.ended_at is None


def _reads(message: Message, viewer: Viewer) -> bool:
    found = assignments_read_by(viewer).where(Assignment.id == message.about_id, Assignment.ended_at.is_(None))
    return db.session.scalar(found.with_only_columns(Assignment.id)) is not None


def _reads_run(message: Message, viewer: Viewer) -> bool:
    """Whoever can give another go, until it is given."""
    found = runs_given_more_by(viewer).where(CourseRun.id == message.about_id)
    return db.session.scalar(found.with_only_columns(CourseRun.id)) is not None


def _reads_attempt(message: Message, viewer: Viewer) -> bool:
    """Whoever can mark it, until it is marked."""
    found = answers_marked_by(viewer).where(QuizAttempt.id == message.about_id).limit(1)
    return db.session.scalar(found.with_only_columns(QuizAttempt.id)) is not None
