"""The monthly mail of a report, written as it goes, for its reader; and what the inbox says of such mails."""

from datetime import datetime
from email.message import EmailMessage

from flask import Flask, current_app, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from tracker.access.queries import viewer_of_person
from tracker.core import clock, mail, outbox
from tracker.core.audience import Viewer, seen_by
from tracker.core.db import db
from tracker.core.language import long_month
from tracker.core.models import OutboxMail
from tracker.notifications.choices import NONE, choices_of
from tracker.notifications.groups import group_of
from tracker.notifications.kinds import MessageKind, shows
from tracker.notifications.models import Message
from tracker.organisation.models import Person
from tracker.reports.known import KNOWN, Known, contents_for
from tracker.reports.mail_actions import end
from tracker.reports.mail_jobs import KIND
from tracker.reports.mail_models import ReportMail
from tracker.reports.policy import manages_mails


def start(app: Flask) -> None:
    outbox.composes(app, KIND, _composed, sent=_sent)
    shows(app, "report.put_down", MessageKind("chart", _put_down, _put_down_text, _page_url, _is_put_down))
    shows(app, "report.mail_ended", MessageKind("chart", _ended, _ended_text, _mails_url, _is_managed))


def _composed(row: OutboxMail) -> EmailMessage | None:
    """None where the recipient is gone, has been taken off, or wants no mails of this group."""
    asked = db.session.get(ReportMail, row.parameters["mail"])
    viewer = viewer_of_person(row.person_id, at=clock.now()) if row.person_id is not None else None
    person = db.session.get(Person, row.person_id)
    if asked is None or asked.ended_at is not None or viewer is None or person is None or _wants_none(person.id):
        return None
    with force_locale(person.language), seen_by(viewer):
        return _written(person, viewer, KNOWN[asked.report], month=row.parameters["month"], made_by_id=asked.made_by_id)


def _wants_none(person_id: int) -> bool:
    return choices_of([person_id])[person_id].mail.get(group_of("report.monthly").key) == NONE


def _written(
    person: Person, viewer: Viewer, found: Known, *, month: str, made_by_id: int | None
) -> EmailMessage | None:
    if not found.may_read(viewer):
        over = _("You no longer get “%(report)s” by mail", report=found.title())
        return mail.written(person, over, "report_over", title=found.title())
    contents = contents_for(found, viewer, {"month": month})
    maker = db.session.get(Person, made_by_id) if made_by_id else None
    subject = contents.title
    if contents.month:
        subject = _("%(report)s: %(month)s", report=contents.title, month=long_month(contents.month))
    page = current_app.url_map.bind("localhost").build(found.page, {"month": month})
    base_url = current_app.config["BASE_URL"]
    return mail.written(person, subject, "report", contents=contents, page_url=base_url + page, maker=maker)


def _sent(row: OutboxMail, at: datetime) -> None:
    """Whoever was told that they may not read it any more is taken off, once."""
    asked = db.session.get(ReportMail, row.parameters["mail"])
    viewer = viewer_of_person(row.person_id, at=at) if row.person_id is not None else None
    if asked is None or viewer is None:
        return
    if KNOWN[asked.report].may_read(viewer):
        asked.sent_at = at
    else:
        end(asked, because="right", by=None, at=at)


def _put_down(message: Message) -> str:
    return _("You get “%(report)s” by mail", report=_title(message))


def _put_down_text(message: Message) -> str:
    asked = db.session.get(ReportMail, message.about_id)
    maker = db.session.get(Person, asked.made_by_id) if asked and asked.made_by_id else None
    name = maker.name if maker else _("HR")
    return _("%(name)s put you down for it. “Mail, push and quiet hours” turns it off.", name=name)


def _ended(message: Message) -> str:
    asked = db.session.get(ReportMail, message.about_id)
    person = db.session.get(Person, asked.person_id) if asked else None
    return _("%(name)s no longer gets “%(report)s”", name=person.name if person else "?", report=_title(message))


def _ended_text(message: Message) -> str:
    asked = db.session.get(ReportMail, message.about_id)
    if asked is not None and asked.ended_because == "right":
        return _("They may not read it any more, so its monthly mail has ended.")
    return _("They have left, or have no address any more, so its monthly mail has ended.")


def _title(message: Message) -> str:
    asked = db.session.get(ReportMail, message.about_id)
    return KNOWN[asked.report].title() if asked and asked.report in KNOWN else "?"


def _page_url(message: Message) -> str:
    asked = db.session.get_one(ReportMail, message.about_id)
    return url_for(KNOWN[asked.report].page)


def _mails_url(message: Message) -> str:
    asked = db.session.get_one(ReportMail, message.about_id)
    return url_for("report_mails.mails", name=asked.report)


def _is_put_down(message: Message, viewer: Viewer) -> bool:
    asked = db.session.get(ReportMail, message.about_id)
    is_running = asked is not None and asked.ended_at is None and asked.report in KNOWN
    return is_running and KNOWN[asked.report].may_read(viewer)  # type: ignore[union-attr]  # is_running says it is there


def _is_managed(message: Message, viewer: Viewer) -> bool:
    return manages_mails(viewer) and db.session.get(ReportMail, message.about_id) is not None
