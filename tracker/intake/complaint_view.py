"""What a customer reads of their complaint on their own page: where it stands, and afterwards whether it helped."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from tracker.core import clock
from tracker.core.forms import Form, OneField, at_most
from tracker.core.language import moment
from tracker.intake.rate_forms import FACES, LONGEST_COMMENT
from tracker.ratings.models import Rating
from tracker.recovery.models import RecoveryCase
from tracker.recovery.queries import case_of_rating
from tracker.recovery.surveys import survey_is_open


class RecoveryForm(Form):
    """Did it help? Asked once, two days after the complaint was closed."""

    solved = OneField(
        _l("Did we put it right?"),
        [InputRequired(_l("Choose one from the list"))],
        choices=[SelectChoice("yes", _l("Yes")), SelectChoice("partly", _l("Partly")), SelectChoice("no", _l("No"))],
    )
    stars = OneField(_l("How is it now?"), [InputRequired(_l("Choose one of the faces"))], choices=FACES, name="r")
    comment = TextAreaField(_l("Anything we should know?"), [Optional(), at_most(LONGEST_COMMENT)], name="c")


@dataclass(frozen=True)
class CustomerView:
    title: str
    sentence: str
    form: RecoveryForm | None = None


def customer_view(rating: Rating | None, zone: str, form: RecoveryForm | None = None) -> CustomerView | None:
    """Where the complaint of a rating stands; None where there is none."""
    case = case_of_rating(rating.id) if rating is not None else None
    if case is None or case.outcome == "taken_back":
        return None
    at = clock.now()
    if case.closed_at is None:
        return CustomerView(_("What happens now"), _open_sentence(case, zone, at))
    if case.answer is not None:
        return CustomerView(_("What became of it"), _("Thank you for telling us whether it helped."))
    if survey_is_open(case, at=at):
        return CustomerView(
            _("What became of it"),
            _("We believe that this is settled. Please tell us whether it is."),
            form or RecoveryForm(formdata=None),
        )
    if case.survey_due_at is not None and at < case.survey_due_at:
        return CustomerView(
            _("What became of it"), _("We believe that this is settled. In two days we ask you here whether it is.")
        )
    return CustomerView(_("What became of it"), _("This is closed."))


def _open_sentence(case: RecoveryCase, zone: str, at: datetime) -> str:
    if case.promised_at is not None and case.promised_at > at:
        return _("We call you: %(when)s.", when=moment(case.promised_at, zone))
    if case.contacted_at is not None:
        return _("We have spoken with you, and somebody is working on it.")
    if case.call_asked_at is None or case.contact_due_at is None:
        return _("We look into what went wrong.")
    if case.contact_due_at > at:
        return _(
            "You asked for a call. Somebody speaks with you before %(when)s.", when=moment(case.contact_due_at, zone)
        )
    return _("You asked for a call, and we are late. Somebody more has been asked to take care of it.")
