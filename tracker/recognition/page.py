"""What the pages of thanks are made of; several views answer with the same one."""

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from sqlalchemy import Select, select
from wtforms.fields.choices import SelectChoice

from tracker.core.audience import id_in_address, viewer
from tracker.core.db import db
from tracker.core.paging import page_of
from tracker.organisation.models import Person
from tracker.recognition import policy, queries
from tracker.recognition import sentences as words
from tracker.recognition.actions import Said, can_be_reworded
from tracker.recognition.forms import KudosForm, PeopleForm, ReasonForm, StoryForm
from tracker.recognition.models import KINDS, Thanks
from tracker.recognition.rules import may_take_back, words_mark

PER_PAGE = 12  # whole texts, and many read them on a phone


def wall_page(kind: str | None = None) -> str:
    asked = request.args.get("show")
    shown = kind or (asked if asked in KINDS else None)
    return render_template(
        "recognition/wall.html",
        page=page_of(queries.on_the_wall(viewer(), shown), per_page=PER_PAGE),
        shown=shown,
        coming=[] if kind else queries.coming(viewer()),
        is_off=queries.is_off_the_wall(viewer()),
        words=words,
    )


def own_page() -> str:
    """What was said to the viewer, or by the viewer; paged apart."""
    is_given = request.args.get("show") == "given"
    found = queries.said_by(viewer()) if is_given else queries.said_to(viewer())
    is_off = queries.is_off_the_wall(viewer())
    return render_template(
        "recognition/own.html", page=page_of(found, per_page=PER_PAGE), is_given=is_given, is_off=is_off, words=words
    )


def thanks_page(thanks: Thanks, *, hiding: ReasonForm | None = None) -> str:
    """One entry with what the viewer may do about it."""
    mine = next((one for one in thanks.people if one.person_id == viewer().person_id), None)
    is_mine = thanks.by_id == viewer().person_id
    may_hide = _is_in(policy.thanks_hidden_by(viewer()), thanks) and not is_mine and mine is None
    is_shown = _is_in(policy.wall_of(viewer()), thanks)
    can_hide = may_hide and is_shown
    return render_template(
        "recognition/thanks.html",
        thanks=thanks,
        about=queries.shown_to(viewer(), thanks.about_id),
        mine=mine,
        is_mine=is_mine,
        can_tell=is_shown and thanks.kind != "story",
        can_reword=is_mine and can_be_reworded(thanks),
        mark=words_mark(thanks.title, thanks.text, is_for_all=thanks.is_for_all) if thanks.kind == "story" else None,
        can_take_back=is_mine and _may_take_back(thanks),
        can_put_back=may_hide and thanks.hidden_at is not None,
        hiding=hiding or (ReasonForm(formdata=None) if can_hide else None),
        is_off=queries.is_off_the_wall(viewer()),
        driver=queries.driver_names().get(thanks.driver or ""),
        words=words,
    )


def _may_take_back(thanks: Thanks) -> bool:
    is_open = thanks.kind == "story" and thanks.taken_back_at is None
    return is_open or may_take_back(thanks.made_at, thanks.taken_back_at, viewer().at)


def _is_in(scope: Select[Thanks], thanks: Thanks) -> bool:
    return db.session.scalar(scope.where(Thanks.id == thanks.id).with_only_columns(Thanks.id)) is not None


def chosen(kind: str) -> list[Person]:
    """Who stands in the address and may be chosen, in the order of their names."""
    found = _scope(kind).where(Person.id.in_(request.args.getlist("to", type=id_in_address)))
    return list(db.session.scalars(found))


def is_chosen(form: PeopleForm, kind: str, people: list[Person]) -> bool:
    """Whether the first step is done; else the form says what is missing."""
    if request.args.get("step") != "write":
        return False
    if not form.validate():
        return False
    if not people and kind == "kudos":
        form.to.errors = [_("Choose at least one person")]
        return False
    return True


def people_form(kind: str, people: list[Person], *, about: Thanks | None) -> PeopleForm:
    """The first step, as far as the address says it already. Who is on what a story is about stands in the story."""
    ticked = [person.id for person in people] + on_it(about)
    form = PeopleForm(formdata=request.args, meta={"csrf": False})
    form.to.data = [str(id) for id in dict.fromkeys(ticked)]
    choices = queries.to_choose_from(viewer(), _scope(kind), ticked, form.q.data or "")
    form.to.choices = [SelectChoice(str(id), name) for id, name in choices]
    return form


def on_it(about: Thanks | None) -> list[int]:
    people = about.people if about else []
    return [one.person_id for one in people if one.person_id != viewer().person_id]


def choose_page(kind: str, form: PeopleForm, *, about: Thanks | None) -> str:
    return render_template("recognition/choose.html", kind=kind, form=form, about=about, words=words)


def kudos_form(people: list[Person]) -> KudosForm:
    return KudosForm(drivers=queries.driver_names(), **_names_beside(people))


def story_form(people: list[Person]) -> StoryForm:
    return StoryForm(**_names_beside(people))


def reword_form(story: Thanks) -> StoryForm:
    return StoryForm(obj=story, **_names_beside([one.person for one in story.people]))


def reword_page(story: Thanks, form: StoryForm) -> str:
    return render_template("recognition/reword.html", story=story, form=form)


def _names_beside(people: list[Person]) -> dict[str, Any]:
    return {"colleagues": queries.names_of_all(), "named": [viewer().name, *(person.name for person in people)]}


def write_page(kind: str, form: KudosForm | StoryForm, people: list[Person], *, about: Thanks | None = None) -> str:
    return render_template(f"recognition/{kind}_form.html", form=form, people=people, about=about, words=words)


def said(form: Any, *, about: Thanks | None = None) -> Said:
    if isinstance(form, KudosForm):
        return Said(form.text.data, form.key.data, driver=form.driver.data or None)
    return Said(
        form.text.data,
        form.key.data,
        title=form.title.data,
        about_id=about.id if about else None,
        is_for_all=form.is_for_all.data,
    )


def asked_about() -> Thanks | None:
    """What on the wall the address says a story is about."""
    return queries.shown_to(viewer(), request.args.get("about", type=id_in_address))


def with_those_on(people: list[Person], about: Thanks | None) -> list[Person]:
    """A story about something names whoever is on that."""
    missing = set(on_it(about)) - {person.id for person in people}
    return [*people, *db.session.scalars(select(Person).where(Person.id.in_(missing)).order_by(Person.name))]


def _scope(kind: str) -> Select[Person]:
    return policy.people_thanked_by(viewer()) if kind == "kudos" else policy.people_told_of_by(viewer())
