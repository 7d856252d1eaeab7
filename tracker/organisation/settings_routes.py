"""The organisation's own settings and holidays."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import admins, find_or_404, office, viewer
from tracker.core.errors import Conflict, NotYet
from tracker.core.pages import notice
from tracker.organisation import actions, page_queries, queries
from tracker.organisation.blueprint import bp
from tracker.organisation.forms import HolidayForm, SettingsForm, zone_names
from tracker.organisation.models import Holiday, Organisation
from tracker.organisation.policy import holidays_edited_by
from tracker.organisation.team_routes import asked_year


@bp.get("/settings")
@admins
def settings() -> ResponseReturnValue:
    return _settings_page()


@bp.post("/settings")
@admins
def save_settings() -> ResponseReturnValue:
    form = SettingsForm()
    if not form.validate():
        return _settings_page(form=form), 422
    actions.edit_settings(
        _organisation(),
        name=form.name.data,
        time_zone=form.time_zone.data,
        by=viewer().person_id,
        at=clock.now(),
    )
    notice(_("Saved."))
    return redirect(url_for(".settings"), 303)


@bp.post("/settings/holidays")
@admins
def add_holiday() -> ResponseReturnValue:
    form = HolidayForm(prefix="holiday")
    if not form.validate():
        return _settings_page(holiday_form=form), 422
    try:
        actions.add_holiday(form.on.data, form.name.data, team=None, by=viewer().person_id, at=clock.now())
    except Conflict as error:
        form.on.errors = [error.sentence]
        return _settings_page(holiday_form=form), 409
    notice(_("Saved. Reminders keep away from that day."))
    return redirect(url_for(".settings", year=form.on.data.year), 303)


@bp.post("/holidays/<int:id>/removal")
@office
def remove_holiday(id: int) -> ResponseReturnValue:
    holiday: Holiday = find_or_404(holidays_edited_by(viewer()), id)
    team_id, year = holiday.team_id, holiday.on.year
    actions.remove_holiday(holiday, by=viewer().person_id, at=clock.now())
    notice(_("That day is a working day again."))
    back = url_for(".team", id=team_id, year=year) if team_id else url_for(".settings", year=year)
    return redirect(back, 303)


def _organisation() -> Organisation:
    organisation = queries.the_organisation()
    if organisation is None:
        raise NotYet(_("Nobody has set up this product yet."))
    return organisation


def _settings_page(*, form: SettingsForm | None = None, holiday_form: HolidayForm | None = None) -> str:
    year = asked_year(viewer().today.year)
    return render_template(
        "organisation/settings.html",
        form=form or SettingsForm(formdata=None, obj=_organisation()),
        holiday_form=holiday_form or HolidayForm(prefix="holiday", formdata=None),
        holidays=page_queries.holidays_in(year, [None]),
        year=year,
        zones=zone_names(),
    )
