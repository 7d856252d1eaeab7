"""Making a link for one customer to rate one service."""

import segno
from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from tracker.core import clock
from tracker.core.audience import find_or_404, members, viewer
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.intake.actions import open_and_mail_link
from tracker.intake.blueprint import bp
from tracker.intake.forms import LinkForm
from tracker.intake.link_texts import text_message
from tracker.invitations.planning import reason_against
from tracker.invitations.rules import address_of
from tracker.invitations.sentences import reason_to_sender
from tracker.organisation.models import Person
from tracker.ratings.actions import LINK_LENGTH
from tracker.ratings.policy import people_asked_about_by
from tracker.ratings.queries import channel_choices, touchpoint_choices


@bp.get("/links/new")
@members
def new_link() -> ResponseReturnValue:
    return _form_page(_form())


@bp.post("/links/new")
@members
def make_link() -> ResponseReturnValue:
    """Shows the link at once and only now: its secret is kept nowhere, so there is no page to be sent on to."""
    form = _form()
    if not form.validate() or not _may_be_asked(form):
        return _form_page(form), 422
    person: Person = find_or_404(people_asked_about_by(viewer()), form.person.data)
    secret, invitation = open_and_mail_link(
        person,
        email=form.email.data or None,
        language=form.language.data,
        touchpoint_id=form.touchpoint.data,
        channel_id=form.channel.data,
        place=form.place.data or None,
        customer_reference=form.customer.data or None,
        ended_at=form.ended_at(),
        by=viewer().person_id,
        at=clock.now(),
    )
    language = form.language.data
    # In English the card's address says nothing of it: the page then follows the customer's own browser.
    page = url_for(".rate", token=secret, language=None if language == "en" else language)
    address = current_app.config["BASE_URL"] + page
    code = segno.make(address, error="m").svg_data_uri(scale=6, border=2, light="#fff")
    over_at = clock.now() + LINK_LENGTH
    with force_locale(language):
        card = render_template("intake/_card.html", person=person, code=code, over_at=over_at, zone=viewer().time_zone)
        text = text_message(person.first_name, address)
    return render_template(
        "intake/link.html",
        address=address,
        card=Markup(card),  # noqa: S704 - our own template made it
        card_language=language,
        text=text,
        invitation=invitation,
        has_server=bool(current_app.config["SMTP_URL"]),
    )


def _form_page(form: LinkForm) -> str:
    return render_template("intake/new_link.html", form=form, has_server=bool(current_app.config["SMTP_URL"]))


def _may_be_asked(form: LinkForm) -> bool:
    """Whoever declined, works here, or was asked within 30 days is not asked, whichever way the link would get there."""
    email, customer = form.email.data or "", form.customer.data or None
    reason = reason_against(address_of(email), customer, at=clock.now())
    if reason is not None:
        field = form.email if email else form.customer
        field.errors = [*field.errors, reason_to_sender(reason)]
    return reason is None


def _form() -> LinkForm:
    """The form for whoever may ask about somebody; for everybody else there is none."""
    people = [(person.id, person.name) for person in db.session.scalars(people_asked_about_by(viewer()))]
    if not people:
        raise Refused(_("Links are made by the manager of whoever served the customer."))
    form = LinkForm(now=clock.now(), zone=viewer().time_zone)
    form.person.offer(people)
    form.touchpoint.offer(touchpoint_choices())
    form.channel.offer(channel_choices())
    return form
