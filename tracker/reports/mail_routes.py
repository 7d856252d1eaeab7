"""To whom a report goes by mail, for HR."""

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core import clock
from tracker.core.audience import Blueprint, checked_elsewhere, find_or_404, members, viewer
from tracker.core.errors import Refused
from tracker.core.pages import notice
from tracker.reports import mail_actions
from tracker.reports.known import Known, known
from tracker.reports.mail_forms import RecipientsForm
from tracker.reports.mail_models import ReportMail
from tracker.reports.mail_queries import recipients_of
from tracker.reports.periods import months_read
from tracker.reports.policy import mails_managed_by, manages_mails

bp = Blueprint("report_mails", __name__, url_prefix="/reports")


@bp.get("/<name>/mails")
@members
def mails(name: str) -> ResponseReturnValue:
    found = _managed(name)
    return _page(found, RecipientsForm(report=found, at=viewer().at, formdata=None))


@bp.post("/<name>/mails")
@members
def put_down(name: str) -> ResponseReturnValue:
    found = _managed(name)
    form = RecipientsForm(report=found, at=viewer().at)
    if not form.validate():
        return _page(found, form), 422
    latest = next(iter(months_read(viewer().at)), None)
    new = mail_actions.put_down(name, form.recipients, read_already=latest, by=viewer().person_id, at=clock.now())
    notice(
        ngettext("One person more gets it.", "%(num)d people more get it.", new) if new else _("They get it already.")
    )
    return redirect(url_for(".mails", name=name), 303)


@bp.post("/mails/<int:id>/end")
@members
def end(id: int) -> ResponseReturnValue:
    mail: ReportMail = find_or_404(mails_managed_by(viewer()), id)
    mail_actions.end(mail, because="asked", by=viewer().person_id, at=clock.now())
    notice(_("It goes to them no more."))
    return redirect(url_for(".mails", name=mail.report), 303)


def _managed(name: str) -> Known:
    checked_elsewhere()
    found = known(name)
    if not manages_mails(viewer()):
        raise Refused(_("This is for HR."))
    return found


def _page(found: Known, form: RecipientsForm) -> str:
    return render_template(
        "reports/mails.html",
        title=found.title(),
        name=found.name,
        page=found.page,
        recipients=recipients_of(found.name, viewer()),
        form=form,
        has_mail_server=bool(current_app.config["SMTP_URL"]),
    )
