"""Bringing in a file of ratings: choose it, match its columns, check its rows, save. Before the last step nothing is stored."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from flask import Response, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core import clock
from tracker.core.audience import admins, find_or_404, viewer
from tracker.core.errors import Invalid
from tracker.core.formulas import inert
from tracker.core.pages import notice
from tracker.intake import checking, columns, queries
from tracker.intake.blueprint import bp
from tracker.intake.choosing import chosen_person, suggest
from tracker.intake.exports import recognised
from tracker.intake.forms import ColumnsForm, ImportFileForm, PersonMeantForm
from tracker.intake.models import ImportDraft
from tracker.intake.policy import drafts_of
from tracker.intake.rows import Choices
from tracker.intake.rules import Rejection, Scale
from tracker.intake.saving import save_beside
from tracker.intake.uploads import Upload, let_admins_send_large_files


@bp.url_value_preprocessor
def _let_large_files_in(endpoint: str | None, _values: object) -> None:
    if endpoint == "intake.upload_import":
        let_admins_send_large_files()


@bp.get("/imports/new")
@admins
def new_import() -> ResponseReturnValue:
    form = ImportFileForm(data={"source": "file"})
    return render_template("intake/import_choose.html", form=form, sources=queries.known_sources())


@bp.post("/imports/new")
@admins
def upload_import() -> ResponseReturnValue:
    form = ImportFileForm()
    if form.validate():
        draft = _kept(form)
        if draft is not None:
            return redirect(url_for(".import_columns", id=draft.id), 303)
    return render_template("intake/import_choose.html", form=form, sources=queries.known_sources()), 422


def _kept(form: ImportFileForm) -> ImportDraft | None:
    """Keep the file; None, with words on the field, when it is no table."""
    me = viewer().person_id
    token = Upload.keep(form.file.data, me)
    try:
        return columns.begin_draft(
            Upload.path(token, me),
            owner_id=me,
            token=token,
            file_name=form.file.data.filename or "",
            source=form.source.data,
            at=clock.now(),
        )
    except Invalid as problem:
        Upload.forget(token, me)
        form.file.errors = [problem.sentence]
        return None


@bp.get("/imports/drafts/<int:id>/columns")
@admins
def import_columns(id: int) -> ResponseReturnValue:
    draft = _draft(id)
    order = {True: "day", False: "month", None: ""}[draft.day_first]
    form = ColumnsForm(
        data={
            "scale": draft.scale,
            "order": order,
            "create_missing": draft.create_missing,
            "remember": draft.remember,
        }
    )
    return _columns_page(draft, form)


@bp.post("/imports/drafts/<int:id>/columns")
@admins
def match_columns(id: int) -> ResponseReturnValue:
    draft, form = _draft(id), ColumnsForm()
    try:
        if not form.validate():
            return _columns_page(draft, form), 422
        draft.mapping = columns.matched(columns.sample_of(_path(draft)).headers, request.form.getlist("column"))
    except Invalid as problem:
        return _columns_page(draft, form, problem.sentence), 422
    draft.scale, draft.day_first = form.scale.data, form.day_first()
    draft.create_missing, draft.remember = form.create_missing.data, form.remember.data
    return redirect(url_for(".check_import", id=id), 303)


def _columns_page(draft: ImportDraft, form: ColumnsForm, problem: str | None = None) -> str:
    sample = columns.sample_of(_path(draft))
    found = columns.columns_of(sample, draft.mapping)
    return render_template(
        "intake/import_columns.html",
        draft=draft,
        form=form,
        columns=found,
        goals=columns.goals(),
        problem=problem,
        export=recognised(sample.headers),
    )


@bp.get("/imports/drafts/<int:id>")
@admins
def check_import(id: int) -> ResponseReturnValue:
    draft = _draft(id)
    try:
        check = checking.check_file(_path(draft), _choices(draft), at=clock.now())
    except Invalid as problem:
        return render_template("intake/import_unreadable.html", draft=draft, problem=problem.sentence), 422
    found = columns.columns_of(columns.sample_of(_path(draft)), draft.mapping)
    return render_template(
        "intake/import_check.html",
        draft=draft,
        check=check,
        columns=found,
        goals=dict(columns.goals()),
        shown=checking.REFERENCES_SHOWN,
        fixable=columns.FIXABLE,
    )


@bp.get("/imports/drafts/<int:id>/rows.csv")
@admins
def rows_to_fix(id: int) -> ResponseReturnValue:
    """The rows that would be left out, with their reasons; nothing in it is a formula to a spreadsheet program."""
    draft = _draft(id)
    lines = checking.rejected_lines(_path(draft), _choices(draft), at=clock.now())
    headers = {"Content-Disposition": f"attachment; filename=rows-to-fix-{id}.csv"}
    return Response(stream_with_context(_as_csv(lines)), mimetype="text/csv; charset=utf-8", headers=headers)


def _as_csv(lines: Iterator[tuple[int, Rejection]]) -> Iterator[str]:
    out = io.StringIO()
    write = csv.writer(out)
    write.writerow([_("Row"), _("In the file"), _("What’s wrong")])
    for line, why in lines:
        write.writerow([line, inert(why.value), inert(why.reason)])
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


@bp.get("/imports/drafts/<int:id>/people")
@admins
def person_meant(id: int) -> ResponseReturnValue:
    draft = _draft(id)
    return _person_page(draft, request.args.get("reference", ""), PersonMeantForm())


@bp.post("/imports/drafts/<int:id>/people")
@admins
def settle_person(id: int) -> ResponseReturnValue:
    """One answer settles every row with the same reference."""
    draft, form, reference = _draft(id), PersonMeantForm(), request.form.get("reference", "")[:120]
    suggest(form, reference)
    person = chosen_person(form) if form.validate() else None
    if person is None:
        return _person_page(draft, reference, form), 422
    draft.people = {**draft.people, reference: person.id}
    notice(_("“%(reference)s” is %(name)s.", reference=reference, name=person.name))
    return redirect(url_for(".check_import", id=id), 303)


def _person_page(draft: ImportDraft, reference: str, form: PersonMeantForm) -> str:
    suggest(form, reference)
    has_suggestions = len(form.suggestion.choices) > 1
    return render_template(
        "intake/import_person.html", draft=draft, reference=reference, form=form, has_suggestions=has_suggestions
    )


@bp.post("/imports/drafts/<int:id>/date-order")
@admins
def settle_dates(id: int) -> ResponseReturnValue:
    draft = _draft(id)
    draft.day_first = {"day": True, "month": False}.get(request.form.get("order", ""), draft.day_first)
    return redirect(url_for(".check_import", id=id), 303)


@bp.post("/imports/drafts/<int:id>/fixes")
@admins
def settle_rows(id: int) -> ResponseReturnValue:
    """What somebody typed beside rows that could not be read; what still cannot be read is listed again."""
    draft = _draft(id)
    fixes = columns.fixes_from(request.form)
    draft.fixes = columns.merged(draft.fixes, fixes)
    if fixes:
        notice(ngettext("%(num)d row is read anew.", "%(num)d rows are read anew.", len(fixes)))
    return redirect(url_for(".check_import", id=id), 303)


@bp.post("/imports/drafts/<int:id>/saving")
@admins
def save_import(id: int) -> ResponseReturnValue:
    """A short file is saved when the answer comes; of a longer one the page tells how far it is."""
    draft, only_if_clean = _draft(id), "only_if_clean" in request.form
    import_id, result = save_beside(draft, _choices(draft), only_if_clean=only_if_clean, at=clock.now())
    if result is not None and only_if_clean and result.rejected:
        notice(
            ngettext(
                "Nothing was saved: %(num)d row can’t be taken.",
                "Nothing was saved: %(num)d rows can’t be taken.",
                result.rejected,
            ),
            kind="attn",
        )
        return redirect(url_for(".check_import", id=id), 303)
    if result is not None:
        notice(ngettext("%(num)d rating is saved.", "%(num)d ratings are saved.", result.stored))
    return redirect(url_for(".import_result", id=import_id), 303)


@bp.post("/imports/drafts/<int:id>/removal")
@admins
def remove_draft(id: int) -> ResponseReturnValue:
    columns.close_draft(_draft(id), is_saved=False)
    return redirect(url_for(".new_import"), 303)


def _draft(id: int) -> ImportDraft:
    draft: ImportDraft = find_or_404(drafts_of(viewer()), id)
    return draft


def _path(draft: ImportDraft) -> Path:
    return Upload.path(draft.token, draft.owner_id)


def _choices(draft: ImportDraft) -> Choices:
    return Choices(
        source=draft.source,
        mapping=dict(draft.mapping),
        scale=cast(Scale, draft.scale),
        day_first=draft.day_first,
        create_missing=draft.create_missing,
        people=dict(draft.people),
        fixes={int(line): fix for line, fix in draft.fixes.items()},
    )
