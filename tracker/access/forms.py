"""Forms of the door."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, StringField, ValidationError
from wtforms.validators import Email, Optional

from tracker.access.rules import password_problem
from tracker.core import clock
from tracker.core.forms import REQUIRED, Form, at_most


class SignInForm(Form):
    identifier = StringField(
        _l("Staff number or email"), [REQUIRED, at_most(254)], render_kw={"autocomplete": "username"}
    )
    password = PasswordField(_l("Password"), [REQUIRED, at_most(200)], render_kw={"autocomplete": "current-password"})
    remember = BooleanField(
        _l("This is my own phone, keep me signed in"), description=_l("Leave empty on a shared till or tablet")
    )


class ForgottenForm(Form):
    identifier = StringField(
        _l("Staff number or email"), [REQUIRED, at_most(254)], render_kw={"autocomplete": "username"}
    )


class SlipForm(Form):
    code = StringField(
        _l("Code on the slip"),
        [REQUIRED, at_most(80)],
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "characters"},
    )


class NewPasswordForm(Form):
    """The name and number are the person's own: no password may be just those."""

    password = PasswordField(
        _l("New password"),
        [REQUIRED, at_most(200)],
        description=_l("At least 8 characters. Three words together are easy to keep in mind."),
        render_kw={"autocomplete": "new-password"},
    )

    def __init__(self, *, name: str, staff_number: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._name, self._staff_number = name, staff_number

    def validate_password(self, field: PasswordField) -> None:
        refuse_weak(field.data or "", name=self._name, staff_number=self._staff_number)


class ChangePasswordForm(NewPasswordForm):
    current = PasswordField(
        _l("Password you have now"), [REQUIRED, at_most(200)], render_kw={"autocomplete": "current-password"}
    )


class FirstRunForm(Form):
    organisation = StringField(
        _l("Name of your organisation"), [REQUIRED, at_most(120)], render_kw={"autocomplete": "organization"}
    )
    time_zone = StringField(
        _l("Time zone"),
        [REQUIRED, at_most(64)],
        description=_l("Such as Africa/Nairobi"),
        default="UTC",
        render_kw={"list": "zones"},
    )
    name = StringField(_l("Your name"), [REQUIRED, at_most(120)], render_kw={"autocomplete": "name"})
    staff_number = StringField(_l("Your staff number"), [REQUIRED, at_most(40)], render_kw={"autocomplete": "username"})
    email = StringField(_l("Your email"), [Optional(), at_most(254), Email(_l("This is not an email address"))])
    password = PasswordField(
        _l("Password"),
        [REQUIRED, at_most(200)],
        description=_l("At least 8 characters"),
        render_kw={"autocomplete": "new-password"},
    )
    setup_code = StringField(
        _l("Setup code"), [Optional(), at_most(40)], description=_l("It was printed where the server was started")
    )

    def validate_time_zone(self, field: StringField) -> None:
        try:
            clock.zone(field.data)
        except ValueError:
            raise ValidationError(_("This is not a time zone. Use a name such as Africa/Nairobi")) from None

    def validate_password(self, field: PasswordField) -> None:
        refuse_weak(field.data or "", name=self.name.data or "", staff_number=self.staff_number.data or "")


def refuse_weak(password: str, *, name: str, staff_number: str) -> None:
    match password_problem(password, name=name or "?", staff_number=staff_number):
        case "short":
            raise ValidationError(_("Use 8 characters or more"))
        case "common":
            raise ValidationError(_("This password is among the first that anybody would try. Choose another"))
        case "own":
            raise ValidationError(_("Your own name or number is too easy to guess. Choose something else"))


def tries_later(until: datetime) -> str:
    """The sentence of a lockout, which says how long."""
    minutes = max(1, round((until - clock.now()).total_seconds() / 60))
    return _("Too many tries. You can try again in %(minutes)d min.", minutes=minutes)
