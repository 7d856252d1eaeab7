"""What the pages of interviews and observations are made of; several views answer with the same one."""

from dataclasses import dataclass
from typing import Any

from flask import abort, render_template, request
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import viewer
from tracker.core.db import db
from tracker.core.paging import page_of
from tracker.interviews import queries
from tracker.interviews import sentences as words
from tracker.interviews.actions import Asked
from tracker.interviews.forms import (
    ChooseForm,
    InterviewForm,
    ObservationForm,
    ReplyForm,
    TakeBackForm,
    observation_form,
)
from tracker.interviews.models import Encounter
from tracker.interviews.policy import people_noted_by, reads_of_day
from tracker.interviews.rules import may_change
from tracker.organisation.models import Person
from tracker.ratings.models import Touchpoint
from tracker.ratings.queries import credited_on, survey_of, touchpoint_choices, version_asked
from tracker.ratings.survey_models import SurveyVersion
from tracker.ratings.surveys import Survey

FALLBACK_STAGE = "purchase"  # what is asked about a service at no touchpoint that is known here


@dataclass(frozen=True)
class Questions:
    """Whom a form is about, where it was, and the version that says what is asked."""

    person: Person
    touchpoint: Touchpoint | None
    version: SurveyVersion | None

    @property
    def stage(self) -> str:
        return self.touchpoint.stage if self.touchpoint else FALLBACK_STAGE

    @property
    def survey(self) -> Survey:
        return survey_of(self.version, self.stage)

    def asked(self, kind: str, form_key: str) -> Asked:
        touchpoint_id = self.touchpoint.id if self.touchpoint else None
        return Asked(kind, self.person, form_key, touchpoint_id, self.version.id if self.version else None)


def choose_form(kind: str) -> ChooseForm:
    """The first step, as far as the address says it already; both answers in it mean that it was sent."""
    is_sent = {"person", "touchpoint"} <= set(request.args)
    given = {"person": request.args.get("person", type=int)}
    form = ChooseForm(formdata=request.args if is_sent else None, data=given, meta={"csrf": False})
    people = db.session.scalars(people_noted_by(viewer(), kind))
    form.person.offer([(person.id, person.name) for person in people])
    form.touchpoint.offer(touchpoint_choices())
    if is_sent:
        form.validate()
    return form


def questions_after(form: ChooseForm) -> Questions | None:
    """What follows the first step; None while it is not done."""
    if form.errors or "touchpoint" not in request.args or form.person.data is None:
        return None
    person = db.session.get_one(Person, form.person.data)
    touchpoint = db.session.get(Touchpoint, form.touchpoint.data) if form.touchpoint.data else None
    stage = touchpoint.stage if touchpoint else FALLBACK_STAGE
    return Questions(person, touchpoint, version_asked(stage, request.args.get("v", type=int)))


def questions_asked(kind: str) -> Questions:
    """The same for a form that was sent: whom the viewer may not write about is not there."""
    return questions_after(choose_form(kind)) or abort(404)


def questions_of(encounter: Encounter) -> Questions:
    """Those that an entry was written by."""
    return Questions(encounter.person, encounter.touchpoint, encounter.survey)


def entry_form(kind: str, questions: Questions, *, of: Encounter | None = None) -> Any:
    """The form, empty or as `of` was filled in."""
    given: dict[str, Any] = {"now": clock.now(), "zone": viewer().time_zone, "is_correction": of is not None}
    make = InterviewForm if kind == "interview" else observation_form
    if of is not None:
        values = (InterviewForm if kind == "interview" else ObservationForm).values_of(of)
        local = of.happened_at.astimezone(clock.zone(viewer().time_zone))
        given["data"] = {**values, "happened_on": local.date(), "happened": local.time()}
    return make(questions.survey, **given)


def is_valid(form: Any, kind: str, questions: Questions) -> bool:
    """Besides the form's own rules: the day must be one that the viewer reads afterwards."""
    if not form.validate():
        return False
    _team, day = credited_on(questions.person.id, form.happened_at())
    if reads_of_day(viewer(), kind, questions.person.id, day):
        return True
    form.happened_on.errors = [_("You did not lead %(name)s on that day", name=questions.person.first_name)]
    return False


def choose_page(kind: str, form: ChooseForm) -> str:
    return render_template("interviews/choose.html", kind=kind, form=form)


def form_page(kind: str, questions: Questions, form: Any, *, of: Encounter | None = None) -> str:
    return render_template(
        f"interviews/{kind}_form.html",
        form=form,
        person=questions.person,
        touchpoint=questions.touchpoint,
        version=questions.version,
        question=questions.survey.question("en"),
        is_own=questions.person.id == viewer().person_id,
        encounter=of,
    )


def list_page(person: Person | None) -> str:
    """All about one person: oneself when `person` is None."""
    about = person.id if person else viewer().person_id
    return render_template(
        "interviews/encounters.html",
        person=person,
        page=page_of(queries.encounters_listed(viewer(), about)),
        summary=queries.summary(viewer(), about),
        names=queries.driver_names(),
        words=words,
    )


def encounter_page(encounter: Encounter, **forms: Any) -> str:
    """One entry as the viewer may see it; `forms` are those that came back with errors."""
    is_author = encounter.by_id == viewer().person_id
    is_about_me = encounter.person_id == viewer().person_id
    can_reply = is_about_me and not (is_author or encounter.reply or encounter.taken_back_at)
    can_take_back = is_author and not encounter.taken_back_at
    return render_template(
        "interviews/encounter.html",
        encounter=encounter,
        is_author=is_author,
        is_about_me=is_about_me,
        can_correct=is_author and may_change(encounter.written_at, encounter.taken_back_at, clock.now()),
        take_back=forms.get("take_back") or (TakeBackForm(formdata=None) if can_take_back else None),
        reply=forms.get("reply") or (ReplyForm(formdata=None) if can_reply else None),
        words=words,
    )
