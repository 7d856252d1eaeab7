"""What customers are asked: the stages, the editor with its phone, and the drivers."""

from typing import Any

from flask import abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import find_or_404, office, viewer
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.core.headers import framing, may_be_framed
from tracker.core.language import PUBLIC_LANGUAGES
from tracker.core.pages import notice
from tracker.intake.blueprint import bp
from tracker.intake.rate_forms import RateForm
from tracker.intake.survey_forms import DriverForm, SurveyEditor
from tracker.ratings import queries, survey_actions
from tracker.ratings.models import Driver
from tracker.ratings.policy import drivers_edited_by, survey_versions_edited_by
from tracker.ratings.sentences import stage_name
from tracker.ratings.survey_models import SurveyVersion
from tracker.ratings.surveys import STAGES, Survey

SHOWN_FACE = "4"  # on the phone a face is picked, so that all there is can be seen


@bp.get("/surveys")
@office
def surveys() -> ResponseReturnValue:
    return _surveys_page()


@bp.get("/surveys/<stage>")
@office
def edit_survey(stage: str) -> ResponseReturnValue:
    version = _version(stage)
    editor = SurveyEditor.showing(Survey(version.content), version.number, queries.drivers_by_name())
    return _editor_page(version, editor)


@bp.post("/surveys/<stage>")
@office
def save_survey(stage: str) -> ResponseReturnValue:
    version = _version(stage)
    editor = SurveyEditor.sent(Survey(version.content), queries.drivers_by_name())
    if not editor.validate():
        return _editor_page(version, editor, 422)
    base = editor.form.base.data
    try:
        saved = survey_actions.save_survey(
            stage,
            editor.content(),
            base=int(base) if base.isdecimal() else 0,
            by=viewer().person_id,
            at=clock.now(),
        )
        db.session.flush()
    except DomainError as error:
        db.session.rollback()
        newest = _version(stage)
        editor.form.form_errors, editor.form.base.data = [error.sentence], str(newest.number)
        return _editor_page(newest, editor, int(error.status))
    if saved is None:
        notice(_("Nothing is different, so there is no new version."))
    else:
        notice(
            _("Saved as version %(number)s. Answers so far keep the questions they were given to.", number=saved.number)
        )
    return redirect(url_for(".edit_survey", stage=stage), 303)


@bp.get("/surveys/<stage>/preview")
@office
def show_survey(stage: str) -> ResponseReturnValue:
    """The customer's page as a version asks it: today's, or `?version=2`."""
    version = _version(stage, request.args.get("version", type=int))
    languages = [
        (code, name, url_for(".show_survey", stage=stage, version=version.number, language=code))
        for code, name in PUBLIC_LANGUAGES.items()
    ]
    return _on_the_phone(Survey(version.content), request.args.get("language", ""), languages=languages)


@bp.post("/surveys/<stage>/preview")
@office
def preview_survey(stage: str) -> ResponseReturnValue:
    """The same of what stands in the editor, also half an entry. Nothing is saved."""
    editor = SurveyEditor.sent(Survey(_version(stage).content), queries.drivers_by_name())
    return _on_the_phone(Survey(editor.content(lenient=True)), request.form.get("language", ""), languages=[])


@bp.post("/drivers")
@office
def add_driver() -> ResponseReturnValue:
    form = DriverForm()
    if not form.validate():
        return _surveys_page(form), 422
    try:
        driver = survey_actions.add_driver(form.name.data, form.words(), by=viewer().person_id, at=clock.now())
        db.session.flush()
    except DomainError as error:
        db.session.rollback()
        form.name.errors = [error.sentence]
        return _surveys_page(form), int(error.status)
    notice(_("“%(name)s” can now be asked at every stage.", name=driver.name))
    return redirect(url_for(".surveys"), 303)


@bp.post("/drivers/<int:id>/retirement")
@office
def retire_driver(id: int) -> ResponseReturnValue:
    driver: Driver = find_or_404(drivers_edited_by(viewer()), id)
    survey_actions.retire_driver(driver, by=viewer().person_id, at=clock.now())
    notice(_("“%(name)s” is offered no longer. What customers said about it stays.", name=driver.name))
    return redirect(url_for(".surveys"), 303)


@bp.post("/drivers/<int:id>/return")
@office
def return_driver(id: int) -> ResponseReturnValue:
    driver: Driver = find_or_404(drivers_edited_by(viewer()), id)
    survey_actions.return_driver(driver, by=viewer().person_id, at=clock.now())
    notice(_("“%(name)s” can be asked again.", name=driver.name))
    return redirect(url_for(".surveys"), 303)


def _version(stage: str, number: int | None = None) -> SurveyVersion:
    """The newest version of a stage, or the one of that number, if the viewer may edit it."""
    if stage not in STAGES:
        abort(404)
    found: SurveyVersion = find_or_404(queries.one_version(survey_versions_edited_by(viewer()), stage, number))
    return found


def _surveys_page(form: DriverForm | None = None) -> str:
    asked = {stage: Survey(version.content) for stage, version in queries.current_versions().items()}
    drivers = queries.drivers_by_name()
    return render_template(
        "intake/surveys.html",
        stages=[(stage, stage_name(stage), version) for stage, version in _current()],
        asked=asked,
        drivers=[
            (one, [stage_name(stage) for stage in STAGES if stage in asked and one.key in asked[stage].keys])
            for one in drivers
        ],
        names={driver.key: driver.name for driver in drivers},
        form=form or DriverForm(formdata=None),
    )


def _current() -> list[tuple[str, SurveyVersion]]:
    versions = queries.current_versions()
    return [(stage, versions[stage]) for stage in STAGES if stage in versions]


def _editor_page(version: SurveyVersion, editor: SurveyEditor, status: int = 200) -> ResponseReturnValue:
    scope = survey_versions_edited_by(viewer())
    page = render_template(
        "intake/survey.html",
        version=version,
        title=stage_name(version.stage),
        editor=editor,
        form=editor.form,
        versions=db.session.execute(queries.versions_with_authors(scope, version.stage)).all(),
        public_languages=PUBLIC_LANGUAGES,
    )
    return framing(make_response(page, status))


def _on_the_phone(survey: Survey, language: str, **values: Any) -> ResponseReturnValue:
    with force_locale(language if language in PUBLIC_LANGUAGES else "en"):
        page = render_template(
            "intake/rate.html",
            form=RateForm(survey, None, formdata=None, data={"stars": SHOWN_FACE}),
            first_name=viewer().first_name,
            place="",
            action=None,
            is_today=True,
            changing=False,
            is_unsure=False,
            **values,
        )
    return may_be_framed(make_response(page))
