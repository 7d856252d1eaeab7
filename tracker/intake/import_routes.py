"""Files of ratings that have been brought in: the list, one with what was left out, taking one back."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core import clock
from tracker.core.audience import admins, find_or_404, viewer
from tracker.core.pages import notice
from tracker.core.paging import page_of
from tracker.intake import actions, queries
from tracker.intake.blueprint import bp
from tracker.intake.undoing import UNDO_LENGTH
from tracker.ratings.policy import imports_run_by


@bp.get("/imports")
@admins
def imports() -> ResponseReturnValue:
    page = page_of(queries.imports_listed(imports_run_by(viewer())), scalars=False)
    return render_template("intake/imports.html", page=page, undo_since=clock.now() - UNDO_LENGTH)


@bp.get("/imports/<int:id>")
@admins
def import_result(id: int) -> ResponseReturnValue:
    row, name = find_or_404(queries.imports_listed(imports_run_by(viewer())), id)
    return render_template(
        "intake/import_result.html",
        row=row,
        name=name,
        page=page_of(queries.rejects_of(id)),
        notes=queries.listed(queries.notes_of(id)),
        most_notes=queries.NOTES_SHOWN,
        undo_since=clock.now() - UNDO_LENGTH,
    )


@bp.post("/imports/<int:id>/stopping")
@admins
def stop_import(id: int) -> ResponseReturnValue:
    row, _name = find_or_404(queries.imports_listed(imports_run_by(viewer())), id)
    actions.stop_import(row.id, by=viewer().person_id, at=clock.now())
    notice(_("Stopped. Nothing of the file is saved."))
    return redirect(url_for(".import_result", id=id), 303)


@bp.post("/imports/<int:id>/undoing")
@admins
def undo_import(id: int) -> ResponseReturnValue:
    row, _name = find_or_404(queries.imports_listed(imports_run_by(viewer())), id)
    actions.undo_import(row.id, by=viewer().person_id, at=clock.now())
    notice(_("The import is undone. Nothing of it counts any more."))
    if stayed := queries.people_brought_by(row.id):
        notice(
            ngettext(
                "%(num)d person whom it brought stays: more is known of them by now, such as a certificate.",
                "%(num)d people whom it brought stay: more is known of them by now, such as a certificate.",
                stayed,
            )
        )
    return redirect(url_for(".import_result", id=id), 303)
