"""Forms of shared terminals and of the PIN."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Regexp

from tracker.access.terminal_queries import Name
from tracker.access.terminal_rules import PIN_PATTERN, pin_problem
from tracker.core.forms import REQUIRED, ChoiceField, Form, OneField, at_most

DIGITS = {"inputmode": "numeric", "autocomplete": "off"}


class TerminalNameForm(Form):
    name = StringField(_l("Name of the terminal"), [REQUIRED, at_most(80)])


class TerminalForm(TerminalNameForm):
    team = ChoiceField(_l("Team"), [InputRequired(_l("Choose a team"))])

    def __init__(self, *, teams: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.team.offer(teams)


class PairingForm(Form):
    code = StringField(
        _l("Pairing code"), [REQUIRED, at_most(40)], render_kw={"autocomplete": "off", "autocapitalize": "characters"}
    )


class WhoField(OneField):
    """Names to tap. None is chosen by whoever types a staff number instead."""

    def pre_validate(self, form: Any) -> None:
        if self.data:
            super().pre_validate(form)


class PinSignInForm(Form):
    """Who, by a tap or by staff number, and the PIN. Nothing is ever filled in: the next person is somebody else."""

    person = WhoField(_l("Who are you?"))
    staff_number = StringField(
        _l("Or your staff number"), [at_most(40)], render_kw={"autocomplete": "off", "autocapitalize": "none"}
    )
    pin = PasswordField(_l("Your PIN"), [REQUIRED, at_most(40)], render_kw=DIGITS)

    def __init__(self, *, names: list[Name], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.person.choices = [SelectChoice(str(name.id), name.name) for name in names]

    def validate_staff_number(self, field: StringField) -> None:
        if not field.data and not self.person.data:
            raise ValidationError(_("Tap your name, or type your staff number"))

    @property
    def picked(self) -> int | None:
        return int(self.person.data) if self.person.data and not self.staff_number.data else None


class PinForm(Form):
    """One’s own PIN. The password proves that it is not whoever sat down at a browser left open."""

    current = PasswordField(
        _l("Your password"), [REQUIRED, at_most(200)], render_kw={"autocomplete": "current-password"}
    )
    pin = PasswordField(
        _l("New PIN"),
        [Regexp(PIN_PATTERN, message=_l("Use 4 to 8 digits"))],
        description=_l("4 to 8 digits: no date, no digits in a row, none that repeat. Longer is safer."),
        render_kw=DIGITS,
    )
    again = PasswordField(_l("The same PIN again"), [REQUIRED, at_most(40)], render_kw=DIGITS)

    def __init__(self, *, staff_number: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._staff_number = staff_number

    def validate_pin(self, field: PasswordField) -> None:
        problem = None if field.errors else pin_problem(field.data or "", staff_number=self._staff_number)
        match problem:
            case "row":
                raise ValidationError(_("This PIN is tried first. Use digits that don’t repeat or run in a row"))
            case "common":
                raise ValidationError(_("This PIN is among the first that anybody would try. Choose another"))
            case "date":
                raise ValidationError(_("This could be a date or a year, and those are tried first. Choose another"))
            case "own":
                raise ValidationError(_("Your staff number is too easy to guess. Choose something else"))

    def validate_again(self, field: PasswordField) -> None:
        if field.data != self.pin.data:
            raise ValidationError(_("The two PINs are not the same"))
