"""Certificates: one as a paper, somebody’s, everybody’s by course, when they end, and as a file."""

from datetime import date

import segno
from flask import current_app, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import Blueprint, find_or_404, members, viewer
from tracker.core.db import reading
from tracker.core.errors import Conflict, Invalid, Refused
from tracker.core.pages import notice
from tracker.core.paging import page_of
from tracker.core.sheets import MEDIA_TYPES
from tracker.courses.queries import current_version
from tracker.organisation.models import Person
from tracker.training import certificate_actions as actions
from tracker.training import certificate_exports as exports
from tracker.training import certificate_matrix as sums
from tracker.training import certificate_queries as queries
from tracker.training import certificate_sentences as words
from tracker.training.certificate_forms import AttestForm
from tracker.training.certificate_policy import certificates_seen_by, people_attested_by, people_read_by, reads_all
from tracker.training.certificate_rules import renewable_from

bp = Blueprint("certificates", __name__, url_prefix="/certificates")
PEOPLE_A_PAGE = 50


@bp.get("")
@members
def matrix() -> ResponseReturnValue:
    """People by courses; for HR the teams first, then one team at a time. `?team=`, `?course=`, `?page=`."""
    _check_overseer()
    teams, courses = sums.teams_offered(viewer()), queries.certified_courses()
    team_id, course_id = _chosen("team", [*teams, (sums.NO_TEAM, "")]), _chosen("course", courses)
    shown = [course for course in courses if course_id in {None, course[0]}]
    listed = sums.people_listed(viewer(), team_id) if team_id is not None or not reads_all(viewer()) else None
    page = page_of(listed, scalars=False, per_page=PEOPLE_A_PAGE) if listed is not None else None
    return render_template(
        "training/certificates.html",
        teams=teams,
        team_id=team_id,
        no_team=sums.NO_TEAM,
        courses=courses,
        course_id=course_id,
        shown=shown,
        page=page,
        rows=sums.rows_of(viewer(), page.rows, shown) if page else [],
        groups=sums.groups_of(viewer(), shown) if page is None else [],
    )


@bp.get("/forecast")
@members
def forecast() -> ResponseReturnValue:
    """How many end in each of the next twelve months, by course."""
    _check_overseer()
    found = queries.forecast(viewer(), queries.certified_courses())
    return render_template("training/certificate_forecast.html", forecast=found)


@bp.post("/exports")
@members
def export() -> ResponseReturnValue:
    """All certificates that the viewer reads now, with their history. A POST, since the audit remembers it."""
    _check_overseer()
    kind = request.form.get("file", "")
    if kind not in MEDIA_TYPES:
        raise Invalid(_("Choose an Excel file or a CSV file."))
    with reading():  # a long file keeps nobody from writing
        file, count = exports.as_file(kind, exports.lines(viewer()))
    actions.note_export(kind=kind, rows=count, by=viewer().person_id, at=clock.now())
    name = f"certificates-{viewer().today}.{kind}"
    return send_file(file, mimetype=MEDIA_TYPES[kind], as_attachment=True, download_name=name)


@bp.get("/<int:id>")
@members
def certificate(id: int) -> ResponseReturnValue:
    """The paper: it prints on one sheet."""
    found = find_or_404(queries.with_details(certificates_seen_by(viewer())), id)
    address = current_app.config["BASE_URL"] + url_for("verification.verify", number=found.number)
    [own] = queries.own_certificates([found], viewer().today)
    return render_template(
        "training/certificate.html",
        own=own,
        address=address,
        check_at=current_app.config["BASE_URL"] + url_for("verification.asking"),
        code=segno.make(address, error="m").svg_data_uri(scale=6, border=2, light="#fff"),
        is_mine=found.person_id == viewer().person_id,
        opens_on=renewable_from(found.expires_on) if found.expires_on else None,
    )


@bp.get("/people/<int:id>")
@members
def of_person(id: int) -> ResponseReturnValue:
    """`?course=` chooses that course in the form."""
    person: Person = find_or_404(people_read_by(viewer()), id)
    form = _attest_form()
    form.course.data = request.args.get("course", type=int)
    return _person_page(person, form)


@bp.post("/people/<int:id>/attestations")
@members
def attest(id: int) -> ResponseReturnValue:
    person: Person = find_or_404(people_read_by(viewer()), id)
    if not _may_attest(person):
        raise Refused(_("Only who leads somebody’s team today can write down what they proved to have done elsewhere."))
    form = _attest_form()
    if not form.validate():
        return _person_page(person, form), 422
    version = current_version(form.course.data)
    if version is None:
        raise Conflict(_("This course is not taught any more."))
    given = {"on": form.on.data, "words": form.words.data, "today": _today_of(person)}
    try:
        actions.attest(person, version, **given, by=viewer().person_id, at=clock.now())
    except (Invalid, Conflict) as error:
        form.on.errors = [error.sentence]
        return _person_page(person, form), int(error.status)
    notice(_("Noted. %(name)s is told.", name=person.first_name))
    return redirect(url_for(".of_person", id=id), 303)


def _person_page(person: Person, form: AttestForm) -> str:
    return render_template(
        "training/certificates_of.html",
        person=person,
        form=form,
        certificates=queries.certificates_of(person.id, today=viewer().today),
        is_mine=person.id == viewer().person_id,
        oversees=_oversees(),
        may_attest=_may_attest(person),
        words=words,
    )


def _attest_form() -> AttestForm:
    return AttestForm(courses=queries.certified_courses(), today=viewer().today)


def _today_of(person: Person) -> date:
    return queries.today_of(person.id, clock.now())


def _may_attest(person: Person) -> bool:
    return queries.is_among(people_attested_by(viewer()), person.id)


def _oversees() -> bool:
    return viewer().manages or reads_all(viewer())


def _check_overseer() -> None:
    if not _oversees():
        raise Refused(_("This page is for who leads a team and for HR. Your own certificates stand in My training."))


def _chosen(name: str, offered: list[tuple[int, str]]) -> int | None:
    """The id that the address asks for, if it is one of those offered."""
    asked = request.args.get(name, type=int)
    return asked if asked in {id for id, _name in offered} else None
