"""Forms of the kiosk for who works here, in English: setting one up, pairing a tablet, the PIN."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional, Regexp

from tracker.access.terminal_rules import pin_is_guessable
from tracker.core.forms import REQUIRED, ChoiceField, Form, at_most
from tracker.core.language import PUBLIC_LANGUAGES
from tracker.intake.models import Kiosk

DIGITS = {"inputmode": "numeric", "autocomplete": "off"}


class KioskForm(Form):
    """Where a kiosk stands and what it asks."""

    place = StringField(_l("Place"), [REQUIRED, at_most(80)])
    team = ChoiceField(_l("Team"), [InputRequired(_l("Choose a team"))])
    touchpoint = ChoiceField(_l("Touchpoint"), [Optional()])
    asks_who = BooleanField(
        _l("Ask “Who helped you?” after the face"),
        description=_l(
            "Shows the first names and initials of the team’s people of the day, no photo. It may be skipped."
        ),
    )
    language = SelectField(
        _l("Language it begins in"),
        choices=[SelectChoice(code, name) for code, name in PUBLIC_LANGUAGES.items()],
        default="en",
    )
    pin = StringField(
        _l("PIN to leave"), [Regexp(r"\A[0-9]{4,8}\Z", message=_l("Use 4 to 8 digits"))], render_kw=DIGITS
    )

    def __init__(self, *, teams: list[tuple[int, str]], touchpoints: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.team.offer(teams)
        self.touchpoint.offer(touchpoints)

    def validate_pin(self, field: StringField) -> None:
        if pin_is_guessable(field.data or ""):
            raise ValidationError(_("This PIN is tried first. Use digits that don’t repeat or run in a row"))

    def given(self) -> dict[str, Any]:
        """What the actions take, but for the PIN, which is hashed first."""
        return {
            "place": self.place.data,
            "team_id": self.team.data,
            "touchpoint_id": self.touchpoint.data,
            "asks_who": self.asks_who.data,
            "language": self.language.data,
        }


class KioskChangeForm(KioskForm):
    """The same for a kiosk that is there; without a PIN the old one stays."""

    pin = StringField(
        _l("New PIN to leave"),
        [Optional(), Regexp(r"\A[0-9]{4,8}\Z", message=_l("Use 4 to 8 digits"))],
        render_kw=DIGITS,
    )

    @classmethod
    def of(cls, kiosk: Kiosk, **choices: Any) -> "KioskChangeForm":
        held = {"place": kiosk.place, "asks_who": kiosk.asks_who, "language": kiosk.language}
        return cls(data={**held, "team": kiosk.team_id, "touchpoint": kiosk.touchpoint_id}, **choices)


class PairingForm(Form):
    code = StringField(
        _l("Pairing code"), [REQUIRED, at_most(40)], render_kw={"autocomplete": "off", "autocapitalize": "characters"}
    )


class PinForm(Form):
    pin = PasswordField(_l("PIN"), [REQUIRED, at_most(40)], render_kw=DIGITS)
